//! The words of the media room as values: who (seat, peer), what (stream, kind, codec, layers), where (side, room).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Why a word was not understood; the text is a sentence for the log of the caller, whose fault it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordError(pub(crate) &'static str);

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for WordError {}

/// A person's place at this or the other side: 64 random bits, written as 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeatId(pub u64);

impl fmt::Display for SeatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for SeatId {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 16 || !text.bytes().all(lower_hex) {
            return Err(WordError("a seat is 16 lower-case hexadecimal digits"));
        }
        u64::from_str_radix(text, 16)
            .map(SeatId)
            .map_err(|_| WordError("a seat is 16 lower-case hexadecimal digits"))
    }
}

/// A connection of a seat, named by its browser: 1 to 32 letters, digits, `-` or `_`. Unique within the seat only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(Arc<str>);

impl PeerId {
    /// The name as the browser wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PeerId {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || text.len() > 32 || !text.bytes().all(plain) {
            return Err(WordError("a peer is 1 to 32 letters, digits, - or _"));
        }
        Ok(PeerId(text.into()))
    }
}

/// Whose stream it is, as seen by this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Published by a browser of this node.
    Own,
    /// Arrived over the line.
    Other,
}

/// What a stream is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A microphone.
    Audio,
    /// A camera.
    Video,
    /// A shared screen.
    Slides,
}

impl Kind {
    /// The word used in stream ids and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Audio => "audio",
            Kind::Video => "video",
            Kind::Slides => "slides",
        }
    }

    /// True for all that has keyframes.
    pub fn is_picture(self) -> bool {
        self != Kind::Audio
    }
}

/// A published stream: `own/9f2c…/video`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId {
    /// Whose.
    pub side: Side,
    /// From which seat of that side.
    pub seat: SeatId,
    /// Which of its devices.
    pub kind: Kind,
}

impl StreamId {
    /// A stream of this side.
    pub fn own(seat: SeatId, kind: Kind) -> Self {
        StreamId {
            side: Side::Own,
            seat,
            kind,
        }
    }

    /// A stream of the other side.
    pub fn other(seat: SeatId, kind: Kind) -> Self {
        StreamId {
            side: Side::Other,
            seat,
            kind,
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.side == Side::Own {
            "own"
        } else {
            "other"
        };
        write!(f, "{side}/{}/{}", self.seat, self.kind.as_str())
    }
}

impl FromStr for StreamId {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let mut parts = text.splitn(3, '/');
        let side = match parts.next() {
            Some("own") => Side::Own,
            Some("other") => Side::Other,
            _ => return Err(WordError("a stream begins with own/ or other/")),
        };
        let seat = parts
            .next()
            .ok_or(WordError("a stream names a seat"))?
            .parse()?;
        let kind = match parts.next() {
            Some("audio") => Kind::Audio,
            Some("video") => Kind::Video,
            Some("slides") => Kind::Slides,
            _ => return Err(WordError("a stream ends with /audio, /video or /slides")),
        };
        Ok(StreamId { side, seat, kind })
    }
}

/// Where a seat is. A seat that is nowhere has no room (`Option<Room>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Room {
    /// The own delegation's room; nothing of it can cross.
    Caucus,
    /// The meeting with the other side.
    Meeting,
}

impl Room {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Room::Caucus => "caucus",
            Room::Meeting => "meeting",
        }
    }
}

/// How a datagram travels between node and browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Proto {
    /// A UDP datagram.
    Udp,
    /// One RFC 4571 frame of an ICE-TCP connection (RFC 6544), without its two length bytes.
    Tcp,
}

/// How a payload is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    /// RFC 7587.
    Opus,
    /// RFC 2198 with Opus blocks, whose block payload type is always [`Codec::RED_BLOCK`] outside of a peer.
    Red,
    /// RFC 7741.
    Vp8,
}

impl Codec {
    /// Payload type of the Opus blocks inside a RED payload, on the line and between peers.
    pub const RED_BLOCK: u8 = 111;
}

/// A set of layers: bit 0 = quarter (or the only one), bit 1 = half, bit 2 = full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Layers(pub u8);

impl Layers {
    /// The layers that exist: 0, 1 and 2.
    pub const COUNT: usize = 3;

    /// Just this layer; empty when there is no such layer.
    pub fn only(layer: u8) -> Self {
        if (layer as usize) < Self::COUNT {
            Layers(1 << layer)
        } else {
            Layers(0)
        }
    }

    /// True if the layer is in the set.
    pub fn has(self, layer: u8) -> bool {
        (layer as usize) < Self::COUNT && self.0 & (1 << layer) != 0
    }

    /// The union.
    #[must_use]
    pub fn with(self, other: Layers) -> Self {
        Layers(self.0 | other.0)
    }

    /// True if there is none.
    pub fn is_empty(self) -> bool {
        self.0 & 0b111 == 0
    }

    /// Its layers, low first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = u8> {
        (0..Self::COUNT as u8).filter(move |l| self.has(*l))
    }
}
