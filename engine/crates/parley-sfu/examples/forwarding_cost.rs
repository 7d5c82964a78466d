//! What a forwarded packet costs inside the room, without sockets: `cargo run --release --example forwarding_cost`.
//!
//! One publisher, N viewers played by str0m in the same process; only the room's own work is timed (`handle` and `poll` of the
//! publisher's datagrams: decrypt once, rewrite and encrypt N times). Viewers report nothing back meanwhile.

#![allow(clippy::disallowed_methods)] // It measures.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use parley_sfu::{Datagram, Input, Output, Proto, Room};
use support::browser::{Browser, Plan};
use support::{World, node, seat};

const FRAMES: usize = 300;

fn main() {
    println!("viewers  kind    packets out  us/packet  longest batch us");
    for viewers in [1, 10, 50, 200] {
        for (kind, packets) in [("video", 6), ("voice", 0)] {
            measure(viewers, kind, packets);
        }
    }
}

fn measure(viewers: u64, kind: &str, packets: usize) {
    let mut world = World::default();
    for n in 0..=viewers {
        let plan = Plan {
            mic: n == 0,
            camera: n == 0,
            simulcast: false,
            ..Plan::default()
        };
        let browser = Browser::new(seat(n), plan, world.now);
        world.join(browser, Room::Caucus);
    }
    world.connect();
    let camera = world.browsers[0].video();
    (1..=viewers).for_each(|n| world.watch(seat(n), &[(camera, 640)]));
    let (mut out, mut spent, mut longest) = (0u64, Duration::ZERO, Duration::ZERO);
    for frame in 0..FRAMES {
        world.now += Duration::from_millis(33);
        world.browsers[0].wake(world.now);
        match packets {
            0 => world.browsers[0].speak(30, 1),
            packets => world.browsers[0].show(0, frame == 0, packets, 1),
        }
        let sent = world.browsers[0].take_sent();
        let begun = Instant::now();
        let sent_on = forward(&mut world, &sent);
        let took = begun.elapsed();
        if frame > 30 {
            out += sent_on;
            spent += took;
            longest = longest.max(took);
        }
    }
    let each = spent.as_secs_f64() * 1e6 / out.max(1) as f64;
    println!(
        "{viewers:7}  {kind:6}  {out:11}  {each:9.2}  {:16.0}",
        longest.as_secs_f64() * 1e6
    );
}

fn forward(world: &mut World, sent: &[(std::net::SocketAddr, Vec<u8>)]) -> u64 {
    let source = world.browsers[0].address;
    for (destination, bytes) in sent {
        let datagram = Datagram {
            proto: Proto::Udp,
            source,
            destination: *destination,
            bytes,
        };
        world.sfu.handle(Input::Datagram(datagram), world.now);
    }
    debug_assert_eq!(node(), sent[0].0);
    let mut count = 0;
    while let Some(output) = world.sfu.poll() {
        count += u64::from(matches!(output, Output::Transmit(t) if t.bytes.len() > 100));
    }
    count
}
