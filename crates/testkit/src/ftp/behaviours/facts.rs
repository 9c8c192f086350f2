//! SIZE, MDTM and FEAT, and how their answers are written.

use super::super::scripted::Scripted;
use super::steps::{GETS, step};
use super::{Behaviour, Expect, Operation, Step, row};

const SIZE: Operation = Operation::Size("file.txt");
const IS_130: &[Step] = &[step(SIZE, Expect::Size(130))];
const IS_HUGE: &[Step] = &[step(SIZE, Expect::Size(9_223_372_036_854_775_808))];
const SIZE_FAILS: &[Step] = &[step(SIZE, Expect::Error)];
const SIZE_550: &[Step] = &[step(SIZE, Expect::Refused(550))];
const MODIFIED: Operation = Operation::Modified("file.txt");
const IS_2020: &[Step] = &[step(MODIFIED, Expect::Modified("20200102030405"))];
const MAY_BE_2020: &[Step] = &[step(MODIFIED, Expect::Perhaps(&Expect::Modified("20200102030405")))];
const MODIFIED_FAILS: &[Step] = &[step(MODIFIED, Expect::Error)];
const MODIFIED_550: &[Step] = &[step(MODIFIED, Expect::Refused(550))];
const SIZE_AND_UTF8: &[Step] = &[step(Operation::Feat, Expect::Names(&[b"SIZE", b"UTF8"]))];
const NO_FEATURES: &[Step] = &[step(Operation::Feat, Expect::Names(&[]))];

macro_rules! answers {
    ($($name:literal $about:literal $source:literal $steps:ident $verb:literal $reply:expr;)*) => {
        vec![$(row($name, $about, $source, $steps, || Scripted::new().reply($verb, $reply)),)*]
    };
}

pub(super) fn rows() -> Vec<Behaviour> {
    answers![
        "size-550" "The size of a file that is there is not told." "pyftpdlib and ProFTPD in TYPE A"
            SIZE_550 "SIZE" "550 SIZE not allowed\r\n";
        "size-550-for-get" "The size is not told, and the file can be downloaded." "curl 7.88 refuses it"
            GETS "SIZE" "550 SIZE not allowed\r\n";
        "size-with-text" "A unit follows the size." "RFC 3659, section 4.1"
            IS_130 "SIZE" "213 130 bytes\r\n";
        "size-with-blanks" "Blanks precede the size." "RFC 3659, section 4.1"
            IS_130 "SIZE" "213   130\r\n";
        "size-of-64-bits" "The size is 2 to the 63rd." "RFC 3659, section 4.1"
            IS_HUGE "SIZE" "213 9223372036854775808\r\n";
        "size-overflows" "The size is no number of a machine." "RFC 3659, section 4.1"
            SIZE_FAILS "SIZE" "213 99999999999999999999999\r\n";
        "size-negative" "The size is less than nothing." "RFC 3659, section 4.1"
            SIZE_FAILS "SIZE" "213 -1\r\n";
        "size-empty" "The size is missing." "RFC 3659, section 4.1"
            SIZE_FAILS "SIZE" "213 \r\n";
        "mdtm-fraction" "The time has a fraction of a second." "RFC 3659, section 2.3"
            IS_2020 "MDTM" "213 20200102030405.123\r\n";
        "mdtm-19100" "The year is 19 and the years since 1900." "servers with the year-2000 fault"
            MAY_BE_2020 "MDTM" "213 191200102030405\r\n";
        "mdtm-no-date" "The month is the thirteenth." "RFC 3659, section 2.3"
            MODIFIED_FAILS "MDTM" "213 20201302030405\r\n";
        "mdtm-text" "The time is a sentence." "RFC 3659, section 3.1"
            MODIFIED_FAILS "MDTM" "213 yesterday\r\n";
        "mdtm-550" "The time is not told." "RFC 3659, section 3.2"
            MODIFIED_550 "MDTM" "550 Not available\r\n";
        "feat-of-one-line" "FEAT has one line: nothing." "RFC 2389, section 3.2"
            NO_FEATURES "FEAT" "211 no features\r\n";
        "feat-not-indented" "The features are not indented." "RFC 2389, section 3.2"
            SIZE_AND_UTF8 "FEAT" "211-Features:\r\nSIZE\r\nUTF8\r\n211 End\r\n";
        "feat-with-codes" "Each feature has the code at its front." "ProFTPD 1.3.8, RFC 2228 style"
            SIZE_AND_UTF8 "FEAT" "211-Features:\r\n211-SIZE\r\n211-UTF8\r\n211 End\r\n";
        "feat-in-lower-case" "The features are in lower case." "RFC 2389, section 3.2"
            SIZE_AND_UTF8 "FEAT" "211-Features:\r\n size\r\n utf8\r\n211 End\r\n";
        "feat-not-indented-for-get" "The features are not indented, and all works." "RFC 2389, section 3.2"
            GETS "FEAT" "211-Features:\r\nEPSV\r\nSIZE\r\nUTF8\r\n211 End\r\n";
    ]
}
