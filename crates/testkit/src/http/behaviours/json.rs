//! Rows as JSON (RFC 8259).

use super::super::text::{from_latin1, json_array, json_string};
use super::{Behaviour, Body, Call, Expect};

/// One row on a line.
pub(super) fn row(row: &Behaviour) -> String {
    object(&[
        ("name", json_string(row.name)),
        ("about", json_string(row.about)),
        ("section", json_string(row.source)),
        ("follows", row.follows.to_string()),
        ("decodes", row.decodes.to_string()),
        ("waits", row.waits.to_string()),
        ("most_requests", row.most_requests.map_or_else(|| "null".to_owned(), |most| most.to_string())),
        ("calls", json_array(row.calls.iter().map(call))),
    ])
}

fn call(call: &Call) -> String {
    let fields = call.request.fields.iter();
    let body = call.request.body.map_or_else(|| "null".to_owned(), |(byte, length)| filler(byte, length));
    object(&[
        ("opens_gate", call.opens_gate.to_string()),
        ("method", json_string(call.request.method)),
        (
            "fields",
            json_array(fields.map(|(name, value)| json_array([name, value].map(|text| json_string(text))))),
        ),
        ("body", body),
        ("expect", expect(&call.expect)),
    ])
}

fn expect(expect: &Expect) -> String {
    match expect {
        Expect::Answer(answer) => {
            let fields: Vec<(&str, String)> = answer
                .fields
                .iter()
                .map(|(name, values)| (*name, json_array(values.iter().map(|value| bytes(value)))))
                .collect();
            let reason = answer.reason.map_or_else(|| "null".to_owned(), bytes);
            object(&[(
                "answer",
                object(&[
                    ("status", answer.status.to_string()),
                    ("reason", reason),
                    ("fields", object(&fields)),
                    ("body", body(answer.body)),
                ]),
            )])
        }
        Expect::Fails(failures) => {
            let names = failures.iter().map(|failure| json_string(failure.name()));
            object(&[("fails", json_array(names))])
        }
        Expect::OneOf(choices) => object(&[("one_of", json_array(choices.iter().map(self::expect)))]),
    }
}

fn body(body: Body) -> String {
    match body {
        Body::Any => "null".to_owned(),
        Body::Is(wanted) => object(&[("is", bytes(wanted))]),
        Body::Repeats(byte, count) => object(&[("repeats", filler(byte, count))]),
        Body::Has(part) => object(&[("has", bytes(part))]),
        Body::Lacks(parts) => object(&[("lacks", json_array(parts.iter().map(|part| bytes(part))))]),
    }
}

/// A byte and how often it comes.
fn filler(byte: u8, count: u64) -> String {
    json_array([bytes(&[byte]), count.to_string()])
}

fn bytes(bytes: &[u8]) -> String {
    json_string(&from_latin1(bytes))
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}: {value}", json_string(name))).collect();
    format!("{{{}}}", members.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::named;

    #[test]
    fn a_row_is_a_line() {
        let line = super::row(&named("right").unwrap());
        assert!(line.starts_with(r#"{"name": "right", "about": "#), "{line}");
        let answer = r#"{"status": 200, "reason": "OK", "fields": {}, "body": {"is": "hello"}}"#;
        let end = format!("\"expect\": {{\"answer\": {answer}}}}}]}}");
        assert!(line.ends_with(&end), "{line}");
        assert!(!line.contains('\n'));
    }
}
