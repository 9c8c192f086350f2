#![no_main]

#[path = "../checks/packet_read.rs"]
mod packet_read;

libfuzzer_sys::fuzz_target!(|input: &[u8]| packet_read::check(input));
