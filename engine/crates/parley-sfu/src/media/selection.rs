//! Who is heard when more speak than there are slots: the loudest, without flapping.

use std::time::{Duration, Instant};

/// Somebody louder than a speaker takes the slot only by this many dB …
const MARGIN: f32 = 6.0;
/// … for this long. Somebody who has fallen silent loses it at once.
const PATIENCE: Duration = Duration::from_millis(400);

/// One who may be heard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    /// Index of the source.
    pub source: usize,
    /// Smoothed, 127 = loudest.
    pub loudness: f32,
    pub speaking: bool,
}

/// The chosen ones of a room, in an order that changes as little as possible.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    chosen: Vec<usize>,
    challenger: Option<(usize, Instant)>,
}

impl Selection {
    /// Chooses at most `slots` of `candidates`. True if the choice changed.
    pub fn update(&mut self, candidates: &[Candidate], slots: usize, now: Instant) -> bool {
        let before = self.chosen.clone();
        self.chosen
            .retain(|source| candidates.iter().any(|c| c.source == *source));
        self.chosen.truncate(slots);
        while self.chosen.len() < slots {
            let Some(next) = loudest(candidates.iter().filter(|c| !self.has(c.source))) else {
                break;
            };
            self.chosen.push(next.source);
        }
        if self.chosen.len() == slots && slots > 0 {
            self.challenge(candidates, now);
        }
        before != self.chosen
    }

    /// The chosen sources.
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    /// True if this source is heard.
    pub fn has(&self, source: usize) -> bool {
        self.chosen.contains(&source)
    }

    fn challenge(&mut self, candidates: &[Candidate], now: Instant) {
        loop {
            let outside = candidates
                .iter()
                .filter(|c| c.speaking && !self.has(c.source));
            let Some(challenger) = loudest(outside).copied() else {
                self.challenger = None;
                return;
            };
            let held = candidates.iter().filter(|c| self.has(c.source));
            let Some(weakest) = held.min_by(|a, b| rank(a).total_cmp(&rank(b))) else {
                return;
            };
            if weakest.speaking && !self.outlasts(&challenger, weakest, now) {
                return;
            }
            self.challenger = None;
            if let Some(place) = self.chosen.iter_mut().find(|s| **s == weakest.source) {
                *place = challenger.source;
            }
        }
    }

    fn outlasts(&mut self, challenger: &Candidate, weakest: &Candidate, now: Instant) -> bool {
        if challenger.loudness < weakest.loudness + MARGIN {
            self.challenger = None;
            return false;
        }
        match self.challenger {
            Some((source, since)) if source == challenger.source => {
                now.saturating_duration_since(since) >= PATIENCE
            }
            _ => {
                self.challenger = Some((challenger.source, now));
                false
            }
        }
    }
}

fn loudest<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Option<&'a Candidate> {
    candidates.max_by(|a, b| rank(a).total_cmp(&rank(b)))
}

/// Who speaks ranks above who does not.
fn rank(candidate: &Candidate) -> f32 {
    candidate.loudness + if candidate.speaking { 1_000.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voices(loudness: &[f32]) -> Vec<Candidate> {
        let candidate = |(source, loudness): (usize, &f32)| Candidate {
            source,
            loudness: *loudness,
            speaking: *loudness > 70.0,
        };
        loudness.iter().enumerate().map(candidate).collect()
    }

    #[test]
    fn everybody_is_heard_while_there_are_slots() {
        let mut selection = Selection::default();
        assert!(selection.update(&voices(&[0.0, 90.0, 10.0]), 3, Instant::now()));
        assert_eq!(selection.chosen().len(), 3);
        assert!(
            !selection.update(&voices(&[90.0, 0.0, 10.0]), 3, Instant::now()),
            "and nothing moves"
        );
    }

    #[test]
    fn the_silent_yield_at_once_the_speaking_only_to_somebody_clearly_louder_for_a_while() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut selection = Selection::default();
        selection.update(&voices(&[90.0, 88.0, 20.0, 10.0]), 2, at(0));
        assert_eq!(selection.chosen(), [0, 1]);
        assert!(
            !selection.update(&voices(&[90.0, 88.0, 92.0, 0.0]), 2, at(100)),
            "not louder by the margin"
        );
        assert!(
            !selection.update(&voices(&[90.0, 80.0, 92.0, 0.0]), 2, at(200)),
            "louder, but only now"
        );
        assert!(!selection.update(&voices(&[90.0, 80.0, 92.0, 0.0]), 2, at(400)));
        assert!(selection.update(&voices(&[90.0, 80.0, 92.0, 0.0]), 2, at(600)));
        assert_eq!(selection.chosen(), [0, 2]);
        assert!(
            selection.update(&voices(&[20.0, 0.0, 92.0, 80.0]), 2, at(700)),
            "0 is silent"
        );
        assert_eq!(selection.chosen(), [3, 2]);
    }
}
