//! Doing something with each of many, some at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Does this with each row of a table, some at a time since most of them wait. The results are in the order of the rows.
pub fn each<R: Sync, T: Send>(rows: &[R], run: impl Fn(&R) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let (index, Some(row)) = take_next(rows, &next) {
                    let result = run(row);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does this with each row of a table of server behaviours. Each has to come out right, in less than `hanging`.
///
/// # Panics
/// Panics with what went wrong in which row.
pub fn every_row_is_right<R: Sync>(
    rows: &[R],
    described: impl Fn(&R) -> (&'static str, &'static str) + Sync,
    hanging: Duration,
    attempt: impl Fn(&R) -> Result<(), String> + Sync,
) {
    let results = each(rows, |row| {
        let started = Instant::now();
        let outcome = attempt(row);
        let (name, about) = described(row);
        (started.elapsed(), name, outcome.map_err(|why| format!("{name}: {why} ({about})")))
    });
    let longest = results.iter().map(|(time, name, _)| (*time, *name)).max().unwrap_or_default();
    let told =
        format!("{} rows; the longest took {:.1} s: {}", rows.len(), longest.0.as_secs_f64(), longest.1);
    let failures: Vec<String> = results.into_iter().filter_map(|(.., outcome)| outcome.err()).collect();
    assert!(failures.is_empty(), "{told}; {} failed:\n{}", failures.len(), failures.join("\n"));
    assert!(longest.0 < hanging, "{told}, which counts as hanging");
}

fn take_next<'a, R>(rows: &'a [R], next: &AtomicUsize) -> (usize, Option<&'a R>) {
    let index = next.fetch_add(1, Ordering::Relaxed);
    (index, rows.get(index))
}

const AT_A_TIME: usize = 8;
