//! `Body`: what a request carries.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::error::HttpError;
use super::multipart::Multipart;
use crate::descriptor::lock;

/// What a request carries: nothing, bytes, a file, a form with files, or whatever a reader gives.
///
/// ```
/// use sfml_network::http::Body;
///
/// let text = Body::from("a=1&b=2");
/// assert_eq!(text.length(), Some(7));
/// let endless = Body::reader(std::io::repeat(0));
/// assert_eq!(endless.length(), None);
/// ```
#[derive(Clone, Default)]
pub struct Body(Kind);

#[derive(Clone, Default)]
enum Kind {
    #[default]
    Empty,
    Bytes(Arc<[u8]>),
    File(PathBuf),
    Multipart(Arc<Multipart>),
    Reader(Arc<OneReader>),
}

/// A reader that can be read once.
struct OneReader {
    reader: Mutex<Option<Box<dyn Read + Send>>>,
    length: Option<u64>,
}

/// A body that is being sent.
pub(super) struct Opened {
    pub(super) reader: Box<dyn Read + Send>,
    /// How many bytes it has; `None` when that is known only at its end.
    pub(super) length: Option<u64>,
    /// The file it comes from, for errors.
    pub(super) path: Option<PathBuf>,
}

impl Body {
    /// No body.
    pub const fn empty() -> Self {
        Self(Kind::Empty)
    }

    /// These bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Kind::Bytes(bytes.into().into()))
    }

    /// The contents of a file, which is opened when the request is sent and must not change until it is.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Kind::File(path.as_ref().to_owned()))
    }

    /// What a reader gives, to its end. It can be sent once, and needs HTTP/1.1 (`Transfer-Encoding: chunked`).
    pub fn reader(reader: impl Read + Send + 'static) -> Self {
        Self::of_reader(Box::new(reader), None)
    }

    /// The first `length` bytes a reader gives; it is an error when there are fewer. It can be sent once.
    pub fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> Self {
        Self::of_reader(Box::new(reader), Some(length))
    }

    fn of_reader(reader: Box<dyn Read + Send>, length: Option<u64>) -> Self {
        Self(Kind::Reader(Arc::new(OneReader { reader: Mutex::new(Some(reader)), length })))
    }

    /// A form with files.
    pub fn multipart(form: Multipart) -> Self {
        Self(Kind::Multipart(Arc::new(form)))
    }

    /// How many bytes it has, if that is known before it is sent. That of a file is looked up then.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Kind::Empty => Some(0),
            Kind::Bytes(bytes) => Some(bytes.len() as u64),
            Kind::Reader(reader) => reader.length,
            Kind::File(_) | Kind::Multipart(_) => None,
        }
    }

    /// Whether there is one.
    pub fn is_empty(&self) -> bool {
        self.length() == Some(0)
    }

    /// The bytes, if that is what it is.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Kind::Empty => Some(&[]),
            Kind::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether it can be sent again.
    pub(super) fn is_replayable(&self) -> bool {
        !matches!(self.0, Kind::Reader(_))
    }

    /// What the field `Content-Type` has to say, if the body knows.
    pub(super) fn content_type(&self) -> Option<String> {
        match &self.0 {
            Kind::Multipart(form) => Some(form.content_type()),
            _ => None,
        }
    }

    /// Begins to read it, for one sending.
    pub(super) fn open(&self) -> Result<Option<Opened>, HttpError> {
        let opened = match &self.0 {
            Kind::Empty => return Ok(None),
            Kind::Bytes(bytes) => {
                let length = Some(bytes.len() as u64);
                Opened { reader: Box::new(Cursor::new(Arc::clone(bytes))), length, path: None }
            }
            Kind::File(path) => {
                let (file, length) = open_file(path)?;
                Opened { reader: Box::new(file.take(length)), length: Some(length), path: Some(path.clone()) }
            }
            Kind::Multipart(form) => {
                let (reader, length) = form.open()?;
                Opened { reader, length: Some(length), path: None }
            }
            Kind::Reader(once) => {
                let reader = lock(&once.reader).take().ok_or_else(|| {
                    HttpError::request("body", "the body is a reader, which has been sent already")
                })?;
                Opened { reader, length: once.length, path: None }
            }
        };
        Ok(Some(opened))
    }
}

/// Opens a file to be sent; a length only regular files have.
pub(super) fn open_file(path: &Path) -> Result<(File, u64), HttpError> {
    let failed = |error| HttpError::local(Some(path), error);
    // Before it is opened, for a named pipe would be waited for.
    is_regular(&path.metadata().map_err(failed)?).map_err(failed)?;
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    is_regular(&metadata).map_err(failed)?;
    Ok((file, metadata.len()))
}

fn is_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        let sentence = "it is no regular file, and has no length: send it with Body::reader";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, sentence));
    }
    Ok(())
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::bytes(text)
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        Self::bytes(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Empty => f.write_str("Body::empty()"),
            Kind::Bytes(bytes) => write!(f, "Body of {} bytes", bytes.len()),
            Kind::File(path) => write!(f, "Body::file({path:?})"),
            Kind::Multipart(form) => write!(f, "Body::multipart({form:?})"),
            Kind::Reader(reader) => write!(f, "Body of a reader, length {:?}", reader.length),
        }
    }
}
