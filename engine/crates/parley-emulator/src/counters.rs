//! What went into a lane, what came out, what was lost and why, and how fast it was offered.

use std::collections::VecDeque;
use std::time::Duration;

use serde::Serialize;

/// Length of one window of the rate history.
pub const WINDOW: Duration = Duration::from_millis(100);
/// Windows kept: ten minutes.
const KEPT: usize = 6000;

/// Datagrams and their bytes as IP packets (UDP payload + 28 each).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Number of datagrams.
    pub datagrams: u64,
    /// Bytes, each datagram counted with 28 bytes of IP and UDP header.
    pub bytes: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, bytes: usize) {
        self.datagrams += 1;
        self.bytes += bytes as u64;
    }
}

/// Why a datagram was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drop {
    /// The lane was cut.
    Cut,
    /// It was larger than the MTU.
    Mtu,
    /// It would have waited too long before the line.
    Queue,
    /// Chance.
    Loss,
    /// A burst.
    Burst,
}

/// Losses by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Dropped {
    /// Lost because the lane was cut.
    pub cut: Tally,
    /// Lost because it was larger than the MTU.
    pub mtu: Tally,
    /// Lost in front of a full queue.
    pub queue: Tally,
    /// Lost by chance.
    pub loss: Tally,
    /// Lost in a burst.
    pub burst: Tally,
}

/// All counters of one lane, since the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LaneCounters {
    /// What the sending side gave to the line, before its queue.
    pub offered: Tally,
    /// What the receiving side got, copies included.
    pub delivered: Tally,
    /// What was lost, by reason.
    pub dropped: Dropped,
    /// Copies made by the line.
    pub duplicated: Tally,
    /// Datagrams held back so that others overtook them.
    pub reordered: Tally,
    /// Bytes offered per window of 100 ms.
    pub windows: Windows,
}

impl LaneCounters {
    pub(crate) fn drop(&mut self, reason: Drop, bytes: usize) {
        self.tally(reason).add(bytes);
    }

    fn tally(&mut self, reason: Drop) -> &mut Tally {
        match reason {
            Drop::Cut => &mut self.dropped.cut,
            Drop::Mtu => &mut self.dropped.mtu,
            Drop::Queue => &mut self.dropped.queue,
            Drop::Loss => &mut self.dropped.loss,
            Drop::Burst => &mut self.dropped.burst,
        }
    }

    /// All losses together.
    pub fn lost(&self) -> Tally {
        let dropped = &self.dropped;
        let all = [
            dropped.cut,
            dropped.mtu,
            dropped.queue,
            dropped.loss,
            dropped.burst,
        ];
        all.iter().fold(Tally::default(), |sum, one| Tally {
            datagrams: sum.datagrams + one.datagrams,
            bytes: sum.bytes + one.bytes,
        })
    }
}

/// Bytes offered in each 100 ms, the newest ten minutes of it. Window 0 begins with the first datagram the emulator saw.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Windows {
    /// Number of the first window in `bytes`.
    pub first: u64,
    /// Bytes of each window, without holes; the last one may still be filling.
    pub bytes: VecDeque<u64>,
}

impl Windows {
    pub(crate) fn add(&mut self, elapsed: Duration, bytes: usize) {
        let index = (elapsed.as_nanos() / WINDOW.as_nanos()) as u64;
        if self.bytes.is_empty() || index >= self.first + (self.bytes.len() + KEPT) as u64 {
            self.bytes.clear();
            self.first = index;
        }
        while self.first + self.bytes.len() as u64 <= index {
            self.bytes.push_back(0);
            if self.bytes.len() > KEPT {
                self.bytes.pop_front();
                self.first += 1;
            }
        }
        if let Some(window) = index
            .checked_sub(self.first)
            .and_then(|at| self.bytes.get_mut(at as usize))
        {
            *window += bytes as u64;
        }
    }

    /// Most bytes in any ten windows that follow each other, that is in any second to within 100 ms.
    pub fn busiest_second(&self) -> u64 {
        let mut sum = 0;
        let mut most = 0;
        for (at, bytes) in self.bytes.iter().enumerate() {
            sum += bytes;
            if at >= 10 {
                sum -= self.bytes[at - 10];
            }
            most = most.max(sum);
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_no_holes_and_stay_bounded() {
        let mut windows = Windows::default();
        windows.add(Duration::from_millis(50), 10);
        windows.add(Duration::from_millis(350), 20);
        assert_eq!(windows.bytes, [10, 0, 0, 20]);
        windows.add(Duration::from_secs(599), 5);
        assert_eq!(windows.bytes.len(), 5991);
        windows.add(Duration::from_secs(700), 5);
        assert_eq!((windows.bytes.len(), windows.first), (KEPT, 1001));
        windows.add(Duration::from_secs(90_000), 7);
        assert_eq!((windows.first, windows.bytes.len()), (900_000, 1));
    }

    #[test]
    fn the_busiest_second_may_begin_in_any_window() {
        let mut windows = Windows::default();
        for (at, bytes) in [(0, 1), (900, 50), (1_100, 60), (1_700, 40), (3_000, 100)] {
            windows.add(Duration::from_millis(at), bytes);
        }
        assert_eq!(windows.busiest_second(), 150);
    }
}
