//! A whole conversation with a hostile other node: frames, datagrams and pauses cut out of the input, one trunk that must live through
//! it, answer no more than a bounded number of times, and deliver nothing that was not announced in the meeting it is in.
//!
//! The input is a row of messages: kind (frame, datagram, pause or voice of the own side), length u8, that many bytes.
#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use parley_trunk::{Codec, Item, Kind, Offer, Output, StreamKey, Trunk};

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
const MOST_ANSWERS: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let mut now = *BEGAN;
    let own = StreamKey {
        seat: 1,
        kind: Kind::Video,
    };
    let mut trunk = Trunk::new(1_000);
    trunk.set_meeting(b"m");
    trunk.offer(vec![Offer {
        stream: own,
        layers: 0b111,
    }]);
    trunk.on_linked(1_162, Duration::from_millis(20), now);
    let mut offered: Vec<Offer> = Vec::new();
    let mut rest = bytes;
    while let [kind, len, tail @ ..] = rest {
        let (message, after) = tail.split_at(usize::from(*len).min(tail.len()));
        rest = after;
        match kind % 4 {
            0 => trunk.on_frame(message, now),
            1 => trunk.on_datagram(message, now),
            2 => {
                now += Duration::from_millis(u64::from(*len));
                trunk.handle_timeout(now);
            }
            _ => trunk.send(
                Item {
                    stream: own,
                    layer: kind >> 6 & 1,
                    codec: Codec::Vp8,
                    seq: u16::from(*len),
                    timestamp: u32::from(*kind) * 3_000,
                    marker: kind & 4 != 0,
                    level: None,
                    payload: message.into(),
                },
                now,
            ),
        }
        let mut answers = 0;
        while let Some(output) = trunk.poll() {
            answers += 1;
            assert!(answers <= MOST_ANSWERS, "answers stay bounded");
            match output {
                Output::Offered(now_offered) => offered = now_offered,
                Output::Deliver(item) => {
                    assert!(offered.iter().any(|offer| offer.stream == item.stream));
                }
                Output::Keyframe { stream, .. } => assert_eq!(stream, own),
                _ => {}
            }
        }
    }
});
