//! The VP8 payload format (RFC 7741): frames into packets with picture numbers and temporal layers, and back far enough to
//! count frames.

use super::vp8::EncodedFrame;

/// Most bytes of a payload, so that a packet with its headers fits 1200 bytes.
pub const LARGEST: usize = 1_120;
const DESCRIPTOR: usize = 6;

/// Running numbers of one encoded stream.
#[derive(Debug, Default)]
pub struct Vp8Numbers {
    picture: u16,
    base: u8,
}

impl Vp8Numbers {
    /// Numbers that begin with the given picture.
    pub fn new(picture: u16) -> Self {
        Self {
            picture: picture & 0x7fff,
            base: 0,
        }
    }

    /// Cuts a frame into payloads; the last one is the frame's end.
    pub fn packets(&mut self, frame: &EncodedFrame) -> Vec<Vec<u8>> {
        self.picture = (self.picture + 1) & 0x7fff;
        if frame.temporal == 0 {
            self.base = self.base.wrapping_add(1);
        }
        let droppable = frame.temporal > 0;
        let chunks = frame.data.chunks(LARGEST - DESCRIPTOR);
        let packet = |(at, chunk): (usize, &[u8])| {
            let [high, low] = self.picture.to_be_bytes();
            let start = if at == 0 { 0x10 } else { 0 };
            let first = 0x80 | start | if droppable { 0x20 } else { 0 };
            // X: extended; then I (picture number), L (base number), T (temporal layer, with Y: needs only the base).
            let mut packet = vec![
                first,
                0xe0,
                0x80 | high,
                low,
                self.base,
                (frame.temporal << 6) | 0x20,
            ];
            packet.extend_from_slice(chunk);
            packet
        };
        chunks.enumerate().map(packet).collect()
    }
}

/// What a receiver reads in a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vp8Start {
    /// The payload begins a frame.
    pub begins: bool,
    /// It begins a keyframe.
    pub keyframe: bool,
}

/// Reads a payload's descriptor; `None` when it is malformed.
pub fn read(payload: &[u8]) -> Option<Vp8Start> {
    let first = *payload.first()?;
    let mut at = 1;
    if first & 0x80 != 0 {
        let extension = *payload.get(at)?;
        at += 1;
        if extension & 0x80 != 0 {
            at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        at += usize::from(extension & 0x40 != 0);
        at += usize::from(extension & 0x30 != 0);
    }
    let begins = first & 0x10 != 0 && first & 0x07 == 0;
    let body = *payload.get(at)?;
    Some(Vp8Start {
        begins,
        keyframe: begins && body & 1 == 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_cut_and_recognised() {
        let mut numbers = Vp8Numbers::new(0x7ffe);
        let frame = EncodedFrame {
            data: vec![0; 3_000],
            keyframe: true,
            temporal: 0,
        };
        let packets = numbers.packets(&frame);
        assert_eq!(packets.len(), 3);
        assert!(packets.iter().all(|packet| packet.len() <= LARGEST));
        assert_eq!(
            read(&packets[0]),
            Some(Vp8Start {
                begins: true,
                keyframe: true
            })
        );
        assert_eq!(
            read(&packets[1]),
            Some(Vp8Start {
                begins: false,
                keyframe: false
            })
        );
        let delta = EncodedFrame {
            data: vec![1; 10],
            keyframe: false,
            temporal: 1,
        };
        let next = numbers.packets(&delta);
        assert_eq!(
            read(&next[0]),
            Some(Vp8Start {
                begins: true,
                keyframe: false
            })
        );
        assert_eq!(
            &next[0][..6],
            [0xb0, 0xe0, 0x80, 0x00, 1, 0x60],
            "the picture number wraps, the base number stays"
        );
    }

    #[test]
    fn short_payloads_are_malformed_never_a_panic() {
        let packet = Vp8Numbers::default()
            .packets(&EncodedFrame {
                data: vec![0],
                keyframe: true,
                temporal: 0,
            })
            .remove(0);
        for length in 0..packet.len() {
            assert_eq!(read(&packet[..length]), None);
        }
    }
}
