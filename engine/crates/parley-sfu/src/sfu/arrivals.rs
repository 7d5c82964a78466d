//! Datagrams on their way to the peer whose they are, and what str0m makes of them.

use std::time::Instant;

use crate::door::class::{Class, classify};
use crate::door::register::Path;
use crate::door::stun::{self, Stun};
use crate::input::Datagram;
use crate::output::{Event, Output, PeerState, Transmit};
use crate::peer::{News, Received};
use crate::sfu::Sfu;
use crate::stats::DropReason;

impl Sfu {
    /// A datagram of unknown origin. Numbered as in `spec/media.md`, "Checks at the door".
    pub(super) fn datagram(&mut self, datagram: Datagram<'_>) {
        self.packets_in += 1;
        // (1) It is STUN, DTLS, RTP or RTCP, and long enough to be authenticated.
        let class = match classify(datagram.bytes) {
            Ok(class) => class,
            Err(reason) => return self.drop_one(reason),
        };
        let Datagram {
            proto,
            source,
            destination,
            bytes,
        } = datagram;
        let path = Path {
            proto,
            source,
            destination,
        };
        // (2) It is somebody's.
        let Some(key) = self.owner(class, &path, bytes) else {
            return;
        };
        // (3) str0m's rule: what was written must be out before the next mutation.
        if self.peers.get(key).is_some_and(|peer| peer.dirty) {
            self.dirty.retain(|dirty| *dirty != key);
            self.flush(key);
        }
        // (4) STUN carries the right key; DTLS and media come from an address that ICE has validated.
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        match peer.receive((proto, source, destination), bytes, self.now) {
            Ok(Received::Taken) => {
                if class == Class::Stun {
                    self.register.note_path(key, path, self.now);
                }
            }
            Ok(Received::Refused) => self.drop_one(DropReason::PeerRefused),
            Ok(Received::Malformed) => return self.drop_one(malformed(class)),
            Ok(Received::NotAccepted) => return self.drop_one(unvalidated(class)),
            Err(text) => return self.panicked(key, "receiving", text),
        }
        self.drain(key);
    }

    fn owner(&mut self, class: Class, path: &Path, bytes: &[u8]) -> Option<usize> {
        if class != Class::Stun {
            let owner = self.register.by_path(path);
            if owner.is_none() {
                self.drop_one(unvalidated(class));
            }
            return owner;
        }
        match stun::read(bytes) {
            None => self.drop_one(DropReason::StunMalformed),
            Some(Stun::Plain(transaction)) => self.answer_plain(path, transaction),
            Some(Stun::Other) => self.drop_one(DropReason::StunUnknown),
            Some(Stun::Named(ufrag)) => match self.register.by_name(ufrag) {
                Some(key) => return Some(key),
                None => self.drop_one(DropReason::StunUnknown),
            },
        }
        None
    }

    fn answer_plain(&mut self, path: &Path, transaction: [u8; 12]) {
        if !self.stun_budget.spend(self.now) {
            return self.drop_one(DropReason::StunFlood);
        }
        self.outputs.push_back(Output::Transmit(Transmit {
            proto: path.proto,
            source: path.destination,
            destination: path.source,
            bytes: stun::mapped_address(transaction, path.source),
        }));
    }

    fn drain(&mut self, key: usize) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let mut news = std::mem::take(&mut self.news);
        peer.drain(self.now, &mut self.outputs, &mut news);
        self.note_deadline(key);
        self.hear_all(key, news);
    }

    /// Acts on what a drain brought, and keeps the list's memory for the next one.
    pub(super) fn hear_all(&mut self, key: usize, mut news: Vec<News>) {
        for item in news.drain(..) {
            self.hear(key, item);
        }
        self.news = news;
    }

    fn hear(&mut self, key: usize, news: News) {
        match news {
            News::Packet(packet) => self.own_packet(key, packet),
            News::KeyframeWanted(mid) => self.viewer_needs_keyframe(key, mid),
            News::Connected => self.peer_is(key, PeerState::Connected, None),
            News::IceBack if self.was_lost(key) => self.peer_is(key, PeerState::Connected, None),
            News::IceBack => {}
            News::IceLost => self.peer_is(key, PeerState::Disconnected, Some(self.now)),
            News::Measured { rtt, loss } => {
                if let Some(peer) = self.peers.get_mut(key) {
                    peer.health.rtt = rtt.or(peer.health.rtt);
                    peer.health.loss = loss;
                    self.weigh_losses(key);
                }
            }
            News::Estimate(rate) => {
                if let Some(peer) = self.peers.get_mut(key) {
                    peer.health.estimate = Some(rate.as_u64());
                }
            }
            News::Ended(reason) => self.ended.push((key, reason)),
            News::Panicked(text) => self.panicked(key, "working", text),
        }
    }

    fn was_lost(&self, key: usize) -> bool {
        self.peers
            .get(key)
            .is_some_and(|peer| peer.connected && peer.lost_since.is_some())
    }

    fn peer_is(&mut self, key: usize, state: PeerState, lost_since: Option<Instant>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        if state == PeerState::Disconnected && (!peer.connected || peer.lost_since.is_some()) {
            return;
        }
        peer.connected = true;
        peer.lost_since = lost_since;
        let reason = match state {
            PeerState::Disconnected => "Nothing has come from the browser for some seconds.".into(),
            _ => String::new(),
        };
        let (seat, peer) = (peer.seat_id, peer.id.clone());
        self.reroute_due = true;
        self.tell(Event::PeerState {
            seat,
            peer,
            state,
            reason,
        });
    }

    /// A defect in the connection's machine: it is closed, nobody else notices.
    pub(super) fn panicked(&mut self, key: usize, doing: &str, text: String) {
        if let Some(peer) = self.peers.get(key) {
            let place = format!("{}/{}: {doing}", peer.seat_id, peer.id);
            self.tell(Event::Panic { place, text });
            self.ended.push((
                key,
                "The connection failed inside the node and was closed.".into(),
            ));
        }
    }
}

fn malformed(class: Class) -> DropReason {
    match class {
        Class::Stun => DropReason::StunMalformed,
        Class::Dtls => DropReason::Garbage,
        Class::Rtp | Class::Rtcp => DropReason::MediaMalformed,
    }
}

fn unvalidated(class: Class) -> DropReason {
    match class {
        Class::Stun => DropReason::StunUnknown,
        Class::Dtls => DropReason::DtlsUnvalidated,
        Class::Rtp | Class::Rtcp => DropReason::MediaUnvalidated,
    }
}
