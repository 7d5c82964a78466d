//! The way of a packet: checked (`admit`), stamped for the line (`../line`), given to all who play (`voice`) or show it
//! (`picture`).

mod admit;
mod picture;
mod voice;

use std::collections::VecDeque;

use str0m::rtp::{RtpPacket, RtpWrite, Ssrc};

use crate::crossing::Packet;
use crate::input::RemotePacket;
use crate::media::{red, vp8};
use crate::peer::Peer;
use crate::sfu::Sfu;

/// What was found in a payload.
#[derive(Debug, Clone, Copy)]
enum Facts {
    Opus,
    Red(red::RedFacts),
    Vp8(vp8::Vp8Facts),
}

/// A packet that may be forwarded.
#[derive(Debug)]
struct Arrival {
    source: usize,
    /// The publisher's sequence number, 64 bits long.
    seq: u64,
    packet: Packet,
    facts: Facts,
}

impl Sfu {
    /// A packet that a browser published and str0m authenticated.
    pub(super) fn own_packet(&mut self, key: usize, rtp: RtpPacket) {
        match self.admit_own(key, rtp) {
            Ok(Some(arrival)) => self.spread(arrival),
            Ok(None) => {}
            Err(reason) => self.drop_one(reason),
        }
    }

    /// A packet that came over the line.
    pub(super) fn remote_packet(&mut self, packet: RemotePacket) {
        match self.admit_remote(packet) {
            Ok(arrival) => self.spread(arrival),
            Err(reason) => self.drop_one(reason),
        }
    }

    fn spread(&mut self, arrival: Arrival) {
        match arrival.facts {
            Facts::Vp8(facts) => self.spread_picture(arrival, facts),
            Facts::Opus | Facts::Red(_) => self.spread_voice(arrival),
        }
    }
}

/// What a hot loop may touch of the room besides sources and peers.
struct Outgoing<'a> {
    dirty: &'a mut VecDeque<usize>,
    ended: &'a mut Vec<(usize, String)>,
}

impl Outgoing<'_> {
    /// Queues a packet at a peer, which is let out later with all others.
    fn send(&mut self, peer: &mut Peer, key: usize, ssrc: Ssrc, write: RtpWrite) {
        if !peer.dirty {
            peer.dirty = true;
            self.dirty.push_back(key);
        }
        if let Err(text) = peer.write(ssrc, write) {
            let reason = format!("The connection failed inside the node and was closed: {text}.");
            self.ended.push((key, reason));
        }
    }
}
