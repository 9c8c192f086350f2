#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sfml_network::http::fuzzing::url(input));
