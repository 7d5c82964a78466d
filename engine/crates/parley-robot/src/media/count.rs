//! Counting what arrives on one slot: packets, whole frames, what was lost and what RED brought back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::codec::{payload, red};

/// How long a missing packet may still come (repeats included).
const PATIENCE: Duration = Duration::from_millis(600);
/// A jump this large is another stream.
const JUMP: u64 = 2_000;

/// Totals of one stream.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// RTP packets.
    pub packets: u64,
    /// Payload bytes.
    pub bytes: u64,
    /// Whole frames (pictures only).
    pub frames: u64,
    /// Whole keyframes (pictures only).
    pub keyframes: u64,
    /// Packets that never came, after repeats; for audio, also not as a redundant copy.
    pub lost: u64,
    /// Audio frames that came only as a redundant copy.
    pub recovered: u64,
    /// First whole frame, or first audio packet, in milliseconds since the robot began to join.
    pub first_ms: Option<u64>,
    /// The latest, likewise.
    pub last_ms: Option<u64>,
    /// Longest time between two audio packets, or two whole frames, in milliseconds.
    pub longest_gap_ms: u64,
}

impl Totals {
    fn arrived(&mut self, now_ms: u64) {
        self.first_ms.get_or_insert(now_ms);
        if let Some(last) = self.last_ms {
            self.longest_gap_ms = self.longest_gap_ms.max(now_ms.saturating_sub(last));
        }
        self.last_ms = Some(now_ms);
    }
}

#[derive(Debug, Clone, Copy)]
struct Held {
    begins: bool,
    keyframe: bool,
    ends: bool,
    at: Instant,
}

/// Pictures on one slot.
#[derive(Debug, Default)]
pub struct PictureSlot {
    next: Option<u64>,
    held: BTreeMap<u64, Held>,
    frame: Option<bool>,
    needs_keyframe: bool,
    asked: Option<Instant>,
}

impl PictureSlot {
    /// Takes a packet; `ms` is the time since the robot began. Returns whether a keyframe should be asked for.
    pub fn packet(
        &mut self,
        totals: &mut Totals,
        seq: u64,
        body: &[u8],
        ends: bool,
        now: Instant,
        ms: u64,
    ) -> bool {
        totals.packets += 1;
        totals.bytes += body.len() as u64;
        let Some(start) = payload::read(body) else {
            return false;
        };
        if self.next.is_some_and(|next| seq.abs_diff(next) > JUMP) {
            *self = Self::default();
        }
        let next = *self.next.get_or_insert(seq);
        if seq >= next {
            self.held.insert(
                seq,
                Held {
                    begins: start.begins,
                    keyframe: start.keyframe,
                    ends,
                    at: now,
                },
            );
        }
        self.settle(totals, now, ms);
        let due = self
            .asked
            .is_none_or(|asked| now.saturating_duration_since(asked) > Duration::from_secs(1));
        let ask = self.needs_keyframe && due;
        if ask {
            self.asked = Some(now);
        }
        ask
    }

    fn settle(&mut self, totals: &mut Totals, now: Instant, ms: u64) {
        while let (Some(next), Some((&first, held))) = (self.next, self.held.first_key_value()) {
            if first > next {
                if now.saturating_duration_since(held.at) < PATIENCE {
                    return;
                }
                totals.lost += first - next;
                self.next = Some(first);
                self.frame = None;
                self.needs_keyframe = true;
                continue;
            }
            let held = *held;
            self.held.remove(&first);
            self.next = Some(first + 1);
            if held.begins {
                self.frame = Some(held.keyframe);
            }
            if let Some(keyframe) = self.frame.take_if(|_| held.ends) {
                self.needs_keyframe &= !keyframe;
                totals.frames += 1;
                totals.keyframes += u64::from(keyframe);
                totals.arrived(ms);
            }
        }
    }
}

/// Sound on one slot. A redundant copy stands for the packet before.
#[derive(Debug, Default)]
pub struct AudioSlot {
    next: Option<u64>,
    /// Sequence number to whether it came itself (true) or only as a copy.
    came: BTreeMap<u64, bool>,
}

/// Packets after which a missing one is lost.
const WINDOW: u64 = 25;

impl AudioSlot {
    /// Takes a packet; `is_red` when its payload is RED; `ms` is the time since the robot began.
    pub fn packet(&mut self, totals: &mut Totals, seq: u64, body: &[u8], is_red: bool, ms: u64) {
        totals.packets += 1;
        totals.bytes += body.len() as u64;
        totals.arrived(ms);
        if self.next.is_some_and(|next| seq.abs_diff(next) > JUMP) {
            *self = Self::default();
        }
        let next = *self.next.get_or_insert(seq);
        if seq >= next {
            self.came.insert(seq, true);
        }
        let copies = if is_red {
            red::offsets(body).unwrap_or_default()
        } else {
            Vec::new()
        };
        for offset in copies {
            let earlier = seq.saturating_sub(u64::from(offset / 960));
            if (next..seq).contains(&earlier) {
                self.came.entry(earlier).or_insert(false);
            }
        }
        while let Some(next) = self.next.filter(|next| next + WINDOW <= seq) {
            match self.came.remove(&next) {
                Some(true) => {}
                Some(false) => totals.recovered += 1,
                None => totals.lost += 1,
            }
            self.next = Some(next + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::payload::Vp8Numbers;
    use crate::codec::vp8::EncodedFrame;

    #[test]
    fn frames_are_whole_only_when_every_packet_came() {
        let (mut slot, mut totals) = (PictureSlot::default(), Totals::default());
        let mut numbers = Vp8Numbers::new(0);
        let start = Instant::now();
        let mut seq = 100;
        let mut asked = false;
        for frame in 0..10u64 {
            let data = vec![u8::from(frame > 0); 3_000];
            let packets = numbers.packets(&EncodedFrame {
                data,
                keyframe: frame == 0,
                temporal: 0,
            });
            for (at, body) in packets.iter().enumerate() {
                let now = start + Duration::from_millis(frame * 200);
                if !(frame == 4 && at == 1) {
                    asked |= slot.packet(
                        &mut totals,
                        seq,
                        body,
                        at + 1 == packets.len(),
                        now,
                        frame * 200,
                    );
                }
                seq += 1;
            }
        }
        assert_eq!((totals.frames, totals.keyframes, totals.lost), (9, 1, 1));
        assert!(asked);
        assert_eq!((totals.first_ms, totals.packets), (Some(0), 29));
    }

    #[test]
    fn a_late_packet_completes_its_frame() {
        let (mut slot, mut totals) = (PictureSlot::default(), Totals::default());
        let packets = Vp8Numbers::new(0).packets(&EncodedFrame {
            data: vec![0; 3_000],
            keyframe: true,
            temporal: 0,
        });
        let now = Instant::now();
        for at in [0, 2, 1] {
            slot.packet(&mut totals, at as u64, &packets[at], at == 2, now, 0);
        }
        assert_eq!((totals.frames, totals.lost), (1, 0));
    }

    #[test]
    fn red_brings_back_single_losses() {
        let (mut slot, mut totals) = (AudioSlot::default(), Totals::default());
        for seq in 0..200u64 {
            let gone = seq == 50 || seq == 80 || seq == 81;
            let body = red::pack(111, b"frame", Some((b"older", 960)));
            if !gone {
                slot.packet(&mut totals, seq, &body, true, seq * 20);
            }
        }
        assert_eq!(
            (totals.recovered, totals.lost, totals.longest_gap_ms),
            (2, 1, 60)
        );
    }
}
