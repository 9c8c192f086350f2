//! The seeds of the fuzz targets, each given to the check of its target.

#[path = "../../../fuzz/checks/ftp_command.rs"]
mod ftp_command;
#[path = "../../../fuzz/checks/ftp_listing.rs"]
mod ftp_listing;
#[path = "../../../fuzz/checks/ftp_reply.rs"]
mod ftp_reply;
#[path = "../../../fuzz/checks/ftp_session.rs"]
mod ftp_session;
#[path = "../../../fuzz/checks/ftp_values.rs"]
mod ftp_values;
#[path = "../../../fuzz/checks/seeds.rs"]
mod seeds;

#[test]
fn seeds_of_commands_pass_their_check() {
    seeds::run("ftp_command", ftp_command::check);
}

#[test]
fn seeds_of_listings_pass_their_check() {
    seeds::run("ftp_listing", ftp_listing::check);
}

#[test]
fn seeds_of_replies_pass_their_check() {
    seeds::run("ftp_reply", ftp_reply::check);
}

#[test]
fn seeds_of_sessions_pass_their_check() {
    seeds::run("ftp_session", ftp_session::check);
}

#[test]
fn seeds_of_values_pass_their_check() {
    seeds::run("ftp_values", ftp_values::check);
}
