//! How much is done.

/// The sizes of the cases. Smaller ones are for trying the harness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The size of the large file.
    pub(super) mebibytes: usize,
    /// How many small files there are.
    pub(super) files: usize,
    /// How many entries the long listing has; the very long one has ten times as many.
    pub(super) entries: usize,
    /// How often each case is done.
    pub(super) rounds: usize,
}

impl Scale {
    /// Reads what `option` finds, as `--files=10` by `--files=`.
    pub(super) fn read<'a>(option: impl Fn(&str) -> Option<&'a str>) -> Self {
        let number = |name, usual| option(name).map_or(usual, |text| text.parse().expect("a number"));
        Self {
            mebibytes: number("--mebibytes=", 1024),
            files: number("--files=", 1000),
            entries: number("--entries=", 100_000),
            rounds: number("--rounds=", 5),
        }
    }
}
