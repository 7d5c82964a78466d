//! A moment in a stream before which nothing counts.
//!
//! When a seat enters a room, or its gate opens, packets recorded earlier may still arrive: retransmitted, reordered, or as
//! the redundancy of RED. They belong to the room that was left. The fence is the newest RTP timestamp seen before that
//! moment; what is not newer is refused.

use std::time::{Duration, Instant};

/// How long stragglers are looked for; str0m and browsers answer NACKs for at most 3 s.
const HOLDS: Duration = Duration::from_secs(5);

/// Tracks the newest timestamp of one layer, and the fence put there.
#[derive(Debug, Default)]
pub(crate) struct Fence {
    newest: Option<u32>,
    standing: Option<(u32, Instant)>,
}

impl Fence {
    /// Notes a packet that arrived, whether or not it may pass. Call for every packet.
    pub fn saw(&mut self, timestamp: u32) {
        if self.newest.is_none_or(|newest| newer(timestamp, newest)) {
            self.newest = Some(timestamp);
        }
    }

    /// All that was seen until now is of the past.
    pub fn put(&mut self, now: Instant) {
        if let Some(newest) = self.newest {
            self.standing = Some((newest, now + HOLDS));
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
        fence.saw(u32::MAX - 10);
        fence.saw(u32::MAX - 20);
        fence.put(start);
        assert!(!fence.passes(u32::MAX - 10, start));
        assert!(!fence.passes(u32::MAX - 960, start));
        assert!(fence.passes(950, start));
        assert!(
            fence.passes(u32::MAX - 960, start + HOLDS),
            "a fence does not stand for ever"
        );
    }
}
