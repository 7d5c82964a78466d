//! STUN before any peer is asked (RFC 8489): whose message it is, and the answer to plain requests.
//!
//! A browser that is told to ask the node for its own address sends a Binding request without credentials and gets
//! XOR-MAPPED-ADDRESS back, so that no outside server is ever asked. All answers together are rate limited.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

const HEADER: usize = 20;
const MAGIC: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;

/// A STUN message as far as the door must understand it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stun<'a> {
    /// A Binding request without credentials, with its transaction id.
    Plain([u8; 12]),
    /// For the peer with this ICE name.
    Named(&'a str),
    /// Anything else: an ICE-lite node never asks, so it expects no answers.
    Other,
}

/// `None`: not well formed.
pub(crate) fn read(bytes: &[u8]) -> Option<Stun<'_>> {
    let (header, mut rest) = bytes.split_at_checked(HEADER)?;
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    if length != rest.len() || length % 4 != 0 || header[4..8] != MAGIC {
        return None;
    }
    let mut with_integrity = false;
    let mut username = None;
    while !rest.is_empty() {
        let (head, body) = rest.split_at_checked(4)?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = body.get(..length)?;
        match u16::from_be_bytes([head[0], head[1]]) {
            USERNAME => username = Some(value),
            MESSAGE_INTEGRITY => with_integrity = true,
            _ => {}
        }
        rest = body.get(length.next_multiple_of(4)..)?;
    }
    let is_request = u16::from_be_bytes([header[0], header[1]]) == BINDING_REQUEST;
    match username {
        Some(username) if is_request => {
            let (local, _) = std::str::from_utf8(username).ok()?.split_once(':')?;
            Some(Stun::Named(local))
        }
        None if is_request && !with_integrity => Some(Stun::Plain(header[8..20].try_into().ok()?)),
        _ => Some(Stun::Other),
    }
}

/// The answer to a plain request from `source` (RFC 8489 section 14.2).
pub(crate) fn mapped_address(transaction: [u8; 12], source: SocketAddr) -> Vec<u8> {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&MAGIC);
    mask[4..].copy_from_slice(&transaction);
    let (family, address) = match source.ip() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    let value_length = 4 + address.len() as u16;
    let mut out = Vec::with_capacity(HEADER + 24);
    out.extend(BINDING_SUCCESS.to_be_bytes());
    out.extend((4 + value_length).to_be_bytes());
    out.extend(MAGIC);
    out.extend(transaction);
    out.extend(XOR_MAPPED_ADDRESS.to_be_bytes());
    out.extend(value_length.to_be_bytes());
    out.extend([0, family]);
    out.extend((source.port() ^ 0x2112).to_be_bytes());
    out.extend(address.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
    out
}

/// So many answers a second, a second's worth at once.
#[derive(Debug)]
pub(crate) struct AnswerBudget {
    per_second: f64,
    left: f64,
    at: Instant,
}

impl AnswerBudget {
    pub fn new(per_second: u32, now: Instant) -> Self {
        AnswerBudget {
            per_second: f64::from(per_second),
            left: f64::from(per_second),
            at: now,
        }
    }

    /// True: answer.
    pub fn spend(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + passed * self.per_second).min(self.per_second);
        let affordable = self.left >= 1.0;
        if affordable {
            self.left -= 1.0;
        }
        affordable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in attributes {
            body.extend(name.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut out = kind.to_be_bytes().to_vec();
        out.extend((body.len() as u16).to_be_bytes());
        out.extend(MAGIC);
        out.extend([7; 12]);
        out.extend(body);
        out
    }

    #[test]
    fn messages_are_told_apart() {
        assert_eq!(read(&message(1, &[])), Some(Stun::Plain([7; 12])));
        assert_eq!(
            read(&message(
                1,
                &[(USERNAME, b"local:remote"), (MESSAGE_INTEGRITY, &[0; 20])]
            )),
            Some(Stun::Named("local"))
        );
        assert_eq!(
            read(&message(1, &[(MESSAGE_INTEGRITY, &[0; 20])])),
            Some(Stun::Other)
        );
        assert_eq!(read(&message(BINDING_SUCCESS, &[])), Some(Stun::Other));
        assert_eq!(read(&message(1, &[(USERNAME, b"no colon")])), None);
        assert_eq!(read(&message(1, &[(USERNAME, b"\xff\xfe:x")])), None);
        let mut cut = message(1, &[(USERNAME, b"local:remote")]);
        cut.pop();
        assert_eq!(read(&cut), None);
        let mut lying = message(1, &[(USERNAME, b"local:remote")]);
        lying[HEADER + 3] = 200;
        assert_eq!(read(&lying), None, "an attribute longer than the message");
    }

    #[test]
    fn the_answer_is_the_asker_s_address_masked() {
        // RFC 5769 section 2.2, but for SOFTWARE, MESSAGE-INTEGRITY and FINGERPRINT: 192.0.2.1 port 32853.
        let transaction = [
            0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
        ];
        let answer = mapped_address(transaction, "192.0.2.1:32853".parse().unwrap());
        assert_eq!(
            answer[HEADER..],
            [
                0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43
            ]
        );
        assert_eq!(answer[..HEADER][8..], transaction);
    }

    #[test]
    fn answers_are_limited() {
        let now = Instant::now();
        let mut budget = AnswerBudget::new(10, now);
        assert_eq!((0..100).filter(|_| budget.spend(now)).count(), 10);
        let later = now + std::time::Duration::from_millis(500);
        assert_eq!((0..100).filter(|_| budget.spend(later)).count(), 5);
    }
}
