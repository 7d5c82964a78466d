//! What the node decides: offers, seats, gates, screens, the meeting.

use std::time::Duration;

use crate::crossing::Place;
use crate::input::{Command, WatchWant};
use crate::media::source::{Origin, Source};
use crate::output::{Event, PeerState};
use crate::peer::intake::{self, Intake};
use crate::peer::{Peer, answer};
use crate::sfu::Sfu;
use crate::sfu::seat::{Gates, Seat};
use crate::words::{Kind, PeerId, Room, SeatId, Side, StreamId};

/// What a browser recorded in one room may still be on its way when the seat is in the next: so much is left out.
const ON_ITS_WAY: Duration = Duration::from_millis(250);

impl Sfu {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Offer {
                seat,
                peer,
                request,
                sdp,
            } => {
                let event = match self.offer(seat, &peer, &sdp) {
                    Ok(sdp) => Event::Answer {
                        seat,
                        peer,
                        request,
                        sdp,
                    },
                    Err(reason) => Event::Refused {
                        seat,
                        peer,
                        request,
                        reason,
                    },
                };
                self.tell(event);
            }
            Command::ClosePeer { seat, peer } => {
                if let Some(key) = self.find_peer(seat, &peer) {
                    self.end_peer(key, "The connection was closed by the node.");
                }
            }
            Command::Seat {
                seat,
                room,
                audio,
                video,
                slides,
            } => {
                self.place_seat(
                    seat,
                    room,
                    Gates {
                        audio,
                        video,
                        slides,
                    },
                );
            }
            Command::CloseSeat { seat } => self.close_seat(seat),
            Command::Watch { seat, wants } => self.watch(seat, wants),
            Command::Meeting { open } => {
                self.meeting_open = open;
                self.reselect_due = true;
                self.reroute_due = true;
            }
        }
    }

    fn offer(&mut self, seat_id: SeatId, id: &PeerId, sdp: &str) -> Result<String, String> {
        let Some(&seat) = self.seat_by_id.get(&seat_id) else {
            return Err("This seat is not known to the media engine.".into());
        };
        let intake = intake::read(sdp, &self.config.limits)?;
        let existing = self.find_peer(seat_id, id);
        let same = |key: &usize| {
            let peer = self.peers.get(*key);
            peer.is_some_and(|p| p.fingerprint == intake.fingerprint && p.rtc.is_alive())
        };
        if let Some(key) = existing.filter(same) {
            return self.renegotiate(key, &intake);
        }
        self.check_room_for_peer(seat, existing.is_some())?;
        let mut rtc = answer::new_rtc(&self.config, &self.certificate, self.now)?;
        let text = answer::accept(&mut rtc, &intake)?;
        // A page that was loaded anew: the same name, another certificate. The old connection is nobody's any more.
        if let Some(key) = existing {
            self.end_peer(key, "The browser has begun anew.");
        }
        let peer = Peer::new(
            seat,
            seat_id,
            id.clone(),
            rtc,
            intake.fingerprint.clone(),
            self.now,
        );
        let key = self.peers.insert(peer);
        if let Some(seat) = self.seats.get_mut(seat) {
            seat.peers.push(key);
        }
        self.take_in(key, &intake);
        Ok(text)
    }

    fn check_room_for_peer(&self, seat: usize, replaces: bool) -> Result<(), String> {
        let limits = &self.config.limits;
        let of_seat = self.seats.get(seat).map_or(0, |seat| seat.peers.len());
        if !replaces && of_seat >= limits.peers_per_seat {
            return Err(format!(
                "A seat has at most {} connections.",
                limits.peers_per_seat
            ));
        }
        if !replaces && self.peers.len() >= limits.peers {
            return Err(format!(
                "The node has at most {} connections; all are taken.",
                limits.peers
            ));
        }
        Ok(())
    }

    fn renegotiate(&mut self, key: usize, intake: &Intake) -> Result<String, String> {
        if self.peers.get(key).is_some_and(|peer| peer.dirty) {
            self.dirty.retain(|dirty| *dirty != key);
            self.flush(key);
        }
        let Some(peer) = self.peers.get_mut(key) else {
            return Err("The connection has just ended.".into());
        };
        let text = answer::accept(&mut peer.rtc, intake)?;
        self.take_in(key, intake);
        Ok(text)
    }

    /// After a successful negotiation: names, tracks and slots are those of the offer.
    fn take_in(&mut self, key: usize, intake: &Intake) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let before = std::mem::take(&mut peer.tracks);
        peer.take_in(intake);
        let ufrag = peer.rtc.direct_api().local_ice_credentials().ufrag;
        let (seat, seat_id) = (peer.seat, peer.seat_id);
        let tracks: Vec<Kind> = peer.tracks.iter().map(|track| track.kind).collect();
        self.register.name(key, &ufrag);
        for old in before
            .iter()
            .filter(|old| !tracks.contains(&old.kind))
            .filter_map(|old| old.source)
        {
            self.remove_source(old);
        }
        for (track, kind) in tracks.into_iter().enumerate() {
            let origin = Origin::Peer {
                peer: key,
                track,
                seat,
            };
            let source = self.publish(StreamId::own(seat_id, kind), origin);
            if let Some(peer) = self.peers.get_mut(key) {
                peer.tracks[track].source = Some(source);
            }
        }
        self.mark(key);
        self.reroute_due = true;
    }

    /// The source of a stream; another peer that published it until now does so no more.
    pub(super) fn publish(&mut self, id: StreamId, origin: Origin) -> usize {
        let Some(&key) = self.source_by_id.get(&id) else {
            let mut source = Source::new(id, origin);
            source.demanded = self.demanded_of(&id);
            let key = self.sources.insert(source);
            self.source_by_id.insert(id, key);
            return key;
        };
        let Some(source) = self.sources.get_mut(key) else {
            return key;
        };
        if let (
            Origin::Peer {
                peer: old, track, ..
            },
            Origin::Peer { peer: new, .. },
        ) = (source.origin, origin)
        {
            if old == new {
                source.origin = origin;
                return key;
            }
            if let Some(track) = self
                .peers
                .get_mut(old)
                .and_then(|peer| peer.tracks.get_mut(track))
            {
                track.source = None;
            }
        }
        source.restart(origin);
        self.begin_sinks_anew(key);
        key
    }

    pub(super) fn remove_source(&mut self, key: usize) {
        let Some(source) = self.sources.remove(key) else {
            return;
        };
        self.source_by_id.remove(&source.id);
        for sink in &source.sinks {
            if let Some(slot) = self
                .peers
                .get_mut(sink.peer)
                .and_then(|peer| peer.slots.get_mut(sink.slot))
            {
                slot.feed_from(None);
            }
        }
        if source.id.side == Side::Own && !source.told.is_empty() {
            let (seat, kind) = (source.id.seat, source.id.kind);
            self.tell(Event::Published {
                seat,
                kind,
                layers: Default::default(),
                active: false,
            });
        }
        self.reselect_due = true;
        self.reroute_due = true;
    }

    fn place_seat(&mut self, id: SeatId, room: Option<Room>, gates: Gates) {
        let Some(&key) = self.seat_by_id.get(&id) else {
            let (place, wants, peers, told) =
                (Place::enter(id, room), Vec::new(), Vec::new(), Vec::new());
            let key = self.seats.insert(Seat {
                id,
                place,
                gates,
                wants,
                peers,
                told,
            });
            self.seat_by_id.insert(id, key);
            return;
        };
        let Some(seat) = self.seats.get_mut(key) else {
            return;
        };
        let moved = seat.place.room() != room;
        let before = std::mem::replace(&mut seat.gates, gates);
        if moved {
            seat.place = Place::enter(id, room);
        }
        for kind in [Kind::Audio, Kind::Video, Kind::Slides] {
            if moved || before.open_for(kind) != gates.open_for(kind) {
                self.break_stream(
                    StreamId::own(id, kind),
                    if moved { ON_ITS_WAY } else { Duration::ZERO },
                );
            }
        }
        self.reselect_due = true;
        self.reroute_due = true;
    }

    /// What was recorded until now is of another room or time: it does not pass any more.
    fn break_stream(&mut self, id: StreamId, margin: Duration) {
        let Some(&key) = self.source_by_id.get(&id) else {
            return;
        };
        if let Some(source) = self.sources.get_mut(key) {
            source.put_fence(self.now, margin);
            self.begin_sinks_anew(key);
        }
    }

    fn begin_sinks_anew(&mut self, source: usize) {
        let Some(source) = self.sources.get(source) else {
            return;
        };
        for sink in &source.sinks {
            let Some(peer) = self.peers.get_mut(sink.peer) else {
                continue;
            };
            if let Some(slot) = peer
                .slots
                .get_mut(sink.slot)
                .filter(|slot| slot.stream == Some(source.id))
            {
                slot.begin_anew();
                peer.forget_sent(sink.slot);
            }
        }
        self.reroute_due = true;
    }

    fn close_seat(&mut self, id: SeatId) {
        let Some(key) = self.seat_by_id.remove(&id) else {
            return;
        };
        let peers = self
            .seats
            .get(key)
            .map(|seat| seat.peers.clone())
            .unwrap_or_default();
        for peer in peers {
            self.end_peer(peer, "The seat was closed.");
        }
        self.seats.remove(key);
        self.reselect_due = true;
        self.reroute_due = true;
    }

    /// Ends a peer and everything that came from it, now. What it had still to send is not sent.
    pub(super) fn end_peer(&mut self, key: usize, reason: &str) {
        let Some(peer) = self.peers.remove(key) else {
            return;
        };
        self.register.forget(key);
        self.dirty.retain(|dirty| *dirty != key);
        self.ended.retain(|(ended, _)| *ended != key);
        if let Some(seat) = self.seats.get_mut(peer.seat) {
            seat.peers.retain(|of_seat| *of_seat != key);
        }
        for (_, source) in self.sources.iter_mut() {
            source.sinks.retain(|sink| sink.peer != key);
            for layer in &mut source.layers {
                layer.sinks.retain(|sink| sink.peer != key);
            }
        }
        for source in peer.tracks.iter().filter_map(|track| track.source) {
            self.remove_source(source);
        }
        self.reroute_due = true;
        let (seat, id) = (peer.seat_id, peer.id.clone());
        // A defect inside may strike once more while it is taken down.
        let _ = crate::peer::guarded(move || drop(peer));
        self.tell(Event::PeerState {
            seat,
            peer: id,
            state: PeerState::Closed,
            reason: reason.to_owned(),
        });
    }

    fn watch(&mut self, id: SeatId, mut wants: Vec<WatchWant>) {
        let Some(seat) = self
            .seat_by_id
            .get(&id)
            .and_then(|key| self.seats.get_mut(*key))
        else {
            return;
        };
        wants.retain(|want| want.stream.kind.is_picture());
        wants.truncate(self.config.limits.wants);
        let mut seen = std::collections::HashSet::new();
        wants.retain(|want| seen.insert(want.stream));
        seat.wants = wants;
        self.reroute_due = true;
    }

    fn find_peer(&self, seat: SeatId, id: &PeerId) -> Option<usize> {
        let seat = self.seats.get(*self.seat_by_id.get(&seat)?)?;
        seat.peers
            .iter()
            .copied()
            .find(|key| self.peers.get(*key).is_some_and(|peer| peer.id == *id))
    }
}
