//! Moving whole files over a stream: the part of FTP that is not FTP.
//!
//! `pump` moves the bytes and asks a `Monitor` about everything else: how long to wait, whether to go on. What monitors
//! are made of: `progress` counts and asks the user, `rate` holds back, `low_speed` gives up. `landing` is where a
//! download is put until it is complete. Nothing here knows a protocol, or reads a clock.

mod landing;
mod low_speed;
mod progress;
mod pump;
mod rate;

pub(crate) use landing::{Keep, Landing, LandingError};
pub use low_speed::LowSpeed;
pub(crate) use low_speed::SpeedWatch;
pub(crate) use progress::Progress;
pub(crate) use pump::{Monitor, PumpError, Sink, Source, receive, send};
pub(crate) use rate::Rate;
