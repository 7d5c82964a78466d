//! Packets: datagrams with the forged address of a browser that is connected, and packets of a hostile other side on their way
//! to that browser. Dropped or forwarded; the browser stays connected.
#![no_main]

#[path = "../../crates/parley-sfu/tests/support/mod.rs"]
mod support;

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use parley_sfu::{Codec, Event, Kind, Layers, PeerState, RemotePacket, Room, StreamId};
use support::browser::{Browser, Plan};
use support::{World, node, seat};

/// Rooms are made anew so that a finding can be repeated from few inputs.
const INPUTS_PER_ROOM: u32 = 1_000;

thread_local! {
    static ROOM: RefCell<(World, u32)> = RefCell::new((room(), 0));
}

fn streams() -> [StreamId; 2] {
    [StreamId::other(seat(9), Kind::Audio), StreamId::other(seat(9), Kind::Video)]
}

fn room() -> World {
    let mut world = World::default();
    let browser = Browser::new(seat(0), Plan::default(), world.now);
    world.join(browser, Room::Meeting);
    world.connect();
    world.open_meeting();
    let [voice, camera] = streams();
    world.remote(&[(voice, Layers(1)), (camera, Layers(7))]);
    world.watch(seat(0), &[(camera, 640)]);
    world
}

/// A packet of the other side: header fields from the first bytes, the payload from the rest.
fn remote(bytes: &[u8]) -> Option<RemotePacket> {
    let (head, payload) = bytes.split_at_checked(8)?;
    let [voice, camera] = streams();
    let (stream, codec) = [(camera, Codec::Vp8), (voice, Codec::Red), (voice, Codec::Opus)][usize::from(head[0] % 3)];
    Some(RemotePacket {
        stream,
        layer: head[1] % 4,
        codec,
        seq: u16::from_be_bytes([head[2], head[3]]),
        timestamp: u32::from_be_bytes([head[4], head[5], head[6], 0]),
        marker: head[7] & 1 == 1,
        level: Some(head[7] >> 1),
        payload: payload.into(),
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    ROOM.with_borrow_mut(|(world, used)| {
        *used += 1;
        if *used > INPUTS_PER_ROOM {
            (*world, *used) = (room(), 0);
        }
        if choice % 2 == 0 {
            let browser = world.browsers[0].address;
            world.datagram(browser, node(), bytes);
        } else if let Some(packet) = remote(bytes) {
            world.remote_packet(packet);
        }
        world.step();
        world.browsers[0].got.clear();
        let ended = world.said.events.drain(..).any(|event| {
            matches!(event, Event::Panic { .. } | Event::PeerState { state: PeerState::Closed, .. })
        });
        assert!(!ended, "a forged packet ended a connection");
    });
});
