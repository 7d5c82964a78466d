//! Two browsers join, hear and see each other.

mod support;

use std::time::Duration;

use parley_sfu::{Event, Kind, Layers, PeerState, Room};
use support::browser::{Browser, Plan};
use support::{World, media, seat};

fn pair() -> World {
    let mut world = World::default();
    for n in 0..2 {
        let browser = Browser::new(seat(n), Plan::default(), world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    world
}

/// Voice every 20 ms, a frame of three layers every 30 ms with a keyframe each second.
fn everybody_sends(world: &mut World, millis: u64) {
    world.run(Duration::from_millis(millis), |world, passed| {
        let millis = passed.as_millis() as usize;
        for n in 0..world.browsers.len() {
            if millis.is_multiple_of(20) {
                world.browsers[n].speak(30, n as u8 + 1);
            }
            if millis.is_multiple_of(30) {
                for layer in 0..3 {
                    world.browsers[n].show(
                        layer,
                        millis.is_multiple_of(990),
                        layer + 1,
                        n as u8 + 1,
                    );
                }
            }
            world.carry_from(n);
        }
    });
}

#[test]
fn both_hear_and_see_each_other() {
    let mut world = pair();
    let (a, b) = (world.browsers[0].video(), world.browsers[1].video());
    world.watch(seat(0), &[(b, 1280)]);
    world.watch(seat(1), &[(a, 1280)]);
    everybody_sends(&mut world, 3_000);
    assert_eq!(world.states(seat(0)), [PeerState::Connected]);
    for n in 0..2 {
        let other = &world.browsers[1 - n];
        let heard = world.browsers[n].got_of(other.audio());
        assert!(heard.len() > 130, "heard {} packets of 150", heard.len());
        assert!(
            heard
                .iter()
                .all(|got| got.payload.last() == Some(&(2 - n as u8)))
        );
        assert!(heard.iter().all(|got| got.level == Some(-30)));
        let seen = world.browsers[n].got_of(other.video());
        assert!(seen.len() > 150, "saw {} packets", seen.len());
        assert!(media::read_picture(&seen[0].payload).starts_keyframe);
        let last = seen
            .iter()
            .rev()
            .find(|got| media::read_picture(&got.payload).starts_keyframe)
            .unwrap();
        assert_eq!(
            media::read_picture(&last.payload).width,
            1280,
            "the full layer suits a wide tile"
        );
    }
}

#[test]
fn what_runs_and_who_speaks_is_told() {
    let mut world = pair();
    everybody_sends(&mut world, 1_000);
    let published = |kind| {
        world
            .said
            .events
            .iter()
            .rev()
            .find_map(|event| match event {
                Event::Published {
                    seat: s,
                    kind: k,
                    layers,
                    active,
                } if (*s, *k) == (seat(0), kind) => Some((*layers, *active)),
                _ => None,
            })
    };
    assert_eq!(published(Kind::Audio), Some((Layers(1), true)));
    assert_eq!(published(Kind::Video), Some((Layers(7), true)));
    let speaking = world
        .said
        .events
        .iter()
        .filter(|event| matches!(event, Event::Speaking { .. }))
        .count();
    assert!((1..=6).contains(&speaking), "{speaking} in a second");
    world.idle(3_000);
    let speakers = world
        .said
        .events
        .iter()
        .rev()
        .find_map(|event| match event {
            Event::Speaking { speakers, .. } => Some(speakers.len()),
            _ => None,
        });
    assert_eq!(speakers, Some(0));
    let stopped = |event: &Event| matches!(event, Event::Published { seat: s, kind: Kind::Video, active: false, .. } if *s == seat(0));
    assert!(world.said.events.iter().any(stopped));
}

#[test]
fn slots_are_told_before_the_media_of_a_new_stream() {
    let mut world = pair();
    everybody_sends(&mut world, 500);
    let a = world.browsers[0].video();
    assert!(
        world.browsers[1]
            .got
            .iter()
            .all(|got| got.payload.len() < 500),
        "no picture before it is watched"
    );
    world.watch(seat(1), &[(a, 320)]);
    assert!(world.browsers[1].mid_of(a).is_some());
    everybody_sends(&mut world, 1_500);
    assert!(!world.browsers[1].got_of(a).is_empty());
    world.watch(seat(1), &[(a, 0)]);
    world.idle(50);
    assert!(
        world.browsers[1].mid_of(a).is_some(),
        "a hidden stream keeps its slot"
    );
    let before = world.browsers[1].got_of(a).len();
    everybody_sends(&mut world, 500);
    assert_eq!(
        world.browsers[1].got_of(a).len(),
        before,
        "and is not forwarded"
    );
}

#[test]
fn a_seat_spreads_its_screen_over_several_peers() {
    let mut world = pair();
    let plan = Plan {
        mic: false,
        camera: false,
        audio_slots: 0,
        picture_slots: 3,
        ..Plan::default()
    };
    let more = Browser::with_peer(seat(1), "watch1", plan, world.now);
    world.join(more, Room::Caucus);
    for n in 2..5 {
        let browser = Browser::new(seat(n), Plan::default(), world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    let others: Vec<_> = [0, 3, 4, 5]
        .iter()
        .map(|n| (world.browsers[*n].video(), 320))
        .collect();
    world.watch(seat(1), &others);
    everybody_sends(&mut world, 2_000);
    let streams: Vec<_> = world
        .slots(seat(1))
        .iter()
        .filter_map(|slot| slot.stream)
        .filter(|s| s.kind == Kind::Video)
        .collect();
    assert_eq!(streams.len(), 4);
    for (stream, _) in others {
        let seen = world.browsers[1].got_of(stream).len() + world.browsers[2].got_of(stream).len();
        assert!(seen > 40, "{stream} seen {seen} times");
    }
}
