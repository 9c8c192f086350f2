//! The verdicts as Markdown.

use std::fmt::Write;

use testkit::ftp::behaviours::Verdict;

/// A row's name, and what the server does in it.
pub(super) type Row = (&'static str, &'static str);

/// A client's name, and what it made of each row.
pub(super) type Column = (String, Vec<Verdict>);

/// The numbers, the rows that some client does not pass, and the names of the others.
pub(super) fn render(rows: &[Row], columns: &[Column]) -> String {
    let mut page = summary(columns);
    let is_passed = |index: usize| {
        columns.iter().all(|(_, verdicts)| matches!(verdicts[index], Verdict::Right | Verdict::Impossible))
    };
    let (passed, failed): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|index| is_passed(*index));

    let labels: Vec<&str> = columns.iter().map(|(label, _)| &**label).collect();
    let _ = write!(page, "\n| row | the server | {} |\n", labels.join(" | "));
    let _ = writeln!(page, "|{}", " --- |".repeat(columns.len() + 2));
    for index in failed {
        let cells: Vec<String> = columns.iter().map(|(_, verdicts)| cell(&verdicts[index])).collect();
        let (name, about) = rows[index];
        let _ = writeln!(page, "| `{name}` | {about} | {} |", cells.join(" | "));
    }
    let names: Vec<String> = passed.iter().map(|index| format!("`{}`", rows[*index].0)).collect();
    let list = format!("Right in every client, {} rows: {}.", names.len(), names.join(", "));
    let _ = write!(page, "\n{}\n", wrapped(&list));
    page
}

/// Text in lines of the usual width.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        if width > 0 && width + 1 + word.len() > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += word.len();
    }
    lines
}

const WIDTH: usize = 118;

fn summary(columns: &[Column]) -> String {
    let mut table = String::from("| client | right | wrong | hangs | not counted |\n");
    table.push_str("| --- | ---: | ---: | ---: | ---: |\n");
    for (label, verdicts) in columns {
        let count = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| wanted(verdict)).count();
        let counts = [
            count(|verdict| *verdict == Verdict::Right),
            count(|verdict| matches!(verdict, Verdict::Wrong(_))),
            count(|verdict| *verdict == Verdict::Hung),
            count(|verdict| *verdict == Verdict::Impossible),
        ];
        let cells: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let _ = writeln!(table, "| {label} | {} |", cells.join(" | "));
    }
    table
}

/// What is right is seen less than what is not.
fn cell(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Right | Verdict::Impossible => verdict.to_string(),
        Verdict::Wrong(_) | Verdict::Hung => format!("**{verdict}**"),
    }
}
