//! Folders and files: PWD, CWD, MKD, RMD, DELE, RNFR and the codes that servers choose for them.

use super::super::scripted::Scripted;
use super::steps::{ROOT, step};
use super::{Behaviour, Expect, Operation, Step, row};

const LONG: &[u8; 4000] = &long_path();
const AT_LONG: &[Step] = &[step(Operation::Pwd, Expect::Directory(LONG))];
const AT_QUOTE: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"/a\"b"))];
const AT_A_B: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"/a/b"))];
const AT_A_SPACE_B: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"/a b"))];
const AT_LATIN: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"/caf\xE9"))];
const AT_DRIVE: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"C:\\dir"))];
const AT_HLQ: &[Step] = &[step(Operation::Pwd, Expect::Directory(b"'HLQ.'"))];
const AT_ROOT: &[Step] = &[step(Operation::Pwd, ROOT)];
const PWD_FAILS: &[Step] = &[step(Operation::Pwd, Expect::Error)];
const PWD_550: &[Step] = &[step(Operation::Pwd, Expect::Refused(550))];
const CWD_DONE: &[Step] = &[step(Operation::Cwd("sub"), Expect::Done)];
const CWD_550: &[Step] = &[step(Operation::Cwd("no"), Expect::Refused(550)), step(Operation::Pwd, ROOT)];
const CDUP_DONE: &[Step] = &[step(Operation::Cdup, Expect::Done)];
const MKD_DONE: &[Step] = &[step(Operation::Mkd("new"), Expect::Done)];
const MKD_521: &[Step] = &[step(Operation::Mkd("sub"), Expect::Refused(521))];
const RMD_DONE: &[Step] = &[step(Operation::Rmd("sub"), Expect::Done)];
const DELETE_DONE: &[Step] = &[step(Operation::Delete("file.txt"), Expect::Done)];
const DELETE_450: &[Step] = &[step(Operation::Delete("file.txt"), Expect::Refused(450))];
const DELETE_550: &[Step] = &[step(Operation::Delete("no"), Expect::Refused(550))];
const RENAME: Operation = Operation::Rename("file.txt", "new.txt");
const RENAME_DONE: &[Step] = &[step(RENAME, Expect::Done)];
const RENAME_550: &[Step] = &[step(RENAME, Expect::Refused(550)), step(Operation::Pwd, ROOT)];
const RENAME_553: &[Step] = &[step(RENAME, Expect::Refused(553)), step(Operation::Pwd, ROOT)];

/// A server with this answer to one command.
macro_rules! answers {
    ($($name:literal $about:literal $source:literal $steps:ident $verb:literal $reply:expr;)*) => {
        vec![$(row($name, $about, $source, $steps, || Scripted::new().reply($verb, $reply)),)*]
    };
}

pub(super) fn rows() -> Vec<Behaviour> {
    answers![
        "pwd-doubled-quotes" "A quote in the path is doubled." "RFC 959, appendix II"
            AT_QUOTE "PWD" "257 \"/a\"\"b\" is the current directory\r\n";
        "pwd-quotes-not-doubled" "A quote in the path stands alone." "pure-ftpd 1.0.50"
            AT_QUOTE "PWD" "257 \"/a\"b\" is your current location\r\n";
        "pwd-without-quotes" "The path is not quoted." "RFC 959, section 5.4"
            AT_A_B "PWD" "257 /a/b is the current directory\r\n";
        "pwd-without-text" "Nothing follows the path." "RFC 959, appendix II"
            AT_A_B "PWD" "257 \"/a/b\"\r\n";
        "pwd-with-blank" "A blank is in the path." "RFC 959, appendix II"
            AT_A_SPACE_B "PWD" "257 \"/a b\" is the current directory\r\n";
        "pwd-in-latin-1" "The path is not UTF-8." "suppaftp#106"
            AT_LATIN "PWD" b"257 \"/caf\xE9\" is the current directory\r\n".to_vec();
        "pwd-of-windows" "The path is one of Windows." "RFC 959, section 5.4"
            AT_DRIVE "PWD" "257 \"C:\\dir\" is current directory.\r\n";
        "pwd-of-mvs" "The path is one of MVS, with quotes of its own." "RFC 959, section 5.4"
            AT_HLQ "PWD" "257 \"'HLQ.'\" is working directory.\r\n";
        "pwd-of-two-lines" "The path is in the first of two lines." "RFC 959, section 4.2"
            AT_ROOT "PWD" "257-\"/\" is the current directory\r\n257 That was all\r\n";
        "pwd-of-4000-bytes" "The path is very long." "RFC 959, section 5.4"
            AT_LONG "PWD" [b"257 \"", LONG.as_slice(), b"\"\r\n"].concat();
        "pwd-with-nul" "A NUL is in the path." "curl test 2108"
            PWD_FAILS "PWD" "257 \"/a\0b\"\r\n";
        "pwd-550" "The path is not told." "RFC 959, section 5.4"
            PWD_550 "PWD" "550 Not available\r\n";
        "cwd-200" "CWD succeeds with its old code." "RFC 959, section 5.4"
            CWD_DONE "CWD" "200 There\r\n";
        "cwd-of-many-lines" "The new folder has a message." "RFC 959, section 5.4"
            CWD_DONE "CWD" "250-Read the README\r\n250-550 files are here\r\n250 There\r\n";
        "cwd-550" "There is no such folder." "RFC 959, section 5.4"
            CWD_550 "CWD" "550 No such folder\r\n";
        "cdup-200" "CDUP has the code that the standard lists." "RFC 959, section 5.4"
            CDUP_DONE "CDUP" "200 There\r\n";
        "cdup-250" "CDUP has the code of CWD." "RFC 959, section 5.4"
            CDUP_DONE "CDUP" "250 There\r\n";
        "mkd-250" "MKD does not tell the path." "RFC 959, section 5.4"
            MKD_DONE "MKD" "250 Made\r\n";
        "mkd-521" "The folder is there already." "RFC 959, appendix II"
            MKD_521 "MKD" "521 \"/sub\" exists\r\n";
        "rmd-200" "RMD has another code." "RFC 959, section 5.4"
            RMD_DONE "RMD" "200 Removed\r\n";
        "dele-200" "DELE has another code." "suppaftp#158"
            DELETE_DONE "DELE" "200 Deleted\r\n";
        "dele-226" "DELE has the code of a transfer." "RFC 959, section 4.2"
            DELETE_DONE "DELE" "226 Deleted\r\n";
        "dele-450" "The file is in use." "RFC 959, section 5.4"
            DELETE_450 "DELE" "450 Busy\r\n";
        "dele-550" "There is no such file." "RFC 959, section 5.4"
            DELETE_550 "DELE" "550 No such file\r\n";
        "rnfr-550" "There is no such file." "RFC 959, section 5.4"
            RENAME_550 "RNFR" "550 No such file\r\n";
        "rnto-553" "The new name is not allowed." "RFC 959, section 5.4"
            RENAME_553 "RNTO" "553 Not that name\r\n";
        "rnto-200" "RNTO has another code." "suppaftp#158"
            RENAME_DONE "RNTO" "200 Renamed\r\n";
    ]
}

const fn long_path() -> [u8; 4000] {
    let mut path = [b'/'; 4000];
    let mut index = 1;
    while index < path.len() {
        if index % 50 != 0 {
            path[index] = b'a' + (index % 26) as u8;
        }
        index += 1;
    }
    path
}
