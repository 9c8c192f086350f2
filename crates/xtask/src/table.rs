//! Benchmark figures: from the harnesses' CSV to the table in a page.

/// The columns of a harness's file, in this order, under a heading line with these names.
const COLUMNS: &str = "face,case,peer,median,low,high,unit,noise,goal";

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Row {
    fields: Vec<String>,
    /// The lowest and the highest median, where several runs were merged.
    runs: Option<(String, String)>,
}

impl Row {
    fn field(&self, name: &str) -> &str {
        let position = COLUMNS.split(',').position(|column| column == name);
        position.and_then(|index| self.fields.get(index)).map_or("", String::as_str)
    }

    fn set(&mut self, name: &str, value: f64) {
        let position = COLUMNS.split(',').position(|column| column == name);
        if let Some(field) = position.and_then(|index| self.fields.get_mut(index)) {
            *field = format!("{value:.3}");
        }
    }

    /// What the row is about.
    fn subject(&self) -> [&str; 4] {
        ["face", "case", "peer", "unit"].map(|name| self.field(name))
    }

    /// Whether the median reaches the goal; nothing where there is none.
    fn verdict(&self) -> &'static str {
        let number = |name| self.field(name).parse::<f64>();
        match (number("median"), number("goal")) {
            (Ok(median), Ok(goal)) if median >= goal => "yes",
            (Ok(_), Ok(_)) => "**no**",
            _ => "",
        }
    }
}

/// Reads one harness's file. Fields hold no commas, so nothing is quoted.
pub(crate) fn parse(csv: &str) -> Result<Vec<Row>, String> {
    let mut lines = csv.lines();
    if lines.next().map(str::trim) != Some(COLUMNS) {
        return Err(format!("the first line must be {COLUMNS}"));
    }
    let wanted = COLUMNS.split(',').count();
    lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let fields: Vec<String> = line.split(',').map(|field| field.trim().to_owned()).collect();
            if fields.len() == wanted {
                Ok(Row { fields, runs: None })
            } else {
                Err(format!("{wanted} fields expected: {line}"))
            }
        })
        .collect()
}

/// The rows of several runs of one harness as one: of each number the median. A row that is not in every run is
/// judged by the runs it is in.
///
/// Where a program's code and data happen to lie changes some ratios by a tenth, and stays as it is for as long as
/// the program runs. So one run says little, however many rounds it has.
pub(crate) fn merge(runs: &[Vec<Row>]) -> Vec<Row> {
    let mut merged: Vec<Row> = runs.first().cloned().unwrap_or_default();
    for row in &mut merged {
        let same: Vec<&Row> =
            runs.iter().flatten().filter(|other| other.subject() == row.subject()).collect();
        let values = |name: &str| {
            let mut values: Vec<f64> = same.iter().filter_map(|row| row.field(name).parse().ok()).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let medians = values("median");
        if let (Some(lowest), Some(highest)) = (medians.first(), medians.last()) {
            row.runs = Some((format!("{lowest:.3}"), format!("{highest:.3}")));
        }
        for name in ["median", "low", "high", "noise"] {
            let values = values(name);
            if let Some(middle) = values.get(values.len() / 2) {
                row.set(name, *middle);
            }
        }
    }
    merged
}

/// One Markdown table, in the order of the rows.
pub(crate) fn render(rows: &[Row]) -> String {
    let mut text =
        String::from("| face | case | against | ratio | quartiles | runs | by | noise | goal | met |\n");
    text.push_str("| --- | --- | --- | ---: | ---: | ---: | --- | ---: | ---: | --- |\n");
    for row in rows {
        let range = format!("{} .. {}", row.field("low"), row.field("high"));
        let runs = row.runs.as_ref().map_or_else(String::new, |(low, high)| format!("{low} .. {high}"));
        let cells = [
            row.field("face"),
            row.field("case"),
            row.field("peer"),
            row.field("median"),
            &range,
            &runs,
            row.field("unit"),
            row.field("noise"),
            row.field("goal"),
            row.verdict(),
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// The page with what stands between the two markers of this name replaced.
pub(crate) fn replace(page: &str, name: &str, body: &str) -> Result<String, String> {
    let begin = format!("<!-- {name}: begin -->\n");
    let end = format!("<!-- {name}: end -->");
    let missing = || format!("the page needs the lines `{}` and `{end}`", begin.trim_end());
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}{}\n{end}{after}", body.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::{merge, parse, render, replace};

    const CSV: &str = "\
face,case,peer,median,low,high,unit,noise,goal
rust,send 1 B,libc,1.02,1.00,1.05,cpu,0.01,1.00
rust,send 1 B,std,0.98,0.97,1.01,cpu,0.01,1.00
rust,wait,poll,3.10,3.00,3.20,cpu,0.01,
";

    #[test]
    fn csv_becomes_a_table() {
        let table = render(&parse(CSV).unwrap());
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| rust | send 1 B | libc | 1.02 | 1.00 .. 1.05 |  | cpu | 0.01 | 1.00 | yes |");
        assert!(rows[1].ends_with("| 1.00 | **no** |"));
        assert!(rows[2].ends_with("|  |  |"));
    }

    #[test]
    fn several_runs_become_their_median_and_range() {
        let run = |median: &str| {
            let csv = "face,case,peer,median,low,high,unit,noise,goal\n";
            parse(&format!("{csv}rust,send,libc,{median},0.9,1.3,cpu,0.01,1.10\n")).unwrap()
        };
        let merged = render(&merge(&[run("1.20"), run("1.00"), run("1.11")]));
        let wanted =
            "| rust | send | libc | 1.110 | 0.900 .. 1.300 | 1.000 .. 1.200 | cpu | 0.010 | 1.10 | yes |";
        assert_eq!(merged.lines().last(), Some(wanted));
    }

    #[test]
    fn other_columns_or_a_short_line_are_refused() {
        assert!(parse("case,median\n").is_err());
        assert!(parse(&format!("{CSV}rust,too short\n")).unwrap_err().contains("too short"));
    }

    #[test]
    fn only_the_text_between_the_markers_changes() {
        let page = "a\n<!-- bench sockets: begin -->\nold\n<!-- bench sockets: end -->\nb\n";
        let once = replace(page, "bench sockets", "new\n").unwrap();
        assert_eq!(once, "a\n<!-- bench sockets: begin -->\nnew\n<!-- bench sockets: end -->\nb\n");
        assert_eq!(replace(&once, "bench sockets", "new").unwrap(), once);
        assert!(replace("a page without them", "bench sockets", "new").is_err());
    }
}
