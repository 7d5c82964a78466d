//! All slots of a robot: which stream arrives where, and the totals of each stream.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use str0m::media::Mid;
use str0m::rtp::{RtpPacket, Ssrc};

use super::count::{AudioSlot, PictureSlot, Totals};
use super::peer::Formats;
use crate::session::messages::Slot;

#[derive(Debug, Default)]
struct Arriving {
    stream: Option<String>,
    audio: AudioSlot,
    picture: PictureSlot,
}

/// The slots and the totals. Totals outlive reconnections.
#[derive(Debug)]
pub struct Slots {
    began: Instant,
    arriving: HashMap<(String, Mid), Arriving>,
    /// Totals by stream id; what came on a slot without a stream is under `?`.
    pub totals: BTreeMap<String, Totals>,
}

impl Slots {
    /// No slots yet; times are counted from `began`.
    pub fn new(began: Instant) -> Self {
        Self {
            began,
            arriving: HashMap::new(),
            totals: BTreeMap::new(),
        }
    }

    /// Takes the node's list of what arrives where.
    pub fn assigned(&mut self, slots: &[Slot]) {
        for slot in slots {
            let key = (slot.peer.clone(), Mid::from(slot.mid.as_str()));
            let arriving = self.arriving.entry(key).or_default();
            if arriving.stream != slot.stream {
                *arriving = Arriving {
                    stream: slot.stream.clone(),
                    ..Arriving::default()
                };
            }
        }
    }

    /// Forgets the slots of a peer that is over.
    pub fn forget(&mut self, peer: &str) {
        self.arriving.retain(|(of, _), _| of != peer);
    }

    /// Counts a packet. Returns the SSRC for which a keyframe should be asked.
    pub fn packet(
        &mut self,
        peer: &str,
        mid: Mid,
        packet: &RtpPacket,
        formats: Formats,
        now: Instant,
    ) -> Option<Ssrc> {
        let arriving = self.arriving.entry((peer.to_owned(), mid)).or_default();
        let stream = arriving.stream.clone().unwrap_or_else(|| "?".into());
        let totals = self.totals.entry(stream).or_default();
        let (seq, body, kind) = (*packet.seq_no, &packet.payload, packet.header.payload_type);
        let ms = now.saturating_duration_since(self.began).as_millis() as u64;
        if kind == formats.vp8 {
            let asks = arriving
                .picture
                .packet(totals, seq, body, packet.header.marker, now, ms);
            return asks.then_some(packet.header.ssrc);
        }
        arriving
            .audio
            .packet(totals, seq, body, Some(kind) == formats.red, ms);
        None
    }
}
