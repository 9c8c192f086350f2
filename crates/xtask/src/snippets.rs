//! Runs what the documents and the examples show: each Python block of a page, each file of `examples/`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::sink::Sink;
use crate::step::Halt;
use crate::venv::Venv;
use crate::workspace;

/// Runs each ```` ```python ```` block of the page in an interpreter of its own.
pub(crate) fn run_page(page: &str, venv: &Venv, sink: &Sink) -> Result<(), Halt> {
    let text = workspace::read(&workspace::root().join(page))?;
    let folder = workspace::target().join("xtask/snippets");
    fs::create_dir_all(&folder)?;
    let mut programs = Vec::new();
    for block in blocks(&text, "python") {
        let path = folder.join(format!("{}-line-{}.py", page.replace(['/', '.'], "-"), block.line));
        // As many empty lines before it as in the page, so that a traceback names the page's line.
        fs::write(&path, "\n".repeat(block.line) + &block.code)?;
        programs.push((format!("{page}:{}", block.line), strict_python(venv, &path)));
    }
    run_each(programs, sink)
}

/// Runs each Python example; the tour is a folder, and belongs to the demo.
pub(crate) fn run_python_examples(venv: &Venv, sink: &Sink) -> Result<(), Halt> {
    let examples = workspace::files_of(&workspace::root().join("examples"), "py")?;
    run_each(examples.iter().map(|path| (stem(path), strict_python(venv, path))).collect(), sink)
}

/// Runs each Rust example that is a single file; the folders belong to the demo.
pub(crate) fn run_rust_examples(sink: &Sink) -> Result<(), Halt> {
    let examples = workspace::files_of(&workspace::root().join("crates/sfml-network/examples"), "rs")?;
    let run =
        |name: &str| workspace::cargo(&["run", "--quiet", "--package", "sfml-network", "--example", name]);
    run_each(examples.iter().map(|path| (stem(path), run(&stem(path)))).collect(), sink)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn run_each(programs: Vec<(String, Command)>, sink: &Sink) -> Result<(), Halt> {
    if programs.is_empty() {
        return Err(Halt::Skipped("there is none yet".to_owned()));
    }
    let mut names = Vec::new();
    let mut failed = Vec::new();
    for (name, mut command) in programs {
        if sink.run(&mut command).is_err() {
            failed.push(name.clone());
        }
        names.push(name);
    }
    if !failed.is_empty() {
        return Err(Halt::Failed(format!(
            "{} of {} failed: {}",
            failed.len(),
            names.len(),
            failed.join(", ")
        )));
    }
    sink.note(format!("{} programs ran: {}", names.len(), names.join(", ")));
    Ok(())
}

fn strict_python(venv: &Venv, path: &Path) -> Command {
    let mut command = venv.python(&["-W", "error"]);
    command.arg(path);
    command
}

#[derive(Debug, Eq, PartialEq)]
struct Block {
    /// The line of its opening fence, counted from 1.
    line: usize,
    code: String,
}

/// The fenced blocks whose info string is exactly the language.
fn blocks(markdown: &str, language: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = markdown.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let code: String = body.flat_map(|line| [line, "\n"]).collect();
        if info.trim() == language {
            found.push(Block { line: index + 1, code });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks};

    const PAGE: &str = "\
# Title

```python
print(1)

print(2)
```

```rust
fn main() {}
```

```python no-run
launch()
```

```
```python
```

```python
print(3)
```
";

    #[test]
    fn blocks_of_the_language_are_found_with_their_lines() {
        let found = blocks(PAGE, "python");
        let expected = [
            Block { line: 3, code: "print(1)\n\nprint(2)\n".to_owned() },
            Block { line: 21, code: "print(3)\n".to_owned() },
        ];
        assert_eq!(found, expected);
        assert_eq!(blocks(PAGE, "rust").len(), 1);
    }

    #[test]
    fn unclosed_block_ends_with_the_page() {
        assert_eq!(blocks("```python\nx = 1", "python"), [Block { line: 1, code: "x = 1\n".to_owned() }]);
    }
}
