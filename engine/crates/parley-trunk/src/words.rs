//! The words of the line as values.

use std::sync::Arc;

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

/// A published stream of one side: the seat's number and the kind. Which side is told by the direction it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamKey {
    /// The seat's 64 bits.
    pub seat: u64,
    /// Which of its devices.
    pub kind: Kind,
}

/// How a payload is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// RFC 7587.
    Opus,
    /// RFC 2198 with Opus blocks.
    Red,
    /// RFC 7741.
    Vp8,
}

/// One media packet, as the sending node had it and the receiving node gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which stream.
    pub stream: StreamKey,
    /// Layer 0..=2.
    pub layer: u8,
    /// Encoding of the payload.
    pub codec: Codec,
    /// RTP sequence number of the layer.
    pub seq: u16,
    /// RTP timestamp of the layer.
    pub timestamp: u32,
    /// RTP marker bit.
    pub marker: bool,
    /// RFC 6464 level, for audio.
    pub level: Option<u8>,
    /// RTP payload.
    pub payload: Arc<[u8]>,
}

/// The classes of the line in the order in which they are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// What the nodes say to each other.
    Control,
    /// The voice of the liaison desks.
    Hotline,
    /// Voices of the floor.
    Audio,
    /// Shared screens.
    Slides,
    /// Cameras.
    Video,
    /// Files.
    Files,
}

impl Class {
    /// All classes, first served first.
    pub const ALL: [Class; 6] = [
        Class::Control,
        Class::Hotline,
        Class::Audio,
        Class::Slides,
        Class::Video,
        Class::Files,
    ];

    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Control => "control",
            Class::Hotline => "hotline",
            Class::Audio => "audio",
            Class::Slides => "slides",
            Class::Video => "video",
            Class::Files => "files",
        }
    }

    /// The class in which a stream of this kind travels.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Audio => Class::Audio,
            Kind::Slides => Class::Slides,
            Kind::Video => Class::Video,
        }
    }
}

/// A stream that one side offers, with its live layers (bit 0 = quarter).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Which stream.
    pub stream: StreamKey,
    /// Live layers.
    pub layers: u8,
}

/// What the viewers of one side need of a picture of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// Which stream.
    pub stream: StreamKey,
    /// Layers of use to somebody.
    pub layers: u8,
    /// The heavier wins when the line is thin.
    pub weight: u16,
}
