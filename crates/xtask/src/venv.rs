//! Virtual environments of our own in the repository's root, with pinned tools.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::interpreter;
use crate::sink::Sink;
use crate::step::Halt;
use crate::workspace;

#[derive(Clone, Debug)]
pub(crate) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// `.venv`, with what builds and tests the package.
    pub(crate) fn main(sink: &Sink) -> Result<Self, Halt> {
        Self::prepare(".venv", "dev", sink)
    }

    /// `.venv-peers`, with what the benchmarks compare us with.
    pub(crate) fn peers(sink: &Sink) -> Result<Self, Halt> {
        Self::prepare(".venv-peers", "peers", sink)
    }

    /// Makes the environment, or reuses it where it still works and holds the group's pinned versions.
    fn prepare(name: &str, group: &str, sink: &Sink) -> Result<Self, Halt> {
        let venv = Self { folder: workspace::root().join(name) };
        let pyproject = workspace::read(&workspace::root().join("pyproject.toml"))?;
        let wanted = format!("pip=={PIP}\n{}", pinned_groups(&pyproject));
        let works = venv.works();
        if works && fs::read_to_string(venv.stamp()).is_ok_and(|stamp| stamp == wanted) {
            return Ok(venv);
        }
        if !works {
            let found = interpreter::find()?;
            sink.note(format!(
                "{name}: Python {} with pip {PIP} and the tools of group `{group}`",
                found.version
            ));
            let mut command = workspace::program(&found.path);
            sink.run_quietly(command.args(["-m", "venv", "--clear"]).arg(&venv.folder))?;
        }
        sink.run_quietly(&mut venv.pip(&["install", &format!("pip=={PIP}")]))?;
        sink.run_quietly(&mut venv.pip(&["install", "--group", group]))?;
        fs::write(venv.stamp(), wanted)?;
        Ok(venv)
    }

    /// The interpreter inside.
    pub(crate) fn interpreter(&self) -> PathBuf {
        if cfg!(windows) { self.folder.join("Scripts/python.exe") } else { self.folder.join("bin/python") }
    }

    /// `python ...`, run in the workspace.
    pub(crate) fn python(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::program(self.interpreter());
        command.args(arguments);
        command
    }

    /// `python -m pip ...`, with no more output than errors.
    pub(crate) fn pip(&self, arguments: &[&str]) -> Command {
        let mut command = self.python(&["-m", "pip", "--quiet", "--disable-pip-version-check"]);
        command.args(arguments);
        command
    }

    fn works(&self) -> bool {
        self.interpreter().exists()
            && self.pip(&["--version"]).output().is_ok_and(|output| output.status.success())
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("xtask-stamp")
    }
}

/// The pinned lists of `pyproject.toml`: what an environment was made from.
fn pinned_groups(pyproject: &str) -> &str {
    let start = pyproject.find("[dependency-groups]").unwrap_or(0);
    let section = &pyproject[start..];
    section[1..].find("\n[").map_or(section, |end| &section[..=end])
}

/// The first to read `[dependency-groups]` was 25.1.
const PIP: &str = "26.3";

#[cfg(test)]
mod tests {
    use super::pinned_groups;

    #[test]
    fn only_the_pinned_lists_make_an_environment_stale() {
        let page = "[project]\nname = 1\n[dependency-groups]\ndev = [\n    \"a==1\",\n]\n\n[tool.x]\ny = 2\n";
        assert_eq!(pinned_groups(page), "[dependency-groups]\ndev = [\n    \"a==1\",\n]\n");
    }
}
