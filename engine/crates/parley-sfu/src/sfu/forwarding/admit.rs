//! The checks that a packet must pass before it is forwarded.

use str0m::media::Pt;
use str0m::rtp::RtpPacket;

use super::{Arrival, Facts};
use crate::crossing::Packet;
use crate::input::RemotePacket;
use crate::media::source::Origin;
use crate::media::{MAX_PAYLOAD, red, vp8};
use crate::peer::PayloadTypes;
use crate::sfu::Sfu;
use crate::stats::DropReason;
use crate::words::{Codec, Kind};

impl Sfu {
    /// The checks of an own packet, numbered as in `spec/media.md`, "Checks of a packet". `None`: padding.
    pub(super) fn admit_own(
        &mut self,
        key: usize,
        rtp: RtpPacket,
    ) -> Result<Option<Arrival>, DropReason> {
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

    pub(super) fn admit_remote(&mut self, remote: RemotePacket) -> Result<Arrival, DropReason> {
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
