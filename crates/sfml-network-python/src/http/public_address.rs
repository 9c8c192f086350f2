//! The address others see this computer at, for `IpAddress.get_public_address`.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sfml_network::http::{Family, HttpError, PublicAddress};
use sfml_network::{Deadline, IpAddress};

use super::argument::refused;
use super::options::{self, Trust};
use super::{calling, failure};

/// Asks the services, or the usual ones; `None` when none of them has answered.
pub(crate) fn look_up(
    py: Python<'_>,
    deadline: Deadline,
    services: Option<&Bound<'_, PyAny>>,
    family: u8,
    ca: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<IpAddress>> {
    let mut public = PublicAddress::default();
    public.options = options::default();
    public.options.tls = Trust { verify: true, ca: ca.cloned(), cert: None }.config()?;
    let (family, list) = match family {
        4 => (Family::V4, &mut public.services_v4),
        6 => (Family::V6, &mut public.services_v6),
        _ => return Err(PyValueError::new_err("a family of addresses is 4 or 6")),
    };
    if let Some(services) = services {
        *list = urls(services)?;
    }
    match calling::run(py, |_| public.look_up(deadline, family))? {
        Ok(address) => Ok(Some(address)),
        Err(HttpError::Request(problem)) => Err(refused(problem)),
        Err(failed) => failure::refusal(failed).map(|_| None),
    }
}

fn urls(services: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let is_one = services.cast::<PyString>().is_ok() || services.cast::<PyBytes>().is_ok();
    let urls = if is_one { None } else { services.extract::<Vec<String>>().ok() };
    let urls =
        urls.ok_or_else(|| PyTypeError::new_err("services are a list of str, each a whole https URL"))?;
    match urls.iter().find(|url| !url.starts_with("https://")) {
        Some(url) => {
            Err(PyValueError::new_err(format!("{url:?} is not https, whoever sits between could answer")))
        }
        None => Ok(urls),
    }
}
