//! `HttpFields`: header fields as a mapping.

use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMapping, PyString, PyTuple};
use sfml_network::http::Fields;

use super::argument::refused;
use super::pairs::{each_pair, field, name_of, update_fields};
use super::request::HttpRequest;
use super::response::HttpResponse;
use crate::words::encoded;

/// Header fields, as a mapping of names to values that does not regard the case of names.
///
/// A name that came more than once is there once, with its first value; `get_all` returns them all. Values are `str`;
/// one that is no UTF-8 is read as ISO-8859-1.
///
/// >>> from sfml.network import HttpRequest
/// >>> field = HttpRequest(fields={"Accept": "text/html"}).field
/// >>> field["accept"], "ACCEPT" in field, field.get("Cookie"), dict(field)
/// ('text/html', True, None, {'Accept': 'text/html'})
#[pyclass(frozen, mapping, subclass, module = "sfml.network")]
pub(crate) struct HttpFields {
    source: Source,
}

/// Whose fields they are.
enum Source {
    Request(Py<HttpRequest>),
    Response(Py<HttpResponse>),
}

impl HttpFields {
    pub(crate) fn of_response(response: Bound<'_, HttpResponse>) -> Self {
        Self { source: Source::Response(response.unbind()) }
    }

    /// The fields as they are now.
    pub(crate) fn copied(&self) -> Fields {
        self.with(Clone::clone)
    }

    fn with<T>(&self, read: impl FnOnce(&Fields) -> T) -> T {
        match &self.source {
            Source::Request(request) => request.get().with_fields(|fields| read(fields)),
            Source::Response(response) => response.get().with_fields(read),
        }
    }

    /// The first value of a name, which may be any object.
    fn first(&self, name: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
        let Some(key) = encoded(name)? else { return Ok(None) };
        Ok(self.with(|fields| fields.get_bytes(&String::from_utf8_lossy(&key)).map(text)))
    }

    /// Each name once, as it was written first.
    fn names(&self) -> Vec<String> {
        self.with(|fields| {
            let mut names: Vec<String> = Vec::new();
            for (name, _) in fields.iter() {
                if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                    names.push(name.to_owned());
                }
            }
            names
        })
    }

    /// The names in lower case with all their values, in an order of their own.
    fn sorted(&self) -> Vec<(String, Vec<u8>)> {
        let mut pairs: Vec<_> = self.with(|fields| {
            fields.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect()
        });
        // Several of one name stay in order.
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs
    }
}

#[pymethods]
impl HttpFields {
    fn __getitem__(&self, name: &Bound<'_, PyAny>) -> PyResult<String> {
        self.first(name)?.ok_or_else(|| PyKeyError::new_err(name.clone().unbind()))
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Some(key) = encoded(name)? else { return Ok(false) };
        Ok(self.with(|fields| fields.contains(&String::from_utf8_lossy(&key))))
    }

    fn __len__(&self) -> usize {
        self.names().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.names())?.try_iter()?.into_any())
    }

    /// Returns the first value of a name, or `default` if there is none.
    #[pyo3(signature = (name, default=None))]
    fn get<'py>(
        &self,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.first(name)? {
            Some(value) => Ok(Some(PyString::new(name.py(), &value).into_any())),
            None => Ok(default),
        }
    }

    /// Returns a view of the names, each once.
    fn keys<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        view(slf, "KeysView")
    }

    /// Returns a view of the names and their first values.
    fn items<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        view(slf, "ItemsView")
    }

    /// Returns a view of the first value of each name.
    fn values<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        view(slf, "ValuesView")
    }

    /// Returns all values of a name, in order.
    fn get_all(&self, name: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
        let name = name_of(name)?;
        Ok(self.with(|fields| fields.get_all(&name).map(text).collect()))
    }

    /// Equal to other fields, and to a mapping of the same names and values.
    fn __eq__<'py>(&self, py: Python<'py>, other: &Bound<'py, PyAny>) -> PyResult<Py<PyAny>> {
        let equal = if let Ok(other) = other.cast::<Self>() {
            self.sorted() == other.get().sorted()
        } else if other.cast::<PyMapping>().is_ok() {
            let mut pairs = Vec::new();
            each_pair(other, "fields", |name, value| {
                let pair = encoded(name)?.zip(encoded(value)?);
                pairs.push(
                    pair.map(|(name, value)| (String::from_utf8_lossy(&name).to_ascii_lowercase(), value)),
                );
                Ok(())
            })?;
            let mut pairs: Vec<_> = pairs.into_iter().flatten().collect();
            pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.sorted() == pairs && other.len()? == pairs.len()
        } else {
            return Ok(py.NotImplemented());
        };
        Ok(equal.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    /// Values that are secret, such as cookies, are not shown.
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        Ok(slf.get().with(|fields| format!("<{class} {fields:?}>")))
    }
}

/// The fields of a request, which may be set.
///
/// Setting a field replaces all of its name; `add` puts one behind them. What cannot be sent is refused with
/// `ValueError`: a name that is no token, a value with a CR, LF, NUL or another control character.
///
/// >>> from sfml.network import HttpRequest
/// >>> request = HttpRequest()
/// >>> request.field["Accept"] = "text/html"
/// >>> request.field.add("accept", "text/plain")
/// >>> request.field.get_all("Accept")
/// ['text/html', 'text/plain']
#[pyclass(frozen, mapping, extends = HttpFields, module = "sfml.network")]
pub(crate) struct HttpRequestFields;

impl HttpRequestFields {
    pub(crate) fn of(request: Bound<'_, HttpRequest>) -> PyResult<Bound<'_, Self>> {
        let py = request.py();
        let fields = HttpFields { source: Source::Request(request.unbind()) };
        Bound::new(py, PyClassInitializer::from(fields).add_subclass(Self))
    }

    fn change<T>(slf: &Bound<'_, Self>, change: impl FnOnce(&mut Fields) -> T) -> PyResult<T> {
        match &slf.as_super().get().source {
            Source::Request(request) => Ok(request.get().with_fields(change)),
            Source::Response(_) => Err(PyTypeError::new_err("the fields of a response cannot be changed")),
        }
    }
}

#[pymethods]
impl HttpRequestFields {
    fn __setitem__(slf: &Bound<'_, Self>, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (name, value) = field(name, value)?;
        Self::change(slf, |fields| fields.set(&name, value))?.map_err(refused)
    }

    fn __delitem__(slf: &Bound<'_, Self>, name: &Bound<'_, PyAny>) -> PyResult<()> {
        let key = name_of(name)?;
        match Self::change(slf, |fields| fields.remove(&key))? {
            true => Ok(()),
            false => Err(PyKeyError::new_err(name.clone().unbind())),
        }
    }

    /// Adds a field behind those of its name that are there.
    fn add(slf: &Bound<'_, Self>, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (name, value) = field(name, value)?;
        Self::change(slf, |fields| fields.append(&name, value))?.map_err(refused)
    }

    /// Removes all fields of a name, and returns the first value; `default`, if one is given and there is none.
    #[pyo3(signature = (name, *default), text_signature = "($self, name, default=...)")]
    fn pop<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyAny>,
        default: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match slf.as_super().get().first(name)? {
            Some(value) => {
                Self::__delitem__(slf, name)?;
                Ok(PyString::new(slf.py(), &value).into_any())
            }
            None => default.get_item(0).map_err(|_| PyKeyError::new_err(name.clone().unbind())),
        }
    }

    /// Removes all fields of the name that came last, and returns it with the first value.
    fn popitem(slf: &Bound<'_, Self>) -> PyResult<(String, String)> {
        let last = Self::change(slf, |fields| {
            let name = fields.iter().last()?.0.to_owned();
            let value = fields.get_bytes(&name).map(text)?;
            fields.remove(&name);
            Some((name, value))
        })?;
        last.ok_or_else(|| PyKeyError::new_err("there are no fields"))
    }

    /// Returns the first value of a name, after setting it to `default` if there is none.
    #[pyo3(signature = (name, default=None), text_signature = "($self, name, default='')")]
    fn setdefault(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        default: Option<Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        if slf.as_super().get().first(name)?.is_none() {
            let empty = PyString::new(slf.py(), "").into_any();
            Self::__setitem__(slf, name, default.as_ref().unwrap_or(&empty))?;
        }
        slf.as_super().get().__getitem__(name)
    }

    /// Sets the fields of a mapping, or of pairs, each in place of all of its name.
    #[pyo3(signature = (fields=None, /, **others), text_signature = "($self, fields=(), /, **others)")]
    fn update(
        slf: &Bound<'_, Self>,
        fields: Option<&Bound<'_, PyAny>>,
        others: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        // A mapping may run Python code, so it changes a copy.
        let mut changed = slf.as_super().get().copied();
        for given in fields.into_iter().chain(others.map(Bound::as_any)) {
            update_fields(&mut changed, given)?;
        }
        Self::change(slf, |fields| *fields = changed)
    }

    /// Removes all fields.
    fn clear(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::change(slf, |fields| *fields = Fields::new())
    }
}

/// Tells Python that they are mappings.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let classes = py.import("collections.abc")?;
    classes.getattr("Mapping")?.call_method1("register", (py.get_type::<HttpFields>(),))?;
    classes.getattr("MutableMapping")?.call_method1("register", (py.get_type::<HttpRequestFields>(),))?;
    Ok(())
}

/// A view of a mapping, as `dict` has them.
fn view<'py>(fields: &Bound<'py, HttpFields>, class: &str) -> PyResult<Bound<'py, PyAny>> {
    fields.py().import("collections.abc")?.getattr(class)?.call1((fields,))
}

/// A value as text: UTF-8, or what field values once were (RFC 9110, section 5.5).
pub(crate) fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
    }
}
