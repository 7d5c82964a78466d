//! Redundant audio (RFC 2198) with the frame before (distance 1): written by the voice, read when counting what was lost.

/// Packs a frame with the one before it. `before` is the earlier frame and how many RTP ticks older it is.
pub fn pack(payload_type: u8, frame: &[u8], before: Option<(&[u8], u32)>) -> Vec<u8> {
    let mut packet = Vec::with_capacity(frame.len() + 256);
    let before = before.filter(|(earlier, ticks)| earlier.len() < 1 << 10 && *ticks < 1 << 14);
    if let Some((earlier, ticks)) = before {
        let fields = (ticks << 10) | earlier.len() as u32;
        packet.push(0x80 | payload_type);
        packet.extend_from_slice(&fields.to_be_bytes()[1..]);
    }
    packet.push(payload_type);
    if let Some((earlier, _)) = before {
        packet.extend_from_slice(earlier);
    }
    packet.extend_from_slice(frame);
    packet
}

/// How many ticks older than the primary frame each redundant one is; `None` when the packet is malformed.
pub fn offsets(packet: &[u8]) -> Option<Vec<u32>> {
    let mut offsets = Vec::new();
    let mut rest = packet;
    let mut bytes = 0;
    while rest.first()? & 0x80 != 0 {
        let [_, high, middle, low] = *rest.first_chunk::<4>()?;
        let fields = u32::from_be_bytes([0, high, middle, low]);
        offsets.push(fields >> 10);
        bytes += (fields & 0x3ff) as usize;
        rest = &rest[4..];
    }
    (rest.len() > bytes).then_some(offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read() {
        assert_eq!(offsets(&pack(111, b"now", None)), Some(vec![]));
        let packet = pack(111, b"now", Some((b"before", 960)));
        assert_eq!(
            packet,
            [&[0xef, 0x0f, 0x00, 0x06, 0x6f], b"beforenow".as_slice()].concat()
        );
        assert_eq!(offsets(&packet), Some(vec![960]));
    }

    #[test]
    fn a_packet_cut_short_is_malformed() {
        let packet = pack(111, b"now", Some((b"before", 960)));
        for length in 0..packet.len() - 3 {
            assert_eq!(offsets(&packet[..length]), None, "{length}");
        }
    }
}
