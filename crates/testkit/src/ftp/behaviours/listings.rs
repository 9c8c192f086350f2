//! NLST, LIST and MLSD: forms of lists, and lists that are none.

use std::time::Duration;

use super::super::scripted::Scripted;
use super::steps::{DONE, ROOT, sending_for, step};
use super::{Behaviour, Expect, Operation, Step, row};

const ALL: Expect = Expect::Names(&[b"empty.txt", b"file.txt", b"sub"]);
const NONE: Expect = Expect::Names(&[]);
const LIST: Operation = Operation::List("");
const LISTS: &[Step] = &[step(LIST, ALL), step(Operation::Pwd, ROOT)];
const LISTS_NONE: &[Step] = &[step(LIST, NONE), step(Operation::Pwd, ROOT)];
const MAY_LIST: &[Step] = &[step(LIST, Expect::Perhaps(&ALL)), step(Operation::Pwd, ROOT)];
const MAY_LIST_NONE: &[Step] = &[step(LIST, Expect::Perhaps(&NONE)), step(Operation::Pwd, ROOT)];
const LISTS_SUB: &[Step] = &[step(Operation::List("sub"), Expect::Names(&[b"inner.txt"]))];
const LIST_FAILS: &[Step] = &[step(LIST, Expect::Error)];
const LIST_FAILS_AND_GOES_ON: &[Step] = &[step(LIST, Expect::Error), step(Operation::Pwd, ROOT)];
const LIST_550: &[Step] = &[step(Operation::List("no"), Expect::Refused(550)), step(Operation::Pwd, ROOT)];
const LIST_NO_FAILS: &[Step] = &[step(Operation::List("no"), Expect::Error), step(Operation::Pwd, ROOT)];
const ENTRIES: Operation = Operation::Entries("");
const SHOWS: &[Step] = &[step(ENTRIES, ALL), step(Operation::Pwd, ROOT)];
const SHOWS_NONE: &[Step] = &[step(ENTRIES, NONE)];
const SHOWS_ODD: &[Step] = &[step(ENTRIES, Expect::Names(&[b"a;b.txt", b" lead", b"x=1; y"]))];
const SHOWS_LINK: &[Step] = &[step(ENTRIES, Expect::Names(&[b"file.txt", b"link"]))];

const BEGIN: &str = "150 Here comes the listing.\r\n";

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = names();
    rows.extend(failures());
    rows.extend(facts());
    rows.extend(pictures());
    rows
}

/// NLST, with something to list or nothing.
fn names() -> Vec<Behaviour> {
    vec![
        row("nlst-right", "Each name is a line.", "RFC 959, section 4.1.3", LISTS, Scripted::new),
        row(
            "nlst-of-folder-bare",
            "Names of another folder stand alone.",
            "pyftpdlib 2.2.0",
            LISTS_SUB,
            Scripted::new,
        ),
        row(
            "nlst-of-folder-prefixed",
            "Names of another folder have it in front.",
            "vsftpd, ProFTPD",
            LISTS_SUB,
            || nlst(b"sub/inner.txt\r\n"),
        ),
        row("nlst-with-dot-slash", "Every name begins with ./.", "RFC 1123, section 4.1.2.7", LISTS, || {
            nlst(b"./empty.txt\r\n./file.txt\r\n./sub\r\n")
        }),
        row("nlst-with-lf", "Lines end with LF.", "RFC 959, section 3.1.1.1", LISTS, || {
            nlst(b"empty.txt\nfile.txt\nsub\n")
        }),
        row("nlst-with-blank-lines", "Some lines are empty.", "RFC 959, section 4.1.3", LISTS, || {
            nlst(b"empty.txt\r\n\r\nfile.txt\r\nsub\r\n\r\n")
        }),
        row("nlst-last-line-open", "The last line has no end.", "RFC 959, section 3.1.1.1", LISTS, || {
            nlst(b"empty.txt\r\nfile.txt\r\nsub")
        }),
        row("nlst-empty", "Nothing is there.", "vsftpd 3.0.3", LISTS_NONE, || nlst(b"")),
        row(
            "nlst-empty-550",
            "Nothing is there, and that is an error.",
            "pure-ftpd, pyftpdlib",
            MAY_LIST_NONE,
            || Scripted::new().reply("NLST", "550 No files found\r\n"),
        ),
        row(
            "nlst-empty-450",
            "Nothing is there, and that is one for now.",
            "ProFTPD 1.3.8",
            MAY_LIST_NONE,
            || Scripted::new().reply("NLST", "450 No files found\r\n"),
        ),
        row(
            "nlst-empty-226-only",
            "Nothing is there, and nobody connects.",
            "pure-ftpd 1.0.50",
            MAY_LIST_NONE,
            || {
                Scripted::new().on("NLST", |peer, _| {
                    peer.close_data();
                    peer.send("226 No matches\r\n")
                })
            },
        ),
        row("nlst-502", "NLST is not implemented.", "RFC 959, section 5.1", MAY_LIST, || {
            Scripted::new().reply("NLST", "502 Not here\r\n")
        }),
    ]
}

/// NLST that does not come to its end.
fn failures() -> Vec<Behaviour> {
    vec![
        row("nlst-550", "There is no such folder.", "RFC 959, section 5.4", LIST_550, Scripted::new),
        row(
            "nlst-450-late",
            "There is none, which is said at the end.",
            "ProFTPD 1.3.8",
            LIST_NO_FAILS,
            || sending_for("NLST", BEGIN, b"", "450 No such folder\r\n"),
        ),
        row("nlst-426", "The listing is given up.", "RFC 959, section 5.4", LIST_FAILS_AND_GOES_ON, || {
            sending_for("NLST", BEGIN, b"empty.txt\r\nfi", "426 Connection closed\r\n")
        }),
        row(
            "nlst-451",
            "All is listed, and the server doubts it.",
            "RFC 959, section 5.4",
            LIST_FAILS_AND_GOES_ON,
            || sending_for("NLST", BEGIN, b"empty.txt\r\nfile.txt\r\nsub\r\n", "451 Read error\r\n"),
        ),
        row(
            "nlst-reset",
            "The data connection is reset.",
            "RFC 9293, section 3.5",
            LIST_FAILS_AND_GOES_ON,
            || {
                Scripted::new().on("NLST", |peer, _| {
                    peer.send(BEGIN)?;
                    peer.send_data("empty.txt\r\nfi")?;
                    peer.reset_data()?;
                    peer.send(DONE)
                })
            },
        ),
        row("nlst-eof", "The server hangs up before the final reply.", "basic-ftp#175", LIST_FAILS, || {
            Scripted::new().on("NLST", |peer, _| {
                peer.send(BEGIN)?;
                peer.send_data("empty.txt\r\nfile.txt\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row(
            "nlst-line-without-end",
            "A name goes on for ever.",
            "basic-ftp GHSA-rp42-5vxx-qpwr",
            LIST_FAILS,
            || endless(b"x"),
        ),
        row(
            "nlst-without-end",
            "There is always one more name.",
            "basic-ftp GHSA-rp42-5vxx-qpwr",
            LIST_FAILS,
            || endless(b"one-more-name\r\n"),
        ),
        row("nlst-drips", "The listing comes a byte at a time, for ever.", "suppaftp#81", LIST_FAILS, || {
            Scripted::new().on("NLST", |peer, _| {
                peer.send(BEGIN)?;
                peer.send_data_endlessly("x", 1 << 20, Duration::from_millis(20))?;
                peer.stall()
            })
        })
        .that_waits(),
        row("nlst-never", "NLST is not answered.", "suppaftp#81", LIST_FAILS, || {
            Scripted::new().on("NLST", |peer, _| peer.stall())
        })
        .that_waits(),
    ]
}

/// MLSD.
fn facts() -> Vec<Behaviour> {
    vec![
        row("mlsd-right", "Each entry has its facts.", "RFC 3659, section 7", SHOWS, Scripted::new),
        row("mlsd-500", "MLSD is unknown, LIST is right.", "vsftpd 3.0.3", SHOWS, || {
            Scripted::new().reply("MLSD", "500 Unknown command\r\n")
        }),
        row("mlsd-501", "MLSD fails for a reason of its own, LIST is right.", "basic-ftp#187", SHOWS, || {
            Scripted::new().reply("MLSD", "501 Not a directory\r\n")
        }),
        row(
            "mlsd-with-own-folder",
            "The folder and its parent are listed too.",
            "RFC 3659, section 7.5.1",
            SHOWS,
            || {
                mlsd(
                    b"type=cdir;modify=20200102030405; /\r\ntype=pdir; ..\r\ntype=dir; .\r\ntype=dir; ..\r\n\
                type=file;size=0; empty.txt\r\ntype=file;size=130; file.txt\r\ntype=dir; sub\r\n",
                )
            },
        ),
        row("mlsd-in-upper-case", "Facts are in upper case.", "jlaffaye/ftp#105", SHOWS, || {
            mlsd(
                b"TYPE=FILE;SIZE=0;MODIFY=20200102030405; empty.txt\r\nTYPE=File;Size=130; file.txt\r\n\
                Type=Dir;Modify=20200102030405.678; sub\r\n",
            )
        }),
        row(
            "mlsd-without-facts",
            "Some entries have no facts, or unknown ones.",
            "RFC 3659, section 7.2",
            SHOWS,
            || mlsd(b" empty.txt\r\nX.y=z;type=file;unique=7U3=; file.txt\r\ntype=dir;perm=; sub\r\n"),
        ),
        row("mlsd-odd-names", "Names hold what separates facts.", "RFC 3659, section 7.2", SHOWS_ODD, || {
            mlsd(b"type=file;size=1; a;b.txt\r\ntype=file;size=2;  lead\r\ntype=file;size=3; x=1; y\r\n")
        }),
        row("mlsd-links", "Links have a type of their own.", "ProFTPD 1.3.8", SHOWS_LINK, || {
            mlsd(b"type=file;size=130; file.txt\r\ntype=OS.unix=slink:/file.txt;size=9; link\r\n")
        }),
        row("mlsd-empty", "Nothing is there.", "RFC 3659, section 7.2", SHOWS_NONE, || mlsd(b"")),
    ]
}

/// LIST, where there is no MLSD.
fn pictures() -> Vec<Behaviour> {
    vec![
        row("list-with-total", "The first line is a sum.", "GNU ls", SHOWS, || {
            list(
                b"total 8\r\n-rw-r--r-- 1 ftp ftp 0 Jan  2  2020 empty.txt\r\n\
                -rw-r--r-- 1 ftp ftp 130 Jan  2 03:04 file.txt\r\ndrwxr-xr-x 2 ftp ftp 4096 Jan  2  2020 sub\r\n",
            )
        }),
        row("list-total-only", "Nothing is there, and its sum.", "ProFTPD 1.3.8", SHOWS_NONE, || {
            list(b"total 0\r\n")
        }),
        row("list-empty", "Nothing is there.", "RFC 959, section 4.1.3", SHOWS_NONE, || list(b"")),
        row(
            "list-with-access-marks",
            "Permissions have a mark behind them.",
            "suppaftp 10.0.2 refuses it",
            SHOWS,
            || {
                list(
                b"-rw-r--r--+ 1 ftp ftp 0 Jan  2  2020 empty.txt\r\n-rw-r--r--. 1 ftp ftp 130 Jan  2  2020 file.txt\r\n\
                drwxr-sr-t+ 2 ftp ftp 4096 Jan  2  2020 sub\r\n",
            )
            },
        ),
        row("list-without-group", "There is no group.", "suppaftp 10.0.2 refuses it", SHOWS, || {
            list(
                b"-rw-r--r-- 1 ftp 0 Jan  2  2020 empty.txt\r\n-rw-r--r-- 1 ftp 130 Jan  2  2020 file.txt\r\n\
                drwxr-xr-x 2 ftp 4096 Jan  2  2020 sub\r\n",
            )
        }),
        row("list-iso-dates", "Dates are those of ISO 8601.", "suppaftp 10.0.2 refuses it", SHOWS, || {
            list(
                b"-rw-r--r-- 1 ftp ftp 0 2020-01-02 03:04 empty.txt\r\n\
                -rw-r--r-- 1 ftp ftp 130 2020-01-02 03:04 file.txt\r\ndrwxr-xr-x 2 ftp ftp 4096 2020-01-02 03:04 sub\r\n",
            )
        }),
        row("list-links", "A link's target follows its name.", "RFC 959, section 4.1.3", SHOWS_LINK, || {
            list(
                b"-rw-r--r-- 1 ftp ftp 130 Jan  2  2020 file.txt\r\n\
                lrwxrwxrwx 1 ftp ftp 8 Jan  2  2020 link -> file.txt\r\n",
            )
        }),
        row("list-of-dos", "Lines are those of DOS.", "curl test 576", SHOWS, || {
            list(
                b"01-02-20  03:04AM                    0 empty.txt\r\n01-02-20  03:04AM                  130 file.txt\r\n\
                01-02-20  03:04AM       <DIR>          sub\r\n",
            )
        }),
        row(
            "list-of-dos-with-long-years",
            "Years have four digits, hours are 24.",
            "suppaftp 10.0.2 refuses it",
            SHOWS,
            || {
                list(
                b"01-02-2020  15:04                    0 empty.txt\r\n01-02-2020  15:04                  130 file.txt\r\n\
                01-02-2020  15:04       <DIR>          sub\r\n",
            )
            },
        ),
        row("list-of-eplf", "Lines are easily parsed.", "publicfile", SHOWS, || {
            list(
                b"+i1.1,m1577934245,r,s0,\tempty.txt\r\n+i1.2,m1577934245,r,s130,\tfile.txt\r\n\
                +i1.3,m1577934245,/,\tsub\r\n",
            )
        }),
    ]
}

fn nlst(text: &'static [u8]) -> Scripted {
    sending_for("NLST", BEGIN, text, DONE)
}

fn mlsd(text: &'static [u8]) -> Scripted {
    sending_for("MLSD", BEGIN, text, DONE)
}

fn list(text: &'static [u8]) -> Scripted {
    sending_for("LIST", BEGIN, text, DONE)
        .reply("MLSD", "500 Unknown command\r\n")
        .reply("MLST", "500 Unknown command\r\n")
        .reply("FEAT", "211-Features:\r\n EPSV\r\n SIZE\r\n211 End\r\n")
}

/// A listing of this over and over, until the client has enough of it.
fn endless(text: &'static [u8]) -> Scripted {
    let chunk = text.repeat((1 << 16) / text.len());
    Scripted::new().on("NLST", move |peer, _| {
        peer.send(BEGIN)?;
        // The client may have had enough of it.
        let _ = peer.send_data_endlessly(&chunk, 64 << 20, Duration::ZERO);
        peer.close_data();
        peer.send("451 Enough for now\r\n")
    })
}
