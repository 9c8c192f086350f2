//! A value of every type a packet knows, for the tour and its peer.

use sfml_network::{Packet, PacketError, PacketRead, PacketWrite};

/// One of each, in the order in which they travel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EveryType {
    pub(crate) flag: bool,
    pub(crate) i8: i8,
    pub(crate) u8: u8,
    pub(crate) i16: i16,
    pub(crate) u16: u16,
    pub(crate) i32: i32,
    pub(crate) u32: u32,
    pub(crate) i64: i64,
    pub(crate) u64: u64,
    pub(crate) f32: f32,
    pub(crate) f64: f64,
    pub(crate) string: String,
    pub(crate) wide_string: String,
}

impl EveryType {
    /// What only someone who understood the values can say: each integer's bits inverted, floats doubled, strings
    /// backwards.
    pub(crate) fn answer(&self) -> Self {
        Self {
            flag: !self.flag,
            i8: !self.i8,
            u8: !self.u8,
            i16: !self.i16,
            u16: !self.u16,
            i32: !self.i32,
            u32: !self.u32,
            i64: !self.i64,
            u64: !self.u64,
            f32: self.f32 * 2.0,
            f64: self.f64 * 2.0,
            string: self.string.chars().rev().collect(),
            wide_string: self.wide_string.chars().rev().collect(),
        }
    }
}

impl PacketWrite for EveryType {
    fn write_to(&self, packet: &mut Packet) {
        packet.write(self.flag).write(self.i8).write(self.u8).write(self.i16).write(self.u16);
        packet.write(self.i32).write(self.u32).write(self.i64).write(self.u64);
        packet.write(self.f32).write(self.f64);
        packet.write_string(&self.string).write_wide_string(&self.wide_string);
    }
}

impl PacketRead for EveryType {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        // Fields are read in the order in which they stand here.
        Ok(Self {
            flag: packet.read()?,
            i8: packet.read()?,
            u8: packet.read()?,
            i16: packet.read()?,
            u16: packet.read()?,
            i32: packet.read()?,
            u32: packet.read()?,
            i64: packet.read()?,
            u64: packet.read()?,
            f32: packet.read()?,
            f64: packet.read()?,
            string: packet.read_string()?,
            wide_string: packet.read_wide_string()?,
        })
    }
}
