//! Names and values: of fields, of queries and of forms.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyList, PyString, PyTuple};
use sfml_network::http::Fields;

use super::argument::{pair, refused};
use super::fields::HttpFields;
use crate::words::{Words, encoded, wrong};

/// Calls `each` with every pair of a mapping, or of an iterable of pairs.
pub(crate) fn each_pair<'py>(
    object: &Bound<'py, PyAny>,
    what: &str,
    mut each: impl FnMut(&Bound<'py, PyAny>, &Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    let py = object.py();
    let is_text = object.cast::<PyString>().is_ok() || object.cast::<PyBytes>().is_ok();
    let pairs = match object.getattr_opt(intern!(py, "items"))? {
        Some(items) => items.call0()?,
        None => object.clone(),
    };
    let Some(pairs) = (!is_text).then(|| pairs.try_iter().ok()).flatten() else {
        return Err(wrong(object, &format!("{what} are a mapping, or pairs of a name and a value")));
    };
    for item in pairs {
        let item = item?;
        let Some((name, value)) = pair(&item) else {
            return Err(wrong(&item, &format!("{what} are pairs of a name and a value")));
        };
        each(&name, &value)?;
    }
    Ok(())
}

/// Adds fields to others, in place of those of the same names.
pub(crate) fn update_fields(fields: &mut Fields, object: &Bound<'_, PyAny>) -> PyResult<()> {
    if let Ok(other) = object.cast::<HttpFields>() {
        return replace(fields, &other.get().copied());
    }
    let mut given = Fields::new();
    each_pair(object, "fields", |name, value| {
        let (name, value) = field(name, value)?;
        given.append(&name, value).map_err(refused)
    })?;
    replace(fields, &given)
}

fn replace(fields: &mut Fields, given: &Fields) -> PyResult<()> {
    for (name, _) in given.iter() {
        fields.remove(name);
    }
    for (name, value) in given.iter() {
        fields.append(name, value).map_err(refused)?;
    }
    Ok(())
}

/// The name and the value of a field.
pub(crate) fn field(name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<(String, Vec<u8>)> {
    let name = name_of(name)?;
    match encoded(value)? {
        Some(value) => Ok((name, value)),
        None => Err(wrong(value, &format!("the value of {name} is a str or bytes"))),
    }
}

/// The name of a field; what is no name is found when it is used.
pub(crate) fn name_of(name: &Bound<'_, PyAny>) -> PyResult<String> {
    match encoded(name)? {
        Some(name) => Ok(String::from_utf8_lossy(&name).into_owned()),
        None => Err(wrong(name, "the name of a field is a str or bytes")),
    }
}

/// The pairs of a query or a form, whose values may be numbers, and several for a name.
pub(crate) fn texts(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Vec<(String, String)>> {
    let mut texts = Vec::new();
    each_pair(object, what, |name, value| {
        let Some(name) = text(name)? else {
            return Err(wrong(name, &format!("the names of {what} are str")));
        };
        if value.cast::<PyList>().is_ok() || value.cast::<PyTuple>().is_ok() {
            for value in value.try_iter()? {
                texts.extend(value_of(&name, &value?)?);
            }
        } else {
            texts.extend(value_of(&name, value)?);
        }
        Ok(())
    })?;
    Ok(texts)
}

/// The pair of a name with one value; none of `None`.
fn value_of(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<(String, String)>> {
    if value.is_none() {
        return Ok(None);
    }
    match text(value)? {
        Some(value) => Ok(Some((name.to_owned(), value))),
        None => Err(wrong(value, &format!("the value of {name} is a str, bytes, a number or None"))),
    }
}

/// The text an object is sent as; `None` for one that is none.
fn text(object: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Some(if truth.is_true() { "true" } else { "false" }.to_owned()));
    }
    if object.cast::<PyInt>().is_ok() || object.cast::<PyFloat>().is_ok() {
        return Ok(Some(object.str()?.to_string()));
    }
    if encoded(object)?.is_none() {
        return Ok(None);
    }
    let Words(bytes) = object.extract()?;
    let wrong = |_| PyTypeError::new_err("bytes of a query or a form are UTF-8");
    String::from_utf8(bytes).map(Some).map_err(wrong)
}
