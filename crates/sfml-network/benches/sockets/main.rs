//! Our sockets against the system's own calls and the standard library, in one process and in turns.
//!
//! `cargo bench --bench sockets [-- words]` prints a table of the cases whose name contains the words. The figures
//! go to the file that `SFML_NETWORK_BENCH_CSV` names, too. Linux only, as the raw peers are.
#![expect(clippy::unwrap_used, reason = "a peer that fails ends the benchmark")]

#[cfg(target_os = "linux")]
mod linux;

fn main() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::run()?;
    Ok(())
}
