//! Benchmark figures: from the harnesses' CSV to the table in a page.

/// The columns of a harness's file, in this order, under a heading line with these names.
const COLUMNS: &str = "face,case,peer,median,low,high,unit,noise,goal";

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Row {
    fields: Vec<String>,
}

impl Row {
    fn field(&self, name: &str) -> &str {
        let position = COLUMNS.split(',').position(|column| column == name);
        position.and_then(|index| self.fields.get(index)).map_or("", String::as_str)
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
                Ok(Row { fields })
            } else {
                Err(format!("{wanted} fields expected: {line}"))
            }
        })
        .collect()
}

/// One Markdown table, in the order of the rows.
pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = String::from("| face | case | against | ratio | quartiles | by | noise | goal | met |\n");
    text.push_str("| --- | --- | --- | ---: | ---: | --- | ---: | ---: | --- |\n");
    for row in rows {
        let range = format!("{} .. {}", row.field("low"), row.field("high"));
        let cells = [
            row.field("face"),
            row.field("case"),
            row.field("peer"),
            row.field("median"),
            &range,
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
    let begin = format!("<!-- bench {name}: begin -->\n");
    let end = format!("<!-- bench {name}: end -->");
    let missing = || format!("docs/benchmarks.md needs the lines `{}` and `{end}`", begin.trim_end());
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}{}\n{end}{after}", body.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::{parse, render, replace};

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
        assert_eq!(rows[0], "| rust | send 1 B | libc | 1.02 | 1.00 .. 1.05 | cpu | 0.01 | 1.00 | yes |");
        assert!(rows[1].ends_with("| 1.00 | **no** |"));
        assert!(rows[2].ends_with("|  |  |"));
    }

    #[test]
    fn other_columns_or_a_short_line_are_refused() {
        assert!(parse("case,median\n").is_err());
        assert!(parse(&format!("{CSV}rust,too short\n")).unwrap_err().contains("too short"));
    }

    #[test]
    fn only_the_text_between_the_markers_changes() {
        let page = "a\n<!-- bench sockets: begin -->\nold\n<!-- bench sockets: end -->\nb\n";
        let once = replace(page, "sockets", "new\n").unwrap();
        assert_eq!(once, "a\n<!-- bench sockets: begin -->\nnew\n<!-- bench sockets: end -->\nb\n");
        assert_eq!(replace(&once, "sockets", "new").unwrap(), once);
        assert!(replace("a page without them", "sockets", "new").is_err());
    }
}
