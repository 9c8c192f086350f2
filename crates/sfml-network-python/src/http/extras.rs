//! `Extras`: what a request may be given by keyword.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use sfml_network::http::Request;

use super::argument::{limit, pair, refused};
use super::content::Content;
use super::draft::Draft;
use super::pairs::{texts, update_fields};
use crate::argument::Span;
use crate::words::{encoded, wrong};

/// The keywords of a request, those that were given.
#[derive(Default)]
pub(crate) struct Extras<'py> {
    pub(crate) params: Option<Bound<'py, PyAny>>,
    pub(crate) fields: Option<Bound<'py, PyAny>>,
    pub(crate) body: Option<Bound<'py, PyAny>>,
    pub(crate) form: Option<Bound<'py, PyAny>>,
    pub(crate) json: Option<Bound<'py, PyAny>>,
    pub(crate) files: Option<Bound<'py, PyAny>>,
    pub(crate) auth: Option<Bound<'py, PyAny>>,
    pub(crate) timeout: Option<Bound<'py, PyAny>>,
    pub(crate) stream: bool,
    pub(crate) progress: Option<Bound<'py, PyAny>>,
}

impl<'py> Extras<'py> {
    /// Reads the keywords of a method.
    pub(crate) fn of(method: &str, keywords: Option<&Bound<'py, PyDict>>) -> PyResult<Self> {
        let mut extras = Self::default();
        for (name, value) in keywords.into_iter().flatten() {
            let name = name.cast_into::<PyString>()?;
            let value = Some(value).filter(|value| !value.is_none());
            match name.to_str()? {
                "params" => extras.params = value,
                "fields" => extras.fields = value,
                "body" => extras.body = value,
                "form" => extras.form = value,
                "json" => extras.json = value,
                "files" => extras.files = value,
                "auth" => extras.auth = value,
                "timeout" => extras.timeout = value,
                "stream" => extras.stream = value.map(|value| value.is_truthy()).transpose()? == Some(true),
                "progress" => extras.progress = value,
                other => {
                    let sentence = format!("{method}() got an unexpected keyword argument '{other}'");
                    return Err(PyTypeError::new_err(sentence));
                }
            }
        }
        Ok(extras)
    }

    /// Puts them into a request.
    pub(crate) fn fill(&self, draft: &mut Draft) -> PyResult<()> {
        if let Some(content) = self.content()? {
            draft.set_content(content)?;
        }
        if let Some(params) = &self.params {
            draft.query = texts(params, "parameters")?;
        }
        if let Some(auth) = &self.auth {
            draft.fields.set("Authorization", authorization(auth)?).map_err(refused)?;
        }
        if let Some(fields) = &self.fields {
            update_fields(&mut draft.fields, fields)?;
        }
        if let Some(timeout) = &self.timeout {
            draft.timeout = limit(timeout.extract::<Span>()?);
        }
        Ok(())
    }

    fn content(&self) -> PyResult<Option<Content>> {
        let given = [&self.body, &self.form, &self.json, &self.files].map(Option::is_some);
        match (given, &self.body, &self.form, &self.json, &self.files) {
            ([false, false, false, false], ..) => Ok(None),
            ([true, false, false, false], Some(body), ..) => Content::of(body).map(Some),
            ([false, true, false, false], _, Some(form), ..) => Content::form(form).map(Some),
            ([false, false, true, false], _, _, Some(json), _) => Content::json(json).map(Some),
            ([false, _, false, true], _, form, _, Some(files)) => {
                Content::multipart(form.as_ref(), files).map(Some)
            }
            _ => Err(PyTypeError::new_err(
                "a request has one body: body, form, json, or files with or without form",
            )),
        }
    }
}

/// The field `Authorization` of a pair of user and password, or of a token.
fn authorization(auth: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let text = |object: &Bound<'_, PyAny>| -> PyResult<String> {
        match encoded(object)? {
            Some(bytes) => String::from_utf8(bytes)
                .map_err(|_| PyValueError::new_err("a user, a password and a token are UTF-8")),
            None => Err(wrong(object, "a user, a password or a token is a str")),
        }
    };
    let request = match pair(auth) {
        Some((user, password)) => Request::get("/").basic_auth(&text(&user)?, &text(&password)?),
        None if encoded(auth)?.is_some() => Request::get("/").bearer_auth(&text(auth)?),
        None => return Err(wrong(auth, "auth is a tuple of user and password, or a token as str")),
    };
    request.check().map_err(refused)?;
    Ok(request.fields().get_bytes("Authorization").unwrap_or_default().to_vec())
}
