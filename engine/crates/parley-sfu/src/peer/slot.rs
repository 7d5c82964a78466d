//! A receive m-line of a browser and the stream that it is given.

use str0m::media::Mid;
use str0m::rtp::Ssrc;

use crate::media::rewrite::Rewriter;
use crate::media::{AUDIO_CLOCK, PICTURE_CLOCK};
use crate::words::StreamId;

/// The highest layer.
pub(crate) const TOP: u8 = 2;

/// A receive m-line.
#[derive(Debug)]
pub(crate) struct Slot {
    pub mid: Mid,
    pub ssrc: Ssrc,
    pub audio: bool,
    /// What the browser was told it carries.
    pub stream: Option<StreamId>,
    /// Index of the source that feeds it; none while the stream is absent, hidden or in another room.
    pub source: Option<usize>,
    pub rewriter: Rewriter,
    /// The layer shown now.
    pub shown: Option<u8>,
    /// The layer that shall be shown: from its next keyframe.
    pub awaited: Option<u8>,
    /// Width on the screen in device pixels, and importance.
    pub width: u32,
    pub weight: u32,
    /// Highest layer that the way to the browser bears.
    pub cap: u8,
}

impl Slot {
    pub fn new(mid: Mid, ssrc: Ssrc, audio: bool) -> Self {
        Slot {
            mid,
            ssrc,
            audio,
            stream: None,
            source: None,
            rewriter: if audio {
                Rewriter::new(AUDIO_CLOCK, true)
            } else {
                Rewriter::new(PICTURE_CLOCK, false)
            },
            shown: None,
            awaited: None,
            width: 0,
            weight: 0,
            cap: TOP,
        }
    }

    /// From now on fed by this source, or by none. Pictures begin with a keyframe.
    pub fn feed_from(&mut self, source: Option<usize>) {
        self.source = source;
        self.begin_anew();
    }

    /// The source went through a break: as if it were new.
    pub fn begin_anew(&mut self) {
        self.rewriter.leave();
        self.shown = None;
        self.awaited = None;
    }

    /// True while a keyframe of `layer` is awaited.
    pub fn awaits(&self, layer: u8) -> bool {
        self.awaited == Some(layer) && self.shown != Some(layer)
    }
}
