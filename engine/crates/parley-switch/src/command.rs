//! What the node may ask of the engine. JSON objects told apart by `kind`; unknown fields are refused.

use serde::Deserialize;

/// A picture on somebody's screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchWant {
    /// `own/…` or `other/…`, video or slides.
    pub stream: String,
    /// Device pixels; 0: hidden.
    pub width: u32,
    /// Importance.
    pub weight: u32,
}

/// One command; see `spec/engine.md`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Pin this key (base64 DER SPKI) and dial these addresses; null: refuse all.
    LinePeer {
        /// The other side's key.
        spki: Option<String>,
        /// `ip:port`.
        addrs: Vec<String>,
    },
    /// Sever.
    LineClose {},
    /// Allow again.
    LineOpen {},
    /// A configured rate; 0: unknown.
    LineRate {
        /// kbit/s.
        kbit: u32,
    },
    /// One message to the other node's core, base64.
    LineSend {
        /// At most 64 KiB before base64.
        data: String,
    },
    /// Which meeting this node is in.
    Meeting {
        /// Its id, or null.
        id: Option<String>,
    },
    /// Places a seat and gates what it publishes.
    Seat {
        /// 16 hexadecimal digits.
        seat: String,
        /// none, caucus or meeting.
        room: String,
        /// May be heard.
        audio: bool,
        /// May be seen.
        video: bool,
        /// May share a screen.
        slides: bool,
    },
    /// Ends a seat and all its media at once.
    SeatClose {
        /// Which.
        seat: String,
    },
    /// A browser's offer.
    PeerOffer {
        /// Whose.
        seat: String,
        /// Which of its connections.
        peer: String,
        /// Given back with the answer.
        request: u64,
        /// RFC 8866 text.
        sdp: String,
    },
    /// Ends a peer.
    PeerClose {
        /// Whose.
        seat: String,
        /// Which.
        peer: String,
    },
    /// The whole list of pictures on a seat's screen.
    Watch {
        /// Whose.
        seat: String,
        /// What.
        wants: Vec<WatchWant>,
    },
}
