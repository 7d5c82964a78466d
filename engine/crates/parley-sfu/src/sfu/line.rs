//! Both directions of the line, seen from the room: what the other side offers and wants, what this side offers and wants.

use std::collections::HashSet;

use crate::crossing::{Packet, Place};
use crate::input::{Demand, RemoteStream};
use crate::media::layers;
use crate::media::source::{Origin, Source};
use crate::output::{OfferedStream, Output, Want};
use crate::sfu::Sfu;
use crate::words::{Kind, Layers, Room, Side, StreamId};

/// Weight of a voice among the wants: voice goes before picture.
const VOICE_WEIGHT: u32 = u32::MAX;

impl Sfu {
    /// The other side's whole list of streams.
    pub(super) fn remote_streams(&mut self, mut streams: Vec<RemoteStream>) {
        streams.retain(|s| s.stream.side == Side::Other && !s.layers.is_empty());
        streams.truncate(self.config.limits.remote_streams);
        let listed: HashSet<StreamId> = streams.iter().map(|s| s.stream).collect();
        let gone = self
            .sources
            .iter()
            .filter(|(_, s)| s.id.side == Side::Other && !listed.contains(&s.id));
        for key in gone.map(|(key, _)| key).collect::<Vec<_>>() {
            self.remove_source(key);
        }
        for RemoteStream { stream, layers } in streams {
            let offered = if stream.kind == Kind::Video {
                Layers(layers.0 & 0b111)
            } else {
                Layers::only(0)
            };
            match self
                .source_by_id
                .get(&stream)
                .and_then(|key| self.sources.get_mut(*key))
            {
                Some(source) => source.origin = Origin::Line { offered },
                None => {
                    self.publish(stream, Origin::Line { offered });
                }
            }
        }
        self.reselect_due = true;
        self.reroute_due = true;
    }

    /// The other side's whole list of wants.
    pub(super) fn take_demand(&mut self, mut demand: Demand) {
        demand
            .pictures
            .retain(|(stream, _)| stream.side == Side::Own && stream.kind.is_picture());
        demand.pictures.truncate(self.config.limits.remote_streams);
        self.demand = demand;
        for key in self.sources.keys() {
            let Some(id) = self.sources.get(key).map(|source| source.id) else {
                continue;
            };
            let demanded = self.demanded_of(&id);
            if let Some(source) = self.sources.get_mut(key) {
                for layer in (0..Layers::COUNT as u8).filter(|layer| !demanded.has(*layer)) {
                    source.layers[usize::from(layer)].line_running = false;
                }
                source.demanded = demanded;
            }
        }
        self.start_for_line();
    }

    /// Asks for the keyframes with which demanded layers begin.
    pub(super) fn start_for_line(&mut self) {
        if !self.meeting_open {
            return;
        }
        let live = |s: &Source| s.live(self.now).0 & s.demanded.0;
        let waiting = self
            .sources
            .iter()
            .filter(|(_, s)| s.id.side == Side::Own && self.room_of(s) == Some(Room::Meeting));
        let waiting =
            waiting.flat_map(|(key, s)| Layers(live(s)).iter().map(move |layer| (key, layer, s)));
        let waiting = waiting.filter(|(_, layer, s)| !s.layers[usize::from(*layer)].line_running);
        for (key, layer) in waiting
            .map(|(key, layer, _)| (key, layer))
            .collect::<Vec<_>>()
        {
            self.ask_keyframe(key, layer);
        }
    }

    /// The line needs a keyframe. Streams that are not in the meeting do not exist for it.
    pub(super) fn line_keyframe(&mut self, stream: StreamId, layer: u8) {
        let Some(&key) = self.source_by_id.get(&stream) else {
            return;
        };
        let Some(source) = self.sources.get(key) else {
            return;
        };
        let known =
            stream.side == Side::Own && stream.kind.is_picture() && source.demanded.has(layer);
        if known && self.meeting_open && self.room_of(source) == Some(Room::Meeting) {
            self.ask_keyframe(key, layer);
        }
    }

    /// Tells the line what has changed: wants and offers.
    pub(super) fn tell_line(&mut self) {
        let wants = self.wants();
        if wants != self.told_wants {
            self.told_wants.clone_from(&wants);
            self.outputs.push_back(Output::Wants(wants));
        }
        let offered = self.offered();
        if offered != self.told_offered {
            self.told_offered.clone_from(&offered);
            self.outputs.push_back(Output::Offered(offered));
        }
        self.start_for_line();
    }

    fn wants(&self) -> Vec<Want> {
        let listens = |(_, seat): (usize, &super::seat::Seat)| {
            let here = seat.place.room() == Some(Room::Meeting);
            here && seat
                .peers
                .iter()
                .any(|key| self.peers.get(*key).is_some_and(|peer| peer.connected))
        };
        if !self.meeting_open || !self.seats.iter().any(listens) {
            return Vec::new();
        }
        let mut wants: Vec<Want> = self
            .sources
            .iter()
            .filter_map(|(_, source)| self.want(source))
            .collect();
        wants.sort_by_key(|want| want.stream);
        wants
    }

    fn want(&self, source: &Source) -> Option<Want> {
        let Origin::Line { offered } = source.origin else {
            return None;
        };
        let stream = source.id;
        if stream.kind == Kind::Audio {
            return Some(Want {
                stream,
                layers: Layers::only(0),
                weight: VOICE_WEIGHT,
            });
        }
        let widths = source.widths();
        let mut want = Want {
            stream,
            layers: Layers::default(),
            weight: 0,
        };
        for at in &source.sinks {
            let Some(slot) = self
                .peers
                .get(at.peer)
                .and_then(|peer| peer.slots.get(at.slot))
            else {
                continue;
            };
            let ideal = layers::ideal(slot.width, &widths).min(slot.cap);
            if let Some(layer) = layers::best_live(ideal, offered) {
                want.layers = want.layers.with(Layers::only(layer));
                want.weight = want.weight.max(slot.weight);
            }
        }
        (!want.layers.is_empty()).then_some(want)
    }

    fn offered(&self) -> Vec<OfferedStream> {
        if !self.meeting_open {
            return Vec::new();
        }
        let own = self
            .sources
            .iter()
            .filter(|(_, s)| s.id.side == Side::Own && self.room_of(s) == Some(Room::Meeting));
        let running = own.map(|(_, s)| OfferedStream {
            stream: s.id,
            layers: s.told,
        });
        let mut offered: Vec<OfferedStream> = running.filter(|o| !o.layers.is_empty()).collect();
        offered.sort_by_key(|o| o.stream);
        offered
    }

    /// An own voice for the line: the loudest of this side.
    pub(super) fn stamp_voice(&mut self, packet: &Packet, source: usize) {
        if !self.meeting_open || !self.demand.audio || !self.line_voices.has(source) {
            return;
        }
        let skipped = self
            .sources
            .get(source)
            .map_or(0, |source| source.line_skipped);
        let mut packet = packet.clone();
        packet.seq = packet.seq.wrapping_sub(skipped);
        self.stamp(packet);
    }

    /// An own picture for the line: the layers it demands, each from a keyframe on.
    pub(super) fn stamp_picture(&mut self, packet: &Packet, source: usize, starts_keyframe: bool) {
        let Some(source) = self.sources.get_mut(source) else {
            return;
        };
        if !self.meeting_open || !source.demanded.has(packet.layer) {
            return;
        }
        let layer = &mut source.layers[usize::from(packet.layer)];
        layer.line_running |= starts_keyframe;
        if layer.line_running {
            self.stamp(packet.clone());
        }
    }

    /// The one place where packets are given to the line: with the pass of the seat that published them.
    fn stamp(&mut self, packet: Packet) {
        if packet.stream.side != Side::Own {
            return;
        }
        let seat = self
            .seat_by_id
            .get(&packet.stream.seat)
            .and_then(|key| self.seats.get(*key));
        if let Some(Place::Meeting(pass)) = seat.map(|seat| &seat.place)
            && let Some(packet) = pass.stamp(packet)
        {
            self.outputs.push_back(Output::Line(packet));
        }
    }

    /// Layers of a stream that the line wants.
    pub(super) fn demanded_of(&self, id: &StreamId) -> Layers {
        self.demand
            .pictures
            .iter()
            .find(|(stream, _)| stream == id)
            .map_or(Layers::default(), |(_, layers)| *layers)
    }
}
