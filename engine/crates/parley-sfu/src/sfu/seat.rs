//! A person's place: where it is, what it may publish, what its screen shows, which connections it has.

use crate::crossing::Place;
use crate::input::WatchWant;
use crate::output::SlotView;
use crate::words::{Kind, SeatId};

/// A seat.
#[derive(Debug)]
pub(crate) struct Seat {
    pub id: SeatId,
    pub place: Place,
    pub gates: Gates,
    pub wants: Vec<WatchWant>,
    /// Indexes of its peers, oldest first.
    pub peers: Vec<usize>,
    /// The slots as last told.
    pub told: Vec<SlotView>,
}

/// What a seat may publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gates {
    pub audio: bool,
    pub video: bool,
    pub slides: bool,
}

impl Gates {
    pub fn open_for(self, kind: Kind) -> bool {
        match kind {
            Kind::Audio => self.audio,
            Kind::Video => self.video,
            Kind::Slides => self.slides,
        }
    }
}
