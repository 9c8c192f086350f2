//! `Multipart`: a form with files (RFC 7578).

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::body::open_file;
use super::error::HttpError;

/// A form with files, sent as `multipart/form-data` (RFC 7578). Files are read while they are sent.
///
/// ```
/// use sfml_network::http::{Multipart, Request};
///
/// let form = Multipart::new().text("title", "Level 3").file("map", "level3.map");
/// let request = Request::post("/upload").multipart(form);
/// ```
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<Part>,
    boundary: String,
}

#[derive(Clone)]
struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Arc<[u8]>),
    File(PathBuf),
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Self {
        Self { parts: Vec::new(), boundary: boundary() }
    }

    /// Adds a field with a text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.with(name, None, None, Content::Bytes(value.as_bytes().into()))
    }

    /// Adds the contents of a file, under the file's own name.
    #[must_use]
    pub fn file(self, name: &str, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        self.with(name, file_name.or(Some(String::new())), None, Content::File(path.to_owned()))
    }

    /// Adds the contents of a file, under another name.
    #[must_use]
    pub fn file_as(self, name: &str, file_name: &str, path: impl AsRef<Path>) -> Self {
        self.with(name, Some(file_name.to_owned()), None, Content::File(path.as_ref().to_owned()))
    }

    /// Adds bytes as if they were a file of that name.
    #[must_use]
    pub fn bytes(self, name: &str, file_name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.with(name, Some(file_name.to_owned()), None, Content::Bytes(bytes.into().into()))
    }

    /// Says of what type the part added last is, which is `application/octet-stream` for files otherwise.
    #[must_use]
    pub fn of_type(mut self, content_type: &str) -> Self {
        if let Some(part) = self.parts.last_mut() {
            part.content_type = Some(content_type.replace(['\r', '\n', '\0'], " "));
        }
        self
    }

    fn with(
        mut self,
        name: &str,
        file_name: Option<String>,
        content_type: Option<String>,
        content: Content,
    ) -> Self {
        self.parts.push(Part { name: name.to_owned(), file_name, content_type, content });
        self
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// All of it as one reader, and its length.
    pub(super) fn open(&self) -> Result<(Box<dyn Read + Send>, u64), HttpError> {
        let mut pieces = VecDeque::new();
        let mut length = 0;
        let mut add = |reader: Box<dyn Read + Send>, bytes: u64| {
            pieces.push_back(reader);
            length += bytes;
        };
        for part in &self.parts {
            let head = part.head(&self.boundary);
            let bytes = head.len() as u64;
            add(Box::new(Cursor::new(head)), bytes);
            match &part.content {
                Content::Bytes(bytes) => add(Box::new(Cursor::new(Arc::clone(bytes))), bytes.len() as u64),
                Content::File(path) => {
                    let (file, bytes) = open_file(path)?;
                    add(Box::new(file.take(bytes)), bytes);
                }
            }
            add(Box::new(Cursor::new(b"\r\n")), 2);
        }
        let end = format!("--{}--\r\n", self.boundary);
        let bytes = end.len() as u64;
        add(Box::new(Cursor::new(end)), bytes);
        Ok((Box::new(Whole(pieces)), length))
    }
}

/// One reader behind the other, however many there are.
struct Whole(VecDeque<Box<dyn Read + Send>>);

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(piece) = self.0.front_mut() {
            match piece.read(buffer) {
                Ok(0) if !buffer.is_empty() => drop(self.0.pop_front()),
                done => return done,
            }
        }
        Ok(0)
    }
}

impl Part {
    fn head(&self, boundary: &str) -> Vec<u8> {
        let mut head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&self.name));
        if let Some(name) = &self.file_name {
            head.push_str(&format!("; filename=\"{}\"", quoted(name)));
        }
        let default = self.file_name.is_some().then_some("application/octet-stream");
        if let Some(content_type) = self.content_type.as_deref().or(default) {
            head.push_str(&format!("\r\nContent-Type: {content_type}"));
        }
        head.push_str("\r\n\r\n");
        head.into_bytes()
    }
}

/// As browsers write names (WHATWG HTML, multipart form data): UTF-8, with what would end the name or the line encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A line that no part contains: 128 bits that nobody can guess.
fn boundary() -> String {
    use std::hash::{BuildHasher, RandomState};

    // Each state is keyed at random by the standard library.
    let random = || RandomState::new().hash_one(0_u8);
    format!("sfml-network-{:016x}{:016x}", random(), random())
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|part| &part.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_browsers_write_it() {
        let folder = testkit::folder::TempFolder::new("multipart").unwrap();
        let path = folder.path().join("a \"b\".txt");
        std::fs::write(&path, "line\n").unwrap();
        let form = Multipart::new()
            .text("title", "ü")
            .file("map", &path)
            .bytes("x", "y.bin", [0])
            .of_type("a/b")
            .file_as("log", "z.txt", &path);
        let (mut reader, length) = form.open().unwrap();
        let mut written = Vec::new();
        reader.read_to_end(&mut written).unwrap();
        assert_eq!(written.len() as u64, length);
        let text = String::from_utf8(written).unwrap().replace(&form.boundary, "B");
        assert_eq!(
            text,
            "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nü\r\n\
             --B\r\nContent-Disposition: form-data; name=\"map\"; filename=\"a %22b%22.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nline\n\r\n\
             --B\r\nContent-Disposition: form-data; name=\"x\"; filename=\"y.bin\"\r\nContent-Type: a/b\r\n\r\n\0\r\n\
             --B\r\nContent-Disposition: form-data; name=\"log\"; filename=\"z.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nline\n\r\n\
             --B--\r\n"
        );
        assert!(form.content_type().ends_with(&form.boundary));
    }

    #[test]
    fn a_form_of_any_number_of_parts_can_be_read() {
        let form = (0..100_000).fold(Multipart::new(), |form, _| form.text("a", "b"));
        let (mut reader, length) = form.open().unwrap();
        assert_eq!(io::copy(&mut reader, &mut io::sink()).unwrap(), length);
    }

    #[test]
    fn two_forms_have_two_boundaries_and_a_missing_file_is_told() {
        assert_ne!(Multipart::new().boundary, Multipart::new().boundary);
        assert!(matches!(
            Multipart::new().file("x", "/no/such/file").open().err(),
            Some(HttpError::Local { path: Some(_), .. })
        ));
    }
}
