//! Two trunks in virtual time with a seeded line between them, and people who talk and are seen.

#![allow(dead_code)]

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use parley_trunk::{Codec, Demand, Item, Kind, Offer, Output, StreamKey, Trunk, Want};

pub const OVERHEAD: usize = 60;

pub fn audio(seat: u64) -> StreamKey {
    StreamKey {
        seat,
        kind: Kind::Audio,
    }
}

pub fn camera(seat: u64) -> StreamKey {
    StreamKey {
        seat,
        kind: Kind::Video,
    }
}

/// What one direction of the line does.
#[derive(Clone, Copy)]
pub struct Lane {
    pub kbit: u32,
    pub delay: Duration,
    pub loss: f64,
}

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

enum Cargo {
    Frame(Vec<u8>),
    Datagram(Vec<u8>),
}

/// One end with its people.
pub struct End {
    pub trunk: Trunk,
    pub demand: Demand,
    pub offered: Vec<Offer>,
    pub got: Vec<(Instant, Item)>,
    pub nodes: Vec<Vec<u8>>,
    pub keyframes: Vec<(StreamKey, u8)>,
    pub wire: Vec<(Instant, usize)>,
    wire_total: u64,
    key_due: HashMap<(StreamKey, u8), bool>,
}

impl End {
    fn new(kbit: u32) -> Self {
        Self {
            trunk: Trunk::new(kbit),
            demand: Demand::default(),
            offered: Vec::new(),
            got: Vec::new(),
            nodes: Vec::new(),
            keyframes: Vec::new(),
            wire: Vec::new(),
            wire_total: 0,
            key_due: HashMap::new(),
        }
    }
}

pub struct World {
    pub now: Instant,
    pub ends: [End; 2],
    lanes: [Lane; 2],
    free_at: [Instant; 2],
    flying: [VecDeque<(Instant, Cargo)>; 2],
    chance: Chance,
    tick: u64,
    /// Whether the far end acknowledges as QUIC would: 45 bytes for every ten datagrams.
    acks: [u32; 2],
}

impl World {
    pub fn new(configured_kbit: u32, lane: Lane, seed: u64) -> Self {
        let now = Instant::now();
        let mut world = Self {
            now,
            ends: [End::new(configured_kbit), End::new(configured_kbit)],
            lanes: [lane, lane],
            free_at: [now, now],
            flying: [VecDeque::new(), VecDeque::new()],
            chance: Chance(seed),
            tick: 0,
            acks: [0, 0],
        };
        for end in 0..2 {
            world.ends[end].trunk.set_meeting(b"m");
            world.ends[end].trunk.on_linked(1162, lane.delay * 2, now);
        }
        world.drain();
        world
    }

    /// Seats `seats` of each end have a microphone and a camera, and everybody wants everything.
    pub fn full_table(&mut self, seats: &[u64]) {
        for end in 0..2 {
            let own: Vec<u64> = seats.iter().map(|seat| seat + 100 * end as u64).collect();
            let other: Vec<u64> = seats
                .iter()
                .map(|seat| seat + 100 * (1 - end) as u64)
                .collect();
            let offers = own
                .iter()
                .flat_map(|&seat| {
                    [
                        Offer {
                            stream: audio(seat),
                            layers: 1,
                        },
                        Offer {
                            stream: camera(seat),
                            layers: 0b111,
                        },
                    ]
                })
                .collect();
            self.ends[end].trunk.offer(offers);
            let wants = other
                .iter()
                .map(|&seat| Want {
                    stream: camera(seat),
                    layers: 0b111,
                    weight: 1,
                })
                .collect();
            self.ends[end].trunk.want(true, wants);
        }
        self.drain();
    }

    fn transmit(&mut self, from: usize, cargo: Cargo) {
        let len = match &cargo {
            Cargo::Frame(bytes) => bytes.len() + 4 + OVERHEAD,
            Cargo::Datagram(bytes) => bytes.len() + OVERHEAD,
        };
        self.on_wire(from, len);
        let lane = self.lanes[from];
        let lost = matches!(cargo, Cargo::Datagram(_)) && self.chance.next() < lane.loss;
        let queue = self.free_at[from].saturating_duration_since(self.now);
        if lost || queue > Duration::from_millis(200) {
            return;
        }
        if lane.kbit > 0 {
            let takes = Duration::from_secs_f64(len as f64 * 8.0 / 1000.0 / f64::from(lane.kbit));
            self.free_at[from] = self.free_at[from].max(self.now) + takes;
        } else {
            self.free_at[from] = self.now;
        }
        self.flying[from].push_back((self.free_at[from] + lane.delay, cargo));
    }

    fn on_wire(&mut self, from: usize, len: usize) {
        let end = &mut self.ends[from];
        end.wire_total += len as u64;
        end.wire.push((self.now, len));
        end.trunk.on_wire_sent(end.wire_total);
    }

    pub fn drain(&mut self) {
        for from in 0..2 {
            while let Some(output) = self.ends[from].trunk.poll() {
                match output {
                    Output::Frame(bytes) => self.transmit(from, Cargo::Frame(bytes)),
                    Output::Datagram(bytes) => self.transmit(from, Cargo::Datagram(bytes)),
                    Output::Deliver(item) => {
                        let now = self.now;
                        self.ends[from].got.push((now, item));
                    }
                    Output::Offered(offers) => self.ends[from].offered = offers,
                    Output::Demand(demand) => self.ends[from].demand = demand,
                    Output::Keyframe { stream, layer } => {
                        self.ends[from].keyframes.push((stream, layer));
                        self.ends[from].key_due.insert((stream, layer), true);
                    }
                    Output::Node(bytes) => self.ends[from].nodes.push(bytes),
                }
            }
        }
    }

    /// One millisecond: what is due arrives, timers fire.
    pub fn step(&mut self) {
        self.now += Duration::from_millis(1);
        self.tick += 1;
        for from in 0..2 {
            while self.flying[from]
                .front()
                .is_some_and(|(at, _)| *at <= self.now)
            {
                let Some((_, cargo)) = self.flying[from].pop_front() else {
                    break;
                };
                let now = self.now;
                let to = &mut self.ends[1 - from].trunk;
                match cargo {
                    Cargo::Frame(bytes) => to.on_frame(&bytes, now),
                    Cargo::Datagram(bytes) => {
                        to.on_datagram(&bytes, now);
                        self.acks[1 - from] += 1;
                        if self.acks[1 - from].is_multiple_of(10) {
                            self.on_wire(1 - from, 45 + 28);
                        }
                    }
                }
                self.drain();
            }
        }
        for end in 0..2 {
            if self.ends[end]
                .trunk
                .poll_timeout()
                .is_some_and(|at| at <= self.now)
            {
                let now = self.now;
                self.ends[end].trunk.handle_timeout(now);
            }
        }
        self.drain();
    }

    /// Everybody at the table talks and is seen for so many milliseconds; returns how many voice packets each end sent.
    pub fn talk(&mut self, seats: &[u64], milliseconds: u64) -> u64 {
        let mut spoken = 0;
        for _ in 0..milliseconds {
            for end in 0..2 {
                for (index, seat) in seats.iter().enumerate() {
                    let seat = seat + 100 * end as u64;
                    if (self.tick + 7 * index as u64).is_multiple_of(20) {
                        spoken += 1;
                        self.speak(end, seat);
                    }
                    if (self.tick + 13 * index as u64).is_multiple_of(66) {
                        self.show(end, seat);
                    }
                }
            }
            self.step();
        }
        spoken / 2
    }

    fn speak(&mut self, end: usize, seat: u64) {
        let now = self.now;
        // RED of two 80-byte Opus blocks, as at 32 kbit/s.
        let mut payload = vec![0x80 | 111, 0, 0, 80, 111];
        payload.resize(5 + 160, 7);
        self.ends[end].trunk.send(
            Item {
                stream: audio(seat),
                layer: 0,
                codec: Codec::Red,
                seq: (self.tick / 20) as u16,
                timestamp: (self.tick * 48) as u32,
                marker: false,
                level: Some(30),
                payload: payload.into(),
            },
            now,
        );
        self.drain();
    }

    fn show(&mut self, end: usize, seat: u64) {
        let stream = camera(seat);
        for layer in 0..3_u8 {
            let wanted = self.ends[end]
                .demand
                .pictures
                .iter()
                .any(|(s, l)| *s == stream && l & (1 << layer) != 0);
            if !wanted {
                continue;
            }
            let asked = self.ends[end]
                .key_due
                .insert((stream, layer), false)
                .unwrap_or(true);
            let frame = [1_000, 3_700, 12_400][usize::from(layer)] * if asked { 4 } else { 1 };
            let packets = usize::div_ceil(frame, 1_100);
            for packet in 0..packets {
                let start = packet == 0;
                let inter = u8::from(!asked);
                let mut payload = vec![if start { 0x10 } else { 0 }, inter];
                payload.resize(frame / packets, 0);
                let now = self.now;
                self.ends[end].trunk.send(
                    Item {
                        stream,
                        layer,
                        codec: Codec::Vp8,
                        seq: ((self.tick / 66) * 64 + packet as u64) as u16,
                        timestamp: (self.tick * 90) as u32,
                        marker: packet + 1 == packets,
                        level: None,
                        payload: payload.into(),
                    },
                    now,
                );
                self.drain();
            }
        }
    }

    /// The most bytes an end put on the wire in any second after the first.
    pub fn busiest_second(&self, end: usize) -> usize {
        let wire = &self.ends[end].wire;
        let begun = wire
            .first()
            .map_or(self.now, |(at, _)| *at + Duration::from_secs(1));
        let (mut most, mut sum, mut first) = (0, 0, 0);
        for (at, len) in wire {
            if *at < begun {
                first += 1;
                continue;
            }
            sum += len;
            while wire[first].0 + Duration::from_secs(1) <= *at {
                sum -= wire[first].1;
                first += 1;
            }
            most = most.max(sum);
        }
        most
    }

    /// Voice packets that end 1 got from end 0, each counted once.
    pub fn voices_heard(&self, end: usize) -> u64 {
        let heard: std::collections::HashSet<_> = self.ends[end]
            .got
            .iter()
            .filter(|(_, item)| item.stream.kind == Kind::Audio)
            .map(|(_, item)| (item.stream, item.seq))
            .collect();
        heard.len() as u64
    }
}
