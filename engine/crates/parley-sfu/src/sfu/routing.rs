//! Who gets which stream, in which slot, in which layer.
//!
//! Routes are made anew as a whole whenever something of their ground has changed (who is where, what is watched, which voices
//! are chosen), never patched. That is rare; the way of a packet then only follows lists. The one rule of rooms is
//! [`Sfu::reaches`]: a stream reaches a seat if both are in the same room.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::input::WatchWant;
use crate::media::layers;
use crate::media::source::{Origin, SinkRef, Source};
use crate::output::{Event, SlotView};
use crate::sfu::Sfu;
use crate::words::{Room, StreamId};

impl Sfu {
    /// Makes all routes anew.
    pub(super) fn reroute(&mut self) {
        for seat in self.seats.keys() {
            self.assign_pictures(seat);
            self.assign_voices(seat);
            self.tell_slots(seat);
        }
        self.connect_slots();
        for source in self.sources.keys() {
            self.retarget(source);
        }
    }

    /// The room in which a source is seen and heard.
    pub(super) fn room_of(&self, source: &Source) -> Option<Room> {
        match source.origin {
            Origin::Peer { seat, .. } => self.seats.get(seat)?.place.room(),
            Origin::Line { .. } => self.meeting_open.then_some(Room::Meeting),
        }
    }

    fn reaches(&self, source: &Source, seat: usize) -> bool {
        let room = self.seats.get(seat).and_then(|seat| seat.place.room());
        room.is_some() && room == self.room_of(source)
    }

    /// Slots of a seat's connected peers, oldest peer first.
    fn slots_of(&self, seat: usize, audio: bool) -> Vec<SinkRef> {
        let peers = self.seats.get(seat).map_or(&[][..], |seat| &seat.peers);
        let connected = peers
            .iter()
            .filter_map(|key| Some((*key, self.peers.get(*key)?)))
            .filter(|(_, peer)| peer.connected);
        let slots = connected.flat_map(|(key, peer)| {
            peer.slots
                .iter()
                .enumerate()
                .map(move |(n, slot)| (key, n, slot))
        });
        slots
            .filter(|(_, _, slot)| slot.audio == audio)
            .map(|(peer, slot, _)| SinkRef { peer, slot })
            .collect()
    }

    /// The heaviest wants that can be met get the slots; who has one keeps it.
    fn assign_pictures(&mut self, seat: usize) {
        let slots = self.slots_of(seat, false);
        let held: Vec<StreamId> = slots.iter().filter_map(|at| self.stream_in(at)).collect();
        let mut wants: Vec<WatchWant> = self
            .seats
            .get(seat)
            .map(|seat| seat.wants.clone())
            .unwrap_or_default();
        let here = |stream: &StreamId| {
            let source = self
                .source_by_id
                .get(stream)
                .and_then(|key| self.sources.get(*key));
            source.is_some_and(|source| self.reaches(source, seat))
        };
        wants.sort_by_key(|want| {
            (
                !here(&want.stream),
                Reverse(want.weight),
                !held.contains(&want.stream),
            )
        });
        wants.truncate(slots.len());
        let entitled: Vec<StreamId> = wants.iter().map(|want| want.stream).collect();
        self.fill(&slots, &entitled);
        for at in &slots {
            let want = self
                .stream_in(at)
                .and_then(|stream| wants.iter().find(|want| want.stream == stream));
            let (width, weight) = want.map_or((0, 0), |want| (want.width, want.weight));
            if let Some(slot) = self
                .peers
                .get_mut(at.peer)
                .and_then(|peer| peer.slots.get_mut(at.slot))
            {
                (slot.width, slot.weight) = (width, weight);
            }
        }
    }

    fn assign_voices(&mut self, seat: usize) {
        let slots = self.slots_of(seat, true);
        let mut voices = self.voices_for(seat);
        voices.truncate(slots.len());
        self.fill(&slots, &voices);
    }

    /// Puts `streams` into `slots`: those that are there stay, others leave, the rest takes free places.
    fn fill(&mut self, slots: &[SinkRef], streams: &[StreamId]) {
        let mut missing = streams.to_vec();
        let mut free = Vec::new();
        for at in slots {
            match self
                .stream_in(at)
                .and_then(|stream| missing.iter().position(|m| *m == stream))
            {
                Some(there) => {
                    missing.remove(there);
                }
                None => free.push(*at),
            }
        }
        let mut missing = missing.into_iter();
        for at in free {
            if let Some(slot) = self
                .peers
                .get_mut(at.peer)
                .and_then(|peer| peer.slots.get_mut(at.slot))
            {
                slot.stream = missing.next();
            }
        }
    }

    fn stream_in(&self, at: &SinkRef) -> Option<StreamId> {
        self.peers.get(at.peer)?.slots.get(at.slot)?.stream
    }

    fn tell_slots(&mut self, key: usize) {
        let Some(seat) = self.seats.get(key) else {
            return;
        };
        let peers = seat.peers.iter().filter_map(|key| self.peers.get(*key));
        let views = peers.flat_map(|peer| {
            let view = |slot: &crate::peer::slot::Slot| SlotView {
                peer: peer.id.clone(),
                mid: slot.mid.to_string(),
                stream: slot.stream,
            };
            peer.slots.iter().map(view)
        });
        let views: Vec<SlotView> = views.collect();
        let Some(seat) = self.seats.get_mut(key).filter(|seat| seat.told != views) else {
            return;
        };
        seat.told.clone_from(&views);
        let seat = seat.id;
        self.tell(Event::Slots { seat, slots: views });
    }

    /// Connects every slot with the source of its stream, if that exists, is in the same room, and is looked at.
    fn connect_slots(&mut self) {
        for (_, source) in self.sources.iter_mut() {
            source.sinks.clear();
        }
        for key in self.peers.keys() {
            let Some(peer) = self.peers.get(key) else {
                continue;
            };
            for slot in 0..peer.slots.len() {
                self.connect_slot(SinkRef { peer: key, slot });
            }
        }
    }

    fn connect_slot(&mut self, at: SinkRef) {
        let Some(peer) = self.peers.get(at.peer) else {
            return;
        };
        let Some(slot) = peer.slots.get(at.slot) else {
            return;
        };
        let looked_at = peer.connected && (slot.audio || slot.width > 0);
        let source = slot
            .stream
            .filter(|_| looked_at)
            .and_then(|stream| self.source_by_id.get(&stream).copied());
        let source = source.filter(|key| {
            self.sources
                .get(*key)
                .is_some_and(|source| self.reaches(source, peer.seat))
        });
        if slot.source != source
            && let Some(peer) = self.peers.get_mut(at.peer)
        {
            peer.slots[at.slot].feed_from(source);
            peer.forget_sent(at.slot);
        }
        if let Some(source) = source.and_then(|key| self.sources.get_mut(key)) {
            source.sinks.push(at);
        }
    }

    /// Chooses anew which layer each viewer of a source shall be shown.
    pub(super) fn retarget(&mut self, key: usize) {
        let Some(source) = self
            .sources
            .get(key)
            .filter(|source| source.id.kind.is_picture())
        else {
            return;
        };
        let live = source.live(self.now);
        let widths = source.widths();
        let mut needed = HashSet::new();
        for at in &source.sinks {
            let Some(slot) = self
                .peers
                .get_mut(at.peer)
                .and_then(|peer| peer.slots.get_mut(at.slot))
            else {
                continue;
            };
            let ideal = layers::ideal(slot.width, &widths).min(slot.cap);
            // Nothing live: what is shown stays, or what comes first will be.
            slot.awaited = layers::best_live(ideal, live)
                .or(slot.shown)
                .or(Some(ideal));
            needed.extend(
                slot.awaited
                    .filter(|layer| live.has(*layer) && slot.awaits(*layer)),
            );
        }
        self.relist(key);
        for layer in needed {
            self.ask_keyframe(key, layer);
        }
    }

    /// Writes down, per layer, whom its packets concern.
    pub(super) fn relist(&mut self, key: usize) {
        let Self { sources, peers, .. } = self;
        let Some(source) = sources.get_mut(key) else {
            return;
        };
        for (number, layer) in source.layers.iter_mut().enumerate() {
            let concerned = |at: &&SinkRef| {
                let slot = peers.get(at.peer).and_then(|peer| peer.slots.get(at.slot));
                slot.is_some_and(|slot| [slot.shown, slot.awaited].contains(&Some(number as u8)))
            };
            layer.sinks.clear();
            layer.sinks.extend(source.sinks.iter().filter(concerned));
            layer.awaited = layer.sinks.iter().any(|at| {
                let slot = peers.get(at.peer).and_then(|peer| peer.slots.get(at.slot));
                slot.is_some_and(|slot| slot.awaits(number as u8))
            });
        }
    }
}
