//! The seeds of the fuzz targets, each given to the check of its target.

#[path = "../../../fuzz/checks/packet_frames.rs"]
mod packet_frames;
#[path = "../../../fuzz/checks/packet_read.rs"]
mod packet_read;
#[path = "../../../fuzz/checks/seeds.rs"]
mod seeds;

#[test]
fn seeds_of_frames_pass_their_check() {
    seeds::run("packet_frames", packet_frames::check);
}

#[test]
fn seeds_of_packets_pass_their_check() {
    seeds::run("packet_read", packet_read::check);
}
