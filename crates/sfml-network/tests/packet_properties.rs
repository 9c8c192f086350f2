//! `Packet` under arbitrary values and arbitrary bytes.

use proptest::prelude::*;
use sfml_network::{Packet, PacketError};

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    F32(u32),
    F64(u64),
    Text(String),
    Bytes(Vec<u8>),
    Wide(String),
}

impl Value {
    fn write(&self, packet: &mut Packet) {
        match self {
            Self::Bool(value) => packet.write(value),
            Self::I8(value) => packet.write(value),
            Self::I16(value) => packet.write(value),
            Self::I32(value) => packet.write(value),
            Self::I64(value) => packet.write(value),
            Self::U8(value) => packet.write(value),
            Self::U16(value) => packet.write(value),
            Self::U32(value) => packet.write(value),
            Self::U64(value) => packet.write(value),
            Self::F32(bits) => packet.write(f32::from_bits(*bits)),
            Self::F64(bits) => packet.write(f64::from_bits(*bits)),
            Self::Text(value) => packet.write(value),
            Self::Bytes(value) => packet.write_string(value),
            Self::Wide(value) => packet.write_wide_string(value),
        };
    }

    /// Reads a value of the same type as `self`.
    fn read(&self, packet: &mut Packet) -> Result<Self, PacketError> {
        Ok(match self {
            Self::Bool(_) => Self::Bool(packet.read()?),
            Self::I8(_) => Self::I8(packet.read()?),
            Self::I16(_) => Self::I16(packet.read()?),
            Self::I32(_) => Self::I32(packet.read()?),
            Self::I64(_) => Self::I64(packet.read()?),
            Self::U8(_) => Self::U8(packet.read()?),
            Self::U16(_) => Self::U16(packet.read()?),
            Self::U32(_) => Self::U32(packet.read()?),
            Self::U64(_) => Self::U64(packet.read()?),
            Self::F32(_) => Self::F32(packet.read::<f32>()?.to_bits()),
            Self::F64(_) => Self::F64(packet.read::<f64>()?.to_bits()),
            Self::Text(_) => Self::Text(packet.read()?),
            Self::Bytes(_) => Self::Bytes(packet.read_string_bytes()?),
            Self::Wide(_) => Self::Wide(packet.read_wide_string()?),
        })
    }

    fn size(&self) -> usize {
        match self {
            Self::Bool(_) | Self::I8(_) | Self::U8(_) => 1,
            Self::I16(_) | Self::U16(_) => 2,
            Self::I32(_) | Self::U32(_) | Self::F32(_) => 4,
            Self::I64(_) | Self::U64(_) | Self::F64(_) => 8,
            Self::Text(text) => 4 + text.len(),
            Self::Bytes(bytes) => 4 + bytes.len(),
            Self::Wide(text) => 4 + 4 * text.chars().count(),
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i8>().prop_map(Value::I8),
        any::<i16>().prop_map(Value::I16),
        any::<i32>().prop_map(Value::I32),
        any::<i64>().prop_map(Value::I64),
        any::<u8>().prop_map(Value::U8),
        any::<u16>().prop_map(Value::U16),
        any::<u32>().prop_map(Value::U32),
        any::<u64>().prop_map(Value::U64),
        any::<u32>().prop_map(Value::F32),
        any::<u64>().prop_map(Value::F64),
        text().prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        text().prop_map(Value::Wide),
    ]
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(value(), 0..20)
}

fn written(values: &[Value]) -> Packet {
    let mut packet = Packet::new();
    values.iter().for_each(|value| value.write(&mut packet));
    packet
}

proptest! {
    #[test]
    fn any_sequence_of_values_reads_back_as_written(values in values()) {
        let mut packet = written(&values);
        prop_assert_eq!(packet.len(), values.iter().map(Value::size).sum::<usize>());
        for value in &values {
            let read = value.read(&mut packet);
            prop_assert_eq!(read.as_ref(), Ok(value));
        }
        prop_assert!(packet.is_at_end() && packet.is_valid());
    }

    #[test]
    fn values_cut_short_read_as_far_as_they_go(values in values(), cut in any::<prop::sample::Index>()) {
        let whole = written(&values);
        let cut = cut.index(whole.len() + 1);
        let mut packet = Packet::from(&whole.data()[..cut]);
        let mut end = 0;
        for value in &values {
            let start = end;
            end += value.size();
            let read = value.read(&mut packet);
            if end <= cut {
                prop_assert_eq!(read.as_ref(), Ok(value));
            } else {
                prop_assert!(read.is_err());
                prop_assert_eq!((packet.read_position(), packet.is_valid()), (start, false));
                break;
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_values_or_errors(
        bytes in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..80),
        types in values(),
    ) {
        let mut packet = Packet::from(bytes.clone());
        for value in &types {
            let start = packet.read_position();
            match value.read(&mut packet) {
                Ok(read) => {
                    prop_assert!(packet.read_position() > start);
                    let again = written(std::slice::from_ref(&read)).len();
                    prop_assert!(again <= packet.read_position() - start);
                }
                Err(_) => {
                    prop_assert!(!packet.is_valid());
                    prop_assert_eq!(packet.read_position(), start);
                }
            }
        }
        prop_assert_eq!(packet.data(), bytes);
    }
}
