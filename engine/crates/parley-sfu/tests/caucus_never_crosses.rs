//! A packet recorded in a caucus never becomes a packet for the line: 1,000 random sequences of joins, moves, gates, shares,
//! losses and delays. Every payload carries the place in which it was recorded.

mod support;

use std::time::Duration;

use parley_sfu::{Command, Layers, Room, StreamId};
use support::browser::{Browser, Plan};
use support::{World, seat};

const CAUCUS: u8 = 0xca;
const MEETING: u8 = 0x3e;
const NOWHERE: u8 = 0x00;
/// Sequences of one world; then all join anew.
const SEQUENCES: usize = 20;
const WORLDS: usize = 50;
const SEATS: u64 = 3;

/// SplitMix64: small, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

fn tag(room: Option<Room>) -> u8 {
    match room {
        Some(Room::Caucus) => CAUCUS,
        Some(Room::Meeting) => MEETING,
        None => NOWHERE,
    }
}

fn act(world: &mut World, chance: &mut Chance, rooms: &mut [Option<Room>]) {
    let who = chance.below(SEATS) as usize;
    match chance.below(8) {
        0..=2 => {
            rooms[who] = [None, Some(Room::Caucus), Some(Room::Meeting)][chance.below(3) as usize];
            world.place(seat(who as u64), rooms[who]);
        }
        3 => {
            let mut gate = || chance.below(3) > 0;
            let (audio, video, slides) = (gate(), gate(), gate());
            world.command(Command::Seat {
                seat: seat(who as u64),
                room: rooms[who],
                audio,
                video,
                slides,
            });
        }
        4 => world.command(Command::Meeting {
            open: chance.below(4) > 0,
        }),
        5 => {
            let all = world.browsers.iter().flat_map(|b| [b.video(), b.slides()]);
            let pictures: Vec<(StreamId, Layers)> =
                all.map(|s| (s, Layers(chance.below(8) as u8))).collect();
            world.demand(&pictures);
        }
        6 => {
            let wants: Vec<_> = world
                .browsers
                .iter()
                .map(|b| (b.video(), chance.below(1_500) as u32))
                .collect();
            world.watch(seat(who as u64), &wants);
        }
        _ => {
            let restart = chance.below(10) == 0;
            if restart {
                world.offer(who);
            }
        }
    }
}

fn everybody_sends(world: &mut World, rooms: &[Option<Room>], millis: u64, beat: &mut u64) {
    world.run(Duration::from_millis(millis), |world, _| {
        *beat += 1;
        for (n, room) in rooms.iter().enumerate() {
            let tag = tag(*room);
            if beat.is_multiple_of(4) {
                world.browsers[n].speak(30, tag);
            }
            if *beat % 8 == n as u64 {
                (0..3).for_each(|layer| {
                    world.browsers[n].show(layer, *beat % 16 == n as u64, 2, tag)
                });
                world.browsers[n].present(*beat % 16 == n as u64, 1, tag);
            }
            world.carry_from(n);
        }
    });
}

fn check(world: &mut World, seed: u64) -> usize {
    let caucus = [CAUCUS; 8];
    for packet in &world.said.line {
        let leaked = packet.payload().windows(8).any(|window| window == caucus);
        assert!(
            !leaked,
            "seed {seed}: {} layer {} carries a caucus",
            packet.stream(),
            packet.layer()
        );
    }
    std::mem::take(&mut world.said.line).len()
}

#[test]
fn a_caucus_packet_never_becomes_a_packet_for_the_line() {
    let mut crossed = 0;
    for seed in 0..WORLDS as u64 {
        let mut chance = Chance(seed);
        let mut world = World::default();
        let mut rooms = vec![Some(Room::Caucus); SEATS as usize];
        for n in 0..SEATS {
            let plan = Plan {
                screen: true,
                audio_slots: 2,
                red: n != 2,
                ..Plan::default()
            };
            let browser = Browser::new(seat(n), plan, world.now);
            world.join(browser, Room::Caucus);
        }
        world.connect();
        world.open_meeting();
        let mut network = Chance(seed ^ 0xdead);
        world.delay = Some(Box::new(move |_| match network.below(10) {
            0 => None,
            1 => Some(Duration::from_millis(5 + network.below(100))),
            _ => Some(Duration::ZERO),
        }));
        let mut beat = 0;
        for _ in 0..SEQUENCES {
            for _ in 0..3 {
                act(&mut world, &mut chance, &mut rooms);
                let millis = 5 + chance.below(80);
                everybody_sends(&mut world, &rooms, millis, &mut beat);
            }
            crossed += check(&mut world, seed);
        }
    }
    assert!(
        crossed > 2_000,
        "only {crossed} packets crossed at all: the test is blind"
    );
}
