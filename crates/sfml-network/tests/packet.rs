//! `Packet`: the bytes of each type, and what happens when they are not what the reader expects.

use std::io;

use sfml_network::{Packet, PacketError, PacketRead, PacketWrite};

/// Writes a value, checks its bytes, reads it back.
fn round_trip<T>(value: T, bytes: &[u8])
where
    T: Copy + PacketRead + PacketWrite + PartialEq + std::fmt::Debug,
{
    let mut packet = Packet::new();
    packet.write(value);
    assert_eq!(packet.data(), bytes, "{value:?}");
    assert_eq!(packet.read::<T>(), Ok(value));
    assert!(packet.is_at_end() && packet.is_valid());
}

#[test]
fn new_packet_is_empty_valid_and_at_its_end() {
    let packet = Packet::new();
    assert_eq!((packet.data(), packet.len(), packet.read_position()), (&[][..], 0, 0));
    assert!(packet.is_empty() && packet.is_at_end() && packet.is_valid());
}

#[test]
fn append_adds_bytes_and_clear_takes_them_away() {
    let mut packet = Packet::new();
    packet.append(&[1, 2]).append(&[]).append(&[3]);
    assert_eq!((packet.data(), packet.len(), packet.remaining()), (&[1, 2, 3][..], 3, &[1, 2, 3][..]));
    assert_eq!(packet.read_bytes(2), Ok(&[1, 2][..]));
    assert_eq!((packet.read_position(), packet.remaining()), (2, &[3][..]));
    packet.clear();
    assert_eq!(packet, Packet::new());
}

#[test]
fn bool_is_one_byte_and_any_other_than_zero_is_true() {
    round_trip(false, &[0]);
    round_trip(true, &[1]);
    assert_eq!(Packet::from(vec![2]).read::<bool>(), Ok(true));
}

#[test]
fn integers_are_big_endian() {
    round_trip(12345_u16, &[0x30, 0x39]);
    round_trip(1_234_567_890_u32, &[0x49, 0x96, 0x02, 0xD2]);
    round_trip(0x0102_0304_0506_0708_u64, &[1, 2, 3, 4, 5, 6, 7, 8]);
    round_trip(-2_i16, &[0xFF, 0xFE]);
}

#[test]
fn integers_keep_their_extremes() {
    round_trip(u8::MAX, &[0xFF]);
    round_trip(u16::MAX, &[0xFF; 2]);
    round_trip(u32::MAX, &[0xFF; 4]);
    round_trip(u64::MAX, &[0xFF; 8]);
    round_trip(i8::MIN, &[0x80]);
    round_trip(i16::MIN, &[0x80, 0]);
    round_trip(i32::MIN, &[0x80, 0, 0, 0]);
    round_trip(i64::MIN, &[0x80, 0, 0, 0, 0, 0, 0, 0]);
    round_trip(i8::MAX, &[0x7F]);
    round_trip(i64::MAX, &[0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
}

#[test]
fn floats_are_little_endian() {
    round_trip(123.456_f32, &[0x79, 0xE9, 0xF6, 0x42]);
    round_trip(1.0_f64, &[0, 0, 0, 0, 0, 0, 0xF0, 0x3F]);
    round_trip(f32::MIN, &[0xFF, 0xFF, 0x7F, 0xFF]);
    round_trip(f64::INFINITY, &[0, 0, 0, 0, 0, 0, 0xF0, 0x7F]);
}

#[test]
fn not_a_number_keeps_its_bits() {
    let odd = f64::from_bits(0x7FF8_0000_DEAD_BEEF);
    let mut packet = Packet::new();
    packet.write(odd);
    assert_eq!(packet.read::<f64>().unwrap().to_bits(), odd.to_bits());
}

#[test]
fn string_is_its_length_in_bytes_and_the_bytes() {
    let mut packet = Packet::new();
    packet.write("hé").write(String::from("")).write_string(b"\xFF\0");
    assert_eq!(packet.data(), b"\0\0\0\x03h\xC3\xA9\0\0\0\0\0\0\0\x02\xFF\0");
    assert_eq!(packet.read::<String>().as_deref(), Ok("hé"));
    assert_eq!(packet.read_string().as_deref(), Ok(""));
    assert_eq!(packet.read_string_bytes().as_deref(), Ok(&b"\xFF\0"[..]));
    assert!(packet.is_at_end());
}

#[test]
fn wide_string_is_its_count_of_characters_and_four_bytes_for_each() {
    let mut packet = Packet::new();
    packet.write_wide_string("é😀").write_wide_string("");
    assert_eq!(packet.data(), b"\0\0\0\x02\0\0\0\xE9\0\x01\xF6\0\0\0\0\0");
    assert_eq!(packet.read_wide_string().as_deref(), Ok("é😀"));
    assert_eq!(packet.read_wide_string().as_deref(), Ok(""));
    assert!(packet.is_at_end());
}

#[test]
fn surrogate_pair_from_a_windows_peer_is_one_character() {
    let mut packet = Packet::new();
    packet.write(3_u32).write(0xD83D_u32).write(0xDE00_u32).write(0x21_u32);
    assert_eq!(packet.read_wide_string().as_deref(), Ok("😀!"));
}

#[test]
fn number_that_is_no_character_is_an_error_that_names_it() {
    for (units, place) in
        [(&[0x41, 0xD83D, 0x42][..], 1), (&[0xDE00], 0), (&[0x11_0000], 0), (&[0xD83D, 0xDE00, 0xD83D], 2)]
    {
        let mut packet = Packet::new();
        packet.write(units.len() as u32);
        for unit in units {
            packet.write::<u32>(*unit);
        }
        let error = packet.read_wide_string().unwrap_err();
        let text = format!(
            "wide string holds {:#x}, which is no character, at byte {}",
            units[place],
            4 + 4 * place
        );
        assert_eq!(error.to_string(), text);
        assert!(matches!(error, PacketError::InvalidCharacter { .. }));
        assert_eq!((packet.read_position(), packet.is_valid()), (0, false));
    }
}

#[test]
fn string_that_is_not_utf8_is_an_error_and_its_bytes_can_be_had() {
    let mut packet = Packet::new();
    packet.write(1_u8).write_string(b"ab\xFFc");
    let mut other = packet.clone();
    assert_eq!((packet.read::<u8>(), other.read::<u8>()), (Ok(1), Ok(1)));

    let error = packet.read_string().unwrap_err();
    assert_eq!(error.to_string(), "string is not UTF-8 at byte 7");
    assert_eq!((packet.read_position(), packet.is_valid()), (1, false));
    assert_eq!(other.read_string_bytes().as_deref(), Ok(&b"ab\xFFc"[..]));
}

#[test]
fn declared_length_far_beyond_the_data_is_an_error() {
    let data = [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4];
    let error = Packet::from(&data[..]).read_string().unwrap_err();
    assert_eq!(error.to_string(), "string of 4294967295 bytes wanted at byte 4, where 4 are left");
    assert_eq!(Packet::from(&data[..]).read_string_bytes(), Err(error));
    let error = Packet::from(&data[..]).read_wide_string().unwrap_err();
    assert_eq!(error.to_string(), "wide string of 17179869180 bytes wanted at byte 4, where 4 are left");
}

#[test]
fn failed_read_leaves_the_position_and_fails_all_that_follow_until_clear() {
    let mut packet = Packet::from(vec![1, 2, 3]);
    assert_eq!(packet.read::<u8>(), Ok(1));
    let error = packet.read::<u32>().unwrap_err();
    assert_eq!(error.to_string(), "u32 of 4 bytes wanted at byte 1, where 2 are left");
    assert_eq!((packet.read_position(), packet.is_valid(), packet.is_at_end()), (1, false, false));

    let error = packet.read::<u8>().unwrap_err();
    assert!(matches!(error, PacketError::AlreadyInvalid { .. }));
    assert_eq!(error.to_string(), "u8 wanted at byte 1, but an earlier read of this packet failed");
    assert!(packet.read_bytes(0).is_err());

    packet.clear();
    packet.write(9_u8);
    assert_eq!((packet.is_valid(), packet.read::<u8>()), (true, Ok(9)));
}

#[test]
fn raw_bytes_beyond_the_end_are_an_error() {
    let mut packet = Packet::from(vec![1]);
    assert!(matches!(packet.read_bytes(usize::MAX), Err(PacketError::Truncated { .. })));
    assert!(!packet.is_valid());
}

#[test]
fn truncation_at_every_length_is_an_error_and_never_a_wrong_value() {
    let mut whole = Packet::new();
    whole.write("name").write_wide_string("wide").write(0.5_f64).write(7_i64);
    let read = |packet: &mut Packet| -> Result<_, PacketError> {
        Ok((packet.read_string()?, packet.read_wide_string()?, packet.read::<f64>()?, packet.read::<i64>()?))
    };
    for length in 0..whole.len() {
        let mut packet = Packet::from(&whole.data()[..length]);
        assert!(matches!(read(&mut packet), Err(PacketError::Truncated { .. })), "{length}");
        assert!(!packet.is_valid());
    }
    assert_eq!(read(&mut whole), Ok(("name".to_owned(), "wide".to_owned(), 0.5, 7)));
}

#[derive(Debug, PartialEq)]
struct Player {
    name: String,
    level: u8,
}

impl PacketWrite for Player {
    fn write_to(&self, packet: &mut Packet) {
        packet.write(&self.name).write(self.level);
    }
}

impl PacketRead for Player {
    fn read_from(packet: &mut Packet) -> Result<Self, PacketError> {
        let (name, level) = (packet.read()?, packet.read()?);
        if level > 99 {
            return Err(PacketError::rejected(packet, "a player's level is at most 99"));
        }
        Ok(Self { name, level })
    }
}

#[test]
fn own_types_are_written_and_read_like_the_built_in_ones() {
    let player = Player { name: "Ada".to_owned(), level: 3 };
    let mut packet = Packet::new();
    packet.write(1_u8).write(&player);
    assert_eq!(packet.read::<u8>(), Ok(1));
    assert_eq!(packet.read::<Player>(), Ok(player));
}

#[test]
fn own_type_that_fails_midway_puts_the_position_back() {
    let mut packet = Packet::new();
    packet.write(1_u8).write("Ada").write(100_u8);
    assert_eq!(packet.read::<u8>(), Ok(1));
    let error = packet.read::<Player>().unwrap_err();
    assert_eq!(error.to_string(), "a player's level is at most 99 (before byte 9)");
    assert_eq!((packet.read_position(), packet.is_valid()), (1, false));
}

#[test]
fn errors_become_io_errors_of_their_kind() {
    let truncated = io::Error::from(Packet::new().read::<u8>().unwrap_err());
    assert_eq!(truncated.kind(), io::ErrorKind::UnexpectedEof);
    let text = io::Error::from(Packet::from(vec![0, 0, 0, 1, 0xFF]).read_string().unwrap_err());
    assert_eq!(text.kind(), io::ErrorKind::InvalidData);
    assert!(text.get_ref().is_some_and(|inner| inner.is::<PacketError>()));
}

#[test]
fn packets_are_equal_by_data_position_and_validity() {
    let mut read = Packet::from(vec![1]);
    assert_eq!(read, Packet::from(vec![1]));
    assert_eq!(read.read::<u8>(), Ok(1));
    assert_ne!(read, Packet::from(vec![1]));
    assert_eq!(read.clone(), read);
    assert_eq!(Vec::from(read), [1]);
}
