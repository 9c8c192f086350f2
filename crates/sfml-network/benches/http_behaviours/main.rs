//! The table of what HTTP servers do, with several clients.
//!
//! `cargo bench --bench http_behaviours [-- words]` prints what each client makes of the rows whose name contains the
//! words, as Markdown; the text goes to the file that `SFML_NETWORK_BENCH_PAGE` names, too. The clients of Python are
//! those that the interpreter in `SFML_NETWORK_PYTHON` has. Linux only, as the other benchmarks.

#[cfg(target_os = "linux")]
mod linux;

fn main() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::run()?;
    Ok(())
}
