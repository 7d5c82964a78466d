//! What the way to a browser bears. Without an estimate a plain rule on reported losses: above 10 % a layer less, below 2 % for
//! 10 s one more. With an estimate (browsers far away) the heaviest pictures get their layers first, by measured rates.

use std::time::Duration;

use str0m::bwe::Bitrate;

use crate::peer::slot::TOP;
use crate::sfu::Sfu;
use crate::words::Layers;

const TOO_MUCH: f32 = 0.10;
const LITTLE: f32 = 0.02;
const TRY_AGAIN: Duration = Duration::from_secs(10);
/// The share of the estimate that pictures may take.
const PICTURE_SHARE: f64 = 0.85;
/// What is wanted at most, so that the estimate is probed no further.
const MOST_WANTED_KBIT: u64 = 12_000;

impl Sfu {
    /// A report on losses has come.
    pub(super) fn weigh_losses(&mut self, key: usize) {
        let now = self.now;
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let Some(loss) = peer.health.loss else { return };
        let health = &mut peer.health;
        let calm = health
            .taken_off_at
            .is_none_or(|at| now.saturating_duration_since(at) >= TRY_AGAIN);
        let taken_off = match loss {
            loss if loss > TOO_MUCH && health.taken_off < TOP => health.taken_off + 1,
            loss if loss < LITTLE && calm => health.taken_off.saturating_sub(1),
            _ => return,
        };
        if taken_off != health.taken_off {
            health.taken_off = taken_off;
            health.taken_off_at = Some(now);
            self.cap_slots(key);
        }
    }

    /// Sets the highest layer of each picture slot by what is known of the way.
    pub(super) fn cap_slots(&mut self, key: usize) {
        let Some(peer) = self.peers.get(key) else {
            return;
        };
        let cap = TOP - peer.health.taken_off;
        let mut left = peer
            .health
            .estimate
            .filter(|_| self.config.estimate)
            .map(|rate| (rate as f64 * PICTURE_SHARE) as u64);
        let mut order: Vec<usize> = (0..peer.slots.len())
            .filter(|n| !peer.slots[*n].audio)
            .collect();
        order.sort_by_key(|n| std::cmp::Reverse(peer.slots[*n].weight));
        let mut caps = Vec::with_capacity(order.len());
        for slot in order {
            let affordable = match &mut left {
                None => TOP,
                Some(left) => self.afford(peer.slots[slot].source, left),
            };
            caps.push((slot, cap.min(affordable)));
        }
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        for (slot, cap) in caps {
            self.reroute_due |= peer.slots[slot].cap != cap;
            peer.slots[slot].cap = cap;
        }
    }

    /// The highest layer of a source that `left` bits per second pay for; the lowest is always given.
    fn afford(&self, source: Option<usize>, left: &mut u64) -> u8 {
        let Some(source) = source.and_then(|key| self.sources.get(key)) else {
            return TOP;
        };
        let rate = |layer: u8| source.layers[usize::from(layer)].bit_rate;
        let layer = (0..Layers::COUNT as u8)
            .rev()
            .find(|layer| rate(*layer) > 0 && rate(*layer) <= *left)
            .unwrap_or(0);
        *left = left.saturating_sub(rate(layer));
        // Above the highest that runs there is nothing to save.
        if source.live(self.now).iter().next_back() == Some(layer) {
            TOP
        } else {
            layer
        }
    }

    /// Tells the estimator what is sent and what would be, where there is one.
    pub(super) fn feed_estimator(&mut self, key: usize) {
        if !self.config.estimate {
            return;
        }
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let desired = Bitrate::kbps(MOST_WANTED_KBIT);
        let fed = crate::peer::guarded(|| peer.rtc.bwe().set_bitrate(Bitrate::ZERO, desired));
        match fed {
            Ok(()) => self.mark(key),
            Err(text) => self.panicked(key, "estimating", text),
        }
        self.cap_slots(key);
    }
}
