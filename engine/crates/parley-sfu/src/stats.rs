//! What is counted and measured.

use std::collections::BTreeMap;

use crate::words::{Layers, PeerId, SeatId, StreamId};

/// Why something was thrown away. Each has a word for `stats()["media"]["dropped"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DropReason {
    /// Not STUN, DTLS, RTP or RTCP by its first byte and length (RFC 7983), or longer than 2,000 bytes.
    Garbage,
    /// A STUN message that does not parse.
    StunMalformed,
    /// A STUN message for no peer of ours, or without its key.
    StunUnknown,
    /// A plain STUN request above the rate limit.
    StunFlood,
    /// DTLS from an address that ICE has not validated.
    DtlsUnvalidated,
    /// RTP or RTCP from an address that ICE has not validated.
    MediaUnvalidated,
    /// A peer's machine refused the datagram.
    PeerRefused,
    /// RTP or RTCP too short or too badly formed to be authenticated.
    MediaMalformed,
    /// RTP whose payload is not what its codec allows.
    PayloadMalformed,
    /// The seat may not publish this now.
    Gated,
    /// The seat is in no room.
    NoRoom,
    /// Media of an m-line that is none of mic, camera and screen.
    NotASource,
    /// Recorded before the seat entered this room or its gate opened (retransmission, reordering).
    BeforeFence,
    /// A packet of the other side while no meeting is open.
    NoMeeting,
    /// A packet of the other side's stream that was not announced, or of a layer or codec it cannot have.
    RemoteUnknown,
}

impl DropReason {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            DropReason::Garbage => "garbage",
            DropReason::StunMalformed => "stun_malformed",
            DropReason::StunUnknown => "stun_unknown",
            DropReason::StunFlood => "stun_flood",
            DropReason::DtlsUnvalidated => "dtls_unvalidated",
            DropReason::MediaUnvalidated => "media_unvalidated",
            DropReason::PeerRefused => "peer_refused",
            DropReason::MediaMalformed => "media_malformed",
            DropReason::PayloadMalformed => "payload_malformed",
            DropReason::Gated => "gated",
            DropReason::NoRoom => "no_room",
            DropReason::NotASource => "not_a_source",
            DropReason::BeforeFence => "before_fence",
            DropReason::NoMeeting => "no_meeting",
            DropReason::RemoteUnknown => "remote_unknown",
        }
    }
}

/// A snapshot; counters since start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MediaStats {
    /// Peers that are there, connected or not.
    pub peers: usize,
    /// Datagrams taken.
    pub packets_in: u64,
    /// Datagrams given out.
    pub packets_out: u64,
    /// Thrown away, by reason.
    pub dropped: BTreeMap<DropReason, u64>,
    /// By seat.
    pub seats: BTreeMap<SeatId, SeatStats>,
    /// Streams of the other side and who is fed from them.
    pub remote: Vec<StreamViewers>,
    /// Own streams given to the line.
    pub to_line: Vec<(StreamId, Layers)>,
}

/// How a seat's connections are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeatStats {
    /// Its peers.
    pub peers: Vec<PeerId>,
    /// Round trip in ms, when measured (RFC 3550 reports).
    pub rtt_ms: Option<f64>,
    /// Share lost towards the browser, 0..1, as it last reported.
    pub loss: Option<f64>,
    /// Towards the browser over the last full second.
    pub out_kbit: f64,
    /// From the browser over the last full second.
    pub in_kbit: f64,
}

/// Who is fed from one layer of a stream of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamViewers {
    /// `other/…`
    pub stream: StreamId,
    /// Which layer.
    pub layer: u8,
    /// Seats fed from it now.
    pub viewers: usize,
}
