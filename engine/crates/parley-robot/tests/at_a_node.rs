//! A robot against a node in miniature: it enrols, publishes, watches, accepts, counts, and comes back after a cut.

mod support;

use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use parley_robot::codec::{payload, red};
use parley_robot::options;
use parley_robot::report::{Report, Teller};
use parley_robot::robot::{self, Common};
use parley_robot::session::wire::Trust;
use serde_json::json;
use str0m::media::Mid;
use support::{SEAT, Session, accept};

/// Runs `story` as the node of a robot started with `words`; gives the robot's report.
fn with_robot(words: &str, story: impl FnOnce(&TcpListener)) -> Report {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let link = format!(
        "--link http://{}/join#token {words}",
        listener.local_addr().unwrap()
    );
    let options = options::parse(link.split_whitespace().map(str::to_owned)).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let common = Common {
        stop: stop.clone(),
        trust: Trust::default(),
        lettering: None,
        teller: Teller::new(true),
    };
    thread::scope(|scope| {
        let robot = scope.spawn(|| robot::live(&options.robots[0], 7, 8, &common));
        let told = catch_unwind(AssertUnwindSafe(|| story(&listener)));
        stop.store(true, Ordering::Relaxed);
        let report = robot.join().unwrap();
        told.unwrap_or_else(|panic| resume_unwind(panic));
        report
    })
}

fn seat(side: &str, id: &str, you: bool) -> serde_json::Value {
    json!({"side": side, "id": id, "name": "n", "role": "head", "present": true, "place": "meeting",
        "mic": true, "camera": true, "sharing": false, "muted_by": null, "you": you})
}

fn state(meeting: &str, by: Option<&str>) -> serde_json::Value {
    json!({"kind": "state", "rev": 1, "now_ms": 0, "line": {"state": "linked", "since_ms": 0, "reason": ""},
        "meeting": {"state": meeting, "id": null, "proposal": by.map(|_| "00000000000000ff"), "proposed_by": by, "since_ms": 0},
        "place": "meeting", "seats": [seat("own", SEAT, true), seat("other", "00000000000000b2", false)], "hands": []})
}

/// The m-lines of an offer: kind, direction, mid, msid.
fn lines(sdp: &str) -> Vec<(String, String, String, Option<String>)> {
    let field = |section: &str, name: &str| {
        let line = section.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| {
            value
                .trim()
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
    };
    let line = |section: &str| {
        let directions = ["sendonly", "recvonly", "sendrecv", "inactive"];
        let direction = directions
            .iter()
            .find(|word| section.contains(&format!("a={word}")))
            .expect("a direction");
        let kind = section.split(' ').next().unwrap_or_default().to_owned();
        (
            kind,
            (*direction).to_owned(),
            field(section, "a=mid:").unwrap(),
            field(section, "a=msid:"),
        )
    };
    sdp.split("m=").skip(1).map(line).collect()
}

#[test]
fn publishes_three_layers_and_red_and_answers_keyframe_requests() {
    let report = with_robot("--camera 640x360@15 --voice 440", |listener| {
        let mut session = Session::new(accept(listener));
        session.until("media of all kinds", |session| {
            ["q", "h", "f"]
                .iter()
                .all(|rid| session.of_layer(rid).count() > 10)
                && session.packets.len() > 100
        });
        let lines = lines(&session.offer);
        let sent: Vec<_> = lines
            .iter()
            .filter(|line| line.1 == "sendonly")
            .map(|line| (line.0.as_str(), line.3.as_deref()))
            .collect();
        assert_eq!(
            sent,
            [
                ("audio", Some("mic")),
                ("video", Some("camera")),
                ("video", Some("screen"))
            ]
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.0 == "audio" && line.1 == "recvonly")
                .count(),
            3
        );
        assert!(
            session.offer.contains("a=simulcast:send q;h;f"),
            "{}",
            session.offer
        );

        for rid in ["q", "h", "f"] {
            let first = session.of_layer(rid).next().unwrap();
            assert!(
                payload::read(&first.payload).unwrap().keyframe,
                "layer {rid} begins with a keyframe"
            );
        }
        let [_, opus, red_type] = session.formats();
        let audio: Vec<_> = session
            .packets
            .iter()
            .filter(|(_, rid, _)| rid.is_none())
            .map(|(_, _, packet)| packet)
            .collect();
        assert!(
            audio
                .iter()
                .all(|packet| *packet.header.payload_type == red_type),
            "RED, not {opus}"
        );
        assert_eq!(red::offsets(&audio[5].payload), Some(vec![960]));
        assert_eq!(
            audio[5].header.ext_vals.audio_level.map(|level| -level),
            Some(12),
            "a tone at -12 dBov"
        );

        let before = session.of_layer("h").count();
        session.ask_keyframe("h");
        session.until("a keyframe of h", |session| {
            let later: Vec<_> = session.of_layer("h").skip(before).collect();
            later
                .iter()
                .any(|packet| payload::read(&packet.payload).is_some_and(|start| start.keyframe))
        });
        assert_eq!(
            session
                .of_layer("f")
                .filter(|packet| payload::read(&packet.payload).is_some_and(|start| start.keyframe))
                .count(),
            1
        );
    });
    assert_eq!(
        (report.joins, report.connections, report.ended),
        (1, 1, None)
    );
    assert!(report.video.frames >= 30 && report.audio.packets >= 20);
}

#[test]
fn watches_what_it_sees_counts_it_and_accepts() {
    const STREAM: &str = "other/00000000000000b2/video";
    let report = with_robot(
        "--camera 640x360@15 --voice none --watch all --accept-open",
        |listener| {
            let mut session = Session::new(accept(listener));
            session.show(&state("proposed", Some("other")));
            session.until("wants and acceptance", |session| {
                session
                    .said
                    .iter()
                    .any(|said| said["kind"] == "accept_open")
            });
            let find = |session: &Session, kind: &str| {
                session
                    .said
                    .iter()
                    .find(|said| said["kind"] == kind)
                    .cloned()
            };
            assert_eq!(
                find(&session, "watch").unwrap()["wants"],
                json!([{"stream": STREAM, "width": 320, "weight": 1}])
            );
            assert_eq!(
                find(&session, "accept_open").unwrap()["proposal"],
                "00000000000000ff"
            );
            assert_eq!(
                find(&session, "devices").unwrap(),
                json!({"kind": "devices", "mic": false, "camera": true, "sharing": false})
            );

            let slot = lines(&session.offer)
                .into_iter()
                .find(|line| line.0 == "video" && line.1 == "recvonly")
                .unwrap()
                .2;
            session.show(&json!({"kind": "slots", "slots": [{"peer": "main", "mid": slot, "stream": STREAM}]}));
            let mut sent = 0;
            session.until("forty packets sent back", |session| {
                sent += session.send_back(Mid::from(slot.as_str()), "q", sent);
                sent > 40
            });
        },
    );
    let totals = &report.streams[STREAM];
    assert!(
        totals.packets > 20 && totals.frames > 20 && totals.keyframes >= 1 && totals.lost == 0,
        "{totals:?}"
    );
    assert!(totals.first_ms.is_some());
}

#[test]
fn comes_back_after_the_node_was_away_and_ends_when_revoked() {
    let report = with_robot("--camera none --voice 440", |listener| {
        for _ in 0..2 {
            let mut session = Session::new(accept(listener));
            session.until("sound", |session| session.packets.len() > 5);
        }
        let mut session = Session::new(accept(listener));
        session.until("sound again", |session| session.packets.len() > 5);
        session.show(&json!({"kind": "ended", "reason": "revoked"}));
        session.wait_for_close();
    });
    assert_eq!((report.joins, report.connections), (3, 3));
    assert_eq!(report.ended.as_deref(), Some("revoked"));
}
