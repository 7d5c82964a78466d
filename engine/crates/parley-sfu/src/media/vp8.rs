//! What a forwarder must know of a VP8 payload (RFC 7741): is it well formed, does it start a keyframe, how wide is that.

use str0m::rtp::Vp8Descriptor;

/// Facts of one payload, found once, used for every viewer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vp8Facts {
    pub descriptor: Vp8Descriptor,
    pub starts_keyframe: bool,
    /// Width in pixels, when this payload starts a keyframe that says so.
    pub width: Option<u16>,
}

/// `None`: not VP8, must not be forwarded.
pub(crate) fn inspect(payload: &[u8]) -> Option<Vp8Facts> {
    let descriptor = Vp8Descriptor::parse(payload).ok()?;
    let starts_keyframe = descriptor.starts_keyframe(payload);
    let width = if starts_keyframe {
        keyframe_width(payload)
    } else {
        None
    };
    Some(Vp8Facts {
        descriptor,
        starts_keyframe,
        width,
    })
}

/// RFC 6386 section 9.1: after the 3 byte frame tag the start code 9d 01 2a, then 14 bits of width, little endian.
fn keyframe_width(payload: &[u8]) -> Option<u16> {
    let header = payload.get(descriptor_length(payload)?..)?;
    match header {
        [_, _, _, 0x9d, 0x01, 0x2a, low, high, _, _, ..] => {
            Some(u16::from_le_bytes([*low, *high]) & 0x3fff)
        }
        _ => None,
    }
}

/// RFC 7741 section 4.2.
fn descriptor_length(payload: &[u8]) -> Option<usize> {
    if payload.first()? & 0x80 == 0 {
        return Some(1);
    }
    let extension = *payload.get(1)?;
    let mut length = 2;
    if extension & 0x80 != 0 {
        length += if payload.get(length)? & 0x80 != 0 {
            2
        } else {
            1
        };
    }
    if extension & 0x40 != 0 {
        length += 1;
    }
    if extension & 0x30 != 0 {
        length += 1;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_says_its_width() {
        let payload = [
            0x90, 0xe0, 0x81, 0x02, 7, 0x20, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01,
            1, 2,
        ];
        let facts = inspect(&payload).unwrap();
        assert!(facts.starts_keyframe);
        assert_eq!(facts.width, Some(640));
        assert_eq!(facts.descriptor.picture_id(), Some(0x102));
    }

    #[test]
    fn no_payload_of_any_length_or_content_is_read_out_of_bounds() {
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                for length in 0..12 {
                    let mut payload = [0xffu8; 12];
                    payload[0] = first;
                    payload[1] = second;
                    let _ = inspect(&payload[..length]);
                }
            }
        }
    }
}
