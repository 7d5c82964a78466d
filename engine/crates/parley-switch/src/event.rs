//! What the engine tells the node. JSON objects told apart by `kind`.

use serde::Serialize;

/// A receive m-line and what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Which peer.
    pub peer: String,
    /// Its m-line.
    pub mid: String,
    /// What it carries.
    pub stream: Option<String>,
}

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Speaker {
    /// Their voice.
    pub stream: String,
    /// -dBov.
    pub level: u8,
}

/// One event; see `spec/engine.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The answer to an offer.
    PeerAnswer {
        /// Whose.
        seat: String,
        /// Which peer.
        peer: String,
        /// The offer's number.
        request: u64,
        /// RFC 8866 text.
        sdp: String,
    },
    /// An offer that is not taken.
    PeerRefused {
        /// Whose.
        seat: String,
        /// Which peer.
        peer: String,
        /// The offer's number.
        request: u64,
        /// A sentence.
        reason: String,
    },
    /// A peer came up, was lost or ended.
    PeerState {
        /// Whose.
        seat: String,
        /// Which peer.
        peer: String,
        /// connected, disconnected or closed.
        state: &'static str,
        /// A sentence, or empty.
        reason: String,
    },
    /// Which slots carry what.
    Slots {
        /// Whose.
        seat: String,
        /// The whole list.
        slots: Vec<Slot>,
    },
    /// Who speaks.
    Speaking {
        /// Where.
        room: &'static str,
        /// Loudest first.
        speakers: Vec<Speaker>,
    },
    /// Media of an own seat runs or stopped.
    Published {
        /// Whose.
        seat: String,
        /// audio, video or slides.
        media: &'static str,
        /// Live layers.
        layers: Vec<u8>,
        /// Runs.
        active: bool,
    },
    /// A defect was caught; that peer is closed.
    Panic {
        /// Where it was.
        #[serde(rename = "where")]
        place: String,
        /// What it said.
        text: String,
    },
    /// The line came up or went down.
    LineState {
        /// linked or down.
        state: &'static str,
        /// A sentence, or empty.
        reason: String,
        /// The other node's address, while linked.
        addr: Option<String>,
    },
    /// A message of the other node's core, base64.
    LineReceived {
        /// Its bytes.
        data: String,
    },
    /// A key that is not pinned knocked.
    LineRefused {
        /// Its SPKI, base64.
        spki: String,
        /// unknown_key or no_peer.
        reason: &'static str,
    },
}
