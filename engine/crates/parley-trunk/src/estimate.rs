//! The rate of a line that nobody configured, from the receiver's feedback: a growing queue or heavy loss lowers it, a well used
//! line without either raises it. Starts at 2 Mbit/s.

const START_KBIT: f64 = 2_000.0;
const LEAST_KBIT: f64 = 100.0;
const MOST_KBIT: f64 = 1_000_000.0;
/// Queueing, in ms, above which the line is full, and below which it may grow.
const FULL_MS: f64 = 60.0;
const FREE_MS: f64 = 25.0;
/// Loss that noise alone hardly explains.
const HEAVY_LOSS: f64 = 0.25;
/// A lowering shows its effect after a while; until then no other follows.
const PATIENCE_SECONDS: f64 = 0.3;

#[derive(Debug)]
pub(crate) struct Estimate {
    kbit: f64,
    smooth_queue_ms: f64,
    since_lowered: f64,
}

impl Default for Estimate {
    fn default() -> Self {
        Self {
            kbit: START_KBIT,
            smooth_queue_ms: 0.0,
            since_lowered: PATIENCE_SECONDS,
        }
    }
}

impl Estimate {
    /// One feedback: queueing above the least delay, loss (0..1), what was received since the last, and the time between.
    pub(crate) fn feedback(&mut self, queue_ms: f64, loss: f64, received_kbit: f64, seconds: f64) {
        self.smooth_queue_ms += (queue_ms - self.smooth_queue_ms) * 0.3;
        self.since_lowered += seconds;
        if self.smooth_queue_ms > FULL_MS || loss > HEAVY_LOSS {
            if self.since_lowered < PATIENCE_SECONDS {
                return;
            }
            self.since_lowered = 0.0;
            // What arrived is what the line carries; go a little below it, so that its queue drains.
            let carried = received_kbit.clamp(self.kbit * 0.5, self.kbit);
            self.kbit = (carried * 0.9).max(LEAST_KBIT);
        } else if self.smooth_queue_ms < FREE_MS && received_kbit > self.kbit * 0.5 {
            self.kbit = (self.kbit * (1.0 + 0.3 * seconds)).min(MOST_KBIT);
        }
    }

    pub(crate) fn kbit(&self) -> u32 {
        self.kbit as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_line_that_is_used_grows_and_a_full_one_shrinks() {
        let mut estimate = Estimate::default();
        for _ in 0..100 {
            let carried = f64::from(estimate.kbit()) * 0.8;
            estimate.feedback(5.0, 0.05, carried, 0.04);
        }
        let grown = estimate.kbit();
        assert!(grown > 4_000, "{grown}");
        for _ in 0..300 {
            estimate.feedback(200.0, 0.0, 1_000.0, 0.04);
        }
        assert!(estimate.kbit() < 1_200, "{}", estimate.kbit());
    }

    #[test]
    fn an_idle_line_is_not_believed_to_be_wide() {
        let mut estimate = Estimate::default();
        for _ in 0..1000 {
            estimate.feedback(0.0, 0.0, 50.0, 0.04);
        }
        assert_eq!(estimate.kbit(), 2_000);
    }
}
