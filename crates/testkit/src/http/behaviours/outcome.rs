//! `Outcome`: what a client tells of a call.

use std::fmt;

use super::expect::Failure;

/// What a call came to, as the client tells it.
#[derive(Clone, Eq, PartialEq)]
pub enum Outcome {
    /// An answer, and all of it.
    Answered {
        /// The status.
        status: u16,
        /// The reason phrase; `None` where the client does not tell it.
        reason: Option<Vec<u8>>,
        /// The fields in their order.
        fields: Vec<(String, Vec<u8>)>,
        /// The body, decoded where that was asked for.
        body: Vec<u8>,
    },
    /// None.
    Failed {
        /// Why; `None` where the client does not tell failures apart.
        failure: Option<Failure>,
        /// What the client says.
        why: String,
    },
    /// Nothing: the client has no way to do this.
    Impossible,
}

/// Bodies may be long, and bytes are easier to read as text.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, reason, fields, body } => {
                let reason = reason.as_deref().unwrap_or_default();
                write!(f, "{status} {:?} with {} bytes ", reason.escape_ascii().to_string(), body.len())?;
                write!(f, "{:?}", body[..body.len().min(SHOWN)].escape_ascii().to_string())?;
                for (name, value) in fields.iter().take(SHOWN) {
                    write!(f, ", {name}: {}", value[..value.len().min(SHOWN)].escape_ascii())?;
                }
                Ok(())
            }
            Self::Failed { failure: Some(failure), why } => write!(f, "failure {} ({why})", failure.name()),
            Self::Failed { failure: None, why } => write!(f, "a failure ({why})"),
            Self::Impossible => f.write_str("nothing"),
        }
    }
}

/// How much of a body, of a value and of the fields is shown.
const SHOWN: usize = 100;
