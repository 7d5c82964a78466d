//! One outgoing stream made of many incoming ones, so that the browser sees a single sender that never changes.
//!
//! A **join** is the moment at which another source (or layer) takes over: sequence numbers go on by one, timestamps by the
//! time that has passed, VP8 picture ids, TL0PICIDX and KEYIDX by one. Between joins everything is moved by a constant, so
//! that losses and reordering of the source stay visible and can be repaired. What precedes the join is refused.

use std::time::Instant;

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

use super::fence::newer;

/// First sequence number of an outgoing stream: below 2^15, as SRTP wants of a stream whose rollover counter is 0.
const FIRST_SEQ: u64 = 1_000;
/// A voice that was not forwarded for a while (others were louder) goes on without a gap when this many packets are missing:
/// nobody can repair them, and a browser would conceal what never was.
const CLOSED_GAP: u64 = 50;

/// The state of one outgoing stream.
#[derive(Debug)]
pub(crate) struct Rewriter {
    clock_rate: u32,
    closes_gaps: bool,
    last: Option<Last>,
    join: Option<Join>,
}

/// What the browser has been given last.
#[derive(Debug, Clone, Copy)]
struct Last {
    seq: u64,
    timestamp: u32,
    at: Instant,
    vp8: Vp8Ids,
}

#[derive(Debug, Clone, Copy, Default)]
struct Vp8Ids {
    picture: u16,
    tl0: u8,
    key: u8,
}

/// Constants that hold since the last join. All additions wrap.
#[derive(Debug, Clone, Copy)]
struct Join {
    first_seq: u64,
    seq: u64,
    timestamp: u32,
    vp8: Vp8Ids,
}

/// Header fields of a packet as the browser shall see them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rewritten {
    pub seq: u64,
    pub timestamp: u32,
    pub vp8: Option<Vp8Patch>,
}

impl Rewriter {
    /// For a stream with this RTP clock, in Hz; voices close long gaps.
    pub fn new(clock_rate: u32, closes_gaps: bool) -> Self {
        Rewriter {
            clock_rate,
            closes_gaps,
            last: None,
            join: None,
        }
    }

    /// True if a source is joined.
    pub fn is_joined(&self) -> bool {
        self.join.is_some()
    }

    /// The source is gone; the next one joins where it ended.
    pub fn leave(&mut self) {
        self.join = None;
    }

    /// Another source takes over with this packet.
    pub fn join(&mut self, seq: u64, timestamp: u32, vp8: Option<&Vp8Descriptor>, now: Instant) {
        let first = Last {
            seq: FIRST_SEQ - 1,
            timestamp,
            at: now,
            vp8: Vp8Ids::default(),
        };
        let last = self.last.unwrap_or(first);
        let passed =
            now.saturating_duration_since(last.at).as_secs_f64() * f64::from(self.clock_rate);
        let advance = if self.last.is_some() {
            (passed as u64 as u32).max(1)
        } else {
            0
        };
        self.join = Some(Join {
            first_seq: seq,
            seq: (last.seq + 1).wrapping_sub(seq),
            timestamp: last.timestamp.wrapping_add(advance).wrapping_sub(timestamp),
            vp8: vp8.map(|d| ids_after(last.vp8, d)).unwrap_or_default(),
        });
    }

    /// The same source goes on after a pause of ours (silence left out): timestamps stay, sequence numbers close up.
    pub fn resume(&mut self, seq: u64) {
        if let (Some(join), Some(last)) = (&mut self.join, self.last) {
            join.first_seq = seq;
            join.seq = (last.seq + 1).wrapping_sub(seq);
        }
    }

    /// `None`: not joined, or older than the join.
    pub fn rewrite(
        &mut self,
        seq: u64,
        timestamp: u32,
        vp8: Option<&Vp8Descriptor>,
        now: Instant,
    ) -> Option<Rewritten> {
        let mut join = self.join.filter(|join| seq >= join.first_seq)?;
        if self.closes_gaps
            && self.last.is_some_and(|last| {
                seq.wrapping_add(join.seq).wrapping_sub(last.seq) as i64 > CLOSED_GAP as i64
            })
        {
            self.resume(seq);
            join = self.join?;
        }
        let out_seq = seq.wrapping_add(join.seq);
        let out_timestamp = timestamp.wrapping_add(join.timestamp);
        let patch = match vp8 {
            None => None,
            Some(descriptor) => Some(patch(descriptor, join)?),
        };
        match &mut self.last {
            Some(last) => {
                last.seq = last.seq.max(out_seq);
                if newer(out_timestamp, last.timestamp) {
                    last.timestamp = out_timestamp;
                    last.at = now;
                }
            }
            None => {
                self.last = Some(Last {
                    seq: out_seq,
                    timestamp: out_timestamp,
                    at: now,
                    vp8: Vp8Ids::default(),
                })
            }
        }
        if let (Some(descriptor), Some(last)) = (vp8, &mut self.last) {
            note_ids(&mut last.vp8, descriptor, join);
        }
        Some(Rewritten {
            seq: out_seq,
            timestamp: out_timestamp,
            vp8: patch,
        })
    }
}

fn patch(descriptor: &Vp8Descriptor, join: Join) -> Option<Vp8Patch> {
    let mut patch = descriptor.patch();
    if let Some(id) = descriptor.picture_id() {
        patch = patch.picture_id(id.wrapping_add(join.vp8.picture) & 0x7fff);
    }
    if let Some(tl0) = descriptor.tl0_pic_idx() {
        patch = patch.tl0_pic_idx(tl0.wrapping_add(join.vp8.tl0));
    }
    if let Some(key) = descriptor.key_idx() {
        patch = patch.key_idx(key.wrapping_add(join.vp8.key) & 0x1f);
    }
    patch
        .build()
        .ok()
        .or_else(|| short_picture_id(descriptor, join))
}

/// A publisher with 7 bit picture ids: the id wraps at 128.
fn short_picture_id(descriptor: &Vp8Descriptor, join: Join) -> Option<Vp8Patch> {
    let id = descriptor.picture_id()?.wrapping_add(join.vp8.picture) & 0x7f;
    descriptor.patch().picture_id(id).build().ok()
}

fn ids_after(last: Vp8Ids, first: &Vp8Descriptor) -> Vp8Ids {
    Vp8Ids {
        picture: first
            .picture_id()
            .map_or(0, |id| last.picture.wrapping_add(1).wrapping_sub(id)),
        tl0: first
            .tl0_pic_idx()
            .map_or(0, |tl0| last.tl0.wrapping_add(1).wrapping_sub(tl0)),
        key: first
            .key_idx()
            .map_or(0, |key| last.key.wrapping_add(1).wrapping_sub(key)),
    }
}

fn note_ids(last: &mut Vp8Ids, descriptor: &Vp8Descriptor, join: Join) {
    if let Some(id) = descriptor.picture_id() {
        let out = id.wrapping_add(join.vp8.picture) & 0x7fff;
        if out.wrapping_sub(last.picture) & 0x7fff < 0x4000 {
            last.picture = out;
        }
    }
    if let Some(tl0) = descriptor.tl0_pic_idx() {
        let out = tl0.wrapping_add(join.vp8.tl0);
        if out.wrapping_sub(last.tl0) < 0x80 {
            last.tl0 = out;
        }
    }
    if let Some(key) = descriptor.key_idx() {
        let out = key.wrapping_add(join.vp8.key) & 0x1f;
        if out.wrapping_sub(last.key) & 0x1f < 0x10 {
            last.key = out;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn vp8(picture: u16, tl0: u8) -> Vp8Descriptor {
        let payload = [
            0x90,
            0xe0,
            0x80 | (picture >> 8) as u8,
            picture as u8,
            tl0,
            0x20,
            0x10,
            0,
        ];
        Vp8Descriptor::parse(&payload).unwrap()
    }

    #[test]
    fn a_change_of_source_is_invisible() {
        let start = Instant::now();
        let mut rewriter = Rewriter::new(90_000, false);
        rewriter.join(500, 1_000, Some(&vp8(77, 9)), start);
        let a = rewriter
            .rewrite(500, 1_000, Some(&vp8(77, 9)), start)
            .unwrap();
        let b = rewriter
            .rewrite(501, 1_000, Some(&vp8(77, 9)), start)
            .unwrap();
        assert_eq!((b.seq, b.timestamp), (a.seq + 1, a.timestamp));
        let later = start + Duration::from_millis(40);
        rewriter.join(60_000, 3_000_000_000, Some(&vp8(0x7fff, 255)), later);
        assert!(
            rewriter
                .rewrite(59_999, 2_999_999_999, Some(&vp8(0x7ffe, 254)), later)
                .is_none()
        );
        let c = rewriter
            .rewrite(60_000, 3_000_000_000, Some(&vp8(0x7fff, 255)), later)
            .unwrap();
        assert_eq!((c.seq, c.timestamp), (b.seq + 1, b.timestamp + 3_600));
        assert_eq!(
            c.vp8,
            Some(
                vp8(0x7fff, 255)
                    .patch()
                    .picture_id(2)
                    .tl0_pic_idx(2)
                    .build()
                    .unwrap()
            )
        );
        let d = rewriter
            .rewrite(60_001, 3_000_003_600, Some(&vp8(0, 0)), later)
            .unwrap();
        assert_eq!(
            d.vp8,
            Some(
                vp8(0, 0)
                    .patch()
                    .picture_id(3)
                    .tl0_pic_idx(3)
                    .build()
                    .unwrap()
            )
        );
    }

    #[test]
    fn losses_and_reordering_of_the_source_stay_visible() {
        let start = Instant::now();
        let mut rewriter = Rewriter::new(48_000, true);
        rewriter.join(10, 0, None, start);
        let seqs: Vec<u64> = [10, 12, 11, 15]
            .iter()
            .filter_map(|s| rewriter.rewrite(*s, 0, None, start))
            .map(|r| r.seq)
            .collect();
        assert_eq!(seqs, [1_000, 1_002, 1_001, 1_005]);
        rewriter.resume(20);
        assert_eq!(
            rewriter
                .rewrite(20, 9_600, None, start)
                .map(|r| (r.seq, r.timestamp)),
            Some((1_006, 9_600))
        );
    }

    #[test]
    fn short_picture_ids_stay_short() {
        let start = Instant::now();
        let payload = [0x90, 0x80, 0x7f, 0x10, 0];
        let short = Vp8Descriptor::parse(&payload).unwrap();
        let mut rewriter = Rewriter::new(90_000, false);
        rewriter.join(1, 0, Some(&vp8(0x3000, 0)), start);
        rewriter
            .rewrite(1, 0, Some(&vp8(0x3000, 0)), start)
            .unwrap();
        rewriter.join(9, 0, Some(&short), start);
        assert!(
            rewriter
                .rewrite(9, 0, Some(&short), start)
                .unwrap()
                .vp8
                .is_some()
        );
    }
}
