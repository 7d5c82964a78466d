//! A world in memory: a media room, browsers played by str0m, and a clock that is moved by hand.
#![allow(dead_code, clippy::disallowed_methods)] // Each story uses a part of it, and begins somewhere in time.

pub mod browser;
pub mod media;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use parley_sfu::{
    Command, Config, Datagram, Demand, Event, Input, Layers, MeetingPacket, OfferedStream, Output,
    PeerState, Proto, RemotePacket, RemoteStream, Room, SeatId, Sfu, SlotView, StreamId, Transmit,
    Want, WatchWant,
};

use browser::Browser;

/// Time moves in steps of this.
pub const STEP: Duration = Duration::from_millis(5);

/// The node's media address.
pub fn node() -> SocketAddr {
    "10.9.9.9:4000".parse().unwrap()
}

/// The n-th seat.
pub fn seat(n: u64) -> SeatId {
    SeatId(0x1000 + n)
}

/// Everything that the room has said, apart from datagrams.
#[derive(Default)]
pub struct Said {
    pub events: Vec<Event>,
    pub line: Vec<MeetingPacket>,
    pub wants: Vec<Vec<Want>>,
    pub offered: Vec<Vec<OfferedStream>>,
    pub keyframes: Vec<(StreamId, u8, Instant)>,
    /// Datagrams to addresses that no browser has.
    pub strays: Vec<Transmit>,
}

/// Says whether a datagram to a browser is lost.
type Lose = Box<dyn FnMut(&Transmit) -> bool>;
/// Says how late a datagram of a browser is; `None`: lost.
type Delay = Box<dyn FnMut(&[u8]) -> Option<Duration>>;

/// A room, browsers and time.
pub struct World {
    pub sfu: Sfu,
    pub now: Instant,
    pub browsers: Vec<Browser>,
    pub said: Said,
    /// Datagrams to a browser are lost when this says so.
    pub lose: Option<Lose>,
    /// What becomes of a datagram of a browser: lost, or so late.
    pub delay: Option<Delay>,
    under_way: Vec<(Instant, SocketAddr, SocketAddr, Vec<u8>)>,
}

impl Default for World {
    fn default() -> Self {
        Self::new(Config {
            udp: vec![node()],
            ..Config::default()
        })
    }
}

impl World {
    pub fn new(config: Config) -> Self {
        let now = Instant::now();
        World {
            sfu: Sfu::new(config, now),
            now,
            browsers: Vec::new(),
            said: Said::default(),
            lose: None,
            delay: None,
            under_way: Vec::new(),
        }
    }

    /// Hands in one thing and takes out all that follows.
    pub fn give(&mut self, input: Input<'_>) {
        self.sfu.handle(input, self.now);
        self.collect();
    }

    pub fn command(&mut self, command: Command) {
        self.give(Input::Command(command));
    }

    /// Puts a seat somewhere with all gates open.
    pub fn place(&mut self, seat: SeatId, room: Option<Room>) {
        self.command(Command::Seat {
            seat,
            room,
            audio: true,
            video: true,
            slides: true,
        });
    }

    pub fn watch(&mut self, seat: SeatId, wants: &[(StreamId, u32)]) {
        let want = |(stream, width): &(StreamId, u32)| WatchWant {
            stream: *stream,
            width: *width,
            weight: 1,
        };
        self.command(Command::Watch {
            seat,
            wants: wants.iter().map(want).collect(),
        });
    }

    pub fn open_meeting(&mut self) {
        self.command(Command::Meeting { open: true });
    }

    pub fn demand(&mut self, pictures: &[(StreamId, Layers)]) {
        self.give(Input::Demand(Demand {
            audio: true,
            pictures: pictures.to_vec(),
        }));
    }

    pub fn remote(&mut self, streams: &[(StreamId, Layers)]) {
        let list = streams.iter().map(|(stream, layers)| RemoteStream {
            stream: *stream,
            layers: *layers,
        });
        self.give(Input::RemoteStreams(list.collect()));
    }

    pub fn remote_packet(&mut self, packet: RemotePacket) {
        self.give(Input::RemotePacket(packet));
    }

    /// Seats a browser in a room and offers; returns its number.
    pub fn join(&mut self, browser: Browser, room: Room) -> usize {
        self.place(browser.seat, Some(room));
        self.browsers.push(browser);
        let number = self.browsers.len() - 1;
        self.offer(number);
        number
    }

    pub fn offer(&mut self, number: usize) {
        let browser = &mut self.browsers[number];
        let (seat, peer) = (browser.seat, browser.peer.clone());
        let sdp = browser.make_offer();
        self.command(Command::Offer {
            seat,
            peer: peer.clone(),
            request: 1,
            sdp,
        });
        let answer = self.said.events.iter().rev().find_map(|event| match event {
            Event::Answer {
                seat: s,
                peer: p,
                sdp,
                ..
            } if (*s, p) == (seat, &peer) => Some(sdp.clone()),
            Event::Refused { reason, .. } => panic!("refused: {reason}"),
            _ => None,
        });
        self.browsers[number].take_answer(&answer.expect("an answer"));
    }

    /// Lets time pass; `each` is called at each step with the time since the beginning of this run.
    pub fn run(&mut self, span: Duration, mut each: impl FnMut(&mut World, Duration)) {
        let start = self.now;
        while self.now - start < span {
            let passed = self.now - start;
            each(self, passed);
            self.step();
        }
    }

    pub fn idle(&mut self, millis: u64) {
        self.run(Duration::from_millis(millis), |_, _| {});
    }

    /// Until all browsers are connected.
    pub fn connect(&mut self) {
        for _ in 0..1_000 {
            if self.browsers.iter().all(Browser::is_connected) {
                self.idle(20);
                return;
            }
            self.step();
        }
        panic!("not connected: {:?}", self.said.events);
    }

    pub fn step(&mut self) {
        self.now += STEP;
        if self.sfu.poll_timeout().is_some_and(|at| at <= self.now) {
            self.give(Input::Timeout);
        }
        self.carry_late();
        for number in 0..self.browsers.len() {
            self.browsers[number].wake(self.now);
            self.carry_from(number);
        }
    }

    /// What browser `number` has to send reaches the room.
    pub fn carry_from(&mut self, number: usize) {
        for (destination, bytes) in self.browsers[number].take_sent() {
            let source = self.browsers[number].address;
            match self.delay.as_mut().map(|delay| delay(&bytes)) {
                None | Some(Some(Duration::ZERO)) => self.datagram(source, destination, &bytes),
                Some(Some(late)) => {
                    self.under_way
                        .push((self.now + late, source, destination, bytes))
                }
                Some(None) => {}
            }
        }
    }

    fn carry_late(&mut self) {
        let now = self.now;
        let (due, later) = self.under_way.drain(..).partition(|(at, ..)| *at <= now);
        self.under_way = later;
        for (_, source, destination, bytes) in due {
            self.datagram(source, destination, &bytes);
        }
    }

    /// From a browser by the way it uses, from a stranger by UDP.
    pub fn datagram(&mut self, source: SocketAddr, destination: SocketAddr, bytes: &[u8]) {
        let proto = self
            .browsers
            .iter()
            .find(|b| b.address == source)
            .map_or(Proto::Udp, |b| b.proto);
        self.give(Input::Datagram(Datagram {
            proto,
            source,
            destination,
            bytes,
        }));
    }

    fn collect(&mut self) {
        while let Some(output) = self.sfu.poll() {
            match output {
                Output::Transmit(transmit) => self.deliver(transmit),
                Output::Event(event) => self.note(event),
                Output::Line(packet) => self.said.line.push(packet),
                Output::Wants(wants) => self.said.wants.push(wants),
                Output::Offered(offered) => self.said.offered.push(offered),
                Output::RemoteKeyframe { stream, layer } => {
                    self.said.keyframes.push((stream, layer, self.now))
                }
            }
        }
    }

    fn deliver(&mut self, transmit: Transmit) {
        if self.lose.as_mut().is_some_and(|lose| lose(&transmit)) {
            return;
        }
        match self
            .browsers
            .iter_mut()
            .find(|b| b.address == transmit.destination)
        {
            Some(browser) => browser.receive(&transmit, self.now),
            None => self.said.strays.push(transmit),
        }
    }

    fn note(&mut self, event: Event) {
        if let Event::Slots { seat, slots } = &event {
            for browser in self.browsers.iter_mut().filter(|b| b.seat == *seat) {
                let own = slots.iter().filter(|slot| slot.peer == browser.peer);
                browser.slots = own.cloned().collect();
            }
        }
        self.said.events.push(event);
    }

    /// The slots as last told to a seat.
    pub fn slots(&self, seat: SeatId) -> Vec<SlotView> {
        let told = self.said.events.iter().rev().find_map(|event| match event {
            Event::Slots { seat: s, slots } if *s == seat => Some(slots.clone()),
            _ => None,
        });
        told.unwrap_or_default()
    }

    pub fn states(&self, seat: SeatId) -> Vec<PeerState> {
        let state = |event: &Event| match event {
            Event::PeerState { seat: s, state, .. } if *s == seat => Some(*state),
            _ => None,
        };
        self.said.events.iter().filter_map(state).collect()
    }

    pub fn dropped(&self, reason: parley_sfu::DropReason) -> u64 {
        self.sfu.stats().dropped.get(&reason).copied().unwrap_or(0)
    }
}
