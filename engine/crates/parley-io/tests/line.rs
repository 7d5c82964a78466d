//! Real sockets on loopback: who is let in, what passes, what a cut and a restart do.

mod support;

use std::net::UdpSocket;
use std::time::Duration;

use parley_io::line::{LineCommand, LineEvent};
use support::{End, Wire, new_key};

fn pair() -> (End, End) {
    let (a, b) = (End::start(new_key(), 1), End::start(new_key(), 2));
    a.pin(&b.spki, b.line.addr);
    b.pin(&a.spki, a.line.addr);
    (a, b)
}

#[test]
fn frames_arrive_whole_and_in_order_and_datagrams_pass() {
    let (a, b) = pair();
    a.linked();
    b.linked();
    for number in 0..200_u32 {
        let mut frame = number.to_be_bytes().to_vec();
        frame.resize(4 + number as usize * 100, 7);
        a.line.command(LineCommand::Frame(frame.into()));
    }
    // A session may still be replaced by its twin in the first moments, so the last number is what must come.
    let mut expected = None;
    loop {
        let frame = b.frame();
        let number = u32::from_be_bytes(frame[..4].try_into().unwrap());
        assert_eq!(frame.len(), 4 + number as usize * 100);
        assert!(
            expected.is_none_or(|next| next == number),
            "{expected:?} {number}"
        );
        expected = Some(number + 1);
        if number == 199 {
            break;
        }
    }
    b.line.command(LineCommand::Datagram(vec![9; 1000].into()));
    let got = a.wait("a datagram", |event| match event {
        LineEvent::Datagram { datagram, .. } => Some(datagram),
        _ => None,
    });
    assert_eq!(got.len(), 1000);
}

#[test]
fn one_side_alone_may_dial() {
    let (a, b) = (End::start(new_key(), 1), End::start(new_key(), 2));
    // b has no address of a that answers: only a's dialling can link them.
    b.line
        .command(LineCommand::Peer(Some((a.spki.clone(), vec![]))));
    a.pin(&b.spki, b.line.addr);
    a.linked();
    b.linked();
}

#[test]
fn a_third_node_and_a_changed_key_are_refused_on_both_ends() {
    let (a, b) = pair();
    a.linked();
    b.linked();
    let third = End::start(new_key(), 3);
    third.pin(&b.spki, b.line.addr);
    let refused = b.wait("a refusal at b", |event| match event {
        LineEvent::Refused { spki } => Some(spki),
        _ => None,
    });
    assert_eq!(refused, third.spki);
    assert!(third.never(Duration::from_secs(2), |event| matches!(
        event,
        LineEvent::Linked { .. }
    )));
    // The wrong key at the other end is refused by the dialler too.
    let other = End::start(new_key(), 4);
    other.pin(&third.spki, b.line.addr);
    let seen = other.wait("a refusal at the dialler", |event| match event {
        LineEvent::Refused { spki } => Some(spki),
        _ => None,
    });
    assert_eq!(seen, b.spki);
    // And the line of a and b never noticed.
    a.line.command(LineCommand::Frame(vec![5].into()));
    assert_eq!(b.frame(), [5]);
}

#[test]
fn a_cut_is_noticed_and_the_line_links_again_by_itself() {
    let (a, b) = (End::start(new_key(), 1), End::start(new_key(), 2));
    let wire = Wire::between(a.line.addr, b.line.addr);
    a.pin(&b.spki, wire.for_a);
    b.pin(&a.spki, wire.for_b);
    a.linked();
    b.linked();
    for _ in 0..2 {
        wire.cut(true);
        a.down();
        b.down();
        wire.cut(false);
        a.linked();
        b.linked();
    }
}

#[test]
fn a_restarted_node_is_taken_back_without_waiting_for_silence() {
    let key = new_key();
    let a = End::start(new_key(), 1);
    let b = End::start(key.clone(), 2);
    let (addr, spki) = (b.line.addr, b.spki.clone());
    a.pin(&spki, addr);
    b.pin(&a.spki, a.line.addr);
    a.linked();
    b.linked();
    drop(b);
    let again = End::start_at(addr, key, 99);
    again.pin(&a.spki, a.line.addr);
    again.linked();
    a.down();
    a.linked();
    again.line.command(LineCommand::Frame(vec![1, 2].into()));
    assert_eq!(a.frame(), [1, 2]);
}

#[test]
fn a_severed_line_lets_nobody_in_until_it_is_opened() {
    let (a, b) = pair();
    a.linked();
    b.linked();
    a.line.command(LineCommand::Close);
    b.down();
    assert!(b.never(Duration::from_secs(3), |event| matches!(
        event,
        LineEvent::Linked { .. }
    )));
    a.line.command(LineCommand::Open);
    b.linked();
}

#[test]
fn garbage_at_the_port_leaves_the_line_up() {
    let (a, b) = pair();
    a.linked();
    b.linked();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut noise = 0x2545_f491_u32;
    for len in (0..1400).step_by(3) {
        let datagram: Vec<u8> = (0..len)
            .map(|_| {
                noise ^= noise << 13;
                noise ^= noise >> 17;
                noise ^= noise << 5;
                noise as u8
            })
            .collect();
        stranger.send_to(&datagram, b.line.addr).unwrap();
    }
    assert!(b.never(Duration::from_secs(3), |event| matches!(
        event,
        LineEvent::Down { .. }
    )));
    a.line.command(LineCommand::Frame(vec![3].into()));
    assert_eq!(b.frame(), [3]);
}
