//! One direction of the line: a queue before the line, the line at its rate, then the way with its delay and losses.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use crate::chance::Dice;
use crate::conditions::Conditions;
use crate::counters::{Drop, LaneCounters};

/// Bytes of IPv4 and UDP header counted with each datagram.
pub const IP_UDP_BYTES: usize = 28;
/// How long a reordered datagram is held back.
const HELD_BACK: Duration = Duration::from_millis(20);
/// Datagrams under way in a lane at most; a guard for the memory of the one who floods it.
const UNDER_WAY: usize = 100_000;

/// A datagram in the queue before the line.
#[derive(Debug)]
struct Waiting {
    arrived: Instant,
    payload: Vec<u8>,
}

/// A datagram on the way; ordered by the time it is due, then by the order in which it left.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Travelling {
    due: Instant,
    number: u64,
    payload: Vec<u8>,
}

/// One direction.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) conditions: Conditions,
    pub(crate) counters: LaneCounters,
    cut: bool,
    dice: Dice,
    in_burst: bool,
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    free_at: Option<Instant>,
    travelling: BinaryHeap<Reverse<Travelling>>,
    last_due: Option<Instant>,
    number: u64,
}

impl Lane {
    pub(crate) fn new(conditions: Conditions, seed: u64, stream: u64) -> Self {
        Self {
            conditions,
            counters: LaneCounters::default(),
            cut: false,
            dice: Dice::new(seed, stream),
            in_burst: false,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            free_at: None,
            travelling: BinaryHeap::new(),
            last_due: None,
            number: 0,
        }
    }

    /// Takes a datagram; `elapsed` is the time since the emulator's first datagram.
    pub(crate) fn handle(&mut self, payload: Vec<u8>, now: Instant, elapsed: Duration) {
        self.advance(now);
        let bytes = payload.len() + IP_UDP_BYTES;
        self.counters.offered.add(bytes);
        self.counters.windows.add(elapsed, bytes);
        if self.cut {
            self.counters.drop(Drop::Cut, bytes);
        } else if self.conditions.mtu != 0 && bytes > self.conditions.mtu {
            self.counters.drop(Drop::Mtu, bytes);
        } else if self.is_full(now) {
            self.counters.drop(Drop::Queue, bytes);
        } else {
            self.waiting_bytes += bytes;
            self.waiting.push_back(Waiting {
                arrived: now,
                payload,
            });
            self.advance(now);
        }
    }

    /// Sets new conditions; what has left the queue already keeps the old ones.
    pub(crate) fn set(&mut self, conditions: Conditions, now: Instant) {
        self.advance(now);
        self.conditions = conditions;
    }

    /// Cuts or restores the lane. A cut loses all that is under way.
    pub(crate) fn set_cut(&mut self, cut: bool, now: Instant) {
        self.advance(now);
        if cut && !self.cut {
            for waiting in self.waiting.drain(..) {
                self.counters
                    .drop(Drop::Cut, waiting.payload.len() + IP_UDP_BYTES);
            }
            self.waiting_bytes = 0;
            for Reverse(travelling) in self.travelling.drain() {
                self.counters
                    .drop(Drop::Cut, travelling.payload.len() + IP_UDP_BYTES);
            }
            (self.free_at, self.last_due, self.in_burst) = (None, None, false);
        }
        self.cut = cut;
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// The next datagram that has arrived by `now`.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.advance(now);
        if self.travelling.peek()?.0.due > now {
            return None;
        }
        let Reverse(arrived) = self.travelling.pop()?;
        self.counters
            .delivered
            .add(arrived.payload.len() + IP_UDP_BYTES);
        Some(arrived.payload)
    }

    /// When something happens next, if anything is under way.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let arrival = self.travelling.peek().map(|next| next.0.due);
        let departure = self.waiting.front().map(|head| self.departure(head));
        arrival.into_iter().chain(departure).min()
    }

    /// Datagrams under way, waiting ones included.
    pub(crate) fn under_way(&self) -> usize {
        self.waiting.len() + self.travelling.len()
    }

    fn is_full(&self, now: Instant) -> bool {
        let backlog = self.on_line(self.waiting_bytes);
        let busy = self.waiting.front().map_or(Duration::ZERO, |head| {
            now.saturating_duration_since(
                self.free_at
                    .map_or(head.arrived, |free| free.max(head.arrived)),
            )
        });
        backlog.saturating_sub(busy) > self.conditions.queue || self.under_way() >= UNDER_WAY
    }

    /// Time the line needs for so many bytes.
    fn on_line(&self, bytes: usize) -> Duration {
        match self.conditions.rate_kbit {
            0 => Duration::ZERO,
            rate => Duration::from_nanos(bytes as u64 * 8_000_000 / u64::from(rate)),
        }
    }

    fn departure(&self, head: &Waiting) -> Instant {
        let start = self
            .free_at
            .map_or(head.arrived, |free| free.max(head.arrived));
        start + self.on_line(head.payload.len() + IP_UDP_BYTES)
    }

    /// Moves what has left the line by `now` on its way.
    fn advance(&mut self, now: Instant) {
        while let Some(head) = self.waiting.front() {
            let left = self.departure(head);
            if left > now {
                break;
            }
            self.free_at = Some(left);
            if let Some(head) = self.waiting.pop_front() {
                self.waiting_bytes -= head.payload.len() + IP_UDP_BYTES;
                self.travel(head.payload, left);
            }
        }
    }

    /// Each datagram throws the same number of dice whatever the conditions are, so that a change of one of them does not
    /// change the fate that the others give.
    fn travel(&mut self, payload: Vec<u8>, left: Instant) {
        let [loss, burst, reorder, duplicate, jitter, copy_jitter] =
            std::array::from_fn(|_| self.dice.unit());
        let conditions = self.conditions;
        let bytes = payload.len() + IP_UDP_BYTES;
        self.in_burst = match conditions.burst {
            None => false,
            Some(model) if self.in_burst => burst >= model.leave(),
            Some(model) => burst < model.enter(),
        };
        if loss < conditions.loss {
            return self.counters.drop(Drop::Loss, bytes);
        }
        if self.in_burst {
            return self.counters.drop(Drop::Burst, bytes);
        }
        if duplicate < conditions.duplicate {
            self.counters.duplicated.add(bytes);
            let due = self.in_order(left + spread(&conditions, copy_jitter));
            self.push(due, payload.clone());
        }
        let due = left + spread(&conditions, jitter);
        if reorder < conditions.reorder {
            self.counters.reordered.add(bytes);
            self.push(due + HELD_BACK, payload);
        } else {
            let due = self.in_order(due);
            self.push(due, payload);
        }
    }

    fn in_order(&mut self, due: Instant) -> Instant {
        let due = self.last_due.map_or(due, |last| last.max(due));
        self.last_due = Some(due);
        due
    }

    fn push(&mut self, due: Instant, payload: Vec<u8>) {
        self.number += 1;
        self.travelling.push(Reverse(Travelling {
            due,
            number: self.number,
            payload,
        }));
    }
}

/// The delay of one datagram: `delay ± jitter`, never negative.
fn spread(conditions: &Conditions, unit: f64) -> Duration {
    (conditions.delay + conditions.jitter.mul_f64(2.0 * unit)).saturating_sub(conditions.jitter)
}
