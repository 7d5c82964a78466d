//! Keyframe requests of many viewers become few: per layer one at once, the next after 300 ms, then one a second.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(300);
const REPEAT: Duration = Duration::from_secs(1);

/// The requests for one layer.
#[derive(Debug, Default)]
pub(crate) struct KeyframeGate {
    asked: Option<Instant>,
    unanswered: u32,
    wanted: bool,
}

impl KeyframeGate {
    /// Somebody needs a keyframe. True: ask the publisher now.
    pub fn request(&mut self, now: Instant) -> bool {
        self.wanted = true;
        self.due(now)
    }

    /// True: ask (again) now. Call when time has passed.
    pub fn due(&mut self, now: Instant) -> bool {
        let patience = if self.unanswered <= 1 { FIRST } else { REPEAT };
        let due = self.wanted
            && self
                .asked
                .is_none_or(|asked| now.saturating_duration_since(asked) >= patience);
        if due {
            self.asked = Some(now);
            self.unanswered = self.unanswered.saturating_add(1);
        }
        due
    }

    /// A keyframe has begun, or nobody waits any more.
    pub fn satisfied(&mut self) {
        self.wanted = false;
        self.unanswered = 0;
    }

    /// True while somebody waits.
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_asks_once_then_after_300_ms_then_each_second() {
        let start = Instant::now();
        let mut gate = KeyframeGate::default();
        let at = |ms| start + Duration::from_millis(ms);
        assert!(gate.request(at(0)));
        assert!((1..50).all(|_| !gate.request(at(100))));
        assert!(!gate.due(at(299)));
        assert!(gate.due(at(300)));
        assert!(!gate.due(at(1200)));
        assert!(gate.due(at(1300)));
        gate.satisfied();
        assert!(!gate.due(at(9000)));
        assert!(gate.request(at(9001)));
    }
}
