//! How values become bytes of a packet, and bytes values.

use super::{Packet, PacketError};

/// A value that can be written to a [`Packet`].
///
/// Implement it, with [`PacketRead`], for the types that a program exchanges:
///
/// ```
/// use sfml_network::{Packet, PacketError, PacketRead, PacketWrite};
///
/// #[derive(Debug, PartialEq)]
/// struct Move {
///     player: u16,
///     x: f32,
///     y: f32,
/// }
///
/// impl PacketWrite for Move {
///     fn write_to(&self, packet: &mut Packet) {
///         packet.write(self.player).write(self.x).write(self.y);
///     }
/// }
///
/// impl PacketRead for Move {
///     fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
///         Ok(Self { player: packet.read()?, x: packet.read()?, y: packet.read()? })
///     }
/// }
///
/// # fn main() -> Result<(), PacketError> {
/// let mut packet = Packet::new();
/// packet.write(Move { player: 3, x: 1.0, y: -2.5 });
/// assert_eq!(packet.read::<Move>()?, Move { player: 3, x: 1.0, y: -2.5 });
/// # Ok(())
/// # }
/// ```
pub trait PacketWrite {
    /// Adds the value at the end of `packet`.
    fn write_to(&self, packet: &mut Packet);
}

/// A value that can be read from a [`Packet`]; [`PacketWrite`] has an example.
pub trait PacketRead: Sized {
    /// Takes the value from the front of `packet`.
    ///
    /// [`Packet::read`] calls this, and puts the read position back when it fails, so that an implementation can
    /// return at the first error.
    ///
    /// # Errors
    ///
    /// The packet ends too soon, or its bytes are not such a value ([`PacketError::rejected`]).
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError>;
}

impl<T: PacketWrite + ?Sized> PacketWrite for &T {
    fn write_to(&self, packet: &mut Packet) {
        (**self).write_to(packet);
    }
}

macro_rules! numbers {
    ($($type:ident $to:ident $from:ident),* $(,)?) => {$(
        impl PacketWrite for $type {
            #[inline]
            fn write_to(&self, packet: &mut Packet) {
                packet.append(&self.$to());
            }
        }

        impl PacketRead for $type {
            #[inline]
            fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
                let mut bytes = [0; size_of::<Self>()];
                bytes.copy_from_slice(packet.take(stringify!($type), size_of::<Self>() as u64)?);
                Ok(Self::$from(bytes))
            }
        }
    )*};
}

numbers! {
    i8 to_be_bytes from_be_bytes,
    i16 to_be_bytes from_be_bytes,
    i32 to_be_bytes from_be_bytes,
    i64 to_be_bytes from_be_bytes,
    u8 to_be_bytes from_be_bytes,
    u16 to_be_bytes from_be_bytes,
    u32 to_be_bytes from_be_bytes,
    u64 to_be_bytes from_be_bytes,
    f32 to_le_bytes from_le_bytes,
    f64 to_le_bytes from_le_bytes,
}

impl PacketWrite for bool {
    fn write_to(&self, packet: &mut Packet) {
        packet.append(&[u8::from(*self)]);
    }
}

impl PacketRead for bool {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        Ok(packet.take("bool", 1)? != [0])
    }
}

/// The same as [`Packet::write_string`], its panic included.
impl PacketWrite for str {
    fn write_to(&self, packet: &mut Packet) {
        packet.write_string(self);
    }
}

/// The same as [`Packet::write_string`], its panic included.
impl PacketWrite for String {
    fn write_to(&self, packet: &mut Packet) {
        packet.write_string(self);
    }
}

impl PacketRead for String {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        let start = packet.read_position() + LENGTH;
        match std::str::from_utf8(string_bytes(packet)?) {
            Ok(string) => Ok(string.to_owned()),
            Err(error) => Err(PacketError::InvalidUtf8 { position: start + error.valid_up_to() }),
        }
    }
}

/// Takes the bytes of a string. Nothing is allocated, whatever length the peer declared.
pub(super) fn string_bytes(packet: &mut Packet) -> Result<&[u8], PacketError> {
    let length = packet.read::<u32>()?;
    packet.take("string", u64::from(length))
}

/// Takes a wide string. The declared length is compared with what is left before anything is allocated.
pub(super) fn wide_string(packet: &mut Packet) -> Result<String, PacketError> {
    let start = packet.read_position() + LENGTH;
    let count = packet.read::<u32>()?;
    let bytes = packet.take("wide string", u64::from(count) * 4)?;

    let mut string = String::with_capacity(bytes.len() / 4);
    let mut units =
        bytes.chunks_exact(4).map(|unit| u32::from_be_bytes([unit[0], unit[1], unit[2], unit[3]]));
    let mut position = start;
    while let Some(unit) = units.next() {
        let pair = match (unit, units.clone().next()) {
            (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => Some((unit, low)),
            _ => None,
        };
        let code = match pair {
            Some((high, low)) => 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00),
            None => unit,
        };
        string.push(char::from_u32(code).ok_or(PacketError::InvalidCharacter { value: unit, position })?);
        position += 4;
        if pair.is_some() {
            units.next();
            position += 4;
        }
    }
    Ok(string)
}

/// The bytes of the length in front of a string.
const LENGTH: usize = 4;
