//! Shows the whole library at work, on this computer's loopback: `cargo run --release --example tour`.
//!
//! Each section is one small program that can be copied: peers of its own, ports the system chose, and a limit on
//! how long it may take. What does not arrive as it was sent ends the tour with a sentence.

#![expect(clippy::print_stdout, reason = "the tour is there to be read")]

mod account;
mod bytes;
#[path = "../values/every_type.rs"]
mod every_type;
mod ftp;
mod http;
#[path = "../values/over_tls.rs"]
mod over_tls;
mod packets;
mod selector;
mod tcp;
mod tls;
mod udp;
mod waiting;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use account::{Failure, causes};

/// The longest one section may take.
const LIMIT: Duration = Duration::from_secs(10);

type Section = (&'static str, fn() -> Result<(), Failure>);

const SECTIONS: [Section; 11] = [
    ("TCP echo", tcp::echo),
    ("TCP transfer", tcp::transfer),
    ("UDP, datagrams of 1,000 bytes", udp::datagrams),
    ("One thread serving 200 clients with a selector", selector::serve_many),
    ("A packet with a value of every type, there and back over TCP", packets::exchange),
    ("FTP, a tree of small files", ftp::tree),
    ("FTP, a large file whose download is interrupted and resumed", ftp::large_file),
    ("TLS echo, with a certificate of an authority made for this tour", tls::echo),
    ("HTTP: a form, many small requests, a large download", http::plain),
    ("HTTPS, the same", http::encrypted),
    ("Calls that cannot succeed", waiting::give_up),
];

fn main() -> ExitCode {
    let started = Instant::now();
    println!("sfml-network, from Rust: both ends of everything are in this program.");
    for (title, section) in SECTIONS {
        println!("\n{title}");
        if let Err(failure) = section() {
            eprintln!("\nThe tour ended early, in `{title}`: {}", causes(&*failure));
            return ExitCode::FAILURE;
        }
    }
    println!("\nWhat you saw");
    println!("  Streams, datagrams, packets and files of which every byte was compared with what was sent;");
    println!(
        "  one thread that served {} clients; errors that came in time and said why.",
        selector::CLIENTS
    );
    println!("  All of it took {:.1} s.", started.elapsed().as_secs_f64());
    ExitCode::SUCCESS
}
