//! RED payloads (RFC 2198): checked whole, stripped to the primary for those who do not take it, payload type of the blocks
//! rewritten between peers that number Opus differently.

use std::sync::Arc;

/// More blocks than any sender of Opus makes.
const MAX_BLOCKS: usize = 8;

/// Where the parts of a well-formed RED payload are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RedFacts {
    /// Payload type of all blocks.
    pub block_pt: u8,
    /// Start of the primary block.
    pub primary: usize,
    /// The farthest any redundant block reaches back, in timestamp units.
    pub reaches_back: u32,
}

/// `None`: malformed, or blocks of several payload types, or an empty primary.
pub(crate) fn inspect(payload: &[u8]) -> Option<RedFacts> {
    let (mut at, mut bodies, mut reaches_back) = (0, 0, 0);
    let mut block_pt = None;
    for _ in 0..MAX_BLOCKS {
        let first = *payload.get(at)?;
        let pt = first & 0x7f;
        if *block_pt.get_or_insert(pt) != pt {
            return None;
        }
        if first & 0x80 == 0 {
            let primary = at + 1 + bodies;
            return (primary < payload.len()).then_some(RedFacts {
                block_pt: pt,
                primary,
                reaches_back,
            });
        }
        let &[_, high, middle, low] = payload.get(at..at + 4)? else {
            return None;
        };
        reaches_back = reaches_back.max(u32::from(high) << 6 | u32::from(middle) >> 2);
        bodies += usize::from(middle & 0b11) << 8 | usize::from(low);
        at += 4;
    }
    None
}

/// The primary block alone: what a sink without RED gets.
pub(crate) fn strip(payload: &[u8], facts: RedFacts) -> Arc<[u8]> {
    payload[facts.primary..].into()
}

/// The same with blocks of another payload type.
pub(crate) fn renumber(payload: &Arc<[u8]>, facts: RedFacts, block_pt: u8) -> Arc<[u8]> {
    if facts.block_pt == block_pt {
        return payload.clone();
    }
    let mut copy: Arc<[u8]> = payload[..].into();
    if let Some(bytes) = Arc::get_mut(&mut copy) {
        let mut at = 0;
        while bytes[at] & 0x80 != 0 {
            bytes[at] = 0x80 | block_pt;
            at += 4;
        }
        bytes[at] = block_pt;
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_blocks() -> Vec<u8> {
        // One redundant block of 2 bytes, 960 units back; primary of 3 bytes.
        vec![0x80 | 111, 0x0f, 0x00, 2, 111, 1, 2, 7, 8, 9]
    }

    #[test]
    fn parts_are_found_and_stripped() {
        let payload = two_blocks();
        let facts = inspect(&payload).unwrap();
        assert_eq!(
            facts,
            RedFacts {
                block_pt: 111,
                primary: 7,
                reaches_back: 960
            }
        );
        assert_eq!(&strip(&payload, facts)[..], &[7, 8, 9]);
        let renumbered = renumber(&payload.into(), facts, 109);
        assert_eq!(inspect(&renumbered).unwrap().block_pt, 109);
        assert_eq!(&renumbered[7..], &[7, 8, 9]);
    }

    #[test]
    fn malformed_payloads_are_refused() {
        let mut lying = two_blocks();
        lying[3] = 200;
        assert_eq!(inspect(&lying), None, "a block longer than the payload");
        assert_eq!(inspect(&[]), None);
        assert_eq!(inspect(&[111]), None, "no primary");
        assert_eq!(inspect(&[0x80 | 111, 0, 0]), None, "cut header");
        assert_eq!(inspect(&[0xff; 200]), None, "headers without end");
        let mut mixed = two_blocks();
        mixed[4] = 0;
        assert_eq!(inspect(&mixed), None, "two codecs");
    }
}
