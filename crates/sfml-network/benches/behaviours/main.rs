//! The table of what FTP servers do, with several clients.
//!
//! `cargo bench --bench behaviours [-- words]` prints what each client makes of the rows whose name contains the words,
//! as Markdown; the text goes to the file that `SFML_NETWORK_BENCH_PAGE` names, too. Linux only, as the other
//! benchmarks.
#![expect(clippy::unwrap_used, reason = "what fails here ends the program")]

#[cfg(target_os = "linux")]
mod linux;

fn main() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::run()?;
    Ok(())
}
