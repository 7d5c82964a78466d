//! Both lanes together, and the barriers: cut, one-way, restored.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::conditions::{Change, ConditionError, Conditions, Way};
use crate::counters::LaneCounters;
use crate::lane::Lane;

/// One of the two ends of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first end.
    A,
    /// The second end.
    B,
}

impl Side {
    /// The end that is not this one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// The line between two ends.
#[derive(Debug)]
pub struct Emulator {
    from_a: Lane,
    from_b: Lane,
    began: Option<Instant>,
}

impl Emulator {
    /// A line that is open both ways, with the same conditions in both, and its chance fixed by `seed`.
    pub fn new(conditions: Conditions, seed: u64) -> Self {
        Self {
            from_a: Lane::new(conditions, seed, 1),
            from_b: Lane::new(conditions, seed, 2),
            began: None,
        }
    }

    /// Takes a datagram (the UDP payload) that side `from` sends.
    pub fn handle(&mut self, from: Side, payload: Vec<u8>, now: Instant) {
        let began = *self.began.get_or_insert(now);
        self.lane_mut(from)
            .handle(payload, now, now.saturating_duration_since(began));
    }

    /// The next datagram that has arrived by `now`, with the side that **receives** it.
    pub fn poll(&mut self, now: Instant) -> Option<(Side, Vec<u8>)> {
        let sender = match (self.from_a.poll_timeout(), self.from_b.poll_timeout()) {
            (Some(first), Some(second)) if second < first => Side::B,
            (None, _) => Side::B,
            _ => Side::A,
        };
        for from in [sender, sender.other()] {
            if let Some(payload) = self.lane_mut(from).poll(now) {
                return Some((from.other(), payload));
            }
        }
        None
    }

    /// When to call [`Self::poll`] next, if anything is under way. It may be in the past.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.from_a
            .poll_timeout()
            .into_iter()
            .chain(self.from_b.poll_timeout())
            .min()
    }

    /// Changes conditions of the lanes that the change names; both or none.
    ///
    /// # Errors
    /// When a value is outside its range; then nothing has changed.
    pub fn set(&mut self, change: &Change, now: Instant) -> Result<(), ConditionError> {
        let senders: &[Side] = match change.way {
            Way::Both => &[Side::A, Side::B],
            Way::AToB => &[Side::A],
            Way::BToA => &[Side::B],
        };
        for &from in senders {
            let conditions = self.lane(from).conditions.with(change)?;
            self.lane_mut(from).set(conditions, now);
        }
        Ok(())
    }

    /// Cuts both lanes; what is under way is lost.
    pub fn cut(&mut self, now: Instant) {
        self.from_a.set_cut(true, now);
        self.from_b.set_cut(true, now);
    }

    /// Lets pass only what side `from` sends, and cuts the other lane.
    pub fn one_way(&mut self, from: Side, now: Instant) {
        self.lane_mut(from).set_cut(false, now);
        self.lane_mut(from.other()).set_cut(true, now);
    }

    /// Opens both lanes.
    pub fn restore(&mut self, now: Instant) {
        self.from_a.set_cut(false, now);
        self.from_b.set_cut(false, now);
    }

    /// Whether what side `from` sends is cut off.
    pub fn is_cut(&self, from: Side) -> bool {
        self.lane(from).is_cut()
    }

    /// The conditions for what side `from` sends.
    pub fn conditions(&self, from: Side) -> &Conditions {
        &self.lane(from).conditions
    }

    /// The counters of what side `from` sends.
    pub fn counters(&self, from: Side) -> &LaneCounters {
        &self.lane(from).counters
    }

    /// Datagrams of side `from` that are neither delivered nor lost yet.
    pub fn under_way(&self, from: Side) -> usize {
        self.lane(from).under_way()
    }

    /// When the first datagram came: the beginning of window 0 of the rate history.
    pub fn began(&self) -> Option<Instant> {
        self.began
    }

    fn lane(&self, from: Side) -> &Lane {
        match from {
            Side::A => &self.from_a,
            Side::B => &self.from_b,
        }
    }

    fn lane_mut(&mut self, from: Side) -> &mut Lane {
        match from {
            Side::A => &mut self.from_a,
            Side::B => &mut self.from_b,
        }
    }
}
