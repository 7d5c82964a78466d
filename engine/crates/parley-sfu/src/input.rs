//! All that can happen to a media room. A closed list.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::words::{Codec, Layers, PeerId, Proto, Room, SeatId, StreamId};

/// One thing that happened; handed to [`crate::Sfu::handle`] with the time at which it did.
#[derive(Debug)]
pub enum Input<'a> {
    /// Bytes from the media socket. Nothing is believed about them.
    Datagram(Datagram<'a>),
    /// The node decided something.
    Command(Command),
    /// Which streams the other side offers now: the whole list (empty when the line is cut). Streams not in it stop.
    RemoteStreams(Vec<RemoteStream>),
    /// One packet of a stream of the other side, in the order in which the line delivers it. Packets of a stream that
    /// was not announced, and all while no meeting is open, are dropped and counted.
    RemotePacket(RemotePacket),
    /// What the other side wants of this one: the whole list.
    Demand(Demand),
    /// The other side needs a keyframe of an own stream. Coalesced with those of the own viewers.
    LineKeyframe {
        /// An own stream; ignored if it is not in the meeting.
        stream: StreamId,
        /// Which layer.
        layer: u8,
    },
    /// The time of [`crate::Sfu::poll_timeout`] has come.
    Timeout,
}

/// A datagram as received, or one RFC 4571 frame of an ICE-TCP connection without its length.
#[derive(Debug, Clone, Copy)]
pub struct Datagram<'a> {
    /// UDP or a TCP connection.
    pub proto: Proto,
    /// The sender's address.
    pub source: SocketAddr,
    /// Our address at which it arrived; must be one of the configured candidates to reach a peer.
    pub destination: SocketAddr,
    /// Content; at most 2,000 bytes are looked at.
    pub bytes: &'a [u8],
}

/// A decision of the node about seats and peers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A browser's offer: makes a peer, or renegotiates it. Answered by [`crate::Event::Answer`] or
    /// [`crate::Event::Refused`] with the same request number. The seat must have been placed before.
    Offer {
        /// Whose browser.
        seat: SeatId,
        /// Which of its connections.
        peer: PeerId,
        /// Chosen by the browser, given back.
        request: u64,
        /// RFC 8866 text.
        sdp: String,
    },
    /// Ends a peer and all its media at once.
    ClosePeer {
        /// Whose.
        seat: SeatId,
        /// Which.
        peer: PeerId,
    },
    /// Places a seat and gates what it publishes: a kind that is false is dropped at ingress from now on.
    Seat {
        /// Which.
        seat: SeatId,
        /// Where it is; `None`: it neither sends nor receives.
        room: Option<Room>,
        /// May be heard.
        audio: bool,
        /// May be seen.
        video: bool,
        /// May show a screen.
        slides: bool,
    },
    /// Ends a seat, its peers and all its media at once.
    CloseSeat {
        /// Which.
        seat: SeatId,
    },
    /// What a seat's screen shows: the whole list of pictures. Voices are chosen by the machine.
    Watch {
        /// Whose screen.
        seat: SeatId,
        /// In no particular order.
        wants: Vec<WatchWant>,
    },
    /// Whether media of the meeting may cross the line, in either direction. False from the start.
    Meeting {
        /// True while a meeting is open.
        open: bool,
    },
}

/// A picture on somebody's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchWant {
    /// A video or slides stream, own or other.
    pub stream: StreamId,
    /// How wide it is shown, in device pixels. 0: hidden, so not forwarded (its slot is kept).
    pub width: u32,
    /// Importance; the heavier win when slots or bandwidth are scarce.
    pub weight: u32,
}

/// A stream that the other side offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteStream {
    /// `other/…`
    pub stream: StreamId,
    /// Its live layers; audio and slides have layer 0 only.
    pub layers: Layers,
}

/// A media packet of the other side.
#[derive(Debug, Clone)]
pub struct RemotePacket {
    /// `other/…`, announced before.
    pub stream: StreamId,
    /// Layer, 0..=2.
    pub layer: u8,
    /// Encoding of the payload. RED blocks carry [`Codec::RED_BLOCK`].
    pub codec: Codec,
    /// RTP sequence number as the publisher's node numbered it. Gaps are losses.
    pub seq: u16,
    /// RTP timestamp (48 kHz for audio, 90 kHz for pictures).
    pub timestamp: u32,
    /// RTP marker bit.
    pub marker: bool,
    /// RFC 6464 level in -dBov (0 loudest, 127 silence), for audio.
    pub level: Option<u8>,
    /// RTP payload.
    pub payload: Arc<[u8]>,
}

/// What the other side wants of this side's meeting room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demand {
    /// Somebody over there listens.
    pub audio: bool,
    /// Own pictures and the layers of each that shall be given to the line. Streams not in it are not given.
    pub pictures: Vec<(StreamId, Layers)>,
}
