//! The budget of the line: a token bucket over what really passes the socket.
//!
//! Allowance flows in at 95 % of the rate and is capped at 25 ms of it (at least one full datagram), so that no second carries
//! more than the rate and five per cent. A datagram is charged when it is released, by its size and the usual overhead; what QUIC
//! adds beyond that (acknowledgements, probes, the control stream) is charged when the meter of the socket shows it.

use std::time::{Duration, Instant};

const SHARE: f64 = 0.95;
const BURST: Duration = Duration::from_millis(25);
const LEAST_BURST: f64 = 1500.0;
/// IP, UDP, QUIC header and tag of one datagram.
pub(crate) const OVERHEAD: usize = 28 + 32;

#[derive(Debug)]
pub(crate) struct Budget {
    bytes_per_second: f64,
    tokens: f64,
    at: Option<Instant>,
    released: f64,
    metered: f64,
    charged_beyond: f64,
}

impl Budget {
    pub(crate) fn new(kbit: u32) -> Self {
        let mut budget = Self {
            bytes_per_second: 0.0,
            tokens: 0.0,
            at: None,
            released: 0.0,
            metered: 0.0,
            charged_beyond: 0.0,
        };
        budget.set_rate(kbit);
        budget
    }

    pub(crate) fn set_rate(&mut self, kbit: u32) {
        self.bytes_per_second = f64::from(kbit) * 125.0 * SHARE;
        self.tokens = self.tokens.min(self.burst());
    }

    fn burst(&self) -> f64 {
        (self.bytes_per_second * BURST.as_secs_f64()).max(LEAST_BURST)
    }

    fn refill(&mut self, now: Instant) {
        let passed = self
            .at
            .map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
        self.at = Some(now);
        self.tokens = (self.tokens + passed * self.bytes_per_second).min(self.burst());
    }

    /// True when a datagram of any size may leave now; it may overdraw, and the debt is paid before the next.
    pub(crate) fn open(&mut self, now: Instant) -> bool {
        self.refill(now);
        self.tokens > 0.0
    }

    /// When it will be open again; `None` while it is open.
    pub(crate) fn opens_at(&self) -> Option<Instant> {
        if self.tokens > 0.0 {
            return None;
        }
        let lacking = 1.0 - self.tokens;
        self.at
            .map(|at| at + Duration::from_secs_f64(lacking / self.bytes_per_second.max(1.0)))
    }

    /// A datagram of this size was handed on.
    pub(crate) fn release(&mut self, len: usize) {
        let bytes = (len + OVERHEAD) as f64;
        self.tokens -= bytes;
        self.released += bytes;
    }

    /// The socket has sent so many bytes since its start.
    pub(crate) fn meter(&mut self, total: u64) {
        self.metered = self.metered.max(total as f64);
        let beyond = self.metered - self.released;
        if beyond > self.charged_beyond {
            self.tokens -= beyond - self.charged_beyond;
            self.charged_beyond = beyond;
        }
    }

    /// A new session begins, the socket has sent so many bytes until now.
    pub(crate) fn restart(&mut self, total: u64) {
        self.metered = total as f64;
        self.released = total as f64;
        self.charged_beyond = 0.0;
    }
}
