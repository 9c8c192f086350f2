//! Any types asked of any bytes: a value or an error, and a packet that stays true to itself.
//!
//! Input: a count, as many bytes that each choose a type, then the packet.

use sfml_network::{Packet, PacketError};

pub(crate) fn check(input: &[u8]) {
    let Some((&count, rest)) = input.split_first() else {
        return;
    };
    let (types, data) = rest.split_at(rest.len().min(usize::from(count)));
    let mut packet = Packet::from(data);

    for choice in types {
        let start = packet.read_position();
        let was_valid = packet.is_valid();
        let mut again = Packet::new();
        match read(*choice, &mut packet, &mut again) {
            Ok(()) => {
                let taken = &packet.data()[start..packet.read_position()];
                assert!(was_valid && packet.is_valid() && !taken.is_empty());
                assert!(again.len() <= taken.len());
            }
            Err(error) => {
                assert!(!packet.is_valid() && packet.read_position() == start);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert_eq!(packet.data(), data);
}

/// Reads a value of the chosen type and writes it to `again`.
fn read(choice: u8, packet: &mut Packet, again: &mut Packet) -> Result<(), PacketError> {
    match choice % 14 {
        0 => again.write(packet.read::<bool>()?),
        1 => again.write(packet.read::<i8>()?),
        2 => again.write(packet.read::<i16>()?),
        3 => again.write(packet.read::<i32>()?),
        4 => again.write(packet.read::<i64>()?),
        5 => again.write(packet.read::<u8>()?),
        6 => again.write(packet.read::<u16>()?),
        7 => again.write(packet.read::<u32>()?),
        8 => again.write(packet.read::<u64>()?),
        9 => again.write(packet.read::<f32>()?),
        10 => again.write(packet.read::<f64>()?),
        11 => again.write(packet.read_string()?),
        12 => again.write_string(packet.read_string_bytes()?),
        _ => again.write_wide_string(&packet.read_wide_string()?),
    };
    Ok(())
}
