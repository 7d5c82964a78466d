//! The snapshot for the gauges.

use crate::media::source::Origin;
use crate::sfu::Sfu;
use crate::sfu::seat::Seat;
use crate::stats::{MediaStats, SeatStats, StreamViewers};
use crate::words::{Kind, Layers, Room, Side, StreamId};

impl Sfu {
    pub(super) fn snapshot(&self) -> MediaStats {
        MediaStats {
            peers: self.peers.len(),
            packets_in: self.packets_in,
            packets_out: self.packets_out,
            dropped: self.dropped.clone(),
            seats: self
                .seats
                .iter()
                .map(|(_, seat)| (seat.id, self.seat_stats(seat)))
                .collect(),
            remote: self.viewers(),
            to_line: self.to_line(),
        }
    }

    fn seat_stats(&self, seat: &Seat) -> SeatStats {
        let mut stats = SeatStats::default();
        for peer in seat.peers.iter().filter_map(|key| self.peers.get(*key)) {
            let rtt = peer.health.rtt.map(|rtt| rtt.as_secs_f64() * 1000.0);
            let loss = peer.health.loss.map(f64::from);
            stats.peers.push(peer.id.clone());
            stats.rtt_ms = [stats.rtt_ms, rtt].into_iter().flatten().reduce(f64::max);
            stats.loss = [stats.loss, loss].into_iter().flatten().reduce(f64::max);
            stats.in_kbit += peer.health.in_kbit;
            stats.out_kbit += peer.health.out_kbit;
        }
        stats
    }

    fn viewers(&self) -> Vec<StreamViewers> {
        let remote = self
            .sources
            .iter()
            .filter(|(_, s)| matches!(s.origin, Origin::Line { .. }));
        let mut list = Vec::new();
        for (_, source) in remote {
            for layer in 0..Layers::COUNT as u8 {
                let fed = source.sinks.iter().filter(|at| {
                    let slot = self
                        .peers
                        .get(at.peer)
                        .and_then(|peer| peer.slots.get(at.slot));
                    slot.is_some_and(|slot| {
                        if slot.audio {
                            layer == 0
                        } else {
                            slot.shown == Some(layer)
                        }
                    })
                });
                let viewers = fed
                    .filter_map(|at| Some(self.peers.get(at.peer)?.seat))
                    .collect::<std::collections::HashSet<_>>();
                if !viewers.is_empty() {
                    list.push(StreamViewers {
                        stream: source.id,
                        layer,
                        viewers: viewers.len(),
                    });
                }
            }
        }
        list.sort_by_key(|v| (v.stream, v.layer));
        list
    }

    /// Own streams that the line is given now.
    fn to_line(&self) -> Vec<(StreamId, Layers)> {
        let own = self
            .sources
            .iter()
            .filter(|(_, s)| s.id.side == Side::Own && self.room_of(s) == Some(Room::Meeting));
        let given = own.map(|(key, s)| match s.id.kind {
            Kind::Audio => {
                let heard = self.demand.audio && self.line_voices.has(key);
                (
                    s.id,
                    if heard {
                        Layers::only(0)
                    } else {
                        Layers::default()
                    },
                )
            }
            _ => (s.id, Layers(s.demanded.0 & s.told.0)),
        });
        let mut list: Vec<_> = given
            .filter(|(_, layers)| self.meeting_open && !layers.is_empty())
            .collect();
        list.sort();
        list
    }
}
