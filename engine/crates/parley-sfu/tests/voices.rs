//! Who is heard: redundancy kept or taken off, the loudest few, never oneself.

mod support;

use std::collections::HashSet;
use std::time::Duration;

use parley_sfu::{Codec, DropReason, Kind, Layers, RemotePacket, Room, SeatId, StreamId};
use support::browser::{Browser, Plan};
use support::{World, seat};

fn room(seats: u64, red: impl Fn(u64) -> bool) -> World {
    let mut world = World::default();
    for n in 0..seats {
        let plan = Plan {
            camera: false,
            picture_slots: 0,
            red: red(n),
            ..Plan::default()
        };
        let browser = Browser::new(seat(n), plan, world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    world
}

/// Everybody sends; `level` says how loud, `None`: nothing.
fn talk(world: &mut World, millis: u64, level: impl Fn(usize) -> Option<u8>) {
    world.run(Duration::from_millis(millis), |world, passed| {
        for n in 0..world.browsers.len() {
            if let (0, Some(level)) = (passed.as_millis() % 20, level(n)) {
                world.browsers[n].speak(level, n as u8 + 1);
                world.carry_from(n);
            }
        }
    });
}

fn heard_by(world: &World, seat: SeatId) -> HashSet<SeatId> {
    let streams = world.slots(seat).into_iter().filter_map(|slot| slot.stream);
    streams
        .filter(|s| s.kind == Kind::Audio)
        .map(|s| s.seat)
        .collect()
}

fn seats(numbers: &[u64]) -> HashSet<SeatId> {
    numbers.iter().map(|n| seat(*n)).collect()
}

#[test]
fn redundancy_is_kept_for_those_who_take_it_and_stripped_for_the_others() {
    let mut world = room(3, |n| n != 2);
    talk(&mut world, 1_000, |n| (n == 0).then_some(30));
    let voice = world.browsers[0].audio();
    let with = world.browsers[1].got_of(voice);
    let without = world.browsers[2].got_of(voice);
    assert!(with.len() > 40 && without.len() > 40);
    assert!(
        with[1..]
            .iter()
            .all(|got| got.pt == 63 && got.payload.len() == 60 + 60 + 5)
    );
    assert!(
        without
            .iter()
            .all(|got| got.pt == 111 && got.payload[..] == [1; 60])
    );
    assert!(without.windows(2).all(|w| w[1].seq == w[0].seq + 1 && w[1].timestamp == w[0].timestamp.wrapping_add(960)));
}

#[test]
fn while_there_are_slots_everybody_is_heard_and_nobody_hears_himself() {
    let mut world = room(4, |_| true);
    talk(&mut world, 1_000, |n| Some([90, 30, 127, 100][n]));
    for n in 0..4 {
        let others: Vec<u64> = (0..4).filter(|other| *other != n).collect();
        assert_eq!(heard_by(&world, seat(n)), seats(&others), "seat {n}");
    }
}

#[test]
fn of_many_the_loudest_are_heard_and_the_choice_is_calm() {
    let mut world = room(8, |_| true);
    talk(&mut world, 1_500, |n| Some(if n < 3 { 25 } else { 70 }));
    assert_eq!(heard_by(&world, seat(7)), seats(&[0, 1, 2]));
    let own = heard_by(&world, seat(0));
    assert!(own.is_superset(&seats(&[1, 2])) && own.len() == 3 && !own.contains(&seat(0)));
    let before = world.said.events.len();
    talk(&mut world, 2_000, |n| {
        Some(if n < 3 { 25 } else { 24 + n as u8 })
    });
    let changes = world.said.events[before..]
        .iter()
        .filter(|e| matches!(e, parley_sfu::Event::Slots { .. }))
        .count();
    assert_eq!(changes, 0, "somebody as loud takes no slot");
    talk(&mut world, 1_500, |n| {
        Some(if n == 5 {
            20
        } else if n < 2 {
            25
        } else {
            127
        })
    });
    assert!(
        heard_by(&world, seat(7)).is_superset(&seats(&[0, 1, 5])),
        "who begins gets the slot of who fell silent"
    );
}

#[test]
fn digital_silence_is_thinned_out_without_a_gap() {
    let mut world = room(2, |_| false);
    talk(&mut world, 5_000, |n| (n == 0).then_some(127));
    talk(&mut world, 1_000, |n| (n == 0).then_some(30));
    let voice = world.browsers[0].audio();
    let got = world.browsers[1].got_of(voice);
    assert!(
        (100..180).contains(&got.len()),
        "{} of 300 packets",
        got.len()
    );
    assert!(got.windows(2).all(|w| w[1].seq == w[0].seq + 1));
    assert!(
        got.last().unwrap().timestamp.wrapping_sub(got[0].timestamp) > 290 * 960,
        "time went on"
    );
}

#[test]
fn voices_of_the_other_side_are_chosen_like_own_ones_and_long_gaps_are_closed() {
    let mut world = World::default();
    let plan = Plan {
        camera: false,
        picture_slots: 0,
        red: false,
        ..Plan::default()
    };
    for n in 0..2 {
        let browser = Browser::new(seat(n), plan, world.now);
        world.join(browser, Room::Meeting);
    }
    world.connect();
    world.open_meeting();
    let voices: Vec<StreamId> = (0..5)
        .map(|n| StreamId::other(seat(n), Kind::Audio))
        .collect();
    let offered: Vec<_> = voices.iter().map(|v| (*v, Layers(1))).collect();
    world.remote(&offered);
    let mut seq = 65_400u16;
    let mut send = |world: &mut World, millis: u64, loud: &[usize], jump: u16| {
        seq = seq.wrapping_add(jump);
        world.run(Duration::from_millis(millis), |world, passed| {
            if passed.as_millis() % 20 != 0 {
                return;
            }
            seq = seq.wrapping_add(1);
            for (n, stream) in voices.iter().enumerate() {
                world.remote_packet(RemotePacket {
                    stream: *stream,
                    layer: 0,
                    codec: Codec::Opus,
                    seq,
                    timestamp: u32::from(seq) * 960,
                    marker: false,
                    level: Some(if loud.contains(&n) { 25 } else { 80 }),
                    payload: vec![n as u8; 50].into(),
                });
            }
        });
    };
    send(&mut world, 2_000, &[1, 3, 4], 0);
    assert_eq!(heard_by(&world, seat(0)), seats(&[1, 3, 4]));
    send(&mut world, 500, &[1, 3, 4], 5_000);
    let got = world.browsers[0].got_of(voices[3]);
    assert!(got.len() > 100);
    assert!(
        got.windows(2).all(|w| w[1].seq == w[0].seq + 1),
        "over the wrap and over the gap"
    );
    let before = world.dropped(DropReason::RemoteUnknown);
    world.remote_packet(RemotePacket {
        stream: StreamId::other(seat(9), Kind::Audio),
        layer: 0,
        codec: Codec::Opus,
        seq: 1,
        timestamp: 1,
        marker: false,
        level: None,
        payload: vec![1; 10].into(),
    });
    assert_eq!(world.dropped(DropReason::RemoteUnknown), before + 1);
}
