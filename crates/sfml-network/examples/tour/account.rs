//! How the tour tells what it saw: a figure, then what it stands for.

use std::error::Error;
use std::fmt::Display;
use std::iter;
use std::ops::ControlFlow;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

/// Why a section ended early.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// One claim: the figure in its column, then the words.
pub(crate) fn tell(figure: impl Display, words: impl Display) {
    println!("{:>14}  {words}", figure.to_string());
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How many of something went by in a second.
pub(crate) fn per_second(count: usize, elapsed: Duration) -> String {
    grouped((count as f64 / elapsed.as_secs_f64()) as usize)
}

/// A progress callback that tells each quarter.
pub(crate) fn quarters(what: &str) -> impl FnMut(u64, Option<u64>) -> ControlFlow<()> {
    let mut told = 0;
    move |done, total| {
        let quarter = total.map_or(0, |total| done * 4 / total.max(1));
        if quarter > told {
            told = quarter;
            tell(
                format!("{} %", quarter * 25),
                format!("{what}: {} of {} MiB", done >> 20, total.unwrap_or(0) >> 20),
            );
        }
        ControlFlow::Continue(())
    }
}

/// What a peer's thread came to.
pub(crate) fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    thread.join().map_err(|_| "a peer's thread panicked")?
}

/// An error and what caused it, as one sentence.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let chain = iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
