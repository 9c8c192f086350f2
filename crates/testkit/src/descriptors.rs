//! The limit on descriptors, which some tests need high and others need reached.

use std::io;

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the limit on open descriptors so that `count` of them fit, besides those a test program has anyway;
/// `false` when the machine does not allow so many.
pub fn allow(count: u64) -> bool {
    const OF_THE_TEST_PROGRAM: u64 = 500;
    let wanted = count + OF_THE_TEST_PROGRAM;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return true;
    }
    limit.current = Some(wanted);
    limit.maximum.is_none_or(|maximum| maximum >= wanted) && setrlimit(Resource::Nofile, limit).is_ok()
}

/// Sets the limit on open descriptors of this process; the hard limit stays.
///
/// # Errors
/// When the system refuses.
pub fn limit_to(count: u64) -> io::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = Some(count);
    Ok(setrlimit(Resource::Nofile, limit)?)
}
