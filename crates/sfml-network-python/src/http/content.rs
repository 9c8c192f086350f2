//! `Content`: the body of a request, as it was given and as it is sent.

use std::path::PathBuf;

use pyo3::exceptions::{PyBufferError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyString, PyTuple};
use sfml_network::http::{Body, Multipart, Request};

use super::pairs::{each_pair, texts};
use super::reader::Reader;
use crate::argument::Data;
use crate::words::{encoded, path_of, system_path, wrong};

/// The body of a request.
#[derive(Default)]
pub(crate) struct Content {
    pub(crate) body: Body,
    /// What the body was made of, unless it was bytes.
    given: Option<Py<PyAny>>,
    /// What it says about its type.
    pub(crate) content_type: Option<String>,
}

impl Content {
    /// A body that is bytes, text, a file or whatever can be read or iterated over.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self::default());
        }
        match object.extract::<Data<'_>>() {
            Ok(data) => return Ok(Self::bytes(data.bytes(object.py())?)),
            Err(error) if error.is_instance_of::<PyBufferError>(object.py()) => return Err(error),
            Err(_) => {}
        }
        let py = object.py();
        let body = if let Some(path) = path_of(object)? {
            Body::file(system_path(&path)?)
        } else if object.hasattr(intern!(py, "read"))? {
            let reader = Reader::File(object.clone().unbind());
            match length_of(object)? {
                Some(length) => Body::sized_reader(reader, length),
                None => Body::reader(reader),
            }
        } else if object.cast::<PyMapping>().is_ok() {
            return Err(wrong(object, "a body is bytes, a str, a file or pieces, see also form and json"));
        } else if let Ok(iterator) = object.try_iter() {
            Body::reader(Reader::pieces(iterator.into_any().unbind()))
        } else {
            return Err(wrong(object, "a body is bytes, a buffer, a str, a path, a file or pieces of bytes"));
        };
        Ok(Self { body, given: Some(object.clone().unbind()), content_type: None })
    }

    fn bytes(bytes: &[u8]) -> Self {
        let body = if bytes.is_empty() { Body::empty() } else { Body::bytes(bytes) };
        Self { body, ..Self::default() }
    }

    /// A form (`application/x-www-form-urlencoded`).
    pub(crate) fn form(form: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self::made(Request::get("/").form(texts(form, "form fields")?)))
    }

    /// A value as JSON.
    pub(crate) fn json(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = value.py();
        let options = PyDict::new(py);
        options.set_item("ensure_ascii", false)?;
        options.set_item("allow_nan", false)?;
        options.set_item("separators", (",", ":"))?;
        let json = py.import("json")?.call_method("dumps", (value,), Some(&options))?;
        let bytes: Vec<u8> = match encoded(&json)? {
            Some(bytes) => bytes,
            None => return Err(wrong(&json, "json.dumps returns a str")),
        };
        Ok(Self::made(Request::get("/").json_text(bytes)))
    }

    /// A form with files (`multipart/form-data`).
    pub(crate) fn multipart(form: Option<&Bound<'_, PyAny>>, files: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut parts = Multipart::new();
        for (name, value) in form.map(|form| texts(form, "form fields")).transpose()?.into_iter().flatten() {
            parts = parts.text(&name, &value);
        }
        each_pair(files, "files", |name, file| {
            let Ok(name) = name.extract::<String>() else {
                return Err(wrong(name, "the name of a file in a form is a str"));
            };
            parts = File::of(file)?.add(std::mem::take(&mut parts), &name);
            Ok(())
        })?;
        Ok(Self { given: Some(files.clone().unbind()), ..Self::made(Request::get("/").multipart(parts)) })
    }

    /// The body of a request that the crate has made, with its type.
    fn made(request: Request) -> Self {
        let content_type = request.fields().get("Content-Type").map(str::to_owned);
        Self { body: request.body_ref().clone(), given: None, content_type }
    }

    /// The body as it was given; bytes where that is what it is.
    pub(crate) fn shown<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        match &self.given {
            Some(given) => given.bind(py).clone(),
            None => PyBytes::new(py, self.body.as_bytes().unwrap_or_default()).into_any(),
        }
    }
}

/// How many bytes are left in a file, if it can tell.
fn length_of(file: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    let py = file.py();
    let seekable = file.getattr_opt(intern!(py, "seekable"))?;
    if !seekable.map(|seekable| seekable.call0()?.is_truthy()).transpose()?.unwrap_or(false) {
        return Ok(None);
    }
    let position: u64 = file.call_method0(intern!(py, "tell"))?.extract()?;
    let end: u64 = file.call_method1(intern!(py, "seek"), (0, 2))?.extract()?;
    file.call_method1(intern!(py, "seek"), (position,))?;
    Ok(Some(end.saturating_sub(position)))
}

/// One file of a form.
struct File {
    name: Option<String>,
    content: FileContent,
    content_type: Option<String>,
}

enum FileContent {
    Bytes(Vec<u8>),
    Path(PathBuf),
}

impl File {
    /// A path, contents, or `(file name, contents)` with or without a type behind.
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(tuple) = object.cast::<PyTuple>() else {
            let name = file_name(object)?;
            return Ok(Self { name, content: FileContent::of(object)?, content_type: None });
        };
        if !(2..=3).contains(&tuple.len()) {
            let sentence =
                "a file of a form as a tuple is (file name, contents) or (file name, contents, type)";
            return Err(PyValueError::new_err(sentence));
        }
        let Ok(name) = tuple.get_item(0)?.extract::<String>() else {
            return Err(wrong(&tuple.get_item(0)?, "a file name is a str"));
        };
        let content_type = if tuple.len() == 3 { tuple.get_item(2)?.extract()? } else { None };
        Ok(Self { name: Some(name), content: FileContent::of(&tuple.get_item(1)?)?, content_type })
    }

    fn add(self, parts: Multipart, name: &str) -> Multipart {
        let parts = match self.content {
            FileContent::Bytes(bytes) => parts.bytes(name, self.name.as_deref().unwrap_or(name), bytes),
            FileContent::Path(path) => match &self.name {
                Some(file_name) => parts.file_as(name, file_name, path),
                None => parts.file(name, path),
            },
        };
        match &self.content_type {
            Some(content_type) => parts.of_type(content_type),
            None => parts,
        }
    }
}

impl FileContent {
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(data) = object.extract::<Data<'_>>() {
            return Ok(Self::Bytes(data.bytes(py)?.to_vec()));
        }
        if let Some(path) = path_of(object)? {
            return Ok(Self::Path(system_path(&path)?));
        }
        let Some(read) = object.getattr_opt(intern!(py, "read"))? else {
            return Err(wrong(object, "a file of a form is a path, bytes, a str, a file or a tuple"));
        };
        let data = read.call0()?;
        let Ok(data) = data.extract::<Data<'_>>() else {
            return Err(PyTypeError::new_err("read() has to return bytes, open the file in binary mode"));
        };
        Ok(Self::Bytes(data.bytes(py)?.to_vec()))
    }
}

/// The name a file object says it has.
fn file_name(object: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let name = object.getattr_opt(intern!(object.py(), "name"))?;
    let Some(name) = name.filter(|name| name.cast::<PyString>().is_ok()) else { return Ok(None) };
    let path: PathBuf = name.extract()?;
    // Of a path as well, which is a file of that name.
    Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()))
}
