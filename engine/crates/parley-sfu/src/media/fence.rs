//! A moment in a stream before which nothing counts.
//!
//! When a seat enters a room, or its gate opens, packets recorded earlier may still arrive: on their way, retransmitted,
//! reordered, or as the redundancy of RED. They belong to the room that was left. The fence is the RTP timestamp of that
//! moment, plus a margin for what is on its way; what is not newer is refused.

use std::time::{Duration, Instant};

/// How long stragglers are looked for; str0m and browsers answer NACKs for at most 3 s.
const HOLDS: Duration = Duration::from_secs(5);

/// Tracks the newest timestamp of one layer, and the fence put there.
#[derive(Debug, Default)]
pub(crate) struct Fence {
    newest: Option<(u32, Instant)>,
    standing: Option<(u32, Instant)>,
}

impl Fence {
    /// Notes a packet that arrived, whether or not it may pass. Call for every packet.
    pub fn saw(&mut self, timestamp: u32, now: Instant) {
        if self
            .newest
            .is_none_or(|(newest, _)| newer(timestamp, newest))
        {
            self.newest = Some((timestamp, now));
        }
    }

    /// All that was recorded until now, or within `margin` from now, is of the past. The clock rate is in Hz.
    pub fn put(&mut self, now: Instant, margin: Duration, clock_rate: u32) {
        if let Some((newest, at)) = self.newest {
            let ahead = if margin.is_zero() {
                margin
            } else {
                now.saturating_duration_since(at) + margin
            };
            let ticks = ahead.as_secs_f64() * f64::from(clock_rate);
            self.standing = Some((newest.wrapping_add(ticks as u32), now + HOLDS));
        }
    }

    /// Forgets everything: the publisher starts a new clock.
    pub fn reset(&mut self) {
        *self = Fence::default();
    }

    /// True if something with this timestamp was recorded after the fence.
    pub fn passes(&mut self, timestamp: u32, now: Instant) -> bool {
        match self.standing {
            None => true,
            Some((_, until)) if now >= until => {
                self.standing = None;
                true
            }
            Some((fence, _)) => newer(timestamp, fence),
        }
    }

    /// True while stragglers are looked for.
    pub fn stands(&self) -> bool {
        self.standing.is_some()
    }
}

/// RFC 1982 order of RTP timestamps.
pub(crate) fn newer(a: u32, b: u32) -> bool {
    a != b && a.wrapping_sub(b) < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_before_does_not_pass_even_over_the_wrap() {
        let start = Instant::now();
        let mut fence = Fence::default();
        fence.saw(u32::MAX - 10, start);
        fence.saw(u32::MAX - 20, start);
        fence.put(start, Duration::ZERO, 48_000);
        assert!(!fence.passes(u32::MAX - 10, start));
        assert!(!fence.passes(u32::MAX - 960, start));
        assert!(fence.passes(950, start));
        assert!(
            fence.passes(u32::MAX - 960, start + HOLDS),
            "a fence does not stand for ever"
        );
    }

    #[test]
    fn the_margin_covers_what_is_on_its_way() {
        let start = Instant::now();
        let mut fence = Fence::default();
        fence.saw(1_000, start);
        fence.put(
            start + Duration::from_millis(100),
            Duration::from_millis(250),
            48_000,
        );
        assert!(!fence.passes(1_000 + 350 * 48, start));
        assert!(fence.passes(1_001 + 350 * 48, start));
    }
}
