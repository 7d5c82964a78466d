//! What a media room is told once, before the first input.

use std::net::SocketAddr;
use std::time::Duration;

/// Settings of an [`crate::Sfu`].
#[derive(Debug, Clone)]
pub struct Config {
    /// Addresses put as UDP host candidates into every answer, with the port of the media socket.
    pub udp: Vec<SocketAddr>,
    /// Addresses put as passive TCP host candidates (RFC 6544) into every answer; empty: no ICE-TCP.
    pub tcp: Vec<SocketAddr>,
    /// How many voices of a room a listener gets, and the line gets of this side.
    pub audio_slots: usize,
    /// Estimate the bandwidth towards each browser and pace towards it. Off for browsers on the node's own LAN, where a
    /// plain rule on reported loss does.
    pub estimate: bool,
    /// Caps on everything that a stranger or a browser can make grow.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            udp: Vec::new(),
            tcp: Vec::new(),
            audio_slots: 3,
            estimate: false,
            limits: Limits::default(),
        }
    }
}

/// Caps. What exceeds one is refused with a sentence or dropped and counted.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Peers of one seat.
    pub peers_per_seat: usize,
    /// Peers of the node.
    pub peers: usize,
    /// Bytes of an offer.
    pub sdp_bytes: usize,
    /// m-lines of an offer.
    pub m_lines: usize,
    /// Candidates in an offer.
    pub candidates: usize,
    /// Wants in one [`crate::Command::Watch`]; the rest of the list is ignored.
    pub wants: usize,
    /// Streams of the other side.
    pub remote_streams: usize,
    /// Answers per second to plain STUN requests, from all strangers together.
    pub stun_per_second: u32,
    /// How long a peer may take from its offer to its first connection, and to come back after its ICE was lost.
    pub connect_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            peers_per_seat: 6,
            peers: 2_000,
            sdp_bytes: 64 * 1024,
            m_lines: 16,
            candidates: 128,
            wants: 64,
            remote_streams: 600,
            stun_per_second: 200,
            connect_within: Duration::from_secs(30),
        }
    }
}
