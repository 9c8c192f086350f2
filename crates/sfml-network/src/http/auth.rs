//! Who the client is, for the field `Authorization`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// `Basic` with a user and a password (RFC 7617), in UTF-8.
pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// `Bearer` with a token (RFC 6750).
pub(super) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_and_password_are_encoded_as_the_standard_shows() {
        assert_eq!(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic("test", "123£"), "Basic dGVzdDoxMjPCow==");
        assert_eq!(bearer("a.b"), "Bearer a.b");
    }
}
