//! Our FTP client against other programs, each run as a whole process and in turns, against one server.
//!
//! `cargo bench --bench ftp [-- words]` prints a table of the cases whose name contains the words; before it,
//! `cargo build --release --example ftp_client` builds ours. `--mebibytes=`, `--files=`, `--entries=` and `--rounds=`
//! change how much is done, and `--ours=curl` puts a peer in our place, which measures the harness. The figures go to
//! the file that `SFML_NETWORK_BENCH_CSV` names, too. Linux only, as the servers are.
#![expect(clippy::unwrap_used, reason = "a client or a server that fails ends the benchmark")]

#[cfg(target_os = "linux")]
mod linux;

fn main() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::run()?;
    Ok(())
}
