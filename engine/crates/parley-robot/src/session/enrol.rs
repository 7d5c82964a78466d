//! From the one-time link to the cookie, and who the seat is: two small HTTP requests.

use std::io::{Read, Write};

use serde_json::Value;

use super::SessionError;
use super::link::Link;
use super::wire::{Trust, Wire};

/// Bytes of an answer at most.
const LARGEST: u64 = 256 * 1024;

struct Reply {
    status: u16,
    cookies: Vec<String>,
    body: Value,
}

fn ask(
    link: &Link,
    trust: &Trust,
    request: &str,
    headers: &str,
    body: &str,
) -> Result<Reply, SessionError> {
    let mut wire = Wire::connect(link, trust)?;
    let (authority, origin, length) = (&link.authority, link.origin(), body.len());
    let message = format!(
        "{request} HTTP/1.1\r\nHost: {authority}\r\nOrigin: {origin}\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    let lost = |error: std::io::Error| {
        SessionError::lost(format!("{authority} did not answer {request}: {error}."))
    };
    wire.write_all(message.as_bytes())
        .and_then(|()| wire.flush())
        .map_err(lost)?;
    let mut answer = Vec::new();
    let read = wire.take(LARGEST).read_to_end(&mut answer);
    if answer.is_empty() {
        read.map_err(lost)?;
    }
    parse(&answer)
        .ok_or_else(|| SessionError::lost(format!("{authority} did not answer {request} in HTTP.")))
}

fn parse(answer: &[u8]) -> Option<Reply> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let cookies = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|(_, value)| value.split(';').next())
        .map(|cookie| cookie.trim().to_owned())
        .collect();
    let json = body
        .find('{')
        .zip(body.rfind('}'))
        .and_then(|(first, last)| body.get(first..=last));
    let body = json
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or(Value::Null);
    Some(Reply {
        status,
        cookies,
        body,
    })
}

/// Exchanges the link for a cookie (`name=value`).
///
/// # Errors
/// When the node is not there, or refuses the token.
pub fn enrol(link: &Link, trust: &Trust) -> Result<String, SessionError> {
    let body = serde_json::json!({ "token": link.token }).to_string();
    let reply = ask(link, trust, "POST /api/enrol", "", &body)?;
    let mut cookies = reply.cookies;
    match (reply.status, cookies.pop()) {
        (200..=299, Some(cookie)) => Ok(cookie),
        (status @ 400..=499, _) => {
            let code = reply
                .body
                .pointer("/error/code")
                .and_then(Value::as_str)
                .unwrap_or("no reason");
            Err(SessionError::refused(format!(
                "The node refused the link ({status}, {code})."
            )))
        }
        (status, _) => Err(SessionError::lost(format!(
            "The node gave no seat ({status})."
        ))),
    }
}

/// Who the seat is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's name.
    pub name: String,
    /// The role, as the node names it.
    pub role: String,
}

/// Asks who the seat of a cookie is.
///
/// # Errors
/// When the node is not there, or no longer knows the cookie.
pub fn whoami(link: &Link, trust: &Trust, cookie: &str) -> Result<Identity, SessionError> {
    let reply = ask(
        link,
        trust,
        "GET /api/me",
        &format!("Cookie: {cookie}\r\n"),
        "",
    )?;
    match reply.status {
        200..=299 => {
            let text = |name: &str| {
                reply
                    .body
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            Ok(Identity {
                name: text("name"),
                role: text("role"),
            })
        }
        401 | 403 => Err(SessionError::refused("The seat is no longer this robot's.")),
        status => Err(SessionError::lost(format!(
            "The node did not say whose seat it is ({status})."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-type: x\r\nSet-Cookie: parley=abc; HttpOnly; Path=/\r\n\r\n{\"seat\":\"1\"}";
        let reply = parse(answer).unwrap();
        assert_eq!(
            (reply.status, reply.cookies),
            (201, vec!["parley=abc".to_owned()])
        );
        assert_eq!(reply.body["seat"], "1");
        assert!(parse(b"garbage").is_none());
    }
}
