#![no_main]

#[path = "../checks/ftp_values.rs"]
mod ftp_values;

libfuzzer_sys::fuzz_target!(|input: &[u8]| ftp_values::check(input));
