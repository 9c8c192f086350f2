//! What there is to ask for.

use std::io;

use super::answer::{Answer, Body};
use super::content::{BROTLI, COMPRESSED_TEXT, GZIP, LATIN1_TEXT};
use super::exchange::Exchange;
use super::head::Head;
use super::journal::Received;
use super::ranges::{Wanted, wanted};
use super::text::{base64, decoded, from_latin1, json_array, json_string, query_pairs};

/// Answers the request; returns whether the connection can be used on.
pub(super) fn serve(mut exchange: Exchange<'_>) -> io::Result<bool> {
    let head = exchange.head.clone();
    let parts: Vec<String> = head.path().split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
    let answer = match parts[..] {
        ["get"] => echo_for(&["GET", "HEAD"], &mut exchange)?,
        ["post"] => echo_for(&["POST"], &mut exchange)?,
        ["anything", ..] => echo(&exchange.read_body()?),
        ["upload"] => summary(&exchange.read_body()?),
        ["slow"] => {
            exchange.read_body()?;
            exchange.wait_for_release();
            Answer::text(200, HALVES)
        }
        ["slow", "body"] => Answer::text(200, "").content(Body::InHalves(HALVES)),
        _ => fixed(&head, &parts),
    };
    exchange.answer(answer)
}

/// The answers that do not depend on a body.
fn fixed(head: &Head, parts: &[&str]) -> Answer {
    let found = match parts {
        [""] => Some(Answer::text(200, "This is the HTTP server of the tests.\n")),
        ["bytes", length] => length.parse().ok().map(|length| file(head, length)),
        ["chunked", length] => length
            .parse()
            .ok()
            .map(|length| Answer::new(200).field("Content-Type", BYTES).content(Body::Chunked(length))),
        ["status", code] => {
            let code = code.parse().ok().filter(|code| (200..=999).contains(code));
            code.map(|code| match Answer::new(code) {
                bodiless if bodiless.is_bodiless() => bodiless,
                _ => Answer::text(code, &format!("{code}\n")),
            })
        }
        ["redirect", count] => count.parse().ok().map(|count: u32| match count {
            0 | 1 => Answer::redirect(302, "/get"),
            _ => Answer::redirect(302, format!("/redirect/{}", count - 1)),
        }),
        ["redirect-to"] => redirect_to(head),
        ["gzip"] => Some(Answer::text(200, "").field("Content-Encoding", "gzip").body(GZIP)),
        ["brotli"] => Some(Answer::text(200, "").field("Content-Encoding", "br").body(BROTLI)),
        ["plain"] => Some(Answer::text(200, COMPRESSED_TEXT)),
        ["cookies"] => {
            let cookies = head.field("cookie").unwrap_or_default();
            let cookies = cookies.split("; ").filter(|cookie| !cookie.is_empty()).map(json_string);
            Some(Answer::json(format!("{{\"cookies\": {}}}", json_array(cookies))))
        }
        ["cookies", "set"] => {
            let cookies = query_pairs(head.query());
            Some(cookies.into_iter().fold(Answer::redirect(302, "/cookies"), |answer, (name, value)| {
                answer.field("Set-Cookie", format!("{name}={value}; Path=/").replace(char::is_control, ""))
            }))
        }
        ["basic-auth", user, password] => Some(protected(head, user, password)),
        ["says", text] => Some(Answer::text(200, &format!("{text}\n"))),
        ["text", "latin1"] => {
            let bytes: Vec<u8> = LATIN1_TEXT.chars().filter_map(|letter| u8::try_from(letter).ok()).collect();
            Some(Answer::new(200).field("Content-Type", "text/plain; charset=iso-8859-1").body(bytes))
        }
        _ => None,
    };
    found.unwrap_or_else(|| Answer::text(404, "There is nothing of this name here.\n"))
}

/// The pseudo-random bytes as a file that does not change.
fn file(head: &Head, length: u64) -> Answer {
    let tag = format!("\"bytes-{length}\"");
    let answer = |status| {
        Answer::new(status)
            .field("ETag", &*tag)
            .field("Last-Modified", LAST_MODIFIED)
            .field("Accept-Ranges", "bytes")
    };
    if head.field("if-none-match").is_some_and(|tags| tags.contains(&tag)) {
        return answer(304);
    }
    let answer = |status| answer(status).field("Content-Type", BYTES);
    match wanted(head, length, [&tag, LAST_MODIFIED]) {
        Wanted::Whole => answer(200).content(Body::PseudoRandom(0..length)),
        Wanted::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            answer(206).field("Content-Range", range).content(Body::PseudoRandom(part))
        }
        Wanted::Impossible => answer(416).field("Content-Range", format!("bytes */{length}")),
    }
}

fn redirect_to(head: &Head) -> Option<Answer> {
    let pairs = query_pairs(head.query());
    let value = |name: &str| pairs.iter().find(|(found, _)| found == name).map(|(_, value)| &**value);
    let code = value("code").unwrap_or("302").parse().ok().filter(|code| (300..400).contains(code))?;
    Some(Answer::redirect(code, value("url")?.replace(char::is_control, "")))
}

fn protected(head: &Head, user: &str, password: &str) -> Answer {
    let right = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
    if head.field("authorization").as_deref() == Some(&right) {
        Answer::json(format!("{{\"user\": {}}}", json_string(user)))
    } else {
        Answer::text(401, "Who are you?\n").field("WWW-Authenticate", "Basic realm=\"testkit\"")
    }
}

fn echo_for(methods: &[&str], exchange: &mut Exchange<'_>) -> io::Result<Answer> {
    let request = exchange.read_body()?;
    if methods.contains(&&*request.method) {
        return Ok(echo(&request));
    }
    Ok(Answer::text(405, "").field("Allow", methods.join(", ")))
}

/// The request as JSON, where each character stands for a byte.
fn echo(request: &Received) -> Answer {
    let lines = request.lines.iter().map(|line| json_string(&from_latin1(line)));
    Answer::json(format!(
        "{{\"method\": {}, \"target\": {}, \"version\": {}, \"fields\": {}, \"body\": {}}}",
        json_string(&request.method),
        json_string(&request.target),
        json_string(&request.version),
        json_array(lines),
        json_string(&from_latin1(&request.body)),
    ))
}

fn summary(request: &Received) -> Answer {
    let sum = request.body_checksum.value();
    Answer::json(format!("{{\"length\": {}, \"crc32\": \"{sum:08x}\"}}", request.body_length))
}

const BYTES: &str = "application/octet-stream";

const HALVES: &str = "This was worth waiting for.\n";

const LAST_MODIFIED: &str = "Wed, 01 Jan 2025 00:00:00 GMT";
