//! [`Packet`]: typed values as bytes, in SFML's wire format.
//!
//! | value            | bytes                                                         |
//! |------------------|---------------------------------------------------------------|
//! | `bool`           | one byte, 0 or 1 (any other value reads as true)              |
//! | integers         | big-endian, as wide as the type                               |
//! | `f32`, `f64`     | IEEE 754, little-endian                                       |
//! | string           | `u32` count of bytes, then the bytes                          |
//! | wide string      | `u32` count of characters, then one `u32` code point for each |
//!
//! SFML copies floats as its processor holds them, and every processor it supports is little-endian: this
//! module fixes that order, so that a big-endian machine speaks the same format.
//!
//! On a TCP stream a packet travels as a frame, a `u32` count of bytes and then the bytes: `incoming` takes such
//! frames from a stream, `outgoing` puts them on it. Neither touches a socket.

mod error;
mod identity;
mod incoming;
mod outgoing;
mod transform;
mod value;

pub use self::error::PacketError;
pub(crate) use self::error::PacketTooLarge;
pub(crate) use self::incoming::Incoming;
pub(crate) use self::outgoing::Outgoing;
pub use self::transform::PacketTransform;
pub use self::value::{PacketRead, PacketWrite};

use self::identity::Identity;

/// A sequence of typed values, written and read back in order, in the wire format of `sf::Packet`.
///
/// Values are appended with [`write`](Self::write) and taken from the front with [`read`](Self::read); both
/// sides must agree on the types and their order, since the bytes carry no description of themselves. Own types
/// join in by implementing [`PacketWrite`] and [`PacketRead`].
///
/// A read that fails makes the packet invalid, as it does in SFML: it and every later read report an error, and
/// the read position stays before the value that failed. [`clear`](Self::clear) makes it valid again.
///
/// Two packets are equal when their data, their read position and their validity are; compare
/// [`data`](Self::data) where only the bytes matter.
///
/// # Examples
///
/// ```
/// use sfml_network::Packet;
///
/// # fn main() -> Result<(), sfml_network::PacketError> {
/// let mut packet = Packet::new();
/// packet.write(7_u8).write("Ada").write(0.5_f32);
///
/// assert_eq!(packet.read::<u8>()?, 7);
/// assert_eq!(packet.read_string()?, "Ada");
/// assert_eq!(packet.read::<f32>()?, 0.5);
/// assert!(packet.is_at_end());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Packet {
    data: Vec<u8>,
    read_position: usize,
    read_failed: bool,
    identity: Identity,
}

impl Packet {
    /// Makes an empty, valid packet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty packet that holds `capacity` bytes before it must allocate again.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::from(Vec::with_capacity(capacity))
    }

    /// Adds raw bytes at the end, without a length before them.
    #[inline]
    pub fn append(&mut self, bytes: &[u8]) -> &mut Self {
        self.identity.renew();
        self.data.extend_from_slice(bytes);
        self
    }

    /// Adds a value at the end.
    ///
    /// The width on the wire is that of the value's type: name it (`write(1_u16)`, `write::<u16>(1)`) rather
    /// than leave it to the compiler's default.
    pub fn write<T: PacketWrite>(&mut self, value: T) -> &mut Self {
        value.write_to(self);
        self
    }

    /// Adds a string at the end: its length in bytes, then the bytes, which need not be UTF-8.
    ///
    /// # Panics
    ///
    /// Panics when the string is longer than `u32::MAX` bytes, which the format cannot express.
    pub fn write_string(&mut self, string: impl AsRef<[u8]>) -> &mut Self {
        let bytes = string.as_ref();
        self.write_length(bytes.len());
        self.append(bytes)
    }

    /// Adds a wide string at the end: the number of its characters, then each as a `u32`.
    ///
    /// # Panics
    ///
    /// Panics when the string has more than `u32::MAX` characters, which the format cannot express.
    pub fn write_wide_string(&mut self, string: &str) -> &mut Self {
        self.write_length(string.chars().count());
        self.data.extend(string.chars().flat_map(|character| u32::from(character).to_be_bytes()));
        self
    }

    /// Takes the next value.
    ///
    /// # Errors
    ///
    /// The packet ends before the value does, the value is not one of `T`, or an earlier read failed. The packet
    /// is invalid from then on, and the read position is where it was before the call.
    pub fn read<T: PacketRead>(&mut self) -> Result<T, PacketError> {
        self.all_or_nothing(T::read_from)
    }

    /// Takes the next string.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read), and [`PacketError::InvalidUtf8`] when the bytes are not UTF-8, which SFML
    /// peers are free to send: see [`read_string_bytes`](Self::read_string_bytes).
    pub fn read_string(&mut self) -> Result<String, PacketError> {
        self.read()
    }

    /// Takes the bytes of the next string, whatever its encoding.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn read_string_bytes(&mut self) -> Result<Vec<u8>, PacketError> {
        self.all_or_nothing(|packet| value::string_bytes(packet).map(<[u8]>::to_vec))
    }

    /// Takes the next wide string.
    ///
    /// A surrogate pair, which is how a `std::wstring` on Windows holds a character beyond the basic plane, reads
    /// as the character it stands for.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read), and [`PacketError::InvalidCharacter`] when a number is not a character.
    pub fn read_wide_string(&mut self) -> Result<String, PacketError> {
        self.all_or_nothing(value::wide_string)
    }

    /// Takes the next `count` bytes, raw: the counterpart of [`append`](Self::append).
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn read_bytes(&mut self, count: usize) -> Result<&[u8], PacketError> {
        self.take("raw bytes", count as u64)
    }

    /// Empties the packet and makes it valid; its memory is kept for what is written next.
    pub fn clear(&mut self) {
        self.identity.renew();
        self.data.clear();
        self.read_position = 0;
        self.read_failed = false;
    }

    /// All bytes, those already read included.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The bytes not read yet.
    #[must_use]
    pub fn remaining(&self) -> &[u8] {
        &self.data[self.read_position..]
    }

    /// The number of bytes, those already read included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The number of bytes read so far.
    #[must_use]
    pub fn read_position(&self) -> usize {
        self.read_position
    }

    /// Whether every byte has been read.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.read_position == self.data.len()
    }

    /// Whether every read so far succeeded.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.read_failed
    }

    fn write_length(&mut self, length: usize) {
        let length = u32::try_from(length).expect("a string in a packet has at most u32::MAX elements");
        self.append(&length.to_be_bytes());
    }

    /// Steps over the next `count` bytes, which are those of `wanted`.
    #[inline]
    fn take(&mut self, wanted: &'static str, count: u64) -> Result<&[u8], PacketError> {
        let position = self.read_position;
        if self.read_failed {
            return Err(PacketError::AlreadyInvalid { wanted, position });
        }
        let available = self.data.len() - position;
        match usize::try_from(count) {
            Ok(count) if count <= available => {
                self.read_position += count;
                Ok(&self.data[position..position + count])
            }
            _ => {
                self.read_failed = true;
                Err(PacketError::Truncated { wanted, needed: count, available, position })
            }
        }
    }

    /// Runs a read of several steps; when one fails the read position goes back to before the first.
    fn all_or_nothing<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, PacketError>,
    ) -> Result<T, PacketError> {
        let start = self.read_position;
        let result = read(self);
        if result.is_err() {
            // What was read may have replaced the packet.
            self.read_position = start.min(self.data.len());
            self.read_failed = true;
        }
        result
    }
}

impl AsRef<[u8]> for Packet {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

impl From<Vec<u8>> for Packet {
    fn from(data: Vec<u8>) -> Self {
        Self { data, ..Self::default() }
    }
}

impl From<&[u8]> for Packet {
    fn from(data: &[u8]) -> Self {
        Self::from(data.to_vec())
    }
}

impl From<Packet> for Vec<u8> {
    fn from(packet: Packet) -> Self {
        packet.data
    }
}
