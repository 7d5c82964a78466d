//! What waits for the line, class by class: voices, repeats of voices, shared screens, cameras.
//!
//! Pictures wait as whole frames. A frame that waited too long is dropped before its first packet leaves, never in the middle.
//! If it was of the lowest temporal layer, all that follows in its flow is useless until a keyframe, so it is dropped too and a keyframe
//! is asked for; otherwise only frames of its temporal layer and above are, until a lower one comes.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::payload::vp8;
use crate::words::{Class, Item, StreamKey};

const VOICE_DEADLINE: Duration = Duration::from_millis(60);
/// A frame that others do not rest on may wait so long.
const PICTURE_DEADLINE: Duration = Duration::from_millis(150);
/// A frame that others rest on is worth more patience: a keyframe on a thin line takes this long by itself.
const BASE_DEADLINE: Duration = Duration::from_millis(500);
/// Bounds of memory: packets that may wait in one class.
const MOST_WAITING: usize = 2_000;

/// An item on its way, with what it counts as.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) item: Item,
    pub(crate) since: Instant,
    /// Not before this time (repeats).
    pub(crate) due: Instant,
}

#[derive(Debug, Default)]
struct FlowState {
    /// Nothing passes until a keyframe begins.
    broken: bool,
    /// Frames of this temporal layer and above are dropped until a lower one.
    skip_from: Option<u8>,
    /// The frame being dropped now, by timestamp.
    dropping: Option<u32>,
    /// The frame of which a packet has left.
    begun: Option<u32>,
}

/// A flow of pictures: one layer of one stream.
pub(crate) type Flow = (StreamKey, u8);

/// What became of a drop, for the counters and for asking keyframes.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    pub(crate) packets: Vec<Class>,
    pub(crate) keyframes: Vec<Flow>,
}

#[derive(Debug, Default)]
pub(crate) struct Queue {
    voices: VecDeque<Waiting>,
    repeats: VecDeque<Waiting>,
    slides: VecDeque<Waiting>,
    cameras: VecDeque<Waiting>,
    flows: HashMap<Flow, FlowState>,
}

impl Queue {
    /// Forget streams that are no longer offered; what of them waits is dropped without a trace.
    pub(crate) fn keep(&mut self, offered: impl Fn(StreamKey) -> bool) {
        for queue in [
            &mut self.voices,
            &mut self.repeats,
            &mut self.slides,
            &mut self.cameras,
        ] {
            queue.retain(|waiting| offered(waiting.item.stream));
        }
        self.flows.retain(|(stream, _), _| offered(*stream));
    }

    pub(crate) fn push_voice(&mut self, item: Item, now: Instant) {
        self.voices.push_back(Waiting {
            item,
            since: now,
            due: now,
        });
        if self.voices.len() > MOST_WAITING {
            self.voices.pop_front();
        }
    }

    pub(crate) fn push_repeat(&mut self, item: Item, due: Instant) {
        if self.repeats.len() < MOST_WAITING {
            self.repeats.push_back(Waiting {
                item,
                since: due,
                due,
            });
        }
    }

    pub(crate) fn push_picture(&mut self, item: Item, now: Instant, dropped: &mut Dropped) {
        let class = Class::of(item.stream.kind);
        let flow = (item.stream, item.layer);
        let about = vp8(&item.payload);
        let state = self.flows.entry(flow).or_default();
        if about.keyframe_start {
            state.broken = false;
            state.skip_from = None;
            state.dropping = None;
        }
        if state.dropping == Some(item.timestamp) {
            dropped.packets.push(class);
            return;
        }
        state.dropping = None;
        if state.skip_from.is_some_and(|from| about.temporal < from) {
            state.skip_from = None;
        }
        if state.broken || state.skip_from.is_some() {
            state.dropping = Some(item.timestamp);
            if state.broken {
                // Asked again with each frame that is of no use; who asks the browser keeps the measure.
                dropped.keyframes.push(flow);
            }
            dropped.packets.push(class);
            return;
        }
        let queue = if class == Class::Slides {
            &mut self.slides
        } else {
            &mut self.cameras
        };
        if queue.len() >= MOST_WAITING {
            self.drop_frame(flow, item.timestamp, 0, class, dropped);
            dropped.packets.push(class);
            return;
        }
        queue.push_back(Waiting {
            item,
            since: now,
            due: now,
        });
    }

    /// Drop what waited too long.
    pub(crate) fn expire(&mut self, now: Instant, dropped: &mut Dropped) {
        while self
            .voices
            .front()
            .is_some_and(|w| late(w, VOICE_DEADLINE, now))
        {
            self.voices.pop_front();
            dropped.packets.push(Class::Audio);
        }
        // A repeat that never left is no loss: its first copy did.
        while self
            .repeats
            .front()
            .is_some_and(|w| late(w, VOICE_DEADLINE, now))
        {
            self.repeats.pop_front();
        }
        for class in [Class::Slides, Class::Video] {
            while let Some((flow, timestamp, temporal)) = self.late_frame(class, now) {
                self.drop_frame(flow, timestamp, temporal, class, dropped);
            }
        }
    }

    fn pictures(&mut self, class: Class) -> &mut VecDeque<Waiting> {
        if class == Class::Slides {
            &mut self.slides
        } else {
            &mut self.cameras
        }
    }

    fn late_frame(&self, class: Class, now: Instant) -> Option<(Flow, u32, u8)> {
        let queue = if class == Class::Slides {
            &self.slides
        } else {
            &self.cameras
        };
        queue
            .iter()
            .take_while(|waiting| late(waiting, PICTURE_DEADLINE, now))
            .filter_map(|waiting| {
                let item = &waiting.item;
                let temporal = vp8(&item.payload).temporal;
                let of_no_use = temporal > 0 || late(waiting, BASE_DEADLINE, now);
                of_no_use.then_some(((item.stream, item.layer), item.timestamp, temporal))
            })
            .find(|(flow, timestamp, _)| {
                self.flows
                    .get(flow)
                    .is_none_or(|state| state.begun != Some(*timestamp))
            })
    }

    fn drop_frame(
        &mut self,
        flow: Flow,
        timestamp: u32,
        temporal: u8,
        class: Class,
        dropped: &mut Dropped,
    ) {
        let state = self.flows.entry(flow).or_default();
        state.dropping = Some(timestamp);
        if temporal == 0 {
            state.broken = true;
            dropped.keyframes.push(flow);
        } else {
            state.skip_from = Some(state.skip_from.map_or(temporal, |from| from.min(temporal)));
        }
        let (begun, broken) = (state.begun, state.broken);
        self.pictures(class).retain(|waiting| {
            let item = &waiting.item;
            let of_flow = (item.stream, item.layer) == flow;
            let useless = item.timestamp == timestamp || (broken && begun != Some(item.timestamp));
            if of_flow && useless {
                dropped.packets.push(class);
            }
            !(of_flow && useless)
        });
    }

    /// The next item to send, in the strict order of classes; voices wait up to `bundle` for company.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<Waiting> {
        if let Some(voice) = self.voices.pop_front() {
            return Some(voice);
        }
        if self
            .repeats
            .front()
            .is_some_and(|waiting| waiting.due <= now)
        {
            return self.repeats.pop_front();
        }
        let waiting = self
            .slides
            .pop_front()
            .or_else(|| self.cameras.pop_front())?;
        let flow = (waiting.item.stream, waiting.item.layer);
        self.flows.entry(flow).or_default().begun = Some(waiting.item.timestamp);
        Some(waiting)
    }

    /// The next voice, if one waits; used to fill a bundle.
    pub(crate) fn pop_voice(&mut self) -> Option<Waiting> {
        self.voices.pop_front()
    }

    /// Bytes of the voice that would leave next.
    pub(crate) fn next_voice_len(&self) -> Option<usize> {
        self.voices
            .front()
            .map(|waiting| waiting.item.payload.len())
    }

    /// Since when the oldest voice waits, and how many bytes of voices there are.
    pub(crate) fn voices(&self) -> Option<(Instant, usize)> {
        let first = self.voices.front()?;
        Some((
            first.since,
            self.voices.iter().map(|w| w.item.payload.len()).sum(),
        ))
    }

    /// Whether anything but voices could leave now.
    pub(crate) fn others_ready(&self, now: Instant) -> bool {
        !self.slides.is_empty()
            || !self.cameras.is_empty()
            || self.repeats.front().is_some_and(|w| w.due <= now)
    }

    /// When the first repeat is due.
    pub(crate) fn repeat_due(&self) -> Option<Instant> {
        self.repeats.front().map(|waiting| waiting.due)
    }
}

fn late(waiting: &Waiting, deadline: Duration, now: Instant) -> bool {
    now.saturating_duration_since(waiting.since) > deadline
}
