#![no_main]

#[path = "../checks/ftp_reply.rs"]
mod ftp_reply;

libfuzzer_sys::fuzz_target!(|input: &[u8]| ftp_reply::check(input));
