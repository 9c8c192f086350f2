//! The proxies that the environment names.

use std::env;

use super::Proxies;
use crate::http::error::RequestProblem;

impl Proxies {
    /// The proxies of the environment: `http_proxy`, `https_proxy`, `all_proxy`, and `no_proxy` with the exceptions,
    /// separated by commas. In capitals as well, except `HTTP_PROXY`, which a CGI program's client could set.
    ///
    /// # Errors
    /// A [`RequestProblem`] that names the variable whose value is no proxy.
    pub fn from_environment() -> Result<Self, RequestProblem> {
        Self::from_variables(|name| env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, RequestProblem> {
        let first = |names: &[&'static str]| {
            let found = names.iter().find_map(|name| Some((*name, variable(name)?)));
            let Some((name, value)) = found.filter(|(_, value)| !value.is_empty()) else { return Ok(None) };
            let wrong = |problem| RequestProblem::new("proxy", format!("the variable {name}: {problem}"));
            value.parse().map(Some).map_err(wrong)
        };
        let all = first(&["all_proxy", "ALL_PROXY"])?;
        let exceptions = variable("no_proxy").or_else(|| variable("NO_PROXY")).unwrap_or_default();
        Ok(Self {
            http: first(&["http_proxy"])?.or_else(|| all.clone()),
            https: first(&["https_proxy", "HTTPS_PROXY"])?.or(all),
            exceptions: exceptions.split(',').map(|name| name.trim().to_owned()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Proxies, RequestProblem> {
        Proxies::from_variables(|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn each_scheme_has_its_own_variable_or_that_of_all() {
        let proxies =
            of(&[("https_proxy", "http://a:1"), ("ALL_PROXY", "socks5://b:2"), ("no_proxy", "x, .y")])
                .unwrap();
        assert_eq!(proxies.http.unwrap().to_string(), "socks5://b:2");
        assert_eq!(proxies.https.unwrap().to_string(), "http://a:1");
        assert_eq!(proxies.exceptions, ["x", ".y"]);
        assert_eq!(of(&[("HTTP_PROXY", "http://evil:1")]).unwrap().http, None);
    }

    #[test]
    fn a_wrong_variable_is_named() {
        assert!(of(&[("http_proxy", "ftp://a")]).unwrap_err().to_string().contains("http_proxy"));
    }
}
