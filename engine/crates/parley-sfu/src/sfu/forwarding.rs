//! The way of a packet: checked, stamped for the line, given to all who show or play it.

use str0m::media::{Mid, Pt};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite};

use crate::crossing::Packet;
use crate::input::RemotePacket;
use crate::media::source::{Origin, SinkRef, Source};
use crate::media::{MAX_PAYLOAD, red, vp8};
use crate::output::Output;
use crate::peer::{PayloadTypes, Peer};
use crate::sfu::Sfu;
use crate::stats::DropReason;
use crate::words::{Codec, Kind};

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

    /// The checks of an own packet, numbered as in `spec/media.md`, "Checks of a packet". `None`: padding.
    fn admit_own(&mut self, key: usize, rtp: RtpPacket) -> Result<Option<Arrival>, DropReason> {
        let peer = self.peers.get_mut(key).ok_or(DropReason::NotASource)?;
        // (1) It is of a track that this peer publishes.
        let (track, layer) = peer
            .track_of(rtp.header.ssrc)
            .ok_or(DropReason::NotASource)?;
        let source_key = peer.tracks[track].source.ok_or(DropReason::NotASource)?;
        let kind = peer.tracks[track].kind;
        if rtp.payload.is_empty() {
            return Ok(None);
        }
        // (2) The payload is of the codec that was negotiated, and well formed.
        let codec = codec_of(kind, rtp.header.payload_type, peer.types)
            .ok_or(DropReason::PayloadMalformed)?;
        let facts = inspect(codec, &rtp.payload).ok_or(DropReason::PayloadMalformed)?;
        let source = self
            .sources
            .get_mut(source_key)
            .ok_or(DropReason::NotASource)?;
        let fence = &mut source.layers[usize::from(layer)].fence;
        fence.saw(rtp.header.timestamp, self.now);
        // (3) The seat is somewhere, and may publish this.
        let seat = self.seats.get(peer.seat).ok_or(DropReason::NoRoom)?;
        seat.place.room().ok_or(DropReason::NoRoom)?;
        if !seat.gates.open_for(kind) {
            return Err(DropReason::Gated);
        }
        // (4) It was recorded here and now, not before the seat came or the gate opened.
        if !fence.passes(rtp.header.timestamp, self.now) {
            return Err(DropReason::BeforeFence);
        }
        let level = rtp
            .header
            .ext_vals
            .audio_level
            .map(|db| db.unsigned_abs().min(127));
        let packet = Packet {
            stream: source.id,
            layer,
            codec,
            seq: rtp.header.sequence_number,
            timestamp: rtp.header.timestamp,
            marker: rtp.header.marker,
            level: if kind == Kind::Audio { level } else { None },
            payload: rtp.payload,
        };
        let mut arrival = Arrival {
            source: source_key,
            seq: *rtp.seq_no,
            packet,
            facts,
        };
        // (5) Its redundancy was, too.
        if let Facts::Red(facts) = facts {
            let oldest = arrival.packet.timestamp.wrapping_sub(facts.reaches_back);
            if source.layers[0].fence.stands() && !source.layers[0].fence.passes(oldest, self.now) {
                arrival.packet.payload = red::strip(&arrival.packet.payload, facts);
                arrival.packet.codec = Codec::Opus;
                arrival.facts = Facts::Opus;
            } else {
                arrival.packet.payload =
                    red::renumber(&arrival.packet.payload, facts, Codec::RED_BLOCK);
            }
        }
        Ok(Some(arrival))
    }

    fn admit_remote(&mut self, remote: RemotePacket) -> Result<Arrival, DropReason> {
        if !self.meeting_open {
            return Err(DropReason::NoMeeting);
        }
        let key = *self
            .source_by_id
            .get(&remote.stream)
            .ok_or(DropReason::RemoteUnknown)?;
        let source = self.sources.get_mut(key).ok_or(DropReason::RemoteUnknown)?;
        let Origin::Line { offered } = source.origin else {
            return Err(DropReason::RemoteUnknown);
        };
        let fits = match remote.codec {
            Codec::Vp8 => source.id.kind.is_picture(),
            Codec::Opus | Codec::Red => source.id.kind == Kind::Audio,
        };
        if !fits || !offered.has(remote.layer) {
            return Err(DropReason::RemoteUnknown);
        }
        let facts = inspect(remote.codec, &remote.payload).ok_or(DropReason::PayloadMalformed)?;
        let seq = source.layers[usize::from(remote.layer)].extend(remote.seq);
        let RemotePacket {
            stream,
            layer,
            codec,
            seq: short,
            timestamp,
            marker,
            level,
            mut payload,
        } = remote;
        if let Facts::Red(facts) = facts {
            payload = red::renumber(&payload, facts, Codec::RED_BLOCK);
        }
        let packet = Packet {
            stream,
            layer,
            codec,
            seq: short,
            timestamp,
            marker,
            level,
            payload,
        };
        Ok(Arrival {
            source: key,
            seq,
            packet,
            facts,
        })
    }

    fn spread(&mut self, arrival: Arrival) {
        match arrival.facts {
            Facts::Vp8(facts) => self.spread_picture(arrival, facts),
            Facts::Opus | Facts::Red(_) => self.spread_voice(arrival),
        }
    }

    fn spread_voice(&mut self, arrival: Arrival) {
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
                voice_activity: Some(false),
                ..Default::default()
            };
            let write = RtpWrite::new(pt, out.seq.into(), out.timestamp, *now, payload);
            let ssrc = slot.ssrc;
            send(
                peer,
                *key,
                ssrc,
                write.marker(packet.marker).ext_vals(extensions),
                dirty,
                ended,
            );
        }
    }

    fn spread_picture(&mut self, arrival: Arrival, facts: vp8::Vp8Facts) {
        let (key, layer) = (arrival.source, arrival.packet.layer);
        let Some(source) = self.sources.get_mut(key) else {
            return;
        };
        let state = &mut source.layers[usize::from(layer)];
        let mut changed = state.arrived(arrival.packet.payload.len(), self.now);
        if facts.starts_keyframe {
            state.keyframes.satisfied();
            changed |= facts.width.is_some() && state.width != facts.width;
            state.width = facts.width.or(state.width);
        }
        if changed {
            self.retarget(key);
        }
        self.stamp_picture(&arrival.packet, key, facts.starts_keyframe);
        if self.give_picture(arrival, facts) {
            self.relist(key);
        }
    }

    /// Hands a picture to all who are shown this layer, and to those who await it once its keyframe begins. True if somebody
    /// has changed layers with this packet.
    fn give_picture(&mut self, arrival: Arrival, facts: vp8::Vp8Facts) -> bool {
        let Arrival {
            source,
            seq,
            packet,
            ..
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
            return false;
        };
        let mut changed = false;
        for SinkRef { peer: key, slot } in &source.layers[usize::from(packet.layer)].sinks {
            let Some(peer) = peers.get_mut(*key) else {
                continue;
            };
            let Some(pt) = peer.types.vp8 else { continue };
            let Some(slot) = peer.slots.get_mut(*slot) else {
                continue;
            };
            if facts.starts_keyframe && slot.awaits(packet.layer) {
                slot.rewriter
                    .join(seq, packet.timestamp, Some(&facts.descriptor), *now);
                slot.shown = Some(packet.layer);
                changed = true;
            } else if slot.shown != Some(packet.layer) {
                continue;
            }
            let Some(out) =
                slot.rewriter
                    .rewrite(seq, packet.timestamp, Some(&facts.descriptor), *now)
            else {
                continue;
            };
            let mut write = RtpWrite::new(
                pt,
                out.seq.into(),
                out.timestamp,
                *now,
                packet.payload.clone(),
            );
            if let Some(patch) = out.vp8 {
                write = write.vp8_patch(patch);
            }
            let ssrc = slot.ssrc;
            send(
                peer,
                *key,
                ssrc,
                write.marker(packet.marker).nackable(true),
                dirty,
                ended,
            );
        }
        changed
    }

    /// A viewer has lost the thread.
    pub(super) fn viewer_needs_keyframe(&mut self, key: usize, mid: Mid) {
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
    pub(super) fn ask_keyframe(&mut self, key: usize, layer: u8) {
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

    pub(super) fn send_keyframe_request(&mut self, key: usize, layer: u8) {
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

fn send(
    peer: &mut Peer,
    key: usize,
    ssrc: str0m::rtp::Ssrc,
    write: RtpWrite,
    dirty: &mut std::collections::VecDeque<usize>,
    ended: &mut Vec<(usize, String)>,
) {
    if !peer.dirty {
        peer.dirty = true;
        dirty.push_back(key);
    }
    if let Err(text) = peer.write(ssrc, write) {
        ended.push((
            key,
            format!("The connection failed inside the node and was closed: {text}."),
        ));
    }
}

fn codec_of(kind: Kind, pt: Pt, types: PayloadTypes) -> Option<Codec> {
    let is = |known: Option<Pt>| known == Some(pt);
    match kind {
        Kind::Audio if is(types.red) => Some(Codec::Red),
        Kind::Audio if is(types.opus) => Some(Codec::Opus),
        Kind::Video | Kind::Slides if is(types.vp8) => Some(Codec::Vp8),
        _ => None,
    }
}

/// `None`: not what the codec allows, or too long to be forwarded.
fn inspect(codec: Codec, payload: &[u8]) -> Option<Facts> {
    if payload.is_empty() || payload.len() > MAX_PAYLOAD {
        return None;
    }
    match codec {
        Codec::Opus => Some(Facts::Opus),
        Codec::Red => red::inspect(payload).map(Facts::Red),
        Codec::Vp8 => vp8::inspect(payload).map(Facts::Vp8),
    }
}
