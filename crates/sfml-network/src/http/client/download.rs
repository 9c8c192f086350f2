//! Downloads that go on where an earlier attempt ended (RFC 9110, section 14).

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::{Http, ProgressCallback};
use crate::http::error::HttpError;
use crate::http::fields::Fields;
use crate::http::request::Request;
use crate::http::response::{Response, Saved, fill, of_landing};
use crate::http::status::Status;
use crate::sys;
use crate::transfer::{Keep, Landing, Progress};

/// How something is downloaded.
#[derive(Default)]
pub struct Download<'a> {
    resume: bool,
    progress: Option<ProgressCallback<'a>>,
}

impl<'a> Download<'a> {
    /// From the beginning; nothing is left of a download that fails.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on where an earlier attempt ended, and leaves what has come for a later one: as `name.part` beside the file,
    /// with what the server called that version of it in `name.part.validator`.
    #[must_use]
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// Is told how far it is; [`Break`](std::ops::ControlFlow::Break) ends it.
    #[must_use]
    pub fn progress(mut self, progress: ProgressCallback<'a>) -> Self {
        self.progress = Some(progress);
        self
    }
}

impl Http {
    /// Downloads what a request answers to a file, which is complete or not there.
    ///
    /// To resume, the server has to name its versions, by a strong `ETag` or by `Last-Modified`. If it does not, or has
    /// another version by now, the download begins anew.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`Response::receive`]; [`HttpError::Refused`] when the answer is neither 200 nor the rest
    /// that was asked for; [`HttpError::Incomplete`] when that is shorter than it says;
    /// [`HttpError::Local`] when it cannot be written.
    pub fn download(
        &self,
        request: &Request,
        path: impl AsRef<Path>,
        download: Download<'_>,
    ) -> Result<Saved, HttpError> {
        match self.download_response(request, path, download)? {
            (_, Some(saved)) => Ok(saved),
            (response, None) => Err(HttpError::Refused(response.status())),
        }
    }

    /// As [`download`](Self::download), with the response. If that is neither 200 nor the rest that was asked for, nothing
    /// was saved, and its body is still to be read.
    ///
    /// # Errors
    /// As [`download`](Self::download), except for [`HttpError::Refused`].
    pub fn download_response(
        &self,
        request: &Request,
        path: impl AsRef<Path>,
        download: Download<'_>,
    ) -> Result<(Response, Option<Saved>), HttpError> {
        let path = path.as_ref();
        let keep = if download.resume { Keep::Partial } else { Keep::Nothing };
        let mut landing = Landing::create(path, keep).map_err(of_landing(path))?;
        let mut progress = Progress::new(download.progress);
        let validator = download.resume.then(|| Validator::beside(landing.place()));
        let present = landing.len().map_err(of_landing(path))?;
        let limits = self.limits(request);

        let (mut resumed, mut rest) = (None, None);
        if let Some(version) = validator.as_ref().filter(|_| present > 0).and_then(Validator::read) {
            let ranged = ranged(request, present, &version)?;
            let mut response = self.exchange(&ranged, limits.clone(), None)?;
            match continues(&response, present, &version) {
                Continuation::Rest(length) => (resumed, rest) = (Some(response), Some(length)),
                Continuation::Whole => resumed = Some(response),
                Continuation::Nothing => {
                    let bytes = response.received();
                    finish(landing, validator.as_ref(), path)?;
                    let saved = Saved { bytes, resumed_from: present, path: path.to_owned() };
                    return Ok((response, Some(saved)));
                }
                // What it answered is of no use, unless it is short and frees the connection.
                Continuation::Other => drop(response.incoming.bytes()),
            }
        }
        let mut response = match resumed {
            Some(response) => response,
            None => self.exchange(&from_the_beginning(request, download.resume)?, limits, None)?,
        };
        let offset = match response.status() {
            // Only as the rest that was asked for: another part says nothing about where it belongs.
            Status::PARTIAL_CONTENT if rest.is_some() => present,
            Status::OK => 0,
            _ => return Ok((response, None)),
        };
        if offset == 0 {
            landing.restart().map_err(of_landing(path))?;
            if let Some(validator) = &validator {
                validator.write(response.fields()).map_err(of_landing(path))?;
            }
        }
        let bytes = fill(&mut response.incoming, &mut landing, path, &mut progress, offset)?;
        if let Some(length) = rest.filter(|length| *length != bytes) {
            let expected = Some(offset + length);
            return Err(HttpError::Incomplete { received: offset + bytes, expected });
        }
        finish(landing, validator.as_ref(), path)?;
        let saved = Saved { bytes, resumed_from: offset, path: path.to_owned() };
        Ok((response, Some(saved)))
    }
}

fn finish(landing: Landing, validator: Option<&Validator>, path: &Path) -> Result<(), HttpError> {
    landing.commit().map_err(of_landing(path))?;
    if let Some(validator) = validator {
        validator.remove();
    }
    Ok(())
}

/// Sizes and places in a compressed body are of no use.
fn from_the_beginning(request: &Request, is_resumable: bool) -> Result<Request, HttpError> {
    let mut request = request.clone();
    if is_resumable {
        request.fields_mut().set("Accept-Encoding", "identity")?;
    }
    request.fields_mut().remove("Range");
    Ok(request)
}

fn ranged(request: &Request, present: u64, version: &str) -> Result<Request, HttpError> {
    let mut request = from_the_beginning(request, true)?;
    request.fields_mut().set("Range", format!("bytes={present}-"))?;
    request.fields_mut().set("If-Range", version)?;
    Ok(request)
}

enum Continuation {
    /// The rest, behind what is there, of so many bytes.
    Rest(u64),
    /// All of it, from the beginning.
    Whole,
    /// Nothing: what is there is all of it.
    Nothing,
    /// None of these.
    Other,
}

/// What a response to a request for the rest has to offer.
fn continues(response: &Response, present: u64, version: &str) -> Continuation {
    let range = response.field("Content-Range").and_then(ContentRange::parse);
    match (response.status(), range) {
        (Status::PARTIAL_CONTENT, Some(ContentRange { first: Some(first), last, total })) => {
            let is_same = version_of(response.fields()).is_none_or(|now| now == version);
            let reaches_the_end = total.is_none_or(|total| last + 1 == total);
            // Places in a compressed body are not those in the file.
            let is_plain = !response.fields().contains("Content-Encoding");
            if first == present && is_same && is_plain && reaches_the_end {
                Continuation::Rest(last - first + 1)
            } else {
                Continuation::Other
            }
        }
        (Status::RANGE_NOT_SATISFIABLE, Some(ContentRange { first: None, total, .. })) => {
            // With another version the range would not have counted (section 13.1.5).
            if total == Some(present) { Continuation::Nothing } else { Continuation::Other }
        }
        (Status::OK, _) => Continuation::Whole,
        _ => Continuation::Other,
    }
}

/// The field `Content-Range` (RFC 9110, section 14.4).
#[derive(Debug, Eq, PartialEq)]
pub(in crate::http) struct ContentRange {
    pub(in crate::http) first: Option<u64>,
    pub(in crate::http) last: u64,
    pub(in crate::http) total: Option<u64>,
}

impl ContentRange {
    pub(in crate::http) fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.trim().split_once(' ')?;
        let (range, total) = rest.trim().split_once('/')?;
        let number =
            |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        if range == "*" {
            return Some(Self { first: None, last: 0, total });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        (first <= last && last < u64::MAX).then_some(Self { first: Some(first), last, total })
    }
}

/// What names a version so that equal names mean equal bytes (RFC 9110, section 8.8).
fn version_of(fields: &Fields) -> Option<String> {
    let etag = fields.get("ETag").filter(|etag| etag.starts_with('"') && etag.len() > 2);
    etag.or_else(|| fields.get("Last-Modified").filter(|_| !fields.contains("ETag"))).map(str::to_owned)
}

/// The file that tells which version a part is of.
struct Validator(PathBuf);

impl Validator {
    fn beside(part: &Path) -> Self {
        let mut name = part.file_name().map(OsString::from).unwrap_or_default();
        name.push(".validator");
        Self(part.with_file_name(name))
    }

    fn read(&self) -> Option<String> {
        let mut options = OpenOptions::new();
        sys::open_only_itself(options.read(true));
        let file = options.open(&self.0).ok().filter(|file| file.metadata().is_ok_and(|it| it.is_file()))?;
        let mut text = String::new();
        file.take(LONGEST as u64 + 1).read_to_string(&mut text).ok()?;
        let line = text.lines().next().filter(|line| !line.is_empty() && line.len() < LONGEST)?;
        // The end of the line shows that it was written whole.
        text.ends_with('\n').then(|| line.to_owned())
    }

    fn write(&self, fields: &Fields) -> std::io::Result<()> {
        match version_of(fields).filter(|version| version.len() < LONGEST) {
            Some(version) => {
                // Never through a link that somebody has put there.
                self.remove();
                let mut file = OpenOptions::new().write(true).create_new(true).open(&self.0)?;
                file.write_all((version + "\n").as_bytes())
            }
            None => {
                self.remove();
                Ok(())
            }
        }
    }

    fn remove(&self) {
        // It may never have been there.
        let _ = fs::remove_file(&self.0);
    }
}

const LONGEST: usize = 1024;

#[cfg(test)]
mod tests {
    use testkit::folder::TempFolder;

    use super::*;
    use crate::http::options::HttpOptions;

    /// Downloads from a server that says this on each connection, where a part is there from an earlier attempt, and
    /// tells what became of the file and of the part.
    fn resumed(part: &str, script: &str) -> (Result<Saved, HttpError>, Option<String>, Option<String>) {
        let folder = TempFolder::new("http-part").unwrap();
        let path = folder.path().join("file");
        fs::write(folder.path().join("file.part"), part).unwrap();
        fs::write(folder.path().join("file.part.validator"), "\"a\"\n").unwrap();
        let http = Http::scripted(HttpOptions::default(), script.as_bytes(), usize::MAX);
        let outcome = http.download(&Request::get("http://a/"), &path, Download::new().resume());
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).ok();
        (outcome, read("file"), read("file.part"))
    }

    #[test]
    fn a_part_that_was_not_asked_for_is_no_download() {
        let script = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\n\r\n01234";
        for part in ["01234", ""] {
            let (outcome, file, left) = resumed(part, script);
            assert!(matches!(outcome, Err(HttpError::Refused(Status::PARTIAL_CONTENT))), "{outcome:?}");
            assert_eq!((file, left.unwrap_or_default().as_str()), (None, part));
        }
    }

    #[test]
    fn a_rest_that_is_not_as_long_as_its_range_is_incomplete() {
        let head = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 5-9/10\r\n";
        for rest in ["\r\n567", "Content-Length: 3\r\n\r\n567"] {
            let (outcome, file, part) = resumed("01234", &format!("{head}{rest}"));
            assert!(
                matches!(outcome, Err(HttpError::Incomplete { received: 8, expected: Some(10) })),
                "{outcome:?}"
            );
            assert_eq!((file, part.as_deref()), (None, Some("01234567")));
        }
        let (outcome, file, _) = resumed("01234", &format!("{head}\r\n56789"));
        assert_eq!((outcome.unwrap().resumed_from, file.as_deref()), (5, Some("0123456789")));
    }

    #[cfg(unix)]
    #[test]
    fn a_validator_is_neither_read_nor_written_through_a_link() {
        let folder = TempFolder::new("http-validator").unwrap();
        let (part, victim) = (folder.path().join("file.part"), folder.path().join("victim"));
        fs::write(&victim, "\"a\"\n").unwrap();
        std::os::unix::fs::symlink(&victim, folder.path().join("file.part.validator")).unwrap();
        let validator = Validator::beside(&part);
        assert_eq!(validator.read(), None);
        let mut fields = Fields::new();
        fields.append("ETag", "\"b\"").unwrap();
        validator.write(&fields).unwrap();
        assert_eq!(validator.read().as_deref(), Some("\"b\""));
        assert_eq!(fs::read_to_string(&victim).unwrap(), "\"a\"\n");
    }

    #[test]
    fn content_ranges_are_read_strictly() {
        let whole = |first, last, total| Some(ContentRange { first, last, total });
        assert_eq!(ContentRange::parse("bytes 5-9/10"), whole(Some(5), 9, Some(10)));
        assert_eq!(ContentRange::parse("Bytes 5-9/*"), whole(Some(5), 9, None));
        assert_eq!(ContentRange::parse("bytes */10"), whole(None, 0, Some(10)));
        for wrong in [
            "",
            "bytes",
            "bytes 9-5/10",
            "bytes +5-9/10",
            "lines 5-9/10",
            "bytes 5-9",
            "bytes -/",
            "bytes 5-/9",
        ] {
            assert_eq!(ContentRange::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_strong_names_of_versions_count() {
        let version = |pairs: &[(&str, &str)]| {
            let mut fields = Fields::new();
            pairs.iter().for_each(|(name, value)| fields.append(name, value).unwrap());
            version_of(&fields)
        };
        let date = "Mon, 02 Nov 2026 10:00:00 GMT";
        assert_eq!(version(&[("ETag", "\"a\""), ("Last-Modified", date)]).as_deref(), Some("\"a\""));
        assert_eq!(version(&[("Last-Modified", date)]).as_deref(), Some(date));
        assert_eq!(version(&[("ETag", "W/\"a\""), ("Last-Modified", date)]), None);
        assert_eq!(version(&[]), None);
    }
}
