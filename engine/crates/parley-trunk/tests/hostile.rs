//! Whatever the other node sends, the trunk neither panics nor believes it, and its answers stay bounded.

// A test needs one instant to begin its virtual time at.
#![allow(clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use parley_trunk::{
    Announced, Frame, Kind, Offer, StreamKey, Trunk, Want, read_datagram, read_frame, write_frame,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn stream() -> impl Strategy<Value = StreamKey> {
    let kind = prop_oneof![Just(Kind::Audio), Just(Kind::Video), Just(Kind::Slides)];
    (any::<u64>(), kind).prop_map(|(seat, kind)| StreamKey { seat, kind })
}

fn picture() -> impl Strategy<Value = StreamKey> {
    stream().prop_filter("pictures only", |stream| stream.kind != Kind::Audio)
}

fn frame() -> impl Strategy<Value = Frame> {
    let want = (picture(), 0..8_u8, any::<u16>()).prop_map(|(stream, layers, weight)| Want {
        stream,
        layers,
        weight,
    });
    let announced =
        (any::<u16>(), stream(), 0..8_u8).prop_map(|(flow, stream, layers)| Announced {
            flow,
            offer: Offer { stream, layers },
        });
    prop_oneof![
        vec(any::<u8>(), 0..300).prop_map(Frame::Node),
        (any::<bool>(), vec(want, 0..20))
            .prop_map(|(audio, pictures)| Frame::Wants { audio, pictures }),
        (stream(), 0..3_u8).prop_map(|(stream, layer)| Frame::Keyframe { stream, layer }),
        (vec(any::<u8>(), 0..64), vec(announced, 0..20))
            .prop_map(|(meeting, streams)| Frame::Offers { meeting, streams }),
    ]
}

fn linked() -> (Trunk, Instant) {
    let now = Instant::now();
    let mut trunk = Trunk::new(1_000);
    trunk.set_meeting(b"m");
    trunk.on_linked(1162, Duration::from_millis(20), now);
    (trunk, now)
}

proptest! {
    #[test]
    fn a_frame_is_read_as_it_was_written(frame in frame()) {
        prop_assert_eq!(read_frame(&write_frame(&frame)), Ok(frame));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..2_000)) {
        let _ = read_frame(&bytes);
        let _ = read_datagram(&bytes);
    }

    #[test]
    fn a_trunk_survives_any_conversation(talk in vec((any::<bool>(), vec(any::<u8>(), 1..200), 0..100_u64), 0..60)) {
        let (mut trunk, mut now) = linked();
        for (control, mut bytes, pause) in talk {
            now += Duration::from_millis(pause);
            if control {
                bytes[0] %= 7;
                trunk.on_frame(&bytes, now);
            } else {
                bytes[0] = if bytes[0] % 2 == 0 { 0x10 } else { 0x20 };
                trunk.on_datagram(&bytes, now);
            }
            trunk.handle_timeout(now);
            let mut answers = 0;
            while trunk.poll().is_some() {
                answers += 1;
            }
            prop_assert!(answers < 100);
        }
    }
}

#[test]
fn media_of_a_flow_that_was_not_announced_is_not_delivered() {
    let (mut trunk, now) = linked();
    let offers = Frame::Offers {
        meeting: b"m".to_vec(),
        streams: vec![Announced {
            flow: 7,
            offer: Offer {
                stream: StreamKey {
                    seat: 1,
                    kind: Kind::Audio,
                },
                layers: 1,
            },
        }],
    };
    trunk.on_frame(&write_frame(&offers), now);
    while trunk.poll().is_some() {}
    let datagram = |flow: u8| {
        let mut bytes = vec![
            0x10, 0, 0, 0, 1, 0, 0, 0, 1, 0, flow, 0, 0, 1, 0, 0, 0, 1, 0, 3,
        ];
        bytes.extend_from_slice(&[1, 2, 3]);
        bytes
    };
    trunk.on_datagram(&datagram(8), now);
    assert_eq!(trunk.poll(), None);
    assert_eq!(trunk.malformed(), 1);
    trunk.on_datagram(&datagram(7), now);
    assert!(
        matches!(trunk.poll(), Some(parley_trunk::Output::Deliver(item)) if item.payload[..] == [1, 2, 3])
    );
}
