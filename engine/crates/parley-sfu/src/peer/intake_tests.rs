//! What is refused, and with which sentence.

use super::*;

const FINGERPRINT: &str = "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

fn offer(sections: &[&str]) -> String {
    let session = format!(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:{FINGERPRINT}\r\n"
    );
    session + &sections.concat()
}

fn audio(mid: &str, rest: &str) -> String {
    format!("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:{mid}\r\n{rest}")
}

fn video(mid: &str, rest: &str) -> String {
    format!("m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{mid}\r\n{rest}")
}

fn refusal(sdp: &str) -> String {
    read(sdp, &Limits::default()).expect_err("must be refused")
}

#[test]
fn mic_camera_screen_and_slots_are_found() {
    let sdp = offer(&[
        &audio(
            "0",
            "a=sendonly\r\na=msid:mic 1\r\na=candidate:1 1 udp 1 x.local 9 typ host\r\n",
        ),
        &video(
            "1",
            "a=sendonly\r\na=msid:camera 2\r\na=rid:q send\r\na=rid:h send\r\na=rid:f send\r\n",
        ),
        &video("2", "a=sendonly\r\na=msid:screen 3\r\n"),
        &audio("3", "a=recvonly\r\n"),
        &video("4", "a=recvonly\r\n"),
        &video("5", "a=sendonly\r\na=msid:something 4\r\n"),
        &video("6", "a=inactive\r\n"),
    ]);
    let intake = read(&sdp, &Limits::default()).unwrap();
    let tracks = [
        ("0".into(), Kind::Audio),
        ("1".into(), Kind::Video),
        ("2".into(), Kind::Slides),
    ];
    assert_eq!(intake.tracks, tracks);
    assert_eq!(intake.slots, [("3".into(), true), ("4".into(), false)]);
    assert!(!intake.sdp.contains("candidate"));
}

#[test]
fn size_and_shape_are_capped() {
    assert!(refusal(&"v=0".repeat(40_000)).contains("longer than 65536 bytes"));
    assert!(refusal("hello").contains("not SDP"));
    assert!(refusal("v=0\r\na=x\0y\r\n").contains("control characters"));
    assert!(
        refusal("v=0\r\na=x\ry\r\n").contains("control characters"),
        "a CR alone"
    );
    assert!(refusal(&offer(&[])).contains("1 to 16 m-lines"));
    let many: Vec<String> = (0..17)
        .map(|n| audio(&n.to_string(), "a=recvonly\r\n"))
        .collect();
    assert!(
        refusal(&offer(&many.iter().map(String::as_str).collect::<Vec<_>>()))
            .contains("this one has 17")
    );
    let candidates = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(200);
    assert!(refusal(&offer(&[&audio("0", &candidates)])).contains("128 candidates"));
    let long = format!("a=x:{}\r\n", "y".repeat(5_000));
    assert!(refusal(&offer(&[&audio("0", &long)])).contains("longer than 4096"));
    assert!(refusal(&offer(&[&audio("0", &"a=x\r\n".repeat(4_001))])).contains("4000 lines"));
}

#[test]
fn identity_must_be_one_sha_256() {
    let with = |lines: &str| format!("v=0\r\ns=-\r\n{lines}{}", audio("0", "a=recvonly\r\n"));
    assert!(refusal(&with("")).contains("no fingerprint"));
    assert!(refusal(&with("a=fingerprint:sha-1 AA:BB\r\n")).contains("not SHA-256"));
    assert!(refusal(&with("a=fingerprint:sha-256 AA:BB\r\n")).contains("not 32 bytes"));
    let other = FINGERPRINT.replace("00:11", "00:12");
    assert!(
        refusal(&with(&format!(
            "a=fingerprint:{FINGERPRINT}\r\na=fingerprint:{other}\r\n"
        )))
        .contains("several")
    );
    assert!(
        refusal(&with(&format!(
            "a=fingerprint:{FINGERPRINT}\r\na=ice-lite\r\n"
        )))
        .contains("ICE-lite")
    );
}

#[test]
fn m_lines_must_make_sense() {
    let refused = |sections: &[&str]| refusal(&offer(sections));
    assert!(
        refused(&["m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n"])
            .contains("data channels")
    );
    assert!(
        refused(&["m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly\r\n"]).contains("without a mid")
    );
    assert!(refused(&[&audio("0", "a=mid:1\r\n")]).contains("two mids"));
    assert!(refused(&[&audio("0", ""), &video("0", "")]).contains("two m-lines with the mid 0"));
    assert!(refused(&[&audio("a b", "")]).contains("A mid is"));
    assert!(refused(&[&audio(&"x".repeat(17), "")]).contains("A mid is"));
    assert!(refused(&[&video("0", "a=sendonly\r\na=msid:mic 1\r\n")]).contains("not audio"));
    assert!(
        refused(&[
            &audio("0", "a=msid:mic 1\r\n"),
            &audio("1", "a=msid:mic 1\r\n")
        ])
        .contains("audio twice")
    );
    assert!(
        refused(&[&video(
            "0",
            "a=msid:camera 1\r\na=rid:q send\r\na=rid:q send\r\n"
        )])
        .contains("q, h and f")
    );
    assert!(refused(&[&video("0", "a=msid:camera 1\r\na=rid:hi send\r\n")]).contains("q, h and f"));
    assert!(refused(&[&video("0", "a=msid:screen 1\r\na=rid:q send\r\n")]).contains("one layer"));
}
