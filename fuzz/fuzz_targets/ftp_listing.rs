#![no_main]

#[path = "../checks/ftp_listing.rs"]
mod ftp_listing;

libfuzzer_sys::fuzz_target!(|input: &[u8]| ftp_listing::check(input));
