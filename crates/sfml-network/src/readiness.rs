//! What a socket can be ready for.

use std::ops::BitOr;

/// What to wait for on a socket, or what it is ready for.
///
/// ```
/// use sfml_network::Readiness;
///
/// assert_eq!(Readiness::READABLE | Readiness::WRITABLE, Readiness::BOTH);
/// assert!(Readiness::BOTH.is_readable());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Readiness(u8);

impl Readiness {
    /// Data, a pending connection, the end of the stream or an error can be received.
    pub const READABLE: Self = Self(1);
    /// There is room to send, or a connection attempt has ended.
    pub const WRITABLE: Self = Self(2);
    /// Either of the two.
    pub const BOTH: Self = Self(3);

    /// Whether reading is among it.
    #[inline]
    pub const fn is_readable(self) -> bool {
        self.0 & 1 != 0
    }

    /// Whether writing is among it.
    #[inline]
    pub const fn is_writable(self) -> bool {
        self.0 & 2 != 0
    }

    /// The two flags as bits 0 and 1, zero for neither.
    #[inline]
    pub(crate) const fn bits(readable: bool, writable: bool) -> u8 {
        readable as u8 | (writable as u8) << 1
    }

    /// The reverse of `bits`; `None` for neither.
    #[inline]
    pub(crate) const fn from_bits(bits: u8) -> Option<Self> {
        if bits & 3 == 0 { None } else { Some(Self(bits & 3)) }
    }
}

impl BitOr for Readiness {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
