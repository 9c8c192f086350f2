#![no_main]

#[path = "../checks/ftp_session.rs"]
mod ftp_session;

libfuzzer_sys::fuzz_target!(|input: &[u8]| ftp_session::check(input));
