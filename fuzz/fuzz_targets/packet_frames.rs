#![no_main]

#[path = "../checks/packet_frames.rs"]
mod packet_frames;

libfuzzer_sys::fuzz_target!(|input: &[u8]| packet_frames::check(input));
