//! Poison, impostors and strangers: dropped and counted, and the call goes on.

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use parley_sfu::{
    Codec, Command, DropReason, Event, Kind, Layers, PeerState, RemotePacket, Room, StreamId,
};
use support::browser::{Browser, Plan};
use support::{World, node, seat};

fn pair() -> World {
    let mut world = World::default();
    for n in 0..2 {
        let browser = Browser::new(seat(n), Plan::default(), world.now);
        world.join(browser, Room::Caucus);
    }
    world
}

/// The first is heard by the second; returns how many packets of 500 ms arrived.
fn heard(world: &mut World) -> usize {
    let before = world.browsers[1].got.len();
    world.run(Duration::from_millis(500), |world, passed| {
        if passed.as_millis().is_multiple_of(20) {
            world.browsers[0].speak(30, 1);
            world.carry_from(0);
        }
    });
    world.browsers[1].got.len() - before
}

fn stranger() -> SocketAddr {
    "10.66.66.66:666".parse().unwrap()
}

/// A DTLS 1.2 record: content type, epoch 0, sequence 0.
fn dtls(content: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![content, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
    out.extend((body.len() as u16).to_be_bytes());
    out.extend(body);
    out
}

/// Everything that reliability tests of other media servers have choked on, as plain datagrams.
fn poison() -> Vec<Vec<u8>> {
    let mut list = vec![
        vec![],
        vec![0],
        vec![0x80],
        vec![0xff; 1_500],
        vec![0x16; 2_500],
    ];
    for length in 2..40 {
        list.push([vec![0x80, 200], vec![0; length]].concat()); // SRTCP too short for its index and tag
        list.push([vec![0x80, 111], vec![0; length]].concat()); // SRTP too short for its tag
        list.push([vec![0xbf, 0xff], vec![0xff; length]].concat()); // padding, extension, 15 CSRCs that are not there
        list.push(
            [
                vec![
                    0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0xff, 0xff,
                ],
                vec![0; length],
            ]
            .concat(),
        );
    }
    list.push([vec![0x8f, 206], vec![0xff; 60]].concat()); // feedback with counts that do not fit
    list.push([vec![0x8f, 205, 0, 5], vec![0b1100_0011; 60]].concat()); // TWCC with the reserved symbol
    list.push(dtls(22, &[1, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 40])); // ClientHello cut short
    list.push(dtls(
        22,
        &[1, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff],
    )); // fragment of 16 MB
    list.push(dtls(
        22,
        &[3, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0xfe, 0xff, 0],
    )); // HelloVerifyRequest
    list.push(dtls(21, &[2, 80])); // fatal alert in clear
    list.push(dtls(21, &[1, 0])); // close_notify in clear
    list.push(dtls(20, &[1])); // ChangeCipherSpec
    list.push([vec![0, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42], vec![7; 40]].concat()); // STUN that lies about its length
    list
}

#[test]
fn poison_from_strangers_is_dropped_and_counted() {
    let mut world = pair();
    let spray = |world: &mut World| {
        poison()
            .iter()
            .for_each(|bytes| world.datagram(stranger(), node(), bytes))
    };
    spray(&mut world);
    world.step();
    spray(&mut world);
    world.connect();
    assert!(heard(&mut world) > 20);
    spray(&mut world);
    assert!(heard(&mut world) > 20);
    for reason in [
        DropReason::Garbage,
        DropReason::DtlsUnvalidated,
        DropReason::MediaUnvalidated,
        DropReason::StunMalformed,
    ] {
        assert!(
            world.dropped(reason) > 0,
            "{reason:?}: {:?}",
            world.sfu.stats().dropped
        );
    }
    assert!(world.dropped(DropReason::MediaMalformed) > 0);
    let all: u64 = world.sfu.stats().dropped.values().sum();
    assert_eq!(all, 3 * poison().len() as u64, "each was counted, once");
}

#[test]
fn poison_with_the_forged_address_of_a_browser_leaves_the_call_untouched() {
    let mut world = pair();
    world.connect();
    let browser = world.browsers[0].address;
    poison()
        .iter()
        .for_each(|bytes| world.datagram(browser, node(), bytes));
    let mut noise = 0x1234_5678u32;
    for n in 0..10_000usize {
        let mut bytes: Vec<u8> = (0..12 + n % 120)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            })
            .collect();
        bytes[0] = [0x80, 0x90, 22, 23, 0x81, 0xa0][n % 6];
        bytes[1] = [111, 96, 200, 206, 254, 63][n % 5];
        world.datagram(browser, node(), &bytes);
    }
    assert!(heard(&mut world) > 20);
    assert_eq!(world.states(seat(0)), [PeerState::Connected]);
    assert!(
        !world
            .said
            .events
            .iter()
            .any(|event| matches!(event, Event::Panic { .. })),
        "{:?}",
        world.said.events
    );
}

#[test]
fn authenticated_feedback_with_lying_counts_is_survived() {
    let mut world = pair();
    world.connect();
    for payload in [
        b"REMB\xff\x00\x00\x00".to_vec(),
        b"REMB".to_vec(),
        vec![],
        vec![0xff; 64],
    ] {
        world.browsers[0]
            .rtc
            .direct_api()
            .send_app_specific_feedback(1.into(), 2.into(), payload);
        world.idle(20);
    }
    assert!(heard(&mut world) > 20);
}

#[test]
fn a_hello_from_another_address_does_not_win_the_race() {
    let mut world = pair();
    let hello = dtls(
        22,
        &[
            &[1, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 60, 0xfe, 0xfd][..],
            &[9; 58],
        ]
        .concat(),
    );
    for _ in 0..40 {
        world.datagram(stranger(), node(), &hello);
        world.step();
        let port_neighbour = SocketAddr::new(world.browsers[0].address.ip(), 1);
        world.datagram(port_neighbour, node(), &hello);
    }
    world.connect();
    assert_eq!(world.dropped(DropReason::DtlsUnvalidated), 80);
    assert!(heard(&mut world) > 20);
    assert!(
        world.said.strays.is_empty(),
        "nothing is answered to strangers"
    );
}

#[test]
fn media_replayed_from_another_address_is_dropped() {
    let mut world = pair();
    world.connect();
    world.browsers[0].speak(30, 1);
    let sent = world.browsers[0].take_sent();
    for (destination, bytes) in &sent {
        world.datagram(stranger(), *destination, bytes);
    }
    assert_eq!(
        world.dropped(DropReason::MediaUnvalidated),
        sent.len() as u64
    );
    let before = world.browsers[1].got.len();
    for _ in 0..3 {
        for (destination, bytes) in &sent {
            let source = world.browsers[0].address;
            world.datagram(source, *destination, bytes);
        }
    }
    assert_eq!(
        world.browsers[1].got.len(),
        before + 1,
        "the true one once, its copies never"
    );
}

#[test]
fn another_certificate_than_the_offer_said_gets_no_media() {
    let mut world = World::default();
    let victim = Browser::new(seat(0), Plan::default(), world.now);
    world.join(victim, Room::Caucus);
    world.connect();
    let mut impostor = Browser::new(seat(1), Plan::default(), world.now);
    world.place(seat(1), Some(Room::Caucus));
    let sdp = impostor.make_offer();
    let other = "a=fingerprint:sha-256 ".to_owned() + &["AB"; 32].join(":");
    let forged: Vec<&str> = sdp
        .lines()
        .map(|l| {
            if l.starts_with("a=fingerprint") {
                &other
            } else {
                l
            }
        })
        .collect();
    let command = Command::Offer {
        seat: seat(1),
        peer: "main".parse().unwrap(),
        request: 1,
        sdp: forged.join("\r\n") + "\r\n",
    };
    world.command(command);
    let answers = world.said.events.iter().rev();
    let sdp = answers
        .filter_map(|e| {
            if let Event::Answer { sdp, .. } = e {
                Some(sdp)
            } else {
                None
            }
        })
        .next()
        .unwrap();
    impostor.take_answer(sdp);
    world.browsers.push(impostor);
    world.idle(2_000);
    let reason = world.said.events.iter().find_map(|event| match event {
        Event::PeerState {
            seat: s,
            state: PeerState::Closed,
            reason,
            ..
        } if *s == seat(1) => Some(reason.clone()),
        _ => None,
    });
    assert!(reason.expect("closed").contains("not who it said"));
    assert!(world.browsers[1].got.is_empty());
    assert_eq!(world.states(seat(0)), [PeerState::Connected]);
}

#[test]
fn stun_for_nobody_or_with_the_wrong_key_is_dropped() {
    let mut world = pair();
    world.step();
    let sent: Vec<_> = world.browsers[0].take_sent();
    let source = world.browsers[0].address;
    for (_, bytes) in &sent {
        let mut wrong = bytes.clone();
        let last = wrong.len() - 20;
        wrong[last] ^= 1; // inside MESSAGE-INTEGRITY or FINGERPRINT
        world.datagram(source, node(), &wrong);
    }
    let before = world.dropped(DropReason::StunUnknown) + world.dropped(DropReason::StunMalformed);
    assert!(before > 0);
    world.command(Command::CloseSeat { seat: seat(0) });
    for (_, bytes) in &sent {
        world.datagram(source, node(), bytes);
    }
    assert!(world.dropped(DropReason::StunUnknown) >= sent.len() as u64);
}

#[test]
fn plain_stun_tells_the_asker_its_address_but_not_without_end() {
    let mut world = World::default();
    let request = [&[0u8, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[5; 12]].concat();
    (0..1_000).for_each(|_| world.datagram(stranger(), node(), &request));
    assert_eq!(world.said.strays.len(), 200);
    assert_eq!(world.dropped(DropReason::StunFlood), 800);
    let answer = &world.said.strays[0];
    assert_eq!((answer.source, answer.destination), (node(), stranger()));
    assert_eq!(answer.bytes[..2], [1, 1]);
}

#[test]
fn payloads_that_are_not_what_their_type_says_go_nowhere() {
    let mut world = pair();
    world.connect();
    assert!(heard(&mut world) > 20);
    let before = world.browsers[1].got.len();
    for payload in [
        vec![0xff; 100],
        vec![0x80 | 111, 0xff, 0xff, 0xff],
        vec![63],
        vec![0x80; 4],
    ] {
        world.browsers[0].say(&payload);
        world.carry_from(0);
    }
    assert_eq!(world.browsers[1].got.len(), before);
    assert!(world.dropped(DropReason::PayloadMalformed) == 4);
    assert!(heard(&mut world) > 20);
}

#[test]
fn hostile_packets_of_the_other_side_are_dropped() {
    let mut world = pair();
    world.connect();
    (0..2).for_each(|n| world.place(seat(n), Some(Room::Meeting)));
    world.open_meeting();
    let (voice, camera) = (
        StreamId::other(seat(5), Kind::Audio),
        StreamId::other(seat(5), Kind::Video),
    );
    world.remote(&[
        (voice, Layers(1)),
        (camera, Layers(0b011)),
        (StreamId::own(seat(0), Kind::Audio), Layers(1)),
    ]);
    world.watch(seat(0), &[(camera, 500)]);
    let send = |world: &mut World, stream, layer, codec, payload: Vec<u8>| {
        world.remote_packet(RemotePacket {
            stream,
            layer,
            codec,
            seq: 1,
            timestamp: 1,
            marker: true,
            level: Some(255),
            payload: payload.into(),
        });
    };
    for layer in [2, 3, 7, 255] {
        send(&mut world, camera, layer, Codec::Vp8, vec![0x10, 0, 0]);
    }
    send(&mut world, camera, 0, Codec::Opus, vec![1; 10]);
    send(&mut world, voice, 0, Codec::Vp8, vec![1; 10]);
    send(
        &mut world,
        StreamId::own(seat(0), Kind::Audio),
        0,
        Codec::Opus,
        vec![1; 10],
    );
    assert_eq!(world.dropped(DropReason::RemoteUnknown), 7);
    for payload in [vec![], vec![0x80], vec![0x90, 0xff], vec![0x10; 5_000]] {
        send(&mut world, camera, 0, Codec::Vp8, payload);
    }
    send(&mut world, voice, 0, Codec::Red, vec![0xff; 40]);
    assert_eq!(world.dropped(DropReason::PayloadMalformed), 5);
    assert!(heard(&mut world) > 20);
}

#[test]
fn who_never_comes_is_forgotten() {
    let mut world = World::default();
    let mut ghost = Browser::new(seat(0), Plan::default(), world.now);
    world.place(seat(0), Some(Room::Caucus));
    let sdp = ghost.make_offer();
    world.command(Command::Offer {
        seat: seat(0),
        peer: "main".parse().unwrap(),
        request: 1,
        sdp,
    });
    world.idle(29_000);
    assert_eq!(world.sfu.stats().peers, 1);
    world.idle(2_000);
    assert_eq!(world.sfu.stats().peers, 0);
    assert!(world.sfu.poll_timeout().is_none_or(|at| at > world.now));
}
