//! `FtpOptions`: how a session behaves, as attributes.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use sfml_network::IpAddress as Address;
use sfml_network::ftp::{DataConnections, FtpOptions as CoreOptions, InterruptHook, LowSpeed, PassiveHost};

use crate::address::IpAddress;
use crate::argument::{AddressArgument, Port, Span, Whole};
use crate::lock::lock;

/// How the sessions of an `Ftp` behave; `Ftp.options` returns it, and `Ftp` takes each as a keyword.
///
/// They may be set at any time and count from the next call on. A length of time is a `timedelta`; any `Time`,
/// `timedelta` or number of seconds may be assigned, `None` and zero for no limit.
///
/// >>> from sfml.network import Ftp
/// >>> ftp = Ftp(data_timeout=20)
/// >>> ftp.options.data_timeout.total_seconds(), ftp.options.active
/// (20.0, False)
#[pyclass(frozen, module = "sfml.network")]
pub(crate) struct FtpOptions(pub(crate) Arc<Settings>);

/// The options of an `Ftp`, shared with the object that shows them.
#[derive(Default)]
pub(crate) struct Settings {
    values: Mutex<Values>,
    /// Whether the session under way has not been told of all yet.
    changed: AtomicBool,
}

#[derive(Default)]
struct Values {
    core: CoreOptions,
    active: bool,
    address: Option<Address>,
    ports: Option<RangeInclusive<u16>>,
    passive_host: PassiveHost,
}

impl Settings {
    /// The options for a session, with the hook it is to ask.
    pub(crate) fn take(&self, hook: InterruptHook) -> CoreOptions {
        self.changed.store(false, Ordering::Relaxed);
        let values = lock(&self.values);
        let mut options = values.core.clone();
        options.interrupt = Some(hook);
        options.data_connections = if values.active {
            DataConnections::Active { announce: values.address, ports: values.ports.clone() }
        } else {
            DataConnections::Passive(values.passive_host)
        };
        options
    }

    /// As `take`, if there is something new.
    pub(crate) fn take_changed(&self, hook: impl FnOnce() -> InterruptHook) -> Option<CoreOptions> {
        self.changed.load(Ordering::Relaxed).then(|| self.take(hook()))
    }

    /// Has the next call take all options again.
    pub(crate) fn touch(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }
}

impl FtpOptions {
    fn get<T>(&self, read: impl FnOnce(&Values) -> T) -> T {
        read(&lock(&self.0.values))
    }

    fn set(&self, change: impl FnOnce(&mut Values)) {
        change(&mut lock(&self.0.values));
        self.0.touch();
    }
}

#[pymethods]
impl FtpOptions {
    /// The longest a connection may take to be made, name lookup included; 30 s. `connect` may be given another.
    #[getter]
    fn connect_timeout(&self) -> Option<Duration> {
        self.get(|values| finite(values.core.connect_timeout))
    }

    #[setter]
    fn set_connect_timeout(&self, limit: Span) {
        self.set(|values| values.core.connect_timeout = unlimited(limit));
    }

    /// The longest a reply may take to be complete; 60 s.
    #[getter]
    fn control_timeout(&self) -> Option<Duration> {
        self.get(|values| finite(values.core.control_timeout))
    }

    #[setter]
    fn set_control_timeout(&self, limit: Span) {
        self.set(|values| values.core.control_timeout = unlimited(limit));
    }

    /// The longest a transfer may stand still; 60 s.
    #[getter]
    fn data_timeout(&self) -> Option<Duration> {
        self.get(|values| finite(values.core.data_timeout))
    }

    #[setter]
    fn set_data_timeout(&self, limit: Span) {
        self.set(|values| values.core.data_timeout = unlimited(limit));
    }

    /// The lowest speed of a transfer, as (bytes per second, over which time); 100 over 60 s, `None` for any.
    #[getter]
    fn low_speed(&self) -> Option<(u64, Duration)> {
        self.get(|values| values.core.low_speed.map(|limit| (limit.bytes_per_second, limit.period)))
    }

    #[setter]
    fn set_low_speed(&self, limit: Option<(Whole<u64>, Span)>) -> PyResult<()> {
        let limit = match limit {
            Some((Whole(bytes_per_second), Span(Some(period)))) => {
                Some(LowSpeed { bytes_per_second, period: period.min(LONGEST) })
            }
            Some((_, Span(None))) => {
                return Err(PyTypeError::new_err("a lowest speed is measured over a time, not None"));
            }
            None => None,
        };
        let is_one = |limit: &LowSpeed| limit.bytes_per_second > 0 && !limit.period.is_zero();
        self.set(|values| values.core.low_speed = limit.filter(is_one));
        Ok(())
    }

    /// How often a NOOP keeps the connection alive during a transfer; 60 s, `None` and zero for never.
    #[getter]
    fn noop_interval(&self) -> Option<Duration> {
        self.get(|values| values.core.keep_alive)
    }

    #[setter]
    fn set_noop_interval(&self, interval: Span) {
        self.set(|values| values.core.keep_alive = finite(unlimited(interval)));
    }

    /// Whether the server opens the data connections (PORT, EPRT), and not this end; False.
    #[getter]
    fn active(&self) -> bool {
        self.get(|values| values.active)
    }

    #[setter]
    fn set_active(&self, active: bool) {
        self.set(|values| values.active = active);
    }

    /// The address the server is told to connect to, where a router translates it; `None` for this computer's own.
    #[getter]
    fn active_address(&self) -> Option<IpAddress> {
        self.get(|values| values.address.map(|address| IpAddress(Some(address))))
    }

    #[setter]
    fn set_active_address(&self, py: Python<'_>, address: Option<AddressArgument>) -> PyResult<()> {
        let address = address.map(|address| address.get(py)).transpose()?;
        self.set(|values| values.address = address);
        Ok(())
    }

    /// The first and the last port the server may be told to connect to; `None` for any.
    #[getter]
    fn active_ports(&self) -> Option<(u16, u16)> {
        self.get(|values| values.ports.as_ref().map(|ports| (*ports.start(), *ports.end())))
    }

    #[setter]
    fn set_active_ports(&self, ports: Option<(Port, Port)>) -> PyResult<()> {
        let ports = ports.map(|(Port(first), Port(last))| first..=last);
        if ports.as_ref().is_some_and(|ports| ports.is_empty() || ports.contains(&0)) {
            return Err(PyValueError::new_err("ports are (first, last), from 1 and not backwards"));
        }
        self.set(|values| values.ports = ports);
        Ok(())
    }

    /// Which host a PASV reply leads to: "server", the default, whatever it says; "trust", the one it says; "fix",
    /// that one unless it is private and the server is not.
    #[getter]
    fn passive_host(&self) -> &'static str {
        let host = self.get(|values| values.passive_host);
        PASSIVE_HOSTS.iter().find(|(_, known)| *known == host).map_or("server", |(name, _)| name)
    }

    #[setter]
    fn set_passive_host(&self, name: &str) -> PyResult<()> {
        match PASSIVE_HOSTS.iter().find(|(known, _)| *known == name) {
            Some((_, host)) => self.set(|values| values.passive_host = *host),
            None => {
                let sentence = format!("passive_host is 'server', 'fix' or 'trust', not {name:?}");
                return Err(PyValueError::new_err(sentence));
            }
        }
        Ok(())
    }

    /// The most bytes per second a transfer may move; `None` and zero for no limit.
    #[getter]
    fn rate(&self) -> Option<u64> {
        self.get(|values| values.core.rate)
    }

    #[setter]
    fn set_rate(&self, rate: Option<Whole<u64>>) {
        self.set(|values| values.core.rate = rate.map(|Whole(rate)| rate).filter(|rate| *rate > 0));
    }

    /// How many times a download or upload of a file begins anew when the connection fails; 0.
    #[getter]
    fn retries(&self) -> u32 {
        self.get(|values| values.core.retry.attempts)
    }

    #[setter]
    fn set_retries(&self, attempts: Whole<u32>) {
        self.set(|values| values.core.retry.attempts = attempts.0);
    }

    /// The time before the first of them, doubled each time; 1 s.
    #[getter]
    fn retry_delay(&self) -> Duration {
        self.get(|values| values.core.retry.delay)
    }

    #[setter]
    fn set_retry_delay(&self, delay: Span) -> PyResult<()> {
        let delay = delay.0.ok_or_else(|| PyTypeError::new_err("this option is a time, not None"))?;
        self.set(|values| values.core.retry.delay = delay.min(LONGEST));
        Ok(())
    }
}

const PASSIVE_HOSTS: [(&str, PassiveHost); 3] =
    [("server", PassiveHost::Server), ("fix", PassiveHost::Fix), ("trust", PassiveHost::Trust)];

/// The longest time a `timedelta` can tell, in whole days.
const LONGEST: Duration = Duration::from_secs(999_999_999 * 86_400);

/// What a limit from Python is in the crate.
pub(crate) fn unlimited(Span(limit): Span) -> Duration {
    limit.filter(|limit| !limit.is_zero() && *limit <= LONGEST).unwrap_or(Duration::MAX)
}

/// What a limit of the crate is in Python.
fn finite(limit: Duration) -> Option<Duration> {
    Some(limit).filter(|limit| *limit <= LONGEST)
}
