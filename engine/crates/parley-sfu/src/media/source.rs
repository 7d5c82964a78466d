//! A published stream as the room sees it, whoever publishes it: a browser of this side or the line.

use std::time::{Duration, Instant};

use super::fence::Fence;
use super::keyframes::KeyframeGate;
use super::layers::Widths;
use super::voice::Voice;
use super::vp8::Vp8Facts;
use super::{AUDIO_CLOCK, PICTURE_CLOCK};
use crate::crossing::Packet;
use crate::words::{Kind, Layers, StreamId};

/// A layer without packets for this long is passed over for another.
const LIVE_FOR: Duration = Duration::from_millis(800);
/// A stream without packets for this long has stopped.
const RUNS_FOR: Duration = Duration::from_secs(2);
/// Over which a layer's rate is measured.
const RATE_WINDOW: Duration = Duration::from_secs(1);

/// An m-line of a browser that shows or plays what it is given: peer and slot by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SinkRef {
    pub peer: usize,
    pub slot: usize,
}

/// Where a stream comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A peer and the m-line (by index of its track) that publishes it.
    Peer {
        peer: usize,
        track: usize,
        seat: usize,
    },
    /// The other side, which offers these layers.
    Line { offered: Layers },
}

/// A published stream.
#[derive(Debug)]
pub(crate) struct Source {
    pub id: StreamId,
    pub origin: Origin,
    pub layers: [Layer; Layers::COUNT],
    pub voice: Voice,
    /// Packets of long silence were left out since the last one that was sent.
    pub silenced: bool,
    /// How many were left out for the line, modulo 2^16: its numbers close up.
    pub line_skipped: u16,
    /// Everybody who has it in a slot and sees that slot.
    pub sinks: Vec<SinkRef>,
    /// What the line wants of it.
    pub demanded: Layers,
    /// What was last told about it.
    pub told: Layers,
}

/// A packet that waits for the beginning of its keyframe.
#[derive(Debug)]
pub(crate) struct Held {
    pub seq: u64,
    pub packet: Packet,
    pub facts: Vp8Facts,
}

/// One encoding of a source.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// Those of the source's sinks that this layer's packets concern: shown now, or awaited.
    pub sinks: Vec<SinkRef>,
    pub keyframes: KeyframeGate,
    pub fence: Fence,
    pub width: Option<u16>,
    /// True if a viewer waits for a keyframe of this layer.
    pub awaited: bool,
    /// Packets that came before the beginning of the keyframe that is awaited.
    pub held: Vec<Held>,
    /// False until a keyframe has begun for the line.
    pub line_running: bool,
    last_packet: Option<Instant>,
    highest_seq: Option<u64>,
    window: Option<(Instant, u64)>,
    /// Bits per second over the last full window.
    pub bit_rate: u64,
}

impl Source {
    pub fn new(id: StreamId, origin: Origin) -> Self {
        Source {
            id,
            origin,
            layers: Default::default(),
            voice: Voice::default(),
            silenced: false,
            line_skipped: 0,
            sinks: Vec::new(),
            demanded: Layers::default(),
            told: Layers::default(),
        }
    }

    /// Layers that have packets now.
    pub fn live(&self, now: Instant) -> Layers {
        self.with_packets_within(LIVE_FOR, now)
    }

    /// Layers that had packets within the time after which a stream counts as stopped.
    pub fn running(&self, now: Instant) -> Layers {
        self.with_packets_within(RUNS_FOR, now)
    }

    pub fn widths(&self) -> Widths {
        [
            self.layers[0].width,
            self.layers[1].width,
            self.layers[2].width,
        ]
    }

    fn with_packets_within(&self, span: Duration, now: Instant) -> Layers {
        let live = |l: &Layer| {
            l.last_packet
                .is_some_and(|at| now.saturating_duration_since(at) < span)
        };
        let bits = self
            .layers
            .iter()
            .enumerate()
            .filter(|(_, l)| live(l))
            .map(|(n, _)| 1 << n);
        Layers(bits.sum())
    }

    /// Nothing recorded until now (or within `margin` from now) may pass, and pictures begin anew.
    pub fn put_fence(&mut self, now: Instant, margin: Duration) {
        let clock_rate = if self.id.kind == Kind::Audio {
            AUDIO_CLOCK
        } else {
            PICTURE_CLOCK
        };
        for layer in &mut self.layers {
            layer.fence.put(now, margin, clock_rate);
            layer.line_running = false;
            layer.held.clear();
        }
    }

    /// The publisher is another one now: other clocks, other numbers.
    pub fn restart(&mut self, origin: Origin) {
        self.origin = origin;
        for layer in &mut self.layers {
            layer.fence.reset();
            layer.highest_seq = None;
            layer.held.clear();
            layer.line_running = false;
        }
    }
}

impl Layer {
    /// Notes a packet that passed. True: this layer was not live before.
    pub fn arrived(&mut self, bytes: usize, now: Instant) -> bool {
        let awoke = self
            .last_packet
            .is_none_or(|at| now.saturating_duration_since(at) >= LIVE_FOR);
        self.last_packet = Some(now);
        let (begun, bits) = self.window.unwrap_or((now, 0));
        let bits = bits + 8 * bytes as u64;
        let passed = now.saturating_duration_since(begun);
        if passed >= RATE_WINDOW {
            self.bit_rate = (bits as f64 / passed.as_secs_f64()) as u64;
            self.window = Some((now, 0));
        } else {
            self.window = Some((begun, bits));
        }
        awoke
    }

    /// The 16 bit sequence number of the line, made 64 bits long.
    pub fn extend(&mut self, seq: u16) -> u64 {
        let Some(highest) = self.highest_seq else {
            // Room to go back: the first packet need not be the lowest.
            let first = (1 << 16) + u64::from(seq);
            self.highest_seq = Some(first);
            return first;
        };
        let step = i64::from(seq.wrapping_sub(highest as u16) as i16);
        let extended = highest.saturating_add_signed(step);
        self.highest_seq = Some(highest.max(extended));
        extended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_of_the_line_are_extended_over_the_wrap_both_ways() {
        let mut layer = Layer::default();
        let first = layer.extend(65_534);
        assert_eq!(layer.extend(65_535), first + 1);
        assert_eq!(layer.extend(1), first + 3);
        assert_eq!(layer.extend(0), first + 2);
        assert_eq!(layer.extend(65_533), first - 1);
        assert_eq!(layer.extend(2), first + 4);
    }
}
