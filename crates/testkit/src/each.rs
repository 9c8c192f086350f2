//! Doing something with each of many, some at a time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

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

fn take_next<'a, R>(rows: &'a [R], next: &AtomicUsize) -> (usize, Option<&'a R>) {
    let index = next.fetch_add(1, Ordering::Relaxed);
    (index, rows.get(index))
}

const AT_A_TIME: usize = 8;
