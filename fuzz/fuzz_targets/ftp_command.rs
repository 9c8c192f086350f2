#![no_main]

#[path = "../checks/ftp_command.rs"]
mod ftp_command;

libfuzzer_sys::fuzz_target!(|input: &[u8]| ftp_command::check(input));
