//! Whose turn it is: all robots of a meeting compute the same schedule from the same clock, so that usually one speaks.

use std::time::Duration;

/// Length of a turn.
pub const TURN: Duration = Duration::from_secs(7);
/// Silence at the end of each turn.
const BREATH: Duration = Duration::from_millis(900);

/// A robot's place in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of this robot, from 0.
    pub index: u32,
    /// Number of robots that take turns.
    pub of: u32,
}

fn mixed(word: u64) -> u64 {
    let mut word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Who has the word in turn `turn` of `of` robots. Each round is a seeded order in which everyone speaks once.
fn speaker(turn: u64, of: u32) -> u32 {
    let of = u64::from(of.max(1));
    let (round, at) = (turn / of, turn % of);
    let mut order: Vec<u64> = (0..of).collect();
    for last in (1..order.len()).rev() {
        let other = mixed(round.wrapping_mul(131).wrapping_add(last as u64)) % (last as u64 + 1);
        order.swap(last, other as usize);
    }
    order[at as usize] as u32
}

impl Place {
    /// Whether this robot speaks at a time of the common clock (since the Unix epoch). Sometimes a second one falls in.
    pub fn speaks(self, clock: Duration) -> bool {
        let turn = clock.as_nanos() / TURN.as_nanos();
        let turn = turn as u64;
        let into = Duration::from_nanos((clock.as_nanos() % TURN.as_nanos()) as u64);
        if into + BREATH > TURN {
            return false;
        }
        let interjects = mixed(turn).is_multiple_of(5) && into > TURN / 2 && into < TURN * 2 / 3;
        speaker(turn, self.of) == self.index
            || (interjects && speaker(turn + 1, self.of) == self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_each_round_everyone_speaks_once() {
        for round in 0..20 {
            let mut heard: Vec<_> = (0..6).map(|turn| speaker(round * 6 + turn, 6)).collect();
            heard.sort_unstable();
            assert_eq!(heard, [0, 1, 2, 3, 4, 5]);
        }
    }

    #[test]
    fn usually_one_speaks_and_never_more_than_two() {
        let mut counts = [0; 3];
        for tenth in 0..20_000 {
            let clock = Duration::from_millis(1_700_000_000_000 + tenth * 100);
            let speaking = (0..5)
                .filter(|&index| Place { index, of: 5 }.speaks(clock))
                .count();
            counts[speaking] += 1;
        }
        assert!(counts[1] > 16_000, "{counts:?}");
        assert!(counts[0] > 1_000 && counts[2] < 1_500, "{counts:?}");
    }
}
