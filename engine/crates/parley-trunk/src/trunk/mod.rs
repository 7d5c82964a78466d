//! The machine of the line: what the node says and hears, held together. Sending media is in `outgoing`, receiving in `incoming`.

mod incoming;
mod outgoing;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::allocator::Allocator;
use crate::budget::Budget;
use crate::counters::Direction;
use crate::estimate::Estimate;
use crate::queue::Queue;
use crate::reception::{Arrivals, Assembly};
use crate::sent::History;
use crate::wire::{Announced, Frame, MAX_NODE_MESSAGE, MAX_STREAMS, Malformed, write_frame};
use crate::words::{Class, Item, Kind, Offer, StreamKey, Want};

const FEEDBACK_EVERY: Duration = Duration::from_millis(40);
const ALLOCATE_EVERY: Duration = Duration::from_millis(200);
/// The other side's people may ask for a keyframe of a layer so often.
const KEYFRAME_EVERY: Duration = Duration::from_millis(300);

/// What the other side wants given to the line now, after the budget.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Demand {
    /// Voices.
    pub audio: bool,
    /// Streams of this side, each with the layers to give (bit 0 = quarter).
    pub pictures: Vec<(StreamKey, u8)>,
}

/// What the trunk wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write this frame on the control stream (the shell puts the length before it).
    Frame(Vec<u8>),
    /// Send this datagram on the media connection.
    Datagram(Vec<u8>),
    /// A media packet of the other side.
    Deliver(Item),
    /// The streams the other side offers, the whole list; empty when the line is down or the meetings differ.
    Offered(Vec<Offer>),
    /// Which own streams and layers to give to the line.
    Demand(Demand),
    /// Somebody over there, or the line itself after a drop, needs a keyframe of an own stream.
    Keyframe {
        /// Which stream.
        stream: StreamKey,
        /// Which layer.
        layer: u8,
    },
    /// A message of the other node's core.
    Node(Vec<u8>),
}

/// The machine; see the crate's head.
pub struct Trunk {
    configured_kbit: u32,
    meeting: Vec<u8>,
    own_offers: Vec<Offer>,
    own_wants: (bool, Vec<Want>),
    session: Option<Session>,
    outputs: VecDeque<Output>,
    wire_sent: u64,
    malformed: u64,
    out: Direction,
    inward: Direction,
}

/// All that lives and dies with one linked session.
struct Session {
    max_datagram: usize,
    rtt: Duration,
    began: Instant,
    number: u32,
    next_flow: u16,
    own_flows: HashMap<StreamKey, u16>,
    other_flows: HashMap<u16, Offer>,
    other_meeting: Vec<u8>,
    other_wants: (bool, Vec<Want>),
    demand: Demand,
    queue: Queue,
    budget: Budget,
    estimate: Estimate,
    allocator: Allocator,
    history: History,
    arrivals: Arrivals,
    assembly: Assembly,
    measured: HashMap<(StreamKey, u8), Rate>,
    keyframes: HashMap<(StreamKey, u8), Instant>,
    feedback_at: Instant,
    feedback_heard: Option<Instant>,
    allocate_at: Instant,
    strip_red: bool,
}

#[derive(Debug, Default)]
struct Rate {
    kbit: f64,
    bytes: usize,
}

impl Trunk {
    /// A trunk of a line of this rate in kbit/s; 0: unknown, to be estimated.
    pub fn new(rate_kbit: u32) -> Self {
        Self {
            configured_kbit: rate_kbit,
            meeting: Vec::new(),
            own_offers: Vec::new(),
            own_wants: (false, Vec::new()),
            session: None,
            outputs: VecDeque::new(),
            wire_sent: 0,
            malformed: 0,
            out: Direction::default(),
            inward: Direction::default(),
        }
    }

    /// A session stands; the other side is told everything anew.
    pub fn on_linked(&mut self, max_datagram: usize, rtt: Duration, now: Instant) {
        let mut budget = Budget::new(self.rate_kbit());
        budget.restart(self.wire_sent);
        self.session = Some(Session {
            max_datagram,
            rtt,
            began: now,
            number: 0,
            next_flow: 0,
            own_flows: HashMap::new(),
            other_flows: HashMap::new(),
            other_meeting: Vec::new(),
            other_wants: (false, Vec::new()),
            demand: Demand::default(),
            queue: Queue::default(),
            budget,
            estimate: Estimate::default(),
            allocator: Allocator::default(),
            history: History::default(),
            arrivals: Arrivals::default(),
            assembly: Assembly::default(),
            measured: HashMap::new(),
            keyframes: HashMap::new(),
            feedback_at: now + FEEDBACK_EVERY,
            feedback_heard: None,
            allocate_at: now,
            strip_red: false,
        });
        let kbit = self.rate_kbit();
        if let Some(session) = &mut self.session {
            session.budget.set_rate(kbit);
        }
        self.announce();
        self.tell_wants();
    }

    /// The session ended.
    pub fn on_down(&mut self) {
        if self.session.take().is_some() {
            self.outputs
                .retain(|output| !matches!(output, Output::Frame(_) | Output::Datagram(_)));
            self.outputs.push_back(Output::Offered(Vec::new()));
            self.outputs.push_back(Output::Demand(Demand::default()));
            self.inward.crossing.clear();
        }
    }

    /// The path as QUIC sees it now.
    pub fn on_path(&mut self, rtt: Duration, max_datagram: usize) {
        if let Some(session) = &mut self.session {
            session.rtt = rtt;
            session.max_datagram = max_datagram;
        }
    }

    /// The socket has sent so many bytes since its start, headers included.
    pub fn on_wire_sent(&mut self, total: u64) {
        self.wire_sent = total;
        if let Some(session) = &mut self.session {
            session.budget.meter(total);
        }
    }

    /// A configured rate in kbit/s; 0: unknown.
    pub fn set_rate(&mut self, kbit: u32) {
        self.configured_kbit = kbit;
        self.apply_rate();
    }

    fn apply_rate(&mut self) {
        let kbit = self.rate_kbit();
        if let Some(session) = &mut self.session {
            session.budget.set_rate(kbit);
        }
    }

    /// The rate in use, kbit/s: configured, else estimated.
    pub fn rate_kbit(&self) -> u32 {
        match (self.configured_kbit, &self.session) {
            (0, Some(session)) => session.estimate.kbit(),
            (0, None) => Estimate::default().kbit(),
            (configured, _) => configured,
        }
    }

    /// Share of own datagrams that did not arrive, 0..1; 0 while down.
    pub fn loss(&self) -> f64 {
        self.session
            .as_ref()
            .map_or(0.0, |session| session.history.loss())
    }

    /// Round trip of the line; `None` while down.
    pub fn rtt(&self) -> Option<Duration> {
        self.session.as_ref().map(|session| session.rtt)
    }

    /// Frames and datagrams of the other node that were not understood.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// What left, and what came.
    pub fn counters(&self) -> (&Direction, &Direction) {
        (&self.out, &self.inward)
    }

    /// Which meeting this node is in (at most 64 bytes); empty: none. Media crosses only while both nodes name the same.
    pub fn set_meeting(&mut self, meeting: &[u8]) {
        if self.meeting != meeting {
            self.meeting = meeting.to_vec();
            self.announce();
            self.match_meetings();
        }
    }

    /// What this side offers now, the whole list. What is no longer in it is withdrawn at once, also from the queue.
    pub fn offer(&mut self, offers: Vec<Offer>) {
        self.own_offers = offers;
        self.own_offers.truncate(MAX_STREAMS);
        self.announce();
    }

    /// What this side's people want, the whole list.
    pub fn want(&mut self, audio: bool, mut pictures: Vec<Want>) {
        pictures.retain(|want| want.stream.kind != Kind::Audio);
        pictures.truncate(MAX_STREAMS);
        self.own_wants = (audio, pictures);
        self.tell_wants();
    }

    /// A viewer here needs a keyframe of the other side.
    pub fn ask_keyframe(&mut self, stream: StreamKey, layer: u8) {
        self.say(&Frame::Keyframe { stream, layer });
    }

    /// A message of the own core; lost when the line is down.
    ///
    /// # Errors
    /// When it is larger than a message may be.
    pub fn send_node(&mut self, message: Vec<u8>) -> Result<(), Malformed> {
        if message.len() > MAX_NODE_MESSAGE {
            return Err(Malformed(
                "a message to the other node is larger than 64 KiB",
            ));
        }
        self.say(&Frame::Node(message));
        Ok(())
    }

    /// Next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn say(&mut self, frame: &Frame) {
        if self.session.is_some() {
            let bytes = write_frame(frame);
            self.out.add(Class::Control, bytes.len() + 4, 1);
            self.outputs.push_back(Output::Frame(bytes));
        }
    }

    fn tell_wants(&mut self) {
        let (audio, pictures) = self.own_wants.clone();
        self.say(&Frame::Wants { audio, pictures });
    }

    fn announce(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        let offered: Vec<Offer> = if self.meeting.is_empty() {
            Vec::new()
        } else {
            self.own_offers.clone()
        };
        session
            .own_flows
            .retain(|stream, _| offered.iter().any(|offer| offer.stream == *stream));
        let mut streams = Vec::with_capacity(offered.len());
        for offer in offered {
            let flow = *session.own_flows.entry(offer.stream).or_insert_with(|| {
                session.next_flow = session.next_flow.wrapping_add(1);
                session.next_flow
            });
            streams.push(Announced { flow, offer });
        }
        let flows = &session.own_flows;
        session.queue.keep(|stream| flows.contains_key(&stream));
        session
            .measured
            .retain(|(stream, _), _| flows.contains_key(stream));
        self.out
            .crossing
            .retain(|(stream, _), _| flows.contains_key(stream));
        session.allocate_at = session.began;
        let meeting = self.meeting.clone();
        self.say(&Frame::Offers { meeting, streams });
    }

    /// True while both nodes are in the same meeting.
    fn meets(&self) -> bool {
        self.session.as_ref().is_some_and(|session| {
            !self.meeting.is_empty() && session.other_meeting == self.meeting
        })
    }
}
