//! What a robot does of its own accord, decided from what it sees: propose, accept, raise a hand, step out. Pure: time is given.

use std::time::{Duration, Instant};

use crate::session::messages::{Said, State};

/// Which acts a robot does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// Proposes to open the meeting when the line is linked; no more once it has seen a meeting open.
    pub proposes: bool,
    /// Accepts the other side's proposals.
    pub accepts: bool,
    /// Raises its hand so long after a meeting has opened, for ten seconds.
    pub hand: Option<Duration>,
    /// Steps out to the caucus so long after a meeting has opened, for ten seconds.
    pub step: Option<Duration>,
}

/// How long a person thinks before a proposal, before an answer.
const THINKS: Duration = Duration::from_millis(1_500);
const ANSWERS: Duration = Duration::from_millis(1_000);
/// When a proposal came to nothing.
const AGAIN: Duration = Duration::from_secs(6);
const LASTS: Duration = Duration::from_secs(10);

/// The acts of one robot.
#[derive(Debug)]
pub struct Acts {
    manner: Manner,
    opened: Option<Instant>,
    met: bool,
    propose_at: Option<Instant>,
    answer: Option<(String, Instant)>,
    answered: Option<String>,
    hand_up: bool,
    hand_done: bool,
    stepped: bool,
    step_done: bool,
}

impl Acts {
    /// Acts of a manner.
    pub fn new(manner: Manner) -> Self {
        Self {
            manner,
            opened: None,
            met: false,
            propose_at: None,
            answer: None,
            answered: None,
            hand_up: false,
            hand_done: false,
            stepped: false,
            step_done: false,
        }
    }

    /// What to say now, given what is seen.
    pub fn next(&mut self, state: &State, now: Instant) -> Option<Said> {
        match state.meeting.state.as_str() {
            "open" => self.in_meeting(now),
            "proposed" => self.proposed(state, now),
            _ => self.in_caucus(state, now),
        }
    }

    fn in_caucus(&mut self, state: &State, now: Instant) -> Option<Said> {
        (self.opened, self.answer, self.stepped, self.hand_up) = (None, None, false, false);
        if !self.manner.proposes || self.met || state.line.state != "linked" {
            self.propose_at = None;
            return None;
        }
        let at = *self.propose_at.get_or_insert(now + THINKS);
        if now < at {
            return None;
        }
        self.propose_at = Some(now + AGAIN);
        Some(Said::ProposeOpen {})
    }

    fn proposed(&mut self, state: &State, now: Instant) -> Option<Said> {
        let proposal = state.meeting.proposal.clone()?;
        if !self.manner.accepts
            || state.meeting.proposed_by.as_deref() != Some("other")
            || self.answered.as_ref() == Some(&proposal)
        {
            return None;
        }
        let at = match &self.answer {
            Some((known, at)) if *known == proposal => *at,
            _ => {
                self.answer = Some((proposal.clone(), now + ANSWERS));
                return None;
            }
        };
        if now < at {
            return None;
        }
        self.answered = Some(proposal.clone());
        Some(Said::AcceptOpen { proposal })
    }

    fn in_meeting(&mut self, now: Instant) -> Option<Said> {
        self.met = true;
        let open_for = now.saturating_duration_since(*self.opened.get_or_insert(now));
        let due = |after: Option<Duration>| after.is_some_and(|after| open_for >= after);
        let over = |after: Option<Duration>| after.is_some_and(|after| open_for >= after + LASTS);
        if !self.hand_done && due(self.manner.hand) && (over(self.manner.hand) || !self.hand_up) {
            self.hand_done = self.hand_up;
            self.hand_up = !self.hand_up;
            return Some(Said::Hand {
                raised: self.hand_up,
            });
        }
        if !self.step_done && due(self.manner.step) && (over(self.manner.step) || !self.stepped) {
            self.step_done = self.stepped;
            self.stepped = !self.stepped;
            let place = if self.stepped { "caucus" } else { "meeting" };
            return Some(Said::Step {
                place: place.into(),
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::messages::{Line, Meeting};

    fn state(meeting: &str, by: Option<&str>, line: &str) -> State {
        State {
            line: Line { state: line.into() },
            meeting: Meeting {
                state: meeting.into(),
                proposal: by.map(|_| "00000000000000aa".into()),
                proposed_by: by.map(Into::into),
            },
            place: "caucus".into(),
            seats: vec![],
            hands: vec![],
        }
    }

    /// Says what is said in so many seconds of a state, in steps of 100 ms.
    fn said(acts: &mut Acts, state: &State, from: Instant, seconds: u64) -> Vec<Said> {
        (0..seconds * 10)
            .filter_map(|step| acts.next(state, from + Duration::from_millis(step * 100)))
            .collect()
    }

    #[test]
    fn proposes_when_linked_and_not_again_after_a_meeting() {
        let start = Instant::now();
        let mut acts = Acts::new(Manner {
            proposes: true,
            ..Manner::default()
        });
        assert_eq!(
            said(&mut acts, &state("caucus", None, "down"), start, 10),
            []
        );
        let next = start + Duration::from_secs(10);
        assert_eq!(
            said(&mut acts, &state("caucus", None, "linked"), next, 5),
            [Said::ProposeOpen {}]
        );
        let next = next + Duration::from_secs(5);
        assert_eq!(said(&mut acts, &state("open", None, "linked"), next, 5), []);
        let next = next + Duration::from_secs(5);
        assert_eq!(
            said(&mut acts, &state("caucus", None, "linked"), next, 30),
            []
        );
    }

    #[test]
    fn accepts_only_the_other_sides_proposal_and_once() {
        let start = Instant::now();
        let mut acts = Acts::new(Manner {
            accepts: true,
            ..Manner::default()
        });
        assert_eq!(
            said(
                &mut acts,
                &state("proposed", Some("own"), "linked"),
                start,
                5
            ),
            []
        );
        let accepted = said(
            &mut acts,
            &state("proposed", Some("other"), "linked"),
            start + Duration::from_secs(5),
            5,
        );
        assert_eq!(
            accepted,
            [Said::AcceptOpen {
                proposal: "00000000000000aa".into()
            }]
        );
    }

    #[test]
    fn a_hand_goes_up_and_down_and_a_step_goes_out_and_in() {
        let manner = Manner {
            hand: Some(Duration::from_secs(2)),
            step: Some(Duration::from_secs(20)),
            ..Manner::default()
        };
        let mut acts = Acts::new(manner);
        let all = said(
            &mut acts,
            &state("open", None, "linked"),
            Instant::now(),
            60,
        );
        let (out, back) = (
            Said::Step {
                place: "caucus".into(),
            },
            Said::Step {
                place: "meeting".into(),
            },
        );
        assert_eq!(
            all,
            [
                Said::Hand { raised: true },
                Said::Hand { raised: false },
                out,
                back
            ]
        );
    }
}
