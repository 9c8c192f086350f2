//! Times of the server's files, and those of this computer.

use std::time::{Duration, SystemTime};

use ftp_proto::Timestamp;

/// `None` where the system cannot tell such a time.
pub(super) fn system_time(time: &Timestamp) -> Option<SystemTime> {
    let seconds = time.unix_seconds();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let whole = match seconds >= 0 {
        true => SystemTime::UNIX_EPOCH.checked_add(distance),
        false => SystemTime::UNIX_EPOCH.checked_sub(distance),
    };
    whole?.checked_add(Duration::from_nanos(time.nanosecond().into()))
}

/// `None` before 1970.
pub(super) fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix(i64::try_from(since.as_secs()).ok()?, since.subsec_nanos()))
}
