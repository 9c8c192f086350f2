//! Our HTTP client and TLS sockets against their engines used bare, and against curl as a whole program, in turns and
//! with one server.
//!
//! `cargo bench --bench http [-- words]` prints a table of the cases whose name contains the words; before it,
//! `cargo build --release --example http_client` builds the program of ours. `--mebibytes=` and `--rounds=` change how
//! much is done, `--calls` leaves out the cases of whole programs, and `--programs` the others. The figures go to the file that `SFML_NETWORK_BENCH_CSV` names, too. Linux only, as the server is.
#![expect(clippy::unwrap_used, reason = "a client or a server that fails ends the benchmark")]

#[cfg(target_os = "linux")]
mod linux;

fn main() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::run()?;
    Ok(())
}
