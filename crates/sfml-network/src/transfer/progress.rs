//! `Progress`: how far a transfer has come, and whether it is to go on.

use std::fmt;
use std::ops::ControlFlow;

/// What is told how far a transfer has come: the bytes done, and all there will be when that is known.
/// [`ControlFlow::Break`] cancels the transfer.
pub(crate) type Report<'a> = dyn FnMut(u64, Option<u64>) -> ControlFlow<()> + 'a;

/// Counts the bytes of a transfer and tells a [`Report`] of them, if there is one.
pub(crate) struct Progress<'a> {
    report: Option<&'a mut Report<'a>>,
    done: u64,
    total: Option<u64>,
}

impl<'a> Progress<'a> {
    /// Begins at nothing, of an unknown total.
    pub(crate) fn new(report: Option<&'a mut Report<'a>>) -> Self {
        Self { report, done: 0, total: None }
    }

    /// Begins at what an earlier transfer has done.
    pub(crate) fn resume_at(&mut self, done: u64) {
        self.done = done;
    }

    /// Sets how many bytes there will be in all, those of earlier transfers included.
    pub(crate) fn set_total(&mut self, total: Option<u64>) {
        self.total = total;
    }

    /// Counts `bytes` more and reports. With zero, which is how a transfer of nothing is reported at all, it only
    /// asks.
    pub(crate) fn moved(&mut self, bytes: usize) -> ControlFlow<()> {
        self.done = self.done.saturating_add(bytes as u64);
        match &mut self.report {
            Some(report) => report(self.done, self.total),
            None => ControlFlow::Continue(()),
        }
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("done", &self.done)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_told_until_one_is_answered_with_break() {
        let mut told = Vec::new();
        let mut report = |done, total| {
            told.push((done, total));
            if done >= 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut progress = Progress::new(Some(&mut report));
        progress.resume_at(2);
        assert!(progress.moved(0).is_continue());
        progress.set_total(Some(9));
        assert!(progress.moved(4).is_continue());
        assert!(progress.moved(1).is_break());
        assert_eq!((progress.done, progress.total), (7, Some(9)));
        assert_eq!(told, [(2, None), (6, Some(9)), (7, Some(9))]);
    }

    #[test]
    fn without_a_listener_it_counts_all_the_same() {
        let mut progress = Progress::new(None);
        progress.resume_at(u64::MAX - 1);
        assert!(progress.moved(usize::MAX).is_continue());
        assert_eq!(progress.done, u64::MAX);
    }
}
