//! Downloads that go on where an earlier attempt ended (RFC 9110, section 14).

use std::path::Path;

use super::validator::{Validator, is_same_version};
use super::{Http, ProgressCallback};
use crate::http::error::HttpError;
use crate::http::method::Method;
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
    /// To resume, the server has to name its versions, by a strong `ETag` or by a `Last-Modified` before the second in
    /// which it answered. If it does not, sends the file compressed, or has another version by now, the download begins
    /// anew.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`Response::receive`]; [`HttpError::Refused`] when the answer is neither 200 nor 206;
    /// [`HttpError::Invalid`] when it is a part that was not asked for; [`HttpError::Local`] when it cannot be written.
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
        if *request.method() == Method::HEAD {
            return Err(HttpError::request(
                "method",
                "the answer to HEAD has no body that could be downloaded",
            ));
        }
        let path = path.as_ref();
        let keep = if download.resume { Keep::Partial } else { Keep::Nothing };
        let mut landing = Landing::create(path, keep).map_err(of_landing(path))?;
        let mut progress = Progress::new(download.progress);
        let validator = download.resume.then(|| Validator::beside(&landing));
        let present = landing.len().map_err(of_landing(path))?;
        let limits = self.limits(request);

        let mut rest = None;
        let mut whole = None;
        if let Some(version) = validator.as_ref().filter(|_| present > 0).and_then(Validator::read) {
            let ranged = ranged(request, present, &version)?;
            let response = self.exchange(&ranged, limits.clone(), None)?;
            match continues(&response, present, &version) {
                Continuation::Rest(bytes) => rest = Some((response, bytes)),
                Continuation::Whole => whole = Some(response),
                Continuation::Nothing => {
                    let bytes = response.received();
                    finish(landing, validator.as_ref(), path)?;
                    let saved = Saved { bytes, resumed_from: present, path: path.to_owned() };
                    return Ok((response, Some(saved)));
                }
                Continuation::Other => response.incoming.pass_over(&limits),
            }
        }
        if let Some((mut response, expected)) = rest {
            let bytes = fill(&mut response.incoming, &mut landing, path, &mut progress, present)?;
            if bytes != expected {
                // It is not what it said to be, and so of no use for a later attempt either.
                landing.restart().map_err(of_landing(path))?;
                validator.iter().for_each(Validator::remove);
                let (received, expected) = (present + bytes, Some(present + expected));
                return Err(HttpError::Incomplete { received, expected });
            }
            finish(landing, validator.as_ref(), path)?;
            let saved = Saved { bytes, resumed_from: present, path: path.to_owned() };
            return Ok((response, Some(saved)));
        }
        let mut response = match whole {
            Some(response) => response,
            None => self.exchange(&from_the_beginning(request, download.resume)?, limits, None)?,
        };
        match response.status() {
            Status::OK => {}
            Status::PARTIAL_CONTENT => {
                let sentence = "it is a part (206), and all was asked for";
                return Err(HttpError::Invalid(sentence.to_owned()));
            }
            _ => return Ok((response, None)),
        }
        landing.restart().map_err(of_landing(path))?;
        if let Some(validator) = &validator {
            validator.write(response.fields()).map_err(of_landing(path))?;
        }
        let filled = fill(&mut response.incoming, &mut landing, path, &mut progress, 0);
        if filled.is_err() && landing.len().is_ok_and(|length| length == 0) {
            // There will be no part whose version it could tell.
            validator.iter().for_each(Validator::remove);
        }
        let bytes = filled?;
        finish(landing, validator.as_ref(), path)?;
        let saved = Saved { bytes, resumed_from: 0, path: path.to_owned() };
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
    /// The rest of so many bytes, behind what is there.
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
    let is_same = is_same_version(response.fields(), version);
    let is_as_it_is =
        |name| response.fields().get_all(name).all(|coding| coding.eq_ignore_ascii_case(b"identity"));
    // A body of several parts would have its ranges in itself.
    let is_plain = is_as_it_is("Content-Encoding")
        && response.field("Content-Type").is_none_or(|kind| !is_byteranges(kind));
    match (response.status(), range) {
        (Status::PARTIAL_CONTENT, Some(ContentRange { first: Some(first), last, total })) => {
            let reaches_the_end = total.is_none_or(|total| last + 1 == total);
            let bytes = last + 1 - first;
            let is_consistent = response.length().is_none_or(|length| length == bytes);
            if first == present && is_same && is_plain && reaches_the_end && is_consistent {
                Continuation::Rest(bytes)
            } else {
                Continuation::Other
            }
        }
        (Status::RANGE_NOT_SATISFIABLE, Some(ContentRange { first: None, total, .. })) => {
            // With another version the range would not have counted (section 13.1.5).
            if total == Some(present) && is_same { Continuation::Nothing } else { Continuation::Other }
        }
        (Status::OK, _) => Continuation::Whole,
        _ => Continuation::Other,
    }
}

fn is_byteranges(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("multipart/byteranges")
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
}
