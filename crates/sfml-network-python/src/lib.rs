//! The extension module `sfml_network._native`.
