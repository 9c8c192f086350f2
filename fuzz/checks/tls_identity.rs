//! Any bytes as certificates and keys, PEM or DER: a configuration or an error.
//!
//! Input: the chain and the key in one text; behind a line `----` another key.

use crate::tls::{ClientConfig, ServerConfig};

const DIVIDER: &[u8] = b"\n----\n";

pub fn check(input: &[u8]) {
    let divider = input.windows(DIVIDER.len()).position(|window| window == DIVIDER);
    let (chain, key) = match divider {
        Some(at) => (&input[..at], &input[at + DIVIDER.len()..]),
        None => (input, input),
    };
    if let Ok(builder) = ServerConfig::builder(chain, key) {
        let _ = builder.build().map_err(|error| error.to_string());
    }
    if let Err(error) = ServerConfig::new(chain, key) {
        assert!(!error.to_string().is_empty());
    }
    if let Ok(builder) = ClientConfig::builder().roots(chain) {
        let _ = builder.build().map_err(|error| error.to_string());
        if let Ok(builder) = ServerConfig::builder(chain, key) {
            let _ = builder.required_client_certificates(chain).map(|builder| builder.build().is_ok());
        }
    }
}
