//! Rooms, gates, and what crosses the line.

mod support;

use std::time::Duration;

use parley_sfu::{
    Codec, Command, DropReason, Input, Kind, Layers, OfferedStream, PeerState, RemotePacket, Room,
    StreamId, Want,
};
use support::browser::{Browser, Plan};
use support::media::{PictureClock, WIDTHS, read_picture};
use support::{World, seat};

fn table(seats: u64, room: Room) -> World {
    let mut world = World::default();
    for n in 0..seats {
        let browser = Browser::new(
            seat(n),
            Plan {
                screen: true,
                ..Plan::default()
            },
            world.now,
        );
        world.join(browser, room);
    }
    world.connect();
    world
}

/// Everybody speaks and shows; a keyframe every 300 ms.
fn everybody_sends(world: &mut World, millis: u64) {
    world.run(Duration::from_millis(millis), |world, passed| {
        let millis = passed.as_millis() as usize;
        for n in 0..world.browsers.len() {
            if millis.is_multiple_of(20) {
                world.browsers[n].speak(30, n as u8 + 1);
            }
            if millis.is_multiple_of(30) {
                (0..3).for_each(|layer| {
                    world.browsers[n].show(layer, millis.is_multiple_of(300), 2, n as u8 + 1)
                });
                world.browsers[n].present(millis.is_multiple_of(300), 1, n as u8 + 1);
            }
            world.carry_from(n);
        }
    });
}

#[test]
fn a_closed_gate_is_closed_at_once() {
    let mut world = table(2, Room::Caucus);
    let (voice, picture) = (world.browsers[0].audio(), world.browsers[0].video());
    world.watch(seat(1), &[(picture, 320)]);
    everybody_sends(&mut world, 700);
    let gates = |audio, video| Command::Seat {
        seat: seat(0),
        room: Some(Room::Caucus),
        audio,
        video,
        slides: true,
    };
    world.command(gates(false, false));
    let (heard, seen) = (
        world.browsers[1].got_of(voice).len(),
        world.browsers[1].got_of(picture).len(),
    );
    assert!(heard > 20 && seen > 20);
    everybody_sends(&mut world, 500);
    assert_eq!(world.browsers[1].got_of(voice).len(), heard);
    assert_eq!(world.browsers[1].got_of(picture).len(), seen);
    assert!(world.dropped(DropReason::Gated) > 80);
    world.command(gates(true, true));
    everybody_sends(&mut world, 700);
    let again = world.browsers[1].got_of(picture);
    assert!(again.len() > seen + 15);
    assert!(
        read_picture(&again[seen].payload).starts_keyframe,
        "after the gate a keyframe"
    );
    assert!(world.browsers[1].got_of(voice).len() > heard + 25);
}

#[test]
fn a_closed_seat_is_gone_at_once() {
    let mut world = table(3, Room::Caucus);
    let picture = world.browsers[0].video();
    world.watch(seat(1), &[(picture, 320)]);
    everybody_sends(&mut world, 500);
    let before = [world.browsers[0].got.len(), world.browsers[1].got.len()];
    world.command(Command::CloseSeat { seat: seat(0) });
    assert_eq!(world.states(seat(0)).last(), Some(&PeerState::Closed));
    world.run(Duration::from_millis(300), |world, _| {
        world.browsers[0].speak(30, 1);
        world.browsers[0].show(0, true, 2, 1);
        world.carry_from(0);
    });
    assert_eq!(
        [world.browsers[0].got.len(), world.browsers[1].got.len()],
        before
    );
    assert!(
        world.dropped(DropReason::MediaUnvalidated) > 50,
        "its packets are a stranger's now"
    );
    assert_eq!(world.sfu.stats().peers, 2);
    let ask = Command::Offer {
        seat: seat(0),
        peer: "main".parse().unwrap(),
        request: 9,
        sdp: "v=0".into(),
    };
    world.command(ask);
    assert!(matches!(
        world.said.events.last(),
        Some(parley_sfu::Event::Refused { request: 9, .. })
    ));
}

#[test]
fn rooms_do_not_see_or_hear_each_other() {
    let mut world = table(4, Room::Caucus);
    world.place(seat(2), Some(Room::Meeting));
    world.place(seat(3), Some(Room::Meeting));
    world.open_meeting();
    for n in 0..4 {
        let all: Vec<_> = (0..4)
            .filter(|o| *o != n)
            .map(|o| (world.browsers[o as usize].video(), 320))
            .collect();
        world.watch(seat(n), &all);
    }
    everybody_sends(&mut world, 1_500);
    for (n, friend) in [(0, 2), (1, 1), (2, 4), (3, 3)] {
        let got = &world.browsers[n].got;
        assert!(got.len() > 100);
        assert!(
            got.iter().all(|got| got.payload.last() == Some(&friend)),
            "seat {n}"
        );
    }
}

#[test]
fn the_line_gets_what_it_demands_of_the_meeting_only() {
    let mut world = table(3, Room::Caucus);
    let (a, b) = (world.browsers[0].video(), world.browsers[1].video());
    let screen = world.browsers[0].slides();
    world.place(seat(0), Some(Room::Meeting));
    world.demand(&[
        (a, Layers(0b101)),
        (b, Layers(0b111)),
        (screen, Layers(0b001)),
    ]);
    everybody_sends(&mut world, 1_000);
    assert!(world.said.line.is_empty(), "no meeting is open");
    world.open_meeting();
    everybody_sends(&mut world, 1_500);
    let of = |stream: StreamId| {
        world
            .said
            .line
            .iter()
            .filter(move |p| p.stream() == stream)
            .collect::<Vec<_>>()
    };
    for layer in [0, 2] {
        let packets: Vec<_> = of(a).into_iter().filter(|p| p.layer() == layer).collect();
        assert!(packets.len() > 40, "{} of layer {layer}", packets.len());
        assert!(read_picture(packets[0].payload()).starts_keyframe);
        assert_eq!(
            read_picture(packets[0].payload()).width,
            WIDTHS[usize::from(layer)]
        );
        assert!(
            packets
                .windows(2)
                .all(|w| w[1].seq() == w[0].seq().wrapping_add(1))
        );
    }
    assert!(
        of(a)
            .iter()
            .all(|p| p.layer() != 1 && p.codec() == Codec::Vp8)
    );
    assert!(of(screen).len() > 20);
    assert!(
        of(b).is_empty() && of(world.browsers[1].audio()).is_empty(),
        "b is in the caucus"
    );
    let voice = of(world.browsers[0].audio());
    assert!(
        voice.len() > 40
            && voice
                .iter()
                .all(|p| p.codec() == Codec::Red && p.level() == Some(30))
    );
    let streams: Vec<StreamId> = world
        .said
        .offered
        .last()
        .unwrap()
        .iter()
        .map(|o| o.stream)
        .collect();
    assert_eq!(streams, [world.browsers[0].audio(), a, screen]);
    world.command(Command::Meeting { open: false });
    let before = world.said.line.len();
    everybody_sends(&mut world, 300);
    assert_eq!(world.said.line.len(), before);
    assert_eq!(
        world.said.offered.last(),
        Some(&Vec::<OfferedStream>::new())
    );
}

#[test]
fn what_the_viewers_need_of_the_other_side_is_asked_once() {
    let mut world = table(3, Room::Meeting);
    world.open_meeting();
    let camera = StreamId::other(seat(7), Kind::Video);
    let voice = StreamId::other(seat(7), Kind::Audio);
    world.remote(&[(camera, Layers(7)), (voice, Layers(1))]);
    let wants = |world: &World| world.said.wants.last().cloned().unwrap_or_default();
    let heard = Want {
        stream: voice,
        layers: Layers(1),
        weight: u32::MAX,
    };
    assert_eq!(wants(&world), [heard]);
    world.watch(seat(0), &[(camera, 1280)]);
    world.watch(seat(1), &[(camera, 100)]);
    world.watch(seat(2), &[(camera, 1000)]);
    assert_eq!(
        wants(&world),
        [
            heard,
            Want {
                stream: camera,
                layers: Layers(0b101),
                weight: 1
            }
        ]
    );
    let mut clock = PictureClock::new(3, 2);
    let mut send = |world: &mut World, keyframe| {
        for (seq, timestamp, marker, payload) in clock.next(keyframe, 3, 5) {
            let (stream, codec, level) = (camera, Codec::Vp8, None);
            world.remote_packet(RemotePacket {
                stream,
                layer: 2,
                codec,
                seq: seq as u16,
                timestamp,
                marker,
                level,
                payload,
            });
        }
        world.idle(30);
    };
    send(&mut world, false);
    send(&mut world, false);
    assert_eq!(world.said.keyframes.len(), 1, "three wait, one request");
    assert!(world.browsers[0].got.is_empty());
    send(&mut world, true);
    (0..10).for_each(|_| send(&mut world, false));
    for n in 0..3 {
        assert_eq!(
            world.browsers[n].got_of(camera).len(),
            33,
            "seat {n}: who wants less gets what comes"
        );
    }
    let stats = world.sfu.stats();
    assert_eq!(
        stats
            .remote
            .iter()
            .map(|v| (v.stream, v.layer, v.viewers))
            .collect::<Vec<_>>(),
        [(camera, 2, 3)]
    );
    (0..3).for_each(|n| world.watch(seat(n), &[]));
    assert_eq!(wants(&world), [heard], "nobody looks: no picture is wanted");
    world.command(Command::Meeting { open: false });
    assert!(wants(&world).is_empty());
    let packet = clock_packet(camera);
    let before = world.dropped(DropReason::NoMeeting);
    world.remote_packet(packet);
    assert_eq!(world.dropped(DropReason::NoMeeting), before + 1);
}

fn clock_packet(stream: StreamId) -> RemotePacket {
    let (seq, timestamp, marker, payload) = PictureClock::new(1, 0).next(true, 1, 1).remove(0);
    RemotePacket {
        stream,
        layer: 0,
        codec: Codec::Vp8,
        seq: seq as u16,
        timestamp,
        marker,
        level: None,
        payload,
    }
}

#[test]
fn a_cut_keeps_the_slots_and_the_pictures_come_back() {
    let mut world = table(1, Room::Meeting);
    world.open_meeting();
    let camera = StreamId::other(seat(7), Kind::Video);
    world.remote(&[(camera, Layers(7))]);
    world.watch(seat(0), &[(camera, 320)]);
    let mid = world.browsers[0].mid_of(camera);
    world.remote(&[]);
    world.idle(2_500);
    assert_eq!(world.browsers[0].mid_of(camera), mid);
    world.remote(&[(camera, Layers(7))]);
    world.remote_packet(clock_packet(camera));
    world.idle(50);
    assert_eq!(world.browsers[0].got_of(camera).len(), 1);
}

#[test]
fn keyframes_for_the_line_are_asked_of_the_meeting_only() {
    let mut world = table(2, Room::Meeting);
    world.open_meeting();
    world.place(seat(1), Some(Room::Caucus));
    everybody_sends(&mut world, 600);
    let (a, b) = (world.browsers[0].video(), world.browsers[1].video());
    world.demand(&[(a, Layers(0b010)), (b, Layers(0b010))]);
    everybody_sends(&mut world, 400);
    let before = [world.browsers[0].asked.len(), world.browsers[1].asked.len()];
    for stream in [a, b, a, b] {
        world.give(Input::LineKeyframe { stream, layer: 1 });
    }
    world.idle(50);
    assert_eq!(world.browsers[0].asked.len(), before[0] + 1);
    assert_eq!(world.browsers[1].asked.len(), before[1]);
}
