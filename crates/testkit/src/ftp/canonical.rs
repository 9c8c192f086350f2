//! What the scripted server does where nothing else is written: the right thing.

use std::io;

use super::address;
use super::passive::Passive;
use super::paths::Name;
use super::peer::Peer;
use super::tree::MODIFIED;

impl Peer {
    /// Does what is right for a command: all of it, so that a transfer is over when this returns.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn default(&mut self, verb: &str, argument: &[u8]) -> io::Result<()> {
        match verb {
            "USER" => self.send("331 Any password will do\r\n"),
            "PASS" => self.send("230 Welcome\r\n"),
            "ACCT" => self.send("202 Not needed\r\n"),
            "TYPE" | "STRU" | "MODE" => self.send("200 Done\r\n"),
            "NOOP" => self.send("200 Still here\r\n"),
            "SYST" => self.send("215 UNIX Type: L8\r\n"),
            "ALLO" => self.send("202 Not needed\r\n"),
            "ABOR" => self.send("226 Nothing is left to abort\r\n"),
            "OPTS" => self.send("200 Done\r\n"),
            "FEAT" => self.send(FEATURES),
            "QUIT" => {
                self.finish();
                self.send("221 Goodbye\r\n")
            }
            "CWD" | "XCWD" => self.enter(argument),
            "CDUP" | "XCUP" => self.enter(b".."),
            "PWD" | "XPWD" => self.send([b"257 ", self.folder.quoted().as_slice(), b"\r\n"].concat()),
            "MKD" | "XMKD" => self.make(argument),
            "RMD" | "XRMD" | "DELE" => {
                let is_done = self.script.tree.remove(&self.name(argument));
                self.send_either(is_done, "250 Removed\r\n")
            }
            "RNFR" => self.rename_from(argument),
            "RNTO" => self.rename_to(argument),
            "SIZE" | "MDTM" | "MFMT" | "MLST" => self.describe(verb, argument),
            "PASV" => self.send_passive_reply(Passive::Plain),
            "EPSV" if argument == b"ALL" => self.send("200 Done\r\n"),
            "EPSV" => self.send_passive_reply(Passive::Extended),
            "PORT" | "EPRT" => self.take_port(verb, argument),
            "REST" => {
                let is_number = self.set_offset(argument);
                self.send(if is_number { "350 From there\r\n" } else { "501 That is no number\r\n" })
            }
            "RETR" | "LIST" | "NLST" | "MLSD" => self.transmit(verb, argument),
            "STOR" | "APPE" => self.receive(verb, argument),
            _ => self.send("500 That is not known\r\n"),
        }
    }

    /// What RETR, LIST, NLST or MLSD would send; `None` when there is no such file or folder.
    pub fn contents(&self, verb: &str, argument: &[u8]) -> Option<Vec<u8>> {
        let name = self.name(argument);
        if verb == "RETR" {
            return self.script.tree.file(&name);
        }
        if !self.script.tree.is_folder(&name) {
            return None;
        }
        let mut text = Vec::new();
        for (name, size) in self.script.tree.entries(&name) {
            let front = match (verb, size) {
                ("NLST", _) => String::new(),
                ("MLSD", Some(size)) => format!("type=file;size={size};modify={MODIFIED}; "),
                ("MLSD", None) => format!("type=dir;modify={MODIFIED}; "),
                (_, Some(size)) => format!("-rw-r--r--   1 ftp      ftp      {size:8} Jan  2  2020 "),
                (_, None) => "drwxr-xr-x   2 ftp      ftp          4096 Jan  2  2020 ".to_owned(),
            };
            text.extend([front.as_bytes(), &name, b"\r\n"].concat());
        }
        Some(text)
    }

    /// Has a file of this name from now on, as if it had been uploaded.
    pub fn keep(&self, argument: &[u8], contents: Vec<u8>) {
        self.script.tree.write(&self.name(argument), contents);
    }

    /// Begins the next transfer where the argument of REST says; `false` when that is no number.
    pub fn set_offset(&mut self, argument: &[u8]) -> bool {
        let offset = std::str::from_utf8(argument).ok().and_then(|text| text.trim().parse().ok());
        self.offset = offset.unwrap_or_default();
        offset.is_some()
    }

    /// The absolute name of what the client calls `argument`.
    fn name(&self, argument: &[u8]) -> Vec<u8> {
        self.folder.join(argument).bytes()
    }

    fn send_either(&mut self, is_done: bool, reply: &str) -> io::Result<()> {
        self.send(if is_done { reply } else { "550 No such thing\r\n" })
    }

    fn enter(&mut self, argument: &[u8]) -> io::Result<()> {
        let folder = self.folder.join(argument);
        let is_there = self.script.tree.is_folder(&folder.bytes());
        if is_there {
            self.folder = folder;
        }
        self.send_either(is_there, "250 There\r\n")
    }

    fn make(&mut self, argument: &[u8]) -> io::Result<()> {
        let folder: Name = self.folder.join(argument);
        if self.script.tree.make_folder(&folder.bytes()) {
            self.send([b"257 ", folder.quoted().as_slice(), b" made\r\n"].concat())
        } else {
            self.send("550 That is there\r\n")
        }
    }

    fn rename_from(&mut self, argument: &[u8]) -> io::Result<()> {
        let from = self.folder.join(argument);
        let name = from.bytes();
        let is_there = self.script.tree.is_folder(&name) || self.script.tree.file(&name).is_some();
        self.rename_from = is_there.then_some(from);
        self.send_either(is_there, "350 To what?\r\n")
    }

    fn rename_to(&mut self, argument: &[u8]) -> io::Result<()> {
        let Some(from) = self.rename_from.take() else {
            return self.send("503 RNFR comes first\r\n");
        };
        let is_done = self.script.tree.rename(&from.bytes(), &self.name(argument));
        self.send_either(is_done, "250 Renamed\r\n")
    }

    fn describe(&mut self, verb: &str, argument: &[u8]) -> io::Result<()> {
        let argument = if verb == "MFMT" { argument.get(15..).unwrap_or_default() } else { argument };
        let name = self.name(argument);
        let size = self.script.tree.file(&name).map(|contents| contents.len());
        if size.is_none() && !(verb == "MLST" && self.script.tree.is_folder(&name)) {
            return self.send_either(false, "");
        }
        let front = match (verb, size) {
            ("SIZE", Some(size)) => return self.send(format!("213 {size}\r\n")),
            ("MDTM", _) => return self.send(format!("213 {MODIFIED}\r\n")),
            ("MFMT", _) => {
                return self.send(format!("213 Modify={MODIFIED}; {}\r\n", argument.escape_ascii()));
            }
            (_, Some(size)) => format!("250-Facts\r\n type=file;size={size};modify={MODIFIED}; "),
            (_, None) => format!("250-Facts\r\n type=dir;modify={MODIFIED}; "),
        };
        self.send([front.as_bytes(), &name, b"\r\n250 End\r\n"].concat())
    }

    fn take_port(&mut self, verb: &str, argument: &[u8]) -> io::Result<()> {
        let address = match verb {
            "PORT" => address::of_port(argument),
            _ => address::of_eprt(argument).and_then(|(_, address)| address),
        };
        match address {
            Some(address) => {
                self.set_active(address);
                self.send("200 Noted\r\n")
            }
            None => self.send("501 That is no address\r\n"),
        }
    }

    fn transmit(&mut self, verb: &str, argument: &[u8]) -> io::Result<()> {
        let offset = std::mem::take(&mut self.offset);
        let argument = if verb == "LIST" && argument.starts_with(b"-") { b"" } else { argument };
        let Some(contents) = self.contents(verb, argument) else {
            return self.send_either(false, "");
        };
        let Some(rest) = contents.get(if verb == "RETR" { offset } else { 0 }..) else {
            return self.send("554 It ends before that\r\n");
        };
        if !self.has_data_port() {
            return self.send("425 No data connection was agreed on\r\n");
        }
        self.send(format!("150 Here it comes ({} bytes)\r\n", rest.len()))?;
        self.send_data(rest)?;
        self.close_data();
        self.send("226 Done\r\n")
    }

    fn receive(&mut self, verb: &str, argument: &[u8]) -> io::Result<()> {
        let offset = std::mem::take(&mut self.offset);
        let name = self.name(argument);
        if !self.has_data_port() {
            return self.send("425 No data connection was agreed on\r\n");
        }
        self.send("150 Go ahead\r\n")?;
        let received = self.receive_data()?;
        let mut contents = self.script.tree.file(&name).unwrap_or_default();
        if verb == "STOR" {
            contents.truncate(offset);
        }
        contents.extend(received);
        self.keep(argument, contents);
        self.close_data();
        self.send("226 Done\r\n")
    }
}

const FEATURES: &str = "211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n MFMT\r\n MLST type*;size*;modify*;\r\n \
REST STREAM\r\n SIZE\r\n UTF8\r\n211 End\r\n";
