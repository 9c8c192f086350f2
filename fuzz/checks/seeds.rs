//! The seeds of a target as an ordinary test, without the fuzzer.

use std::fs;
use std::path::Path;

/// Gives each seed of a target to its check. A target without seeds fails.
pub(crate) fn run(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut count = 0;
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        eprintln!("{}", path.display());
        check(&fs::read(&path).expect("a seed can be read"));
        count += 1;
    }
    assert_ne!(count, 0, "{} is empty", folder.display());
}
