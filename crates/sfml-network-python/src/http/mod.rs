//! HTTP for Python: `Http`, the requests it sends, and the responses that come back.

mod argument;
mod calling;
mod chunks;
mod client;
mod content;
mod draft;
mod extras;
mod failure;
mod fields;
mod options;
mod pairs;
pub(crate) mod public_address;
mod reader;
mod reading;
mod request;
mod response;
mod told;

use pyo3::prelude::*;

/// Adds the classes of HTTP to the extension module.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<fields::HttpFields>()?;
    module.add_class::<fields::HttpRequestFields>()?;
    module.add_class::<request::HttpRequest>()?;
    module.add_class::<response::HttpResponse>()?;
    module.add_class::<chunks::HttpChunks>()?;
    module.add_class::<client::Http>()?;
    fields::register(module.py())?;
    request::add_methods(module.py())?;
    response::add_statuses(module.py())
}
