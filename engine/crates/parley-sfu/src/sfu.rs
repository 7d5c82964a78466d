//! The machine: takes inputs, gives outputs, says when it wants to be woken.

use std::collections::VecDeque;
use std::time::Instant;

use crate::{Config, Input, MediaStats, Output};

/// The media room of one side. See the crate's documentation for its words and its loop.
pub struct Sfu {
    outputs: VecDeque<Output>,
}

impl Sfu {
    /// A room with no seats. `now` is the first moment that exists for it.
    pub fn new(_config: Config, _now: Instant) -> Self {
        Sfu {
            outputs: VecDeque::new(),
        }
    }

    /// Takes one thing that happened. Never fails and never panics: see [`crate::DropReason`] and [`crate::Event`].
    /// `now` must not go back. Cheap to call many times before the next [`Sfu::poll`].
    pub fn handle(&mut self, _input: Input<'_>, _now: Instant) {}

    /// The next thing to do, `None` when there is nothing until the next [`Sfu::handle`].
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`Input::Timeout`] is due at the latest; may be in the past (then: at once). `None`: nothing is pending.
    /// Valid after [`Sfu::poll`] has given `None`.
    pub fn poll_timeout(&mut self) -> Option<Instant> {
        None
    }

    /// A snapshot for the gauges; walks over everything, so at most a few times a second.
    pub fn stats(&self) -> MediaStats {
        MediaStats::default()
    }
}
