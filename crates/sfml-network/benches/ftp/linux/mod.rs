//! The cases, and who runs them.

mod bulk;
mod client;
mod listing;
mod memory;
mod scale;
mod small_files;
mod suppaftp;

use std::fs::File;
use std::io::{self, Write};

use testkit::folder::in_memory;
use testkit::paired::program::Stopwatch;
use testkit::paired::{Figure, Paired, Turn, Unit, table, write_csv};
use testkit::servers::{Kind, Options, RealServer};

use self::client::Client;
use self::scale::Scale;

pub(crate) fn run() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == suppaftp::MARK) {
        suppaftp::run(&arguments[1..]);
        return Ok(());
    }
    let mut bench = Bench::new(&arguments);
    bulk::run(&mut bench);
    small_files::run(&mut bench);
    listing::run(&mut bench);
    memory::run(&mut bench);
    if let Some(path) = std::env::var_os("SFML_NETWORK_BENCH_CSV") {
        write_csv("Rust", &bench.figures, File::create(path)?)?;
    }
    Ok(())
}

/// The cases chosen, who takes part, and what they gave.
struct Bench {
    words: String,
    scale: Scale,
    ours: Client,
    peers: Vec<Client>,
    figures: Vec<Figure>,
}

impl Bench {
    fn new(arguments: &[String]) -> Self {
        let option = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
        let words: Vec<&str> =
            arguments.iter().filter(|word| !word.starts_with('-')).map(String::as_str).collect();
        let ours = option("--ours=").map_or(Client::Ours, |name| {
            Client::PEERS.into_iter().find(|peer| peer.name() == name).expect("--ours= names a peer")
        });
        assert!(ours.is_here(), "{} is missing", ours.name());
        let (here, missing): (Vec<Client>, Vec<Client>) =
            Client::PEERS.into_iter().partition(|peer| peer.is_here());
        for peer in missing {
            say(&format!("left out, not installed: {}", peer.name()));
        }
        Self { words: words.join(" "), scale: Scale::read(option), ours, peers: here, figures: Vec::new() }
    }

    fn wants(&self, case: &str) -> bool {
        case.contains(&self.words)
    }

    /// The server all cases but the distant ones talk to, with its files in memory.
    fn server(&self) -> Option<RealServer> {
        Kind::Vsftpd.start(&Options { folder: in_memory(), ..Options::default() })
    }

    /// Runs ours and the peers in turns, judged by the times that matter. `goals` are those against peers that have
    /// one.
    fn compare<'a>(
        &mut self,
        case: &str,
        rounds: usize,
        units: &[Unit],
        goals: &[(Client, f64)],
        work: impl Fn(Client, &Stopwatch, &mut Turn<'_>) + Copy + 'a,
    ) {
        if !self.wants(case) {
            return;
        }
        let (stopwatch, ours) = (Stopwatch::default(), self.ours);
        let watch = &stopwatch;
        let mut paired = Paired::new(case, move |turn: &mut Turn<'_>| work(ours, watch, turn));
        for peer in self.peers.iter().copied() {
            let goal = goals.iter().find(|(client, _)| *client == peer).map(|(_, goal)| *goal);
            paired = paired.against(peer.label(), goal, move |turn: &mut Turn<'_>| work(peer, watch, turn));
        }
        let mut figures = paired.by_both_times().rounds(rounds).run(watch);
        figures.retain(|figure| units.contains(&figure.unit));
        self.show(figures);
    }

    fn show(&mut self, figures: Vec<Figure>) {
        say(table(&figures).trim_end());
        self.figures.extend(figures);
    }
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(io::stdout(), "{text}");
}
