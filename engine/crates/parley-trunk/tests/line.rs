//! What two trunks do over a line: who is heard when it is thin or bad, what a second costs, what never crosses.

// A test needs one instant to begin its virtual time at.
#![allow(clippy::disallowed_methods)]

mod support;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use parley_trunk::{Class, Kind, Offer, Want};
use support::{Lane, World, audio, camera};

const SEATS: [u64; 3] = [1, 2, 3];

fn lane(kbit: u32, delay_ms: u64, loss: f64) -> Lane {
    Lane {
        kbit,
        delay: Duration::from_millis(delay_ms),
        loss,
    }
}

/// Share of voice packets that did not reach end 1, after a second in which everything settles.
fn unheard(configured: u32, lane: Lane, seed: u64) -> (f64, World) {
    let mut world = World::new(configured, lane, seed);
    world.full_table(&SEATS);
    world.talk(&SEATS, 2_000);
    let before = world.voices_heard(1);
    let spoken = world.talk(&SEATS, 20_000);
    for _ in 0..300 {
        world.step();
    }
    let heard = (world.voices_heard(1) - before).min(spoken);
    (1.0 - heard as f64 / spoken as f64, world)
}

#[test]
fn on_a_thin_line_voices_pass_and_pictures_yield() {
    for seed in 0..3 {
        let (lost, world) = unheard(256, lane(256, 50, 0.01), seed);
        assert!(lost <= 0.02, "{lost} of the voices were lost");
        let (out, _) = world.ends[0].trunk.counters();
        assert_eq!(out.class(Class::Audio).dropped, 0);
    }
}

#[test]
fn on_a_lossy_line_repeats_bring_the_voices_through() {
    for (loss, bearable) in [(0.05, 0.02), (0.10, 0.05)] {
        let (lost, _) = unheard(0, lane(0, 20, loss), 5);
        assert!(lost <= bearable, "{lost} lost at {loss}");
    }
}

#[test]
fn no_second_carries_more_than_the_configured_rate() {
    for kbit in [128, 256, 1_000, 4_000] {
        let (_, world) = unheard(kbit, lane(kbit, 30, 0.0), 1);
        for end in 0..2 {
            let most = world.busiest_second(end) as f64 * 8.0 / 1000.0;
            assert!(
                most <= f64::from(kbit) * 1.05,
                "{most} kbit in a second of a line of {kbit}"
            );
        }
    }
}

#[test]
fn a_wide_line_carries_the_high_layers_and_uses_what_it_has() {
    let (lost, world) = unheard(20_000, lane(20_000, 10, 0.0), 1);
    assert!(lost < 0.001, "{lost}");
    let layers: HashSet<u8> = world.ends[0]
        .demand
        .pictures
        .iter()
        .map(|(_, layers)| *layers)
        .collect();
    assert_eq!(layers, HashSet::from([0b100]));
}

#[test]
fn frames_arrive_whole_and_nothing_undecodable_follows_a_drop() {
    // No loss: whatever is missing at the far end was dropped by the trunk, so it must be whole frames up to a keyframe.
    let (_, world) = unheard(300, lane(300, 20, 0.0), 3);
    let mut frames: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (_, item) in world.ends[1]
        .got
        .iter()
        .filter(|(_, item)| item.stream.kind == Kind::Video)
    {
        frames
            .entry((item.stream, item.layer, item.timestamp))
            .or_default()
            .push(item.clone());
    }
    assert!(frames.len() > 20, "{} frames", frames.len());
    let last = frames
        .keys()
        .map(|(.., timestamp)| *timestamp)
        .max()
        .unwrap_or(0);
    let mut previous = None;
    for ((stream, layer, timestamp), packets) in frames {
        if timestamp == last {
            continue;
        }
        assert!(
            packets.iter().any(|item| item.marker),
            "a frame without its end"
        );
        let first = packets.iter().map(|item| item.seq).min().unwrap_or(0);
        let key = packets
            .iter()
            .any(|item| item.payload[0] == 0x10 && item.payload[1] & 1 == 0);
        let follows = previous == Some((stream, layer, timestamp - 66 * 90));
        assert!(
            key || follows,
            "an inter frame after a gap: {stream:?} {layer} {first}"
        );
        previous = Some((stream, layer, timestamp));
    }
}

#[test]
fn without_viewers_no_picture_crosses_and_without_a_meeting_nothing() {
    let mut world = World::new(4_000, lane(4_000, 10, 0.0), 1);
    world.full_table(&SEATS);
    world.ends[1].trunk.want(true, Vec::new());
    world.drain();
    world.talk(&SEATS, 3_000);
    assert!(
        world.ends[1]
            .got
            .iter()
            .all(|(_, item)| item.stream.kind == Kind::Audio)
    );
    world.ends[0].trunk.set_meeting(b"");
    world.drain();
    for _ in 0..100 {
        world.step();
    }
    let before = world.ends[1].got.len();
    world.talk(&SEATS, 1_000);
    assert_eq!(world.ends[1].got.len(), before);
    assert!(world.ends[1].offered.is_empty());
}

#[test]
fn each_layer_crosses_once_however_it_is_asked_for() {
    let mut world = World::new(20_000, lane(0, 10, 0.0), 1);
    world.full_table(&[1]);
    let want = Want {
        stream: camera(1),
        layers: 0b111,
        weight: 1,
    };
    world.ends[1].trunk.want(true, vec![want, want, want]);
    world.drain();
    world.talk(&[1], 3_000);
    let mut seen = HashSet::new();
    for (_, item) in &world.ends[1].got {
        assert!(
            seen.insert((item.stream, item.layer, item.seq, item.timestamp)),
            "delivered twice"
        );
    }
    let layers: HashSet<u8> = world.ends[1]
        .got
        .iter()
        .filter(|(_, i)| i.stream.kind == Kind::Video)
        .map(|(_, i)| i.layer)
        .collect();
    assert_eq!(layers.len(), 1);
}

#[test]
fn what_is_withdrawn_stops_at_once_also_from_the_queue() {
    let mut world = World::new(200, lane(200, 10, 0.0), 1);
    world.full_table(&SEATS);
    world.talk(&SEATS, 3_000);
    let keep = vec![Offer {
        stream: audio(1),
        layers: 1,
    }];
    world.ends[0].trunk.offer(keep);
    world.drain();
    // What is already on the way may still arrive.
    for _ in 0..250 {
        world.step();
    }
    let before = world.ends[1].got.len();
    world.talk(&SEATS, 2_000);
    assert!(
        world.ends[1].got[before..]
            .iter()
            .all(|(_, item)| item.stream == audio(1))
    );
}

#[test]
fn node_messages_arrive_in_order_and_a_new_session_begins_clean() {
    let mut world = World::new(0, lane(0, 10, 0.0), 1);
    for number in 0..50_u8 {
        world.ends[0].trunk.send_node(vec![number]).expect("small");
    }
    assert!(
        world.ends[0]
            .trunk
            .send_node(vec![0; 64 * 1024 + 1])
            .is_err()
    );
    world.drain();
    for _ in 0..50 {
        world.step();
    }
    assert_eq!(world.ends[1].nodes.concat(), (0..50).collect::<Vec<u8>>());
    world.full_table(&SEATS);
    world.talk(&SEATS, 1_000);
    assert!(!world.ends[1].offered.is_empty());
    for end in 0..2 {
        world.ends[end].trunk.on_down();
    }
    world.drain();
    assert!(world.ends[1].offered.is_empty());
    let now = world.now;
    for end in 0..2 {
        world.ends[end]
            .trunk
            .on_linked(1162, Duration::from_millis(20), now);
    }
    world.drain();
    let before = world.ends[1].got.len();
    world.talk(&SEATS, 2_000);
    assert!(world.ends[1].got.len() > before + 100, "media flows again");
}
