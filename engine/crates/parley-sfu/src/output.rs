//! All that a media room can want done. A closed list.

use std::net::SocketAddr;

use crate::crossing::MeetingPacket;
use crate::words::{Kind, Layers, PeerId, Proto, Room, SeatId, StreamId};

/// One thing to do; given by [`crate::Sfu::poll`] in the order in which it must be done.
#[derive(Debug)]
pub enum Output {
    /// Send these bytes. Neighbours with equal ends may be sent in one go.
    Transmit(Transmit),
    /// Tell the node.
    Event(Event),
    /// Give this to the line.
    Line(MeetingPacket),
    /// What the own viewers need of the other side: the whole list, on change.
    Wants(Vec<Want>),
    /// What this side offers to the other: live streams of its meeting room, the whole list, on change.
    Offered(Vec<OfferedStream>),
    /// A viewer needs a keyframe of a stream of the other side. Coalesced: at most one per layer in 300 ms.
    RemoteKeyframe {
        /// `other/…`
        stream: StreamId,
        /// Which layer.
        layer: u8,
    },
}

/// Bytes for a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    /// UDP, or the TCP connection between the two addresses (the shell frames by RFC 4571).
    pub proto: Proto,
    /// Our address.
    pub source: SocketAddr,
    /// The browser's.
    pub destination: SocketAddr,
    /// Content.
    pub bytes: Vec<u8>,
}

/// News for the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The answer to an offer.
    Answer {
        /// Whose.
        seat: SeatId,
        /// Which peer.
        peer: PeerId,
        /// The offer's number.
        request: u64,
        /// RFC 8866 text.
        sdp: String,
    },
    /// An offer that is not taken; a peer that was there before goes on as it was.
    Refused {
        /// Whose.
        seat: SeatId,
        /// Which peer.
        peer: PeerId,
        /// The offer's number.
        request: u64,
        /// A sentence saying why.
        reason: String,
    },
    /// A connection came up, was lost (ICE may restore it), or ended.
    PeerState {
        /// Whose.
        seat: SeatId,
        /// Which peer.
        peer: PeerId,
        /// How it is now.
        state: PeerState,
        /// A sentence; empty for `Connected`.
        reason: String,
    },
    /// Which receive m-line carries which stream: the whole list of that seat, before media of a new stream flows.
    Slots {
        /// Whose.
        seat: SeatId,
        /// All its slots.
        slots: Vec<SlotView>,
    },
    /// Who speaks in a room, loudest first. On change, at most 5 a second.
    Speaking {
        /// Where.
        room: Room,
        /// Who.
        speakers: Vec<Speaker>,
    },
    /// Measured: media of an own seat runs, runs with other layers, or has stopped (2 s of silence on the wire).
    Published {
        /// Whose.
        seat: SeatId,
        /// What.
        kind: Kind,
        /// Live layers.
        layers: Layers,
        /// Runs.
        active: bool,
    },
    /// A defect was caught: that peer is closed, all others are untouched.
    Panic {
        /// `seat/peer: doing`
        place: String,
        /// The panic's text.
        text: String,
    },
}

/// State of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerState {
    /// ICE and DTLS are up.
    Connected,
    /// ICE was lost; the peer is kept for [`crate::Limits::connect_within`].
    Disconnected,
    /// Ended; the same name may be offered anew.
    Closed,
}

impl PeerState {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            PeerState::Connected => "connected",
            PeerState::Disconnected => "disconnected",
            PeerState::Closed => "closed",
        }
    }
}

/// A receive m-line of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotView {
    /// Which peer of the seat.
    pub peer: PeerId,
    /// Its m-line (RFC 8843 mid).
    pub mid: String,
    /// What it carries.
    pub stream: Option<StreamId>,
}

/// Somebody who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// Their audio stream.
    pub stream: StreamId,
    /// Smoothed level in -dBov: 0 loudest, 127 silence.
    pub level: u8,
}

/// What the own viewers need of a stream of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// `other/…`, audio included while anybody is in the meeting.
    pub stream: StreamId,
    /// The layers that suit somebody's screen.
    pub layers: Layers,
    /// The highest weight a viewer gave it.
    pub weight: u32,
}

/// A live own stream of the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedStream {
    /// `own/…`
    pub stream: StreamId,
    /// Live layers.
    pub layers: Layers,
}
