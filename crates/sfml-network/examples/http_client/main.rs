//! A small HTTP client: `cargo run --release --example http_client -- get http://127.0.0.1/remote.bin local.bin`.
//!
//! `get` downloads to a file, or nowhere for the file `-`; `put` uploads one. `--ca FILE` at the end names the
//! certificates of the authorities to trust in place of the system's. Talk goes to standard error.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use sfml_network::http::{Body, Download, Http, HttpOptions, Request};
use sfml_network::tls::ClientConfig;

const USAGE: &str = "usage: http_client get|put URL FILE [--ca FILE]";

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "http_client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome {
    let mut options = HttpOptions::default();
    let words = match arguments {
        [words @ .., option, path] if option == "--ca" => {
            options.tls = Some(ClientConfig::builder().roots(&std::fs::read(path)?)?.build()?);
            words
        }
        words => words,
    };
    let [verb, url, file] = words else {
        return Err(USAGE.into());
    };
    let http = Http::anywhere(options);
    match verb.as_str() {
        "get" if file == "-" => {
            let mut response = http.get(url)?;
            if !response.is_ok() {
                return Err(response.status().to_string().into());
            }
            response.copy_to(&mut io::sink())?;
        }
        "get" => {
            http.download(&Request::get(url), file, Download::new())?;
        }
        "put" => {
            let response = http.send(&Request::put(url).body(Body::file(file)))?;
            if !response.is_ok() {
                return Err(response.status().to_string().into());
            }
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}
