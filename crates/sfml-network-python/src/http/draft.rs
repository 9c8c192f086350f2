//! `Draft`: a request that can still be changed.

use std::time::Duration;

use pyo3::prelude::*;
use sfml_network::http::{Fields, Method, Request, Version};

use super::argument::refused;
use super::content::Content;

/// A request until it is sent. What it holds can be sent, each part for itself.
pub(crate) struct Draft {
    pub(crate) method: Method,
    uri: String,
    pub(crate) version: Version,
    pub(crate) fields: Fields,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
    content: Content,
}

impl Draft {
    /// A request without fields or body.
    pub(crate) fn new(method: Method, uri: String, version: Version) -> PyResult<Self> {
        let mut draft = Self { method, version, ..Self::default() };
        draft.set_uri(uri)?;
        Ok(draft)
    }

    pub(crate) fn set_uri(&mut self, uri: String) -> PyResult<()> {
        Request::get(uri.as_str()).target().map_err(refused)?;
        self.uri = uri;
        Ok(())
    }

    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// Sets the body, and the field that tells its type if it has one.
    pub(crate) fn set_content(&mut self, content: Content) -> PyResult<()> {
        if let Some(content_type) = &content.content_type {
            self.fields.set("Content-Type", content_type).map_err(refused)?;
        }
        self.content = content;
        Ok(())
    }

    /// Sets the body alone, and returns the one that was there.
    pub(crate) fn replace_content(&mut self, content: Content) -> Content {
        std::mem::replace(&mut self.content, content)
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// The request as the crate takes it.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.uri.as_str()).version(self.version);
        *request.fields_mut() = self.fields.clone();
        for (name, value) in &self.query {
            request = request.query(name, value);
        }
        if let Some(timeout) = self.timeout {
            request = request.timeout(timeout);
        }
        request.body(self.content.body.clone())
    }
}

impl Default for Draft {
    /// A GET of `/` in HTTP/1.0, as in SFML.
    fn default() -> Self {
        Self {
            method: Method::GET,
            uri: "/".to_owned(),
            version: Version::Http10,
            fields: Fields::new(),
            query: Vec::new(),
            timeout: None,
            content: Content::default(),
        }
    }
}
