//! The sending half's memory: what left in which datagram, what of it was lost, what is worth sending again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::wire::{Feedback, Piece};

/// Datagrams remembered; older ones count as arrived.
const REMEMBERED: usize = 256;
/// A number this far behind the highest received one is lost, not late.
const REORDER: u32 = 3;
const SMOOTH: f64 = 0.02;
/// A picture is sent again at most so often, and not when older than this.
const RETRIES: u8 = 2;
const WORTH: Duration = Duration::from_millis(400);

#[derive(Debug)]
struct Sent {
    number: u32,
    at: Instant,
    decided: bool,
    /// Pictures only: voices have their repeats.
    pictures: Vec<(Piece, u8)>,
}

#[derive(Debug, Default)]
pub(crate) struct History {
    sent: VecDeque<Sent>,
    loss: f64,
}

impl History {
    pub(crate) fn remember(&mut self, number: u32, at: Instant, pictures: Vec<(Piece, u8)>) {
        if self.sent.len() == REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(Sent {
            number,
            at,
            decided: false,
            pictures,
        });
    }

    /// Smoothed share of datagrams that did not arrive, 0..1.
    pub(crate) fn loss(&self) -> f64 {
        self.loss
    }

    /// Learn from feedback; returns the pictures that were lost and are worth another try, with the tries made.
    pub(crate) fn feedback(&mut self, feedback: &Feedback, now: Instant) -> Vec<(Piece, u8)> {
        let mut again = Vec::new();
        for sent in self.sent.iter_mut().filter(|sent| !sent.decided) {
            let behind = feedback.highest.wrapping_sub(sent.number);
            // Ahead of the highest (wrapped), or so near that it may only be late.
            let known = match feedback.has(sent.number) {
                Some(true) => Some(true),
                Some(false) if (REORDER..u32::MAX / 2).contains(&behind) => Some(false),
                _ => None,
            };
            let Some(arrived) = known else { continue };
            sent.decided = true;
            self.loss += (f64::from(u8::from(!arrived)) - self.loss) * SMOOTH;
            if !arrived && now.saturating_duration_since(sent.at) < WORTH {
                again.extend(
                    sent.pictures
                        .drain(..)
                        .filter(|(_, tries)| *tries < RETRIES),
                );
            }
            sent.pictures.clear();
        }
        again
    }
}
