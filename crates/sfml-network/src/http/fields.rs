//! `Fields`: the header of a request or a response.

use std::fmt;

use super::error::RequestProblem;
use super::{charset, token};

/// Header fields (RFC 9110, section 5): names and values in order, each name as often as it came.
///
/// Names are compared without regard to case, and kept as they were written. A value holds no CR, LF or NUL, so that
/// none can carry a second field; blanks around it do not count.
///
/// ```
/// use sfml_network::http::Fields;
///
/// let mut fields = Fields::new();
/// fields.append("Accept", "text/html")?;
/// fields.append("accept", "text/plain")?;
/// assert_eq!(fields.get("ACCEPT"), Some("text/html"));
/// assert_eq!(fields.get_all("accept").count(), 2);
/// fields.set("Accept", "*/*")?;
/// assert_eq!(fields.len(), 1);
/// # Ok::<(), sfml_network::http::RequestProblem>(())
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    /// No fields.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The first value of a name as text; `None` also when it is not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.get_bytes(name)?).ok()
    }

    /// The first value of a name.
    pub fn get_bytes(&self, name: &str) -> Option<&[u8]> {
        self.get_all(name).next()
    }

    /// All values of a name, in order.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Whether there is a field of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.get_bytes(name).is_some()
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The encoding of a text these fields come with, as the Encoding Standard of the WHATWG names it: that of
    /// `Content-Type`, else UTF-8.
    pub fn encoding(&self) -> &'static str {
        charset::encoding(self.get("Content-Type")).name()
    }

    /// A text that came with these fields, in their [`encoding`](Self::encoding) unless a byte order mark tells another.
    /// What cannot be decoded becomes U+FFFD.
    pub fn decode(&self, bytes: &[u8]) -> String {
        charset::decode(bytes, self.get("Content-Type"))
    }

    /// Adds a field behind those that are there.
    ///
    /// # Errors
    /// A [`RequestProblem`] when the name is no token, or the value holds a CR, LF, NUL or another control character.
    pub fn append(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), RequestProblem> {
        let value = checked(name, value.as_ref())?;
        self.0.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Sets a field: takes the place of the first of its name, and removes the others.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), RequestProblem> {
        let value = checked(name, value.as_ref())?.to_owned();
        let Some(first) = self.0.iter().position(|(other, _)| other.eq_ignore_ascii_case(name)) else {
            self.0.push((name.to_owned(), value));
            return Ok(());
        };
        self.0[first] = (name.to_owned(), value);
        let mut index = 0;
        self.0.retain(|(other, _)| {
            index += 1;
            index <= first + 1 || !other.eq_ignore_ascii_case(name)
        });
        Ok(())
    }

    /// Removes all fields of a name; returns whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.len();
        self.0.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.len() < before
    }

    /// No fields, with room for some.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Adds a field that a server has sent, whatever it is.
    pub(super) fn push_received(&mut self, name: &str, value: &[u8]) {
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

/// The value without the blanks around it, if both may be sent.
fn checked<'a>(name: &str, value: &'a [u8]) -> Result<&'a [u8], RequestProblem> {
    token(name).map_err(|found| {
        RequestProblem::new(
            "field",
            format!("a field name is a token of letters, digits and '-', not {found}"),
        )
    })?;
    let value = without_blanks(value);
    let is_allowed = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    match value.iter().find(|byte| !is_allowed(byte)) {
        None => Ok(value),
        Some(byte) => Err(RequestProblem::new(
            "field",
            format!("the value of {name} holds the control character 0x{byte:02x}, which would end it"),
        )),
    }
}

/// The value without the spaces and tabs around it (RFC 9110, section 5.5).
fn without_blanks(value: &[u8]) -> &[u8] {
    let is_shown = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = value.iter().position(is_shown).unwrap_or(value.len());
    let end = value.iter().rposition(is_shown).map_or(start, |last| last + 1);
    &value[start..end]
}

/// Fields that carry secrets, whose values are not shown.
const SECRET: &[&str] = &["authorization", "proxy-authorization", "cookie", "set-cookie"];

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(name, value)| {
                let is_secret = SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret));
                let value =
                    if is_secret { "***".into() } else { String::from_utf8_lossy(value).into_owned() };
                (name, value)
            }))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::new();
        for (name, value) in pairs {
            fields.append(name, value).unwrap();
        }
        fields
    }

    #[test]
    fn setting_replaces_all_of_a_name_in_the_place_of_the_first() {
        let mut fields = of(&[("A", "1"), ("b", "2"), ("a", "3"), ("C", "4")]);
        fields.set("a", "5").unwrap();
        let left: Vec<_> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!((left, fields.get("A")), (vec!["a", "b", "C"], Some("5")));
        assert!(fields.remove("B") && !fields.remove("B"));
        assert!(!fields.contains("b"));
    }

    #[test]
    fn a_field_cannot_carry_another() {
        let mut fields = Fields::new();
        for (name, value) in [
            ("X: y\r\nZ", "1"),
            ("", "1"),
            ("X Y", "1"),
            ("X:", "1"),
            ("X", "1\r\nZ: 2"),
            ("X", "1\n"),
            ("X", "\0"),
        ] {
            assert!(fields.append(name, value).is_err(), "{name:?} {value:?}");
        }
        fields.append("X", " tab\tand \u{fc}\t ").unwrap();
        fields.append("Y", " ").unwrap();
        assert_eq!((fields.get("X"), fields.get("Y")), (Some("tab\tand \u{fc}"), Some("")));
    }

    #[test]
    fn secrets_are_not_shown() {
        let shown = format!("{:?}", of(&[("Authorization", "Basic c2VjcmV0"), ("X", "seen")]));
        assert!(!shown.contains("c2VjcmV0") && shown.contains("seen"), "{shown}");
    }

    proptest! {
        #[test]
        fn what_was_appended_is_found_again(names in proptest::collection::vec("[a-cA-C]{1,2}", 0..20)) {
            let mut fields = Fields::new();
            for (index, name) in names.iter().enumerate() {
                fields.append(name, index.to_string()).unwrap();
            }
            for name in &names {
                let expected: Vec<_> = names.iter().enumerate()
                    .filter(|(_, other)| other.eq_ignore_ascii_case(name))
                    .map(|(index, _)| index.to_string().into_bytes()).collect();
                prop_assert_eq!(fields.get_all(name).collect::<Vec<_>>(), expected);
            }
        }
    }
}
