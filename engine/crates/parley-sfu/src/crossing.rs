//! What may cross the line, as a type.
//!
//! A caucus has no route to the line, and that is not a rule somebody has to remember but a type that cannot be made:
//!
//! - The line takes [`MeetingPacket`], nothing else. Its only field is private and its only constructor is
//!   [`MeetingPass::stamp`].
//! - A [`MeetingPass`] lives inside the place of a seat ([`Place::Meeting`]) and nowhere else: it is neither `Clone` nor
//!   `Copy`, it is made only by [`Place::enter`] for [`Room::Meeting`], and it dies when the seat goes elsewhere.
//! - A packet is stamped by borrowing the pass of the very seat that published it, at ingress. A seat in its caucus has
//!   no pass to borrow; there is no function from anything of a caucus to a `MeetingPacket`.
//! - Places are entered behind a fence (see `fence.rs`): a packet recorded before is not of this room, even when a
//!   retransmission or the redundancy of RED brings it later.

use std::sync::Arc;

use crate::words::{Codec, Room, SeatId, Side, StreamId};

/// The contents of a media packet, wherever it is.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub stream: StreamId,
    pub layer: u8,
    pub codec: Codec,
    pub seq: u16,
    pub timestamp: u32,
    pub marker: bool,
    pub level: Option<u8>,
    pub payload: Arc<[u8]>,
}

/// A packet that a seat of the meeting published: all that can be given to the line.
#[derive(Debug, Clone)]
pub struct MeetingPacket(Packet);

impl MeetingPacket {
    /// `own/…`
    pub fn stream(&self) -> StreamId {
        self.0.stream
    }
    /// Layer, 0..=2.
    pub fn layer(&self) -> u8 {
        self.0.layer
    }
    /// Encoding of the payload; RED blocks carry [`Codec::RED_BLOCK`].
    pub fn codec(&self) -> Codec {
        self.0.codec
    }
    /// RTP sequence number of the publisher, per layer.
    pub fn seq(&self) -> u16 {
        self.0.seq
    }
    /// RTP timestamp (48 kHz for audio, 90 kHz for pictures), per layer.
    pub fn timestamp(&self) -> u32 {
        self.0.timestamp
    }
    /// RTP marker bit: last packet of a frame, first of a talk spurt.
    pub fn marker(&self) -> bool {
        self.0.marker
    }
    /// RFC 6464 level in -dBov, for audio.
    pub fn level(&self) -> Option<u8> {
        self.0.level
    }
    /// RTP payload.
    pub fn payload(&self) -> &Arc<[u8]> {
        &self.0.payload
    }
}

/// Proof that a seat is in the meeting now.
#[derive(Debug)]
pub(crate) struct MeetingPass {
    seat: SeatId,
}

impl MeetingPass {
    /// The only way to make a [`MeetingPacket`]: of a packet of the very seat that holds this pass.
    pub fn stamp(&self, packet: Packet) -> Option<MeetingPacket> {
        let own = packet.stream.side == Side::Own && packet.stream.seat == self.seat;
        own.then_some(MeetingPacket(packet))
    }
}

/// Where a seat is.
#[derive(Debug)]
pub(crate) enum Place {
    Nowhere,
    Caucus,
    Meeting(MeetingPass),
}

impl Place {
    /// The only way to a [`MeetingPass`].
    pub fn enter(seat: SeatId, room: Option<Room>) -> Self {
        match room {
            None => Place::Nowhere,
            Some(Room::Caucus) => Place::Caucus,
            Some(Room::Meeting) => Place::Meeting(MeetingPass { seat }),
        }
    }

    pub fn room(&self) -> Option<Room> {
        match self {
            Place::Nowhere => None,
            Place::Caucus => Some(Room::Caucus),
            Place::Meeting(_) => Some(Room::Meeting),
        }
    }
}
