//! What a robot publishes: its microphone's packets every 20 ms, its camera's frames in three layers.

use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use str0m::media::Rid;
use str0m::rtp::{ExtensionValues, RtpWrite};

use super::peer::{Formats, RIDS};
use crate::codec::opus::{FRAME_SAMPLES, OpusEncoder};
use crate::codec::payload::Vp8Numbers;
use crate::codec::red;
use crate::codec::vp8::Vp8Encoder;
use crate::picture::{Moment, Planes, Studio};
use crate::sound::turns::Place;
use crate::sound::voice::{Speaker, Tone};
use crate::sound::{self, Voice};

/// A codec refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishError(String);

impl fmt::Display for PublishError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PublishError {}

fn refused(error: impl fmt::Display) -> PublishError {
    PublishError(error.to_string())
}

/// The Unix clock.
pub fn unix_clock() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

/// What was sent of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// RTP packets.
    pub packets: u64,
    /// Payload bytes.
    pub bytes: u64,
    /// Frames, of all layers together.
    pub frames: u64,
    /// Keyframes, of all layers together.
    pub keyframes: u64,
}

enum Source {
    Speech(Box<Speaker>, Place),
    Tone(Tone),
}

/// A microphone.
pub struct Mic {
    source: Source,
    encoder: OpusEncoder,
    seq: u64,
    time: u32,
    before: Option<Vec<u8>>,
    /// How loud it is now, 0 to 1, for the mouth.
    pub loud: f32,
    /// What it has sent.
    pub sent: Sent,
}

impl Mic {
    /// A microphone, or none.
    ///
    /// # Errors
    /// When the codec refuses.
    pub fn new(voice: Voice, seed: u64, place: Place) -> Result<Option<Self>, PublishError> {
        let source = match voice {
            Voice::None => return Ok(None),
            Voice::Speech => Source::Speech(Box::new(Speaker::new(seed)), place),
            Voice::Tone(hertz) => Source::Tone(Tone::new(hertz)),
        };
        let encoder = OpusEncoder::new(32).map_err(refused)?;
        let (seq, time) = (seed & 0x3fff, (seed as u32).wrapping_mul(48_000));
        Ok(Some(Self {
            source,
            encoder,
            seq,
            time,
            before: None,
            loud: 0.0,
            sent: Sent::default(),
        }))
    }

    /// The packet of the next 20 ms.
    ///
    /// # Errors
    /// When the codec refuses.
    pub fn packet(&mut self, formats: Formats, now: Instant) -> Result<RtpWrite, PublishError> {
        let sound = match &mut self.source {
            Source::Speech(speaker, place) => speaker.frame(place.speaks(unix_clock())),
            Source::Tone(tone) => tone.frame(),
        };
        let level = sound::level(&sound);
        self.loud = (44.0 - f32::from(level)).clamp(0.0, 28.0) / 28.0;
        let frame = self.encoder.encode(&sound).map_err(refused)?;
        let (kind, payload) = match formats.red.filter(|_| formats.sends_red) {
            Some(kind) => {
                let before = self
                    .before
                    .as_deref()
                    .map(|before| (before, FRAME_SAMPLES as u32));
                (kind, red::pack(*formats.opus, &frame, before))
            }
            None => (formats.opus, frame.clone()),
        };
        self.before = Some(frame);
        self.seq += 1;
        self.time = self.time.wrapping_add(FRAME_SAMPLES as u32);
        self.sent.packets += 1;
        self.sent.frames += 1;
        self.sent.bytes += payload.len() as u64;
        let values = ExtensionValues {
            audio_level: Some(-(level as i8)),
            voice_activity: Some(level < 50),
            ..ExtensionValues::default()
        };
        Ok(RtpWrite::new(kind, self.seq.into(), self.time, now, payload).ext_vals(values))
    }

    /// After a new connection: the packet before is not the node's any more, and numbers begin anew.
    pub fn begin(&mut self) {
        self.before = None;
        self.seq &= 0x3fff;
    }
}

struct Layer {
    encoder: Vp8Encoder,
    numbers: Vp8Numbers,
    seq: u64,
}

/// A camera with its three layers.
pub struct Camera {
    studio: Studio,
    /// Smallest first, as [`RIDS`].
    layers: Vec<Layer>,
    fps: u32,
    started: Instant,
    /// What it has sent.
    pub sent: Sent,
}

impl Camera {
    /// A camera of `fps` frames a second before a studio of the full size.
    ///
    /// # Errors
    /// When the codec refuses.
    pub fn new(
        studio: Studio,
        width: usize,
        height: usize,
        fps: u32,
        seed: u64,
    ) -> Result<Self, PublishError> {
        let mut sizes = vec![(width, height)];
        for _ in 1..RIDS.len() {
            let last = sizes[sizes.len() - 1];
            sizes.push((last.0 / 4 * 2, last.1 / 4 * 2));
        }
        let layer = |(width, height): (usize, usize)| {
            // About 0.17 bits a pixel; small pictures need more each.
            let pixels = (width * height) as f64 * f64::from(fps);
            let kbit = (pixels * 0.15 / 1_000.0 + 30.0) as u32;
            let encoder = Vp8Encoder::new(width, height, fps, kbit).map_err(refused)?;
            Ok(Layer {
                encoder,
                numbers: Vp8Numbers::new(seed as u16),
                seq: seed & 0x3fff,
            })
        };
        let layers = sizes
            .into_iter()
            .rev()
            .map(layer)
            .collect::<Result<_, PublishError>>()?;
        Ok(Self {
            studio,
            layers,
            fps,
            started: Instant::now(),
            sent: Sent::default(),
        })
    }

    /// Time between two frames.
    pub fn interval(&self) -> Duration {
        Duration::from_secs(1) / self.fps
    }

    /// Makes the next frame of a layer, or of all, a keyframe.
    pub fn want_keyframe(&mut self, rid: Option<Rid>) {
        for (name, layer) in RIDS.into_iter().zip(&mut self.layers) {
            if rid.is_none_or(|rid| rid == Rid::from(name)) {
                layer.encoder.want_keyframe();
            }
        }
    }

    /// After a new connection: everything begins anew.
    pub fn begin(&mut self) {
        self.want_keyframe(None);
        for layer in &mut self.layers {
            layer.seq &= 0x3fff;
        }
    }

    /// The packets of the next frame, layer by layer.
    ///
    /// # Errors
    /// When the codec refuses.
    pub fn frame(
        &mut self,
        formats: Formats,
        loud: f32,
        now: Instant,
    ) -> Result<Vec<(Rid, Vec<RtpWrite>)>, PublishError> {
        let clock = unix_clock();
        let mut picture: Planes = self.studio.picture(Moment { clock, loud });
        let time = (now.saturating_duration_since(self.started).as_micros() * 9 / 100) as u32;
        let mut out = Vec::with_capacity(self.layers.len());
        for (at, layer) in self.layers.iter_mut().enumerate().rev() {
            let frame = layer.encoder.encode(&picture).map_err(refused)?;
            if at > 0 {
                picture = picture.halved();
            }
            let payloads = layer.numbers.packets(&frame);
            self.sent.frames += 1;
            self.sent.keyframes += u64::from(frame.keyframe);
            self.sent.packets += payloads.len() as u64;
            let last = payloads.len() - 1;
            let packets = payloads.into_iter().enumerate().map(|(number, payload)| {
                layer.seq += 1;
                self.sent.bytes += payload.len() as u64;
                RtpWrite::new(formats.vp8, layer.seq.into(), time, now, payload)
                    .marker(number == last)
                    .nackable(true)
            });
            out.push((Rid::from(RIDS[at]), packets.collect()));
        }
        Ok(out)
    }
}
