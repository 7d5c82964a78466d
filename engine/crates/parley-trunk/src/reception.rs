//! The receiving half: which datagrams came, which packets were already delivered, parts put together, feedback.
//!
//! Everything is bounded: the window of numbers, the packets remembered per flow, and the parts that wait for their rest.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use crate::wire::{Feedback, Piece, RECEIVED_WORDS};

/// Numbers remembered per flow and layer for telling copies.
const REMEMBERED: u16 = 512;
/// Larger packets under way at once.
const MOST_UNFINISHED: usize = 64;
const MOST_PARTS: usize = 32;

/// Which datagrams arrived, and how late.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    highest: Option<u32>,
    received: [u32; RECEIVED_WORDS],
    bytes: u32,
    least_delay: Option<i64>,
    least_next: Option<(i64, Instant)>,
    queueing: i64,
    epoch: Option<Instant>,
}

const LEAST_WINDOW_SECONDS: u64 = 10;

impl Arrivals {
    pub(crate) fn take(&mut self, number: u32, sent: u32, len: usize, now: Instant) {
        self.bytes = self.bytes.saturating_add(len as u32);
        match self.highest {
            None => {
                self.highest = Some(number);
                self.received[0] = 1 << 31;
            }
            Some(highest) => {
                let ahead = number.wrapping_sub(highest);
                if ahead < u32::MAX / 2 {
                    self.shift(ahead);
                    self.highest = Some(number);
                    self.received[0] |= 1 << 31;
                } else {
                    let back = highest.wrapping_sub(number) as usize;
                    if let Some(word) = self.received.get_mut(back / 32) {
                        *word |= 1 << (31 - back % 32);
                    }
                }
            }
        }
        self.delay(sent, now);
    }

    fn shift(&mut self, by: u32) {
        let by = by as usize;
        let bits = RECEIVED_WORDS * 32;
        let mut shifted = [0_u32; RECEIVED_WORDS];
        for at in 0..bits.saturating_sub(by) {
            if self.received[at / 32] & (1 << (31 - at % 32)) != 0 {
                let to = at + by;
                shifted[to / 32] |= 1 << (31 - to % 32);
            }
        }
        self.received = shifted;
    }

    /// One-way delay has an unknown offset (two clocks), so only its rise above the least of the last ten seconds is used.
    fn delay(&mut self, sent: u32, now: Instant) {
        let epoch = *self.epoch.get_or_insert(now);
        let arrived = (now.saturating_duration_since(epoch).as_micros() / 100) as u32;
        let delay = i64::from(arrived.wrapping_sub(sent) as i32);
        let least = *self.least_delay.get_or_insert(delay);
        self.least_delay = Some(least.min(delay));
        let (next, since) = *self.least_next.get_or_insert((delay, now));
        self.least_next = Some((next.min(delay), since));
        if now.saturating_duration_since(since).as_secs() >= LEAST_WINDOW_SECONDS {
            self.least_delay = Some(next.min(delay));
            self.least_next = Some((delay, now));
        }
        self.queueing = delay - self.least_delay.unwrap_or(delay);
    }

    /// What to tell the sender; `None` before anything came.
    pub(crate) fn feedback(&mut self) -> Option<Feedback> {
        let feedback = Feedback {
            highest: self.highest?,
            received: self.received,
            queueing: self.queueing.clamp(0, i64::from(u16::MAX)) as u16,
            bytes: self.bytes,
        };
        self.bytes = 0;
        Some(feedback)
    }
}

/// Delivers each packet once, whole.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    delivered: HashMap<(u16, u8), VecDeque<u16>>,
    unfinished: VecDeque<Unfinished>,
}

#[derive(Debug)]
struct Unfinished {
    flow: u16,
    layer: u8,
    seq: u16,
    parts: Vec<Option<Arc<[u8]>>>,
}

impl Assembly {
    pub(crate) fn forget(&mut self, keep: impl Fn(u16) -> bool) {
        self.delivered.retain(|(flow, _), _| keep(*flow));
        self.unfinished.retain(|unfinished| keep(unfinished.flow));
    }

    /// The payload of a packet that is complete and new.
    pub(crate) fn take(&mut self, piece: &Piece) -> Option<Arc<[u8]>> {
        let seen = self.delivered.entry((piece.flow, piece.layer)).or_default();
        if seen.contains(&piece.seq) {
            return None;
        }
        let whole = match piece.part {
            None => piece.payload.clone(),
            Some(part) => {
                if usize::from(part.count) > MOST_PARTS {
                    return None;
                }
                self.join(piece, part.index, part.count)?
            }
        };
        let seen = self.delivered.entry((piece.flow, piece.layer)).or_default();
        seen.push_back(piece.seq);
        if seen.len() > usize::from(REMEMBERED) {
            seen.pop_front();
        }
        Some(whole)
    }

    fn join(&mut self, piece: &Piece, index: u8, count: u8) -> Option<Arc<[u8]>> {
        let same = |u: &Unfinished| {
            u.flow == piece.flow
                && u.layer == piece.layer
                && u.seq == piece.seq
                && u.parts.len() == usize::from(count)
        };
        let at = self.unfinished.iter().position(same).unwrap_or_else(|| {
            if self.unfinished.len() == MOST_UNFINISHED {
                self.unfinished.pop_front();
            }
            self.unfinished.push_back(Unfinished {
                flow: piece.flow,
                layer: piece.layer,
                seq: piece.seq,
                parts: vec![None; usize::from(count)],
            });
            self.unfinished.len() - 1
        });
        let parts = &mut self.unfinished[at].parts;
        parts[usize::from(index)] = Some(piece.payload.clone());
        if parts.iter().any(Option::is_none) {
            return None;
        }
        let done = self.unfinished.remove(at)?;
        let bytes: Vec<u8> = done
            .parts
            .iter()
            .flatten()
            .flat_map(|part| part.iter().copied())
            .collect();
        Some(bytes.into())
    }
}
