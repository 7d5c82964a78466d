//! What a datagram is, by its first bytes (RFC 7983) and length. Nothing is allocated, nothing is believed.

use crate::stats::DropReason;

/// The four protocols on a media port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

/// Longest datagram that is looked at.
const LONGEST: usize = 2_000;
/// Header and the shortest tag of SRTP (RFC 3711: 80 bits).
const SHORTEST_RTP: usize = 12 + 10;
/// Header, SRTCP index and the shortest tag.
const SHORTEST_RTCP: usize = 8 + 4 + 10;

/// Sorts a datagram, or says why it is thrown away.
pub(crate) fn classify(bytes: &[u8]) -> Result<Class, DropReason> {
    if bytes.len() > LONGEST {
        return Err(DropReason::Garbage);
    }
    match *bytes {
        [0..=3, ..] if bytes.len() >= 20 => Ok(Class::Stun),
        [20..=63, ..] if bytes.len() >= 13 => Ok(Class::Dtls),
        // RTCP packet types 192..=223 (RFC 5761 section 4).
        [128..=191, 192..=223, ..] if bytes.len() >= SHORTEST_RTCP => Ok(Class::Rtcp),
        [128..=191, 0..=191 | 224..=255, ..] if bytes.len() >= SHORTEST_RTP => Ok(Class::Rtp),
        [128..=191, ..] => Err(DropReason::MediaMalformed),
        _ => Err(DropReason::Garbage),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_are_sorted_by_first_byte_and_length() {
        let of = |first: u8, second: u8, length: usize| {
            let mut bytes = vec![0; length];
            bytes
                .iter_mut()
                .zip([first, second])
                .for_each(|(b, v)| *b = v);
            classify(&bytes)
        };
        assert_eq!(of(0, 1, 20), Ok(Class::Stun));
        assert_eq!(of(0, 1, 19), Err(DropReason::Garbage));
        assert_eq!(of(22, 254, 13), Ok(Class::Dtls));
        assert_eq!(of(22, 254, 5), Err(DropReason::Garbage));
        assert_eq!(of(0x80, 111, 60), Ok(Class::Rtp));
        assert_eq!(
            of(0x80, 0x80 | 96, 60),
            Ok(Class::Rtp),
            "marker and a dynamic type"
        );
        assert_eq!(of(0x80, 200, 60), Ok(Class::Rtcp));
        for length in 2..22 {
            assert_eq!(of(0x80, 200, length), Err(DropReason::MediaMalformed));
            assert_eq!(of(0x80, 111, length), Err(DropReason::MediaMalformed));
        }
        assert_eq!(of(0x80, 111, 2_001), Err(DropReason::Garbage));
        assert_eq!(of(70, 0, 60), Err(DropReason::Garbage));
        assert_eq!(classify(&[]), Err(DropReason::Garbage));
    }
}
