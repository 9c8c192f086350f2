//! TLS: what it promises, with both ends ours, with other implementations, and with peers that do not behave.
#![cfg(feature = "tls")]

mod failures;
mod identities;
mod loopback;
mod scene;
mod second_opinion;
mod selector;
mod wire;
