//! Synthetic voice and pictures: real headers, tags instead of sound and light.

use std::sync::Arc;

/// Widths of the layers and of the screen, in pixels.
pub const WIDTHS: [u16; 4] = [320, 640, 1280, 1920];

/// Numbers of a microphone: 20 ms of Opus at a time.
pub struct VoiceClock {
    seq: u64,
    timestamp: u32,
    before: Option<Vec<u8>>,
    last: Vec<u8>,
}

impl VoiceClock {
    pub fn new(seed: u64) -> Self {
        VoiceClock {
            seq: 100 + seed % 1_000,
            timestamp: (seed as u32).wrapping_mul(77_777),
            before: None,
            last: Vec::new(),
        }
    }

    pub fn next(&mut self, tag: u8) -> (u64, u32, Arc<[u8]>) {
        self.seq += 1;
        self.timestamp = self.timestamp.wrapping_add(960);
        let payload = vec![tag; 60];
        self.before =
            (!self.last.is_empty()).then(|| std::mem::replace(&mut self.last, payload.clone()));
        self.last.clone_from(&payload);
        (self.seq, self.timestamp, payload.into())
    }

    /// RFC 2198: the 20 ms before, then these.
    pub fn with_redundancy(&self, opus: u8, primary: &[u8]) -> Arc<[u8]> {
        let mut out = Vec::new();
        if let Some(before) = &self.before {
            let length = before.len();
            out.extend([
                0x80 | opus,
                (960 >> 6) as u8,
                ((960 << 2) & 0xff) as u8 | (length >> 8) as u8,
                length as u8,
            ]);
        }
        out.push(opus);
        out.extend(self.before.iter().flatten());
        out.extend(primary);
        out.into()
    }
}

/// Numbers of one layer of a camera: 30 frames a second.
pub struct PictureClock {
    seq: u64,
    timestamp: u32,
    picture: u16,
    tl0: u8,
    width: u16,
}

impl PictureClock {
    pub fn new(seed: u64, layer: usize) -> Self {
        let mix = (seed * 31 + layer as u64 * 7_919) as u32;
        PictureClock {
            seq: 500 + u64::from(mix % 30_000),
            timestamp: mix.wrapping_mul(2_654_435_761),
            picture: (mix % 0x7fff) as u16,
            tl0: mix as u8,
            width: WIDTHS[layer],
        }
    }

    /// A frame: sequence number, timestamp, marker, payload of each packet.
    pub fn next(
        &mut self,
        keyframe: bool,
        packets: usize,
        tag: u8,
    ) -> Vec<(u64, u32, bool, Arc<[u8]>)> {
        self.timestamp = self.timestamp.wrapping_add(3_000);
        self.picture = (self.picture + 1) & 0x7fff;
        self.tl0 = self.tl0.wrapping_add(1);
        (0..packets)
            .map(|n| {
                self.seq += 1;
                (
                    self.seq,
                    self.timestamp,
                    n + 1 == packets,
                    self.payload(keyframe, n == 0, tag).into(),
                )
            })
            .collect()
    }

    fn payload(&self, keyframe: bool, first: bool, tag: u8) -> Vec<u8> {
        let start = if first { 0x10 } else { 0 };
        let mut out = vec![
            0x80 | start,
            0xe0,
            0x80 | (self.picture >> 8) as u8,
            self.picture as u8,
            self.tl0,
            0x20,
        ];
        if first && keyframe {
            let [low, high] = self.width.to_le_bytes();
            out.extend([0x10, 0, 0, 0x9d, 0x01, 0x2a, low, high, 0x68, 0x01]);
        } else if first {
            out.extend([0x11, 0, 0]);
        }
        out.resize(out.len() + 900, tag);
        out
    }
}

/// What a received VP8 payload says: picture id, TL0PICIDX, starts a keyframe, width, tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    pub id: u16,
    pub tl0: u8,
    pub starts_keyframe: bool,
    pub width: u16,
    pub tag: u8,
}

pub fn read_picture(payload: &[u8]) -> Picture {
    let starts_keyframe = payload[0] & 0x10 != 0 && payload[6] & 1 == 0;
    Picture {
        id: u16::from(payload[2] & 0x7f) << 8 | u16::from(payload[3]),
        tl0: payload[4],
        starts_keyframe,
        width: if starts_keyframe {
            u16::from_le_bytes([payload[12], payload[13]])
        } else {
            0
        },
        tag: *payload.last().unwrap(),
    }
}
