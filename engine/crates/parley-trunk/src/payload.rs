//! The little that the line must know of a payload: where a VP8 keyframe begins, which temporal layer a frame is of, and what the
//! primary block of RED is. Payloads come from browsers of the own side, but are read as carefully as any other bytes.

/// What a VP8 payload descriptor tells (RFC 7741, section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Vp8 {
    /// This packet begins a keyframe.
    pub(crate) keyframe_start: bool,
    /// Temporal layer, 0 when not given.
    pub(crate) temporal: u8,
}

/// Reads the descriptor; of a payload that is none, nothing is claimed.
pub(crate) fn vp8(payload: &[u8]) -> Vp8 {
    read_vp8(payload).unwrap_or_default()
}

fn read_vp8(payload: &[u8]) -> Option<Vp8> {
    let first = *payload.first()?;
    let mut at = 1;
    let mut temporal = 0;
    if first & 0x80 != 0 {
        let extension = *payload.get(at)?;
        at += 1;
        if extension & 0x80 != 0 {
            at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if extension & 0x40 != 0 {
            at += 1;
        }
        if extension & 0x30 != 0 {
            if extension & 0x20 != 0 {
                temporal = payload.get(at)? >> 6;
            }
            at += 1;
        }
    }
    let starts_frame = first & 0x10 != 0 && first & 0x07 == 0;
    let inter = payload.get(at)? & 1 != 0;
    Some(Vp8 {
        keyframe_start: starts_frame && !inter,
        temporal,
    })
}

/// The primary block of a RED payload (RFC 2198, section 3); `None` when it is no well-formed RED.
pub(crate) fn red_primary(payload: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    let mut redundant = 0;
    while payload.get(at)? & 0x80 != 0 {
        let len = u16::from_be_bytes([*payload.get(at + 2)?, *payload.get(at + 3)?]) & 0x03ff;
        redundant += len as usize;
        at += 4;
    }
    payload
        .get(at + 1 + redundant..)
        .filter(|primary| !primary.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_start_and_its_temporal_layer() {
        // X S, extension with I (15 bits), L, T.
        let descriptor = [0x90, 0xe0, 0x81, 0x02, 0x07, 0x80];
        let key = [&descriptor[..], &[0x10, 0, 0]].concat();
        assert_eq!(
            vp8(&key),
            Vp8 {
                keyframe_start: true,
                temporal: 2
            }
        );
        let inter = [&descriptor[..], &[0x11]].concat();
        assert!(!vp8(&inter).keyframe_start);
        let continued = [0x00, 0x10];
        assert!(!vp8(&continued).keyframe_start);
    }

    #[test]
    fn the_primary_of_red() {
        let red = [0x80 | 111, 0, 0, 2, 111, 1, 2, 9, 9, 9];
        assert_eq!(red_primary(&red), Some(&[9, 9, 9][..]));
        assert_eq!(red_primary(&[111, 5]), Some(&[5][..]));
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        assert_eq!(red_primary(&[0x80 | 111, 0, 0x03, 0xff, 111, 1]), None);
        assert_eq!(red_primary(&[]), None);
        assert_eq!(vp8(&[0x80]), Vp8::default());
    }
}
