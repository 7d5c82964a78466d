//! Voices: levels noted, long silence thinned out, redundancy kept for those who take it.

use str0m::rtp::{ExtensionValues, RtpWrite};

use super::{Arrival, Facts, Outgoing};
use crate::media::red;
use crate::media::source::SinkRef;
use crate::sfu::Sfu;
use crate::words::Codec;

/// Levels louder than this many -dBov are marked as voice (RFC 6464).
const VOICED: u8 = 60;

impl Sfu {
    pub(super) fn spread_voice(&mut self, arrival: Arrival) {
        let Some(source) = self.sources.get_mut(arrival.source) else {
            return;
        };
        let was_present = source.voice.is_present(self.now);
        let began = source.voice.heard(arrival.packet.level, self.now);
        source.layers[0].arrived(arrival.packet.payload.len(), self.now);
        if !was_present || (began && !self.is_chosen(arrival.source)) {
            self.select_voices();
            if std::mem::take(&mut self.reroute_due) {
                self.reroute();
            }
        }
        let Some(source) = self.sources.get_mut(arrival.source) else {
            return;
        };
        if !source.voice.worth_sending(self.now) {
            source.silenced = true;
            source.line_skipped = source.line_skipped.wrapping_add(1);
            return;
        }
        let resumes = std::mem::take(&mut source.silenced);
        self.stamp_voice(&arrival.packet, arrival.source);
        self.give_voice(arrival, resumes);
    }

    /// Hands a voice to all who have it in a slot, with redundancy where they take it.
    fn give_voice(&mut self, arrival: Arrival, resumes: bool) {
        let Arrival {
            source,
            seq,
            packet,
            facts,
        } = arrival;
        let Self {
            sources,
            peers,
            dirty,
            ended,
            now,
            ..
        } = self;
        let Some(source) = sources.get(source) else {
            return;
        };
        let mut outgoing = Outgoing { dirty, ended };
        let mut stripped = None;
        for SinkRef { peer: key, slot } in &source.sinks {
            let Some(peer) = peers.get_mut(*key) else {
                continue;
            };
            let types = peer.types;
            let Some(slot) = peer.slots.get_mut(*slot) else {
                continue;
            };
            if !slot.rewriter.is_joined() {
                slot.rewriter.join(seq, packet.timestamp, None, *now);
            } else if resumes {
                slot.rewriter.resume(seq);
            }
            let (pt, payload) = match (facts, types.red, types.opus) {
                (Facts::Red(facts), Some(red), Some(opus)) => {
                    let facts = red::RedFacts {
                        block_pt: Codec::RED_BLOCK,
                        ..facts
                    };
                    (red, red::renumber(&packet.payload, facts, *opus))
                }
                (Facts::Red(facts), None, Some(opus)) => (
                    opus,
                    stripped
                        .get_or_insert_with(|| red::strip(&packet.payload, facts))
                        .clone(),
                ),
                (_, _, Some(opus)) => (opus, packet.payload.clone()),
                _ => continue,
            };
            let Some(out) = slot.rewriter.rewrite(seq, packet.timestamp, None, *now) else {
                continue;
            };
            let level = packet.level.map(|level| -(level.min(127) as i8));
            let extensions = ExtensionValues {
                audio_level: level,
                voice_activity: Some(packet.level.is_some_and(|level| level < VOICED)),
                ..Default::default()
            };
            let write = RtpWrite::new(pt, out.seq.into(), out.timestamp, *now, payload);
            let ssrc = slot.ssrc;
            outgoing.send(
                peer,
                *key,
                ssrc,
                write.marker(packet.marker).ext_vals(extensions),
            );
        }
    }
}
