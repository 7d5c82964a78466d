//! An offer, as a hostile browser may have made it: refused with a sentence, or answered, and the room goes on. The bytes are
//! edits of an offer that a real browser could have made, or an offer of their own.
#![no_main]

use std::cell::RefCell;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use parley_sfu::{Command, Config, Event, Input, Output, Room, SeatId, Sfu};

const OFFERS: [&str; 2] = [
    include_str!("../../crates/parley-sfu/tests/fixtures/chromium.sdp"),
    include_str!("../../crates/parley-sfu/tests/fixtures/firefox.sdp"),
];
const SEAT: SeatId = SeatId(1);

thread_local! {
    static ROOM: RefCell<(Sfu, Instant)> = RefCell::new(room());
}

fn room() -> (Sfu, Instant) {
    let now = Instant::now();
    let config = Config { udp: vec!["192.0.2.1:4000".parse().unwrap()], ..Config::default() };
    let mut sfu = Sfu::new(config, now);
    let place = Command::Seat { seat: SEAT, room: Some(Room::Caucus), audio: true, video: true, slides: true };
    sfu.handle(Input::Command(place), now);
    (sfu, now)
}

/// Applies edits to the lines of an offer: which line, what to do, with how many of the bytes that follow.
fn edit(base: &str, mut script: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = base.split("\r\n").map(|line| line.as_bytes().to_vec()).collect();
    while let [at, what, length, rest @ ..] = script {
        let at = usize::from(*at) * lines.len() / 256;
        let text = &rest[..rest.len().min(usize::from(*length % 64))];
        script = &rest[text.len()..];
        match what % 6 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, text.to_vec()),
            2 => lines[at] = text.to_vec(),
            3 => lines[at].extend(text),
            4 => lines.insert(at, lines[at].clone()),
            _ => {
                let end = lines[at].iter().position(|b| *b == b':').map_or(0, |colon| colon + 1);
                lines[at].truncate(end);
                lines[at].extend(text);
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.join(&b"\r\n"[..])
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, script)) = bytes.split_first() else { return };
    let text = match OFFERS.get(usize::from(choice % 3)) {
        Some(base) => edit(base, script),
        None => script.to_vec(),
    };
    let sdp = String::from_utf8_lossy(&text).into_owned();
    ROOM.with_borrow_mut(|(sfu, now)| {
        let peer: parley_sfu::PeerId = "main".parse().unwrap();
        // Twice: made, then renegotiated with the same text.
        for request in 1..=2 {
            let offer = Command::Offer { seat: SEAT, peer: peer.clone(), request, sdp: sdp.clone() };
            *now += Duration::from_millis(1);
            sfu.handle(Input::Command(offer), *now);
            let answered = std::iter::from_fn(|| sfu.poll()).filter(|output| {
                matches!(output, Output::Event(Event::Answer { .. } | Event::Refused { .. }))
            });
            assert_eq!(answered.count(), 1, "every offer gets one answer");
        }
        sfu.handle(Input::Command(Command::ClosePeer { seat: SEAT, peer }), *now);
        while sfu.poll().is_some() {}
        assert_eq!(sfu.stats().peers, 0);
    });
});
