//! Any bytes as the text of a reply: each value that is read from them is one that can be used.

use std::net::SocketAddrV4;

use ftp_proto::{
    Features, Timestamp, announced_size, directory, eprt_argument, extended_passive_port, mlst_entry,
    passive_address, port_argument, size, strip_common_directory,
};

pub(crate) fn check(text: &[u8]) {
    if let Some((address, port)) = passive_address(text) {
        let said = port_argument(SocketAddrV4::new(address, port));
        assert_eq!(passive_address(said.as_bytes()), Some((address, port)));
        assert_ne!(port, 0);
    }
    if let Some(port) = extended_passive_port(text) {
        let said = eprt_argument(([192, 0, 2, 7], port).into());
        assert_eq!(extended_passive_port(said.as_bytes()), Some(port));
        assert_ne!(port, 0);
    }
    if let Some(name) = directory(text) {
        assert!(!name.is_empty() && !name.iter().any(u8::is_ascii_control) && name.len() <= text.len());
    }
    if let Some(bytes) = size(text) {
        assert_eq!(size(bytes.to_string().as_bytes()), Some(bytes));
    }
    if let Some(bytes) = announced_size(text) {
        assert_eq!(announced_size(format!("x ({bytes} bytes).").as_bytes()), Some(bytes));
    }
    if let Some(time) = Timestamp::from_mdtm(text) {
        check_time(&time);
    }
    check_features(&Features::parse(text));
    if let Some(entry) = mlst_entry(text) {
        assert!(!entry.name.is_empty() && !entry.name.contains(&b'\n') && entry.name.last() != Some(&b'\r'));
        assert!(entry.permissions.is_none_or(|mode| mode <= 0o7777));
        entry.modified.iter().for_each(check_time);
    }
    check_names(text);
}

fn check_time(time: &Timestamp) {
    let again = Timestamp::from_mdtm(time.to_mdtm().as_bytes()).expect("what is written can be read");
    assert_eq!(again.unix_seconds(), time.unix_seconds());
    if time.second() < 60 {
        let again = Timestamp::from_unix(time.unix_seconds(), time.nanosecond());
        assert_eq!((again.to_mdtm(), again.nanosecond()), (time.to_mdtm(), time.nanosecond()));
    }
    assert!(time.to_string().starts_with(&format!("{:04}-", time.year())));
}

fn check_features(features: &Features) {
    let mut reply = b"Features:\n".to_vec();
    for (key, tail) in features.iter() {
        assert!(features.has(key) && !key.bytes().any(|byte| byte.is_ascii_lowercase()));
        reply.extend([b" ", key.as_bytes(), b" ", tail, b"\n"].concat());
    }
    reply.extend(b"End");
    assert!(features.iter().count() <= Features::MOST);
    assert_eq!(&Features::parse(&reply), features);
}

/// The first line is a directory, the others are what is listed in it.
fn check_names(text: &[u8]) {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
    let directory = lines.next().unwrap_or_default();
    let before: Vec<Vec<u8>> = lines.collect();
    let mut after = before.clone();
    strip_common_directory(&mut after, &directory);
    if after != before {
        assert!(before.iter().zip(&after).all(|(before, after)| {
            !after.is_empty() && before.starts_with(&directory) && before.ends_with(after)
        }));
    }
}
