//! Any bytes as a verb and an argument: one line of one command, or an error.
//!
//! Input: how many bytes the verb has, then the verb, then the argument.

use ftp_proto::{Argument, Command};

pub(crate) fn check(input: &[u8]) {
    let Some((&count, rest)) = input.split_first() else {
        return;
    };
    let (verb, argument) = rest.split_at(rest.len().min(usize::from(count % 32)));

    match Command::raw(verb, argument) {
        Ok(command) => check_command(&command, verb, argument),
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
    for path in [Argument::new(argument), Argument::path(argument)].into_iter().flatten() {
        assert!(path.as_bytes().ends_with(argument) && path.as_bytes().len() <= argument.len() + 2);
        let command = Command::with("STOR", path.clone());
        check_command(&command, b"stor", path.as_bytes());
    }
}

fn check_command(command: &Command, verb: &[u8], argument: &[u8]) {
    let line = command.to_line();
    let body = line.strip_suffix(b"\r\n").expect("it ends as a line does");
    assert!(!body.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)), "it is one line");
    let mut parts = body.splitn(2, |byte| *byte == b' ');
    assert_eq!(parts.next(), Some(&*verb.to_ascii_uppercase()));
    assert_eq!(parts.next().unwrap_or_default(), argument);
    assert_eq!((command.verb(), command.argument()), (&*verb.to_ascii_uppercase(), argument));

    let mut output = b"NOOP\r\n".to_vec();
    command.write_to(&mut output);
    assert_eq!(output, [b"NOOP\r\n", &*line].concat());

    let shown = format!("{command}{command:?}");
    assert!(!shown.contains(char::is_control));
    if matches!(command.verb(), b"PASS" | b"ACCT") && !argument.is_empty() {
        let verb = String::from_utf8_lossy(command.verb());
        assert_eq!(command.to_string(), format!("{verb} ****"), "a secret is not shown");
    }
}
