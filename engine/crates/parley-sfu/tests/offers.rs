//! Offers in the shape in which browsers write them, and offers that must be refused.

mod support;

use parley_sfu::{Command, Config, Datagram, Event, Input, PeerState, Proto, Room};
use support::browser::{Browser, Plan};
use support::{World, node, seat};

const CHROMIUM: &str = include_str!("fixtures/chromium.sdp");
const FIREFOX: &str = include_str!("fixtures/firefox.sdp");

fn offer(world: &mut World, peer: &str, sdp: &str) -> Result<String, String> {
    world.command(Command::Offer {
        seat: seat(0),
        peer: peer.parse().unwrap(),
        request: 7,
        sdp: sdp.into(),
    });
    world
        .said
        .events
        .iter()
        .rev()
        .find_map(|event| match event {
            Event::Answer {
                sdp, request: 7, ..
            } => Some(Ok(sdp.clone())),
            Event::Refused {
                reason, request: 7, ..
            } => Some(Err(reason.clone())),
            _ => None,
        })
        .expect("an answer or a refusal")
}

fn world() -> World {
    let mut world = World::new(Config {
        udp: vec![node(), "[fd00::9]:4000".parse().unwrap()],
        tcp: vec![node(), "[fd00::9]:4000".parse().unwrap()],
        ..Config::default()
    });
    world.place(seat(0), Some(Room::Caucus));
    world
}

/// The m-lines of an answer.
fn sections(answer: &str) -> Vec<String> {
    answer
        .split("\r\nm=")
        .skip(1)
        .map(|section| format!("m={section}\r\n"))
        .collect()
}

#[test]
fn chromium_is_answered_with_red_layers_and_candidates() {
    let answer = offer(&mut world(), "main", CHROMIUM).unwrap();
    assert!(answer.contains("a=ice-lite"));
    assert!(answer.contains("a=setup:passive"));
    let sections = sections(&answer);
    assert_eq!(sections.len(), 8);
    assert!(
        sections[0].starts_with("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n"),
        "{}",
        sections[0]
    );
    assert!(sections[0].contains("a=rtpmap:63 red/48000/2") && sections[0].contains("a=recvonly"));
    assert!(sections[0].contains("urn:ietf:params:rtp-hdrext:ssrc-audio-level"));
    assert!(
        sections[1].starts_with("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"),
        "{}",
        sections[1]
    );
    assert!(sections[1].contains("a=simulcast:recv q;h;f"));
    assert!(
        sections[1].contains("a=rtcp-fb:96 transport-cc")
            && sections[1].contains("a=rtcp-fb:96 nack pli")
    );
    assert!(!sections[1].contains("video-orientation") && !sections[1].contains("abs-send-time"));
    assert!(sections[2].contains("a=recvonly") && !sections[2].contains("simulcast"));
    for section in &sections[3..] {
        assert!(
            section.contains("a=sendonly") && section.contains("a=ssrc:"),
            "{section}"
        );
    }
    for (address, port) in [("10.9.9.9", 4000), ("fd00::9", 4000)] {
        let line = |proto: &str| format!(" {proto} ");
        let candidate = |proto: &str| {
            sections[0].lines().any(|l| {
                l.starts_with("a=candidate:")
                    && l.contains(&line(proto))
                    && l.contains(&format!(" {address} {port} typ host"))
            })
        };
        assert!(
            candidate("udp") && candidate("tcp"),
            "{address} in {}",
            sections[0]
        );
    }
    assert!(sections[0].contains("tcptype passive"));
}

#[test]
fn firefox_is_answered_without_red() {
    let answer = offer(&mut world(), "main", FIREFOX).unwrap();
    let sections = sections(&answer);
    assert_eq!(sections.len(), 8);
    assert!(
        sections[0].starts_with("m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n"),
        "{}",
        sections[0]
    );
    assert!(
        sections[1].starts_with("m=video 9 UDP/TLS/RTP/SAVPF 120 124\r\n"),
        "{}",
        sections[1]
    );
    assert!(sections[1].contains("a=simulcast:recv q;h;f"));
    assert!(sections[6].contains("a=sendonly"));
}

#[test]
fn ice_names_are_long_and_never_the_same() {
    let mut world = world();
    let value = |answer: &str, name: &str| {
        answer
            .lines()
            .find_map(|l| l.strip_prefix(name))
            .expect("present")
            .to_owned()
    };
    let first = offer(&mut world, "one", CHROMIUM).unwrap();
    let second = offer(&mut world, "two", CHROMIUM).unwrap();
    assert_eq!(value(&first, "a=ice-ufrag:").len(), 16);
    assert_eq!(value(&first, "a=ice-pwd:").len(), 32);
    assert_ne!(value(&first, "a=ice-pwd:"), value(&second, "a=ice-pwd:"));
}

#[test]
fn hostile_offers_are_refused_with_a_sentence() {
    let mut world = world();
    let many: String = (0..17)
        .map(|n| format!("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{n}\r\n"))
        .collect();
    let hostile = [
        ("x".repeat(1 << 20), "longer than"),
        (CHROMIUM.replace("v=0", "v=1"), "not SDP"),
        (
            CHROMIUM.replace("a=mid:1\r\n", "a=mid:0\r\n"),
            "two m-lines with the mid",
        ),
        (
            CHROMIUM.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1"),
            "not SHA-256",
        ),
        (
            CHROMIUM.replace("a=fingerprint", "a=nothing"),
            "no fingerprint",
        ),
        (
            CHROMIUM.replace("a=ice-ufrag", "a=nothing"),
            "cannot be answered",
        ),
        (
            CHROMIUM.replace("a=rid:h send", "a=rid:q send"),
            "q, h and f",
        ),
        (
            CHROMIUM.replace("a=msid:screen", "a=msid:camera"),
            "video twice",
        ),
        (CHROMIUM.to_owned() + &many, "1 to 16 m-lines"),
        (
            CHROMIUM.replace("BUNDLE 0 1", "BUNDLE\0 1"),
            "control characters",
        ),
        (
            CHROMIUM.to_owned() + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:9\r\n",
            "no data channels",
        ),
    ];
    for (sdp, why) in hostile {
        let reason = offer(&mut world, "main", &sdp).expect_err(why);
        assert!(reason.contains(why), "{reason:?} should say {why:?}");
        assert!(
            reason.ends_with('.') && reason.starts_with(char::is_uppercase),
            "a sentence: {reason}"
        );
    }
    assert_eq!(world.sfu.stats().peers, 0);
}

#[test]
fn connections_are_counted() {
    let mut config = Config::default();
    config.limits.peers = 8;
    let mut world = World::new(config);
    world.place(seat(0), Some(Room::Caucus));
    world.place(seat(1), Some(Room::Caucus));
    for n in 0..6 {
        offer(&mut world, &format!("p{n}"), CHROMIUM).unwrap();
    }
    assert!(
        offer(&mut world, "p6", CHROMIUM)
            .unwrap_err()
            .contains("at most 6")
    );
    offer(&mut world, "p5", &CHROMIUM.replace("4D:5E", "4D:5F"))
        .expect("a new page takes the place of the old one");
    let again = |world: &mut World, peer: &str| {
        let command = Command::Offer {
            seat: seat(1),
            peer: peer.parse().unwrap(),
            request: 7,
            sdp: CHROMIUM.into(),
        };
        world.command(command);
        !matches!(world.said.events.last(), Some(Event::Refused { .. }))
    };
    assert!(again(&mut world, "a") && again(&mut world, "b") && !again(&mut world, "c"));
}

#[test]
fn a_page_that_is_loaded_anew_takes_its_place_back() {
    let mut world = World::default();
    let first = Browser::new(seat(0), Plan::default(), world.now);
    world.join(first, Room::Caucus);
    world.connect();
    world.browsers.clear();
    let second = Browser::with_config(seat(0), "main", Plan::default(), world.now, |c| c);
    world.join(second, Room::Caucus);
    world.connect();
    assert_eq!(
        world.states(seat(0)),
        [
            PeerState::Connected,
            PeerState::Closed,
            PeerState::Connected
        ]
    );
    assert_eq!(world.sfu.stats().peers, 1);
}

#[test]
fn a_browser_that_changes_networks_restarts_ice_and_goes_on() {
    let mut world = World::default();
    for n in 0..2 {
        let browser = Browser::new(seat(n), Plan::default(), world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    let before = world.browsers[0].answer.clone();
    world.offer(0);
    let pwd = |sdp: &str| {
        sdp.lines()
            .find_map(|l| l.strip_prefix("a=ice-pwd:").map(str::to_owned))
            .unwrap()
    };
    assert_ne!(pwd(&before), pwd(&world.browsers[0].answer));
    assert_eq!(
        pwd(&world.browsers[0].answer).len(),
        32,
        "our own chance, not str0m's"
    );
    world.idle(500);
    let got = world.browsers[1].got.len();
    world.run(std::time::Duration::from_millis(500), |world, passed| {
        if passed.as_millis().is_multiple_of(20) {
            world.browsers[0].speak(30, 1);
            world.carry_from(0);
        }
    });
    assert!(world.browsers[1].got.len() > got + 20);
}

#[test]
fn media_flows_over_ice_tcp() {
    let mut world = world();
    for (n, tcp) in [(0, true), (1, false)] {
        let plan = Plan {
            tcp,
            ..Plan::default()
        };
        let browser = Browser::new(seat(n), plan, world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    world.run(std::time::Duration::from_millis(500), |world, passed| {
        if passed.as_millis().is_multiple_of(20) {
            (0..2).for_each(|n| world.browsers[n].speak(30, 1));
            (0..2).for_each(|n| world.carry_from(n));
        }
    });
    assert!(world.browsers.iter().all(|browser| browser.got.len() > 20));
}

#[test]
fn plain_stun_on_a_tcp_connection_is_answered_there() {
    let mut world = world();
    let request = [&[0u8, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], &[5; 12]].concat();
    let source = "10.1.1.1:9999".parse().unwrap();
    let datagram = Datagram {
        proto: Proto::Tcp,
        source,
        destination: node(),
        bytes: &request,
    };
    world.give(Input::Datagram(datagram));
    assert_eq!(world.said.strays[0].proto, Proto::Tcp);
}
