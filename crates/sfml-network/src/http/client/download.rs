//! Downloads that go on where an earlier attempt ended (RFC 9110, section 14).

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Http, ProgressCallback};
use crate::http::error::HttpError;
use crate::http::fields::Fields;
use crate::http::request::Request;
use crate::http::response::{Response, Saved, fill, of_landing};
use crate::http::status::Status;
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
    /// As [`send`](Self::send) and [`Response::receive`]; [`HttpError::Refused`] when the answer is neither 200 nor 206;
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

    /// As [`download`](Self::download), with the response. If that is neither 200 nor 206, nothing was saved, and its body
    /// is still to be read.
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

        let mut resumed = None;
        if let Some(version) = validator.as_ref().filter(|_| present > 0).and_then(Validator::read) {
            let ranged = ranged(request, present, &version)?;
            let mut response = self.exchange(&ranged, limits.clone(), None)?;
            match continues(&response, present, &version) {
                Continuation::Rest | Continuation::Whole => resumed = Some(response),
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
            Status::PARTIAL_CONTENT => present,
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
    /// The rest, behind what is there.
    Rest,
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
            if first == present && is_same && reaches_the_end {
                Continuation::Rest
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
        let text = fs::read_to_string(&self.0).ok()?;
        let line = text.lines().next().filter(|line| !line.is_empty() && line.len() < LONGEST)?;
        // The end of the line shows that it was written whole.
        text.ends_with('\n').then(|| line.to_owned())
    }

    fn write(&self, fields: &Fields) -> std::io::Result<()> {
        match version_of(fields).filter(|version| version.len() < LONGEST) {
            Some(version) => fs::write(&self.0, version + "\n"),
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
    use super::*;

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
