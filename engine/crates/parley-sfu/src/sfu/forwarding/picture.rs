//! Pictures: layers joined at their keyframes, numbers rewritten, keyframes asked for.

use str0m::media::Mid;
use str0m::rtp::RtpWrite;

use super::{Arrival, Outgoing};
use crate::crossing::Packet;
use crate::media::source::{Held, Layer, Origin, SinkRef, Source};
use crate::media::vp8::Vp8Facts;
use crate::output::Output;
use crate::peer::Peer;
use crate::sfu::Sfu;

/// Packets kept of a layer that somebody awaits: as many as a big keyframe has.
const MOST_HELD: usize = 256;

impl Sfu {
    pub(super) fn spread_picture(&mut self, arrival: Arrival, facts: Vp8Facts) {
        let (key, layer) = (arrival.source, arrival.packet.layer);
        let now = self.now;
        let Some(source) = self.sources.get_mut(key) else {
            return;
        };
        let state = &mut source.layers[usize::from(layer)];
        let mut changed = state.arrived(arrival.packet.payload.len(), now);
        if facts.starts_keyframe {
            state.keyframes.satisfied();
            changed |= facts.width.is_some() && state.width != facts.width;
            state.width = facts.width.or(state.width);
        }
        if changed {
            self.retarget(key);
        }
        let held = self.hold(&arrival, &facts);
        self.stamp_picture(&arrival.packet, key, facts.starts_keyframe);
        let joined = self.give_picture(&arrival, &facts);
        for late in held {
            self.stamp_picture(&late.packet, key, false);
            self.give_held(&late, &joined);
        }
        if !joined.is_empty() {
            self.relist(key);
        }
    }

    /// The beginning of a keyframe may arrive after its other packets (it was lost and sent again). While somebody awaits the
    /// layer they are held, and given back when the beginning comes.
    fn hold(&mut self, arrival: &Arrival, facts: &Vp8Facts) -> Vec<Held> {
        let Some(source) = self.sources.get_mut(arrival.source) else {
            return Vec::new();
        };
        let number = arrival.packet.layer;
        let for_line = source.demanded.has(number);
        let layer: &mut Layer = &mut source.layers[usize::from(number)];
        if facts.starts_keyframe {
            let mut held = std::mem::take(&mut layer.held);
            held.retain(|late| late.seq > arrival.seq);
            held.sort_by_key(|late| late.seq);
            return held;
        }
        let awaited = layer.awaited || (for_line && !layer.line_running);
        if awaited && layer.held.len() < MOST_HELD {
            let (seq, packet, facts) = (arrival.seq, arrival.packet.clone(), *facts);
            layer.held.push(Held { seq, packet, facts });
        } else if !awaited && !layer.held.is_empty() {
            layer.held.clear();
        }
        Vec::new()
    }

    /// Hands a picture to all who are shown this layer, and to those who await it once its keyframe begins: these are returned.
    fn give_picture(&mut self, arrival: &Arrival, facts: &Vp8Facts) -> Vec<SinkRef> {
        let Self {
            sources,
            peers,
            dirty,
            ended,
            now,
            ..
        } = self;
        let Arrival {
            source,
            seq,
            packet,
            ..
        } = arrival;
        let mut outgoing = Outgoing { dirty, ended };
        let mut joined = Vec::new();
        let Some(source) = sources.get(*source) else {
            return joined;
        };
        for at in &source.layers[usize::from(packet.layer)].sinks {
            let Some(peer) = peers.get_mut(at.peer) else {
                continue;
            };
            let Some(slot) = peer.slots.get_mut(at.slot) else {
                continue;
            };
            if facts.starts_keyframe && slot.awaits(packet.layer) {
                let descriptor = Some(&facts.descriptor);
                slot.rewriter.join(*seq, packet.timestamp, descriptor, *now);
                slot.shown = Some(packet.layer);
                joined.push(*at);
            }
            if slot.shown == Some(packet.layer) {
                show(peer, at, (*seq, packet, facts), *now, &mut outgoing);
            }
        }
        joined
    }

    fn give_held(&mut self, late: &Held, joined: &[SinkRef]) {
        let Self {
            peers,
            dirty,
            ended,
            now,
            ..
        } = self;
        let mut outgoing = Outgoing { dirty, ended };
        for at in joined {
            if let Some(peer) = peers.get_mut(at.peer) {
                show(
                    peer,
                    at,
                    (late.seq, &late.packet, &late.facts),
                    *now,
                    &mut outgoing,
                );
            }
        }
    }

    /// A viewer has lost the thread.
    pub(in crate::sfu) fn viewer_needs_keyframe(&mut self, key: usize, mid: Mid) {
        let slot = self
            .peers
            .get(key)
            .and_then(|peer| peer.slots.iter().find(|slot| slot.mid == mid));
        let Some((source, layer)) =
            slot.and_then(|slot| Some((slot.source?, slot.shown.or(slot.awaited)?)))
        else {
            return;
        };
        self.ask_keyframe(source, layer);
    }

    /// Asks the publisher for a keyframe, if nobody has just now.
    pub(in crate::sfu) fn ask_keyframe(&mut self, key: usize, layer: u8) {
        let Some(source) = self.sources.get_mut(key) else {
            return;
        };
        if source.layers[usize::from(layer)]
            .keyframes
            .request(self.now)
        {
            self.send_keyframe_request(key, layer);
        }
    }

    pub(in crate::sfu) fn send_keyframe_request(&mut self, key: usize, layer: u8) {
        let Some(Source { id, origin, .. }) = self.sources.get(key) else {
            return;
        };
        match *origin {
            Origin::Peer { peer, track, .. } => {
                let asked = self
                    .peers
                    .get_mut(peer)
                    .map(|peer| peer.ask_keyframe(track, layer));
                self.mark(peer);
                if let Some(Err(text)) = asked {
                    self.panicked(peer, "asking for a keyframe", text);
                }
            }
            Origin::Line { .. } if self.meeting_open => {
                self.outputs
                    .push_back(Output::RemoteKeyframe { stream: *id, layer });
            }
            Origin::Line { .. } => {}
        }
    }
}

/// Rewrites a packet for one viewer and queues it.
fn show(
    peer: &mut Peer,
    at: &SinkRef,
    (seq, packet, facts): (u64, &Packet, &Vp8Facts),
    now: std::time::Instant,
    outgoing: &mut Outgoing<'_>,
) {
    let Some(pt) = peer.types.vp8 else { return };
    let Some(slot) = peer.slots.get_mut(at.slot) else {
        return;
    };
    let descriptor = Some(&facts.descriptor);
    let Some(out) = slot
        .rewriter
        .rewrite(seq, packet.timestamp, descriptor, now)
    else {
        return;
    };
    let ssrc = slot.ssrc;
    let mut write = RtpWrite::new(
        pt,
        out.seq.into(),
        out.timestamp,
        now,
        packet.payload.clone(),
    );
    if let Some(patch) = out.vp8 {
        write = write.vp8_patch(patch);
    }
    outgoing.send(
        peer,
        at.peer,
        ssrc,
        write.marker(packet.marker).nackable(true),
    );
}
