//! The machine: takes inputs, gives outputs, says when it wants to be woken.
//!
//! The files: `commands` (what the node decides), `arrivals` (datagrams and what str0m makes of them), `forwarding` (the way of
//! a packet), `routing` (who gets which stream in which slot and layer), `hearing` (which voices), `line` (what crosses),
//! `budget` (what the way to a browser bears), `ticking` (what is looked at ten times a second), `statistics`.

mod arrivals;
mod budget;
mod commands;
mod forwarding;
mod hearing;
mod line;
mod routing;
mod seat;
mod slab;
mod statistics;
mod ticking;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use str0m::config::DtlsCert;

use crate::config::Config;
use crate::door::register::Register;
use crate::door::stun::AnswerBudget;
use crate::input::{Demand, Input};
use crate::media::selection::Selection;
use crate::media::source::Source;
use crate::output::{Event, OfferedStream, Output, Want};
use crate::peer::{News, Peer};
use crate::stats::{DropReason, MediaStats};
use crate::words::{SeatId, StreamId};
use hearing::Hearing;
use seat::Seat;
use slab::Slab;

/// How often levels, layers and rates are looked at.
const TICK: Duration = Duration::from_millis(100);

/// The media room of one side. See the crate's documentation for its words and its loop.
pub struct Sfu {
    config: Config,
    certificate: DtlsCert,
    now: Instant,
    outputs: VecDeque<Output>,
    seats: Slab<Seat>,
    seat_by_id: HashMap<SeatId, usize>,
    peers: Slab<Peer>,
    sources: Slab<Source>,
    source_by_id: HashMap<StreamId, usize>,
    register: Register,
    stun_budget: AnswerBudget,
    demand: Demand,
    meeting_open: bool,
    caucus: Hearing,
    meeting: Hearing,
    line_voices: Selection,
    /// Peers that have something to let out.
    dirty: VecDeque<usize>,
    /// Peers that must go, with the reason.
    ended: Vec<(usize, String)>,
    /// When peers want to be woken. Entries may be stale; `Peer::noted` tells.
    wakes: BinaryHeap<Reverse<(Instant, usize)>>,
    next_tick: Option<Instant>,
    reroute_due: bool,
    reselect_due: bool,
    told_wants: Vec<Want>,
    told_offered: Vec<OfferedStream>,
    packets_in: u64,
    packets_out: u64,
    dropped: BTreeMap<DropReason, u64>,
    news: Vec<News>,
}

impl Sfu {
    /// A room with no seats. `now` is the first moment that exists for it.
    ///
    /// # Panics
    ///
    /// If the crypto library cannot make a certificate, which happens only where it cannot work at all.
    pub fn new(config: Config, now: Instant) -> Self {
        let provider = str0m::crypto::from_feature_flags();
        let certificate = provider
            .dtls_provider
            .generate_certificate()
            .expect("a certificate");
        Sfu {
            stun_budget: AnswerBudget::new(config.limits.stun_per_second, now),
            config,
            certificate,
            now,
            outputs: VecDeque::new(),
            seats: Slab::new(),
            seat_by_id: HashMap::new(),
            peers: Slab::new(),
            sources: Slab::new(),
            source_by_id: HashMap::new(),
            register: Register::default(),
            demand: Demand::default(),
            meeting_open: false,
            caucus: Hearing::default(),
            meeting: Hearing::default(),
            line_voices: Selection::default(),
            dirty: VecDeque::new(),
            ended: Vec::new(),
            wakes: BinaryHeap::new(),
            next_tick: None,
            reroute_due: false,
            reselect_due: false,
            told_wants: Vec::new(),
            told_offered: Vec::new(),
            packets_in: 0,
            packets_out: 0,
            dropped: BTreeMap::new(),
            news: Vec::new(),
        }
    }

    /// Takes one thing that happened. Never fails and never panics: see [`crate::DropReason`] and [`crate::Event`].
    /// `now` must not go back. Cheap to call many times before the next [`Sfu::poll`].
    pub fn handle(&mut self, input: Input<'_>, now: Instant) {
        self.now = self.now.max(now);
        match input {
            Input::Datagram(datagram) => self.datagram(datagram),
            Input::Command(command) => self.command(command),
            Input::RemoteStreams(streams) => self.remote_streams(streams),
            Input::RemotePacket(packet) => self.remote_packet(packet),
            Input::Demand(demand) => self.take_demand(demand),
            Input::LineKeyframe { stream, layer } => self.line_keyframe(stream, layer),
            Input::Timeout => self.timeout(),
        }
        self.settle();
    }

    /// The next thing to do, `None` when there is nothing until the next [`Sfu::handle`].
    pub fn poll(&mut self) -> Option<Output> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                self.packets_out += u64::from(matches!(output, Output::Transmit(_)));
                return Some(output);
            }
            let peer = self.dirty.pop_front()?;
            self.flush(peer);
            self.settle();
        }
    }

    /// When [`Input::Timeout`] is due at the latest; may be in the past (then: at once). `None`: nothing is pending.
    /// Valid after [`Sfu::poll`] has given `None`.
    pub fn poll_timeout(&mut self) -> Option<Instant> {
        let wake = self.wakes.peek().map(|Reverse((at, _))| *at);
        [wake, self.next_tick].into_iter().flatten().min()
    }

    /// A snapshot for the gauges; walks over everything, so at most a few times a second.
    pub fn stats(&self) -> MediaStats {
        self.snapshot()
    }

    /// Does what followed from an input: peers that ended go, voices are chosen anew, routes are made anew.
    fn settle(&mut self) {
        loop {
            if let Some((peer, reason)) = self.ended.pop() {
                self.end_peer(peer, &reason);
            } else if std::mem::take(&mut self.reselect_due) {
                self.select_voices();
            } else if std::mem::take(&mut self.reroute_due) {
                self.reroute();
                self.tell_line();
            } else {
                break;
            }
        }
        if self.next_tick.is_none() && (self.peers.len() > 0 || self.sources.len() > 0) {
            self.next_tick = Some(self.now + TICK);
        }
    }

    fn timeout(&mut self) {
        while let Some(Reverse((at, peer))) = self.wakes.peek().copied() {
            if at > self.now {
                break;
            }
            self.wakes.pop();
            self.wake(peer, at);
        }
        if self.next_tick.is_some_and(|at| at <= self.now) {
            let busy = self.peers.len() > 0 || self.sources.len() > 0;
            self.next_tick = busy.then(|| self.now + TICK);
            self.tick();
        }
    }

    fn wake(&mut self, key: usize, at: Instant) {
        let Some(peer) = self
            .peers
            .get_mut(key)
            .filter(|peer| peer.noted == Some(at))
        else {
            return;
        };
        peer.noted = None;
        if peer.deadline.is_some_and(|deadline| deadline <= self.now) {
            self.flush(key);
        } else {
            self.note_deadline(key);
        }
    }

    /// Sees to it that the peer is woken in time. Deadlines that moved back are noticed when the earlier one comes.
    fn note_deadline(&mut self, key: usize) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        if let Some(deadline) = peer.deadline
            && peer.noted.is_none_or(|noted| deadline < noted)
        {
            peer.noted = Some(deadline);
            self.wakes.push(Reverse((deadline, key)));
        }
    }

    /// Lets out what was written to a peer.
    fn flush(&mut self, key: usize) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let mut news = std::mem::take(&mut self.news);
        peer.flush(self.now, &mut self.outputs, &mut news);
        self.note_deadline(key);
        self.hear_all(key, news);
    }

    /// The peer was written to.
    fn mark(&mut self, key: usize) {
        if let Some(peer) = self.peers.get_mut(key).filter(|peer| !peer.dirty) {
            peer.dirty = true;
            self.dirty.push_back(key);
        }
    }

    fn drop_one(&mut self, reason: DropReason) {
        *self.dropped.entry(reason).or_default() += 1;
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }
}
