//! What a packet is and how it is changed on its way: VP8 and RED payloads, fences, layers, keyframes, voices, rewriting.

pub(crate) mod fence;
pub(crate) mod keyframes;
pub(crate) mod layers;
pub(crate) mod red;
pub(crate) mod rewrite;
pub(crate) mod selection;
pub(crate) mod source;
pub(crate) mod voice;
pub(crate) mod vp8;

/// Longest RTP payload that is forwarded, in bytes: what fits a 1,500 byte path with room for headers and SRTP.
pub(crate) const MAX_PAYLOAD: usize = 1_400;

/// RTP clock rates of Opus (RFC 7587) and VP8 (RFC 7741), in Hz.
pub(crate) const AUDIO_CLOCK: u32 = 48_000;
pub(crate) const PICTURE_CLOCK: u32 = 90_000;
