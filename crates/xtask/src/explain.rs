//! Turns what a tool printed when it failed into one sentence saying what is missing on this machine.

/// The sentence for the first sign found in the output, if any is known.
pub(crate) fn explain(output: &str) -> Option<&'static str> {
    let sign = |(signs, _): &&(&[&str], &str)| signs.iter().any(|sign| output.contains(sign));
    SENTENCES.iter().find(sign).map(|(_, sentence)| *sentence)
}

const SENTENCES: &[(&[&str], &str)] = &[
    (
        &[
            "ensurepip is not available",
            "No module named venv",
            "No module named 'venv'",
            "No module named ensurepip",
        ],
        "this Python cannot make virtual environments: install its venv module (Debian, Ubuntu: apt-get install python3-venv)",
    ),
    (
        &["linker `cc` not found", "linker `link.exe` not found", "no such file or directory: 'cc'"],
        "there is no C linker: install a C compiler (Debian, Ubuntu: apt-get install gcc libc6-dev; macOS: xcode-select --install; Windows: the Visual Studio build tools)",
    ),
    (
        &[
            "NewConnectionError",
            "NameResolutionError",
            "Temporary failure in name resolution",
            "Could not resolve host",
            "Could not connect to server",
            "failed to download from",
            "spurious network error",
            "(from versions: none)",
        ],
        "a package registry (crates.io or PyPI) could not be reached: this step needs the network the first time",
    ),
    (&["No space left on device", "os error 28"], "the disk is full"),
    (
        &["is not installed for the toolchain", "no such command: `fmt`", "no such command: `clippy`"],
        "rustfmt or clippy is missing: rustup component add rustfmt clippy",
    ),
];

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn missing_venv_module_is_named() {
        let printed =
            "The virtual environment was not created successfully because ensurepip is not available.";
        assert!(explain(printed).unwrap().contains("python3-venv"));
    }

    #[test]
    fn unreachable_registry_is_named_for_pip_and_for_cargo() {
        for printed in [
            "ERROR: Could not find a version that satisfies the requirement pip==26.3 (from versions: none)",
            "NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object>: Failed to establish')",
            "warning: spurious network error (3 tries remaining): [6] Could not resolve host: index.crates.io",
        ] {
            assert!(explain(printed).unwrap().contains("registry"), "{printed}");
        }
    }

    #[test]
    fn ordinary_failures_are_left_alone() {
        assert_eq!(explain("ERROR: No matching distribution found (from versions: 1.0, 1.1)"), None);
        assert_eq!(explain("error[E0308]: mismatched types"), None);
    }
}
