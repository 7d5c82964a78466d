//! Which layers of which pictures cross: the highest affordable of each, heavier wants first, every layer at most once.
//!
//! First every wanted picture gets its lowest useful layer, in order of weight, while there is room; then, in the same order, each is
//! raised as far as the room allows. A picture is raised only with a margin and not sooner than two seconds after its last change, so
//! that the choice does not flap; lowering is immediate. When not even one fits, the heaviest gets its lowest layer all the same:
//! the queue then drops its upper temporal layers and late frames.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::words::{Kind, Offer, StreamKey, Want};

const CALM: Duration = Duration::from_secs(2);
const MARGIN: f64 = 1.15;
/// What a layer is believed to need until it is measured, kbit/s.
const USUAL_KBIT: [f64; 3] = [130.0, 450.0, 1_500.0];
const USUAL_SLIDES_KBIT: f64 = 800.0;
/// A picture below this is not worth its packets.
const LEAST_ROOM_KBIT: f64 = 25.0;

#[derive(Debug, Default)]
pub(crate) struct Allocator {
    chosen: HashMap<StreamKey, (u8, Instant)>,
}

impl Allocator {
    /// The layers to give to the line, lowest need first in `room_kbit`; `measured` tells what a layer takes now.
    pub(crate) fn choose(
        &mut self,
        wants: &[Want],
        offers: &[Offer],
        room_kbit: f64,
        measured: impl Fn(StreamKey, u8) -> Option<f64>,
        now: Instant,
    ) -> Vec<(StreamKey, u8)> {
        let mut wanted: Vec<(Want, u8)> = wants
            .iter()
            .filter_map(|want| {
                let offer = offers.iter().find(|offer| offer.stream == want.stream)?;
                let useful = useful(want.layers, offer.layers);
                (useful != 0).then_some((*want, useful))
            })
            .collect();
        // Shared screens go before cameras; among equals the order is fixed, so that two calls agree.
        wanted.sort_by_key(|(want, _)| {
            (
                want.stream.kind != Kind::Slides,
                u16::MAX - want.weight,
                want.stream.seat,
            )
        });
        let need = |stream: StreamKey, layer: u8| {
            measured(stream, layer).unwrap_or_else(|| usual(stream, layer))
        };
        let mut left = room_kbit;
        let mut picks: Vec<(StreamKey, u8, u8)> = Vec::new();
        for (want, useful) in &wanted {
            let lowest = useful.trailing_zeros() as u8;
            let cost = need(want.stream, lowest);
            if cost <= left || (picks.is_empty() && left >= LEAST_ROOM_KBIT) {
                left -= cost;
                picks.push((want.stream, lowest, *useful));
            }
        }
        for (stream, layer, useful) in &mut picks {
            let before = self.chosen.get(stream).copied();
            for higher in (*layer + 1..3).rev().filter(|l| *useful & (1 << l) != 0) {
                let more = need(*stream, higher) - need(*stream, *layer);
                let held = before.is_some_and(|(held, _)| held >= higher);
                let calm = before.is_none_or(|(_, at)| now.saturating_duration_since(at) >= CALM);
                if more <= left && (held || (calm && more * MARGIN <= left)) {
                    left -= more;
                    *layer = higher;
                    break;
                }
            }
        }
        self.remember(&picks, now);
        picks
            .into_iter()
            .map(|(stream, layer, _)| (stream, 1 << layer))
            .collect()
    }

    fn remember(&mut self, picks: &[(StreamKey, u8, u8)], now: Instant) {
        let chosen = picks
            .iter()
            .map(|(stream, layer, _)| {
                let since = match self.chosen.get(stream) {
                    Some((before, at)) if before == layer => *at,
                    _ => now,
                };
                (*stream, (*layer, since))
            })
            .collect();
        self.chosen = chosen;
    }
}

/// The wanted layers that live; when none of them does, the nearest live layer below, else above.
fn useful(wanted: u8, live: u8) -> u8 {
    if wanted == 0 || live == 0 {
        return 0;
    }
    let both = wanted & live;
    if both != 0 {
        return both;
    }
    let top = 7 - wanted.leading_zeros() as u8;
    let below = live & ((1 << top) - 1);
    if below != 0 {
        1 << (7 - below.leading_zeros())
    } else {
        1 << live.trailing_zeros()
    }
}

fn usual(stream: StreamKey, layer: u8) -> f64 {
    if stream.kind == Kind::Slides {
        USUAL_SLIDES_KBIT
    } else {
        USUAL_KBIT[usize::from(layer.min(2))]
    }
}

// A test needs one instant to begin its virtual time at.
#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    fn camera(seat: u64) -> StreamKey {
        StreamKey {
            seat,
            kind: Kind::Video,
        }
    }

    fn choose(
        allocator: &mut Allocator,
        seats: &[(u64, u8, u16)],
        room: f64,
        now: Instant,
    ) -> Vec<(StreamKey, u8)> {
        let wants: Vec<Want> = seats
            .iter()
            .map(|&(seat, layers, weight)| Want {
                stream: camera(seat),
                layers,
                weight,
            })
            .collect();
        let offers: Vec<Offer> = seats
            .iter()
            .map(|&(seat, ..)| Offer {
                stream: camera(seat),
                layers: 0b111,
            })
            .collect();
        allocator.choose(&wants, &offers, room, |_, _| None, now)
    }

    #[test]
    fn nobody_wants_so_nothing_crosses() {
        assert_eq!(
            choose(&mut Allocator::default(), &[(1, 0, 1)], 9e9, Instant::now()),
            []
        );
    }

    #[test]
    fn all_get_the_lowest_before_one_gets_the_highest() {
        let picks = choose(
            &mut Allocator::default(),
            &[(1, 7, 9), (2, 7, 1)],
            700.0,
            Instant::now(),
        );
        assert_eq!(picks, [(camera(1), 0b010), (camera(2), 0b001)]);
    }

    #[test]
    fn a_thin_line_keeps_the_heaviest_and_then_none() {
        let seats = [(1, 7, 1), (2, 7, 9), (3, 7, 1)];
        assert_eq!(
            choose(&mut Allocator::default(), &seats, 60.0, Instant::now()),
            [(camera(2), 1)]
        );
        assert_eq!(
            choose(&mut Allocator::default(), &seats, 10.0, Instant::now()),
            []
        );
    }

    #[test]
    fn raising_waits_and_lowering_does_not() {
        let mut allocator = Allocator::default();
        let start = Instant::now();
        assert_eq!(
            choose(&mut allocator, &[(1, 7, 1)], 9e9, start),
            [(camera(1), 0b100)]
        );
        assert_eq!(
            choose(&mut allocator, &[(1, 7, 1)], 200.0, start),
            [(camera(1), 0b001)]
        );
        let soon = start + Duration::from_millis(500);
        assert_eq!(
            choose(&mut allocator, &[(1, 7, 1)], 9e9, soon),
            [(camera(1), 0b001)]
        );
        let later = start + Duration::from_secs(3);
        assert_eq!(
            choose(&mut allocator, &[(1, 7, 1)], 9e9, later),
            [(camera(1), 0b100)]
        );
    }

    #[test]
    fn a_layer_that_does_not_live_is_replaced_by_the_next_below() {
        assert_eq!(useful(0b100, 0b011), 0b010);
        assert_eq!(useful(0b001, 0b110), 0b010);
        assert_eq!(useful(0b010, 0b111), 0b010);
    }
}
