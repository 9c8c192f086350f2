//! `Ftp` with real servers at the other end: vsftpd, ProFTPD, Pure-FTPd, pyftpdlib, and the embedded one.
#![cfg(target_os = "linux")]

mod active;
mod cancel;
mod limits;
mod listings;
mod methods;
mod names;
mod peers;
mod resume;
mod second_opinion;
mod transfers;
mod trees;
