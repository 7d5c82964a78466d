//! The shard: one thread that owns the switch and the media sockets. No packet waits here for anything but the budget of the line.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use mio::{Events, Interest, Poll, Token};
use parley_sfu::{Datagram, Proto, Transmit};
use parley_switch::command::Command;
use parley_switch::event::Event;
use parley_switch::{Output, Switch};

use crate::line::{Line, LineCommand, LineEvent};
use crate::outbox::Outbox;
use crate::udp::MediaSocket;

/// The waker's token; sockets have the ones from 0.
pub(crate) const WAKER: Token = Token(usize::MAX);
const LONGEST_SLEEP: Duration = Duration::from_millis(200);
/// A stranger's key is told so often at most.
const REFUSED_EVERY: Duration = Duration::from_secs(1);

/// What others ask of the shard.
pub(crate) enum Ask {
    Command(Command),
    Node(Vec<u8>),
    Line(LineEvent),
    Stats(Sender<String>),
    Stop,
}

/// Everything the thread owns.
pub(crate) struct Shard {
    pub(crate) switch: Switch,
    pub(crate) sockets: Vec<MediaSocket>,
    pub(crate) poll: Poll,
    pub(crate) asked: Receiver<Ask>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) line: Line,
    pub(crate) session: Option<u64>,
    pub(crate) refused_at: Option<Instant>,
    pub(crate) candidates: Vec<SocketAddr>,
}

impl Shard {
    /// Runs until asked to stop.
    pub(crate) fn run(mut self) -> io::Result<()> {
        for (index, socket) in self.sockets.iter_mut().enumerate() {
            self.poll
                .registry()
                .register(&mut socket.socket, Token(index), Interest::READABLE)?;
        }
        let mut events = Events::with_capacity(64);
        loop {
            let now = Instant::now();
            let wake = self.switch.poll_timeout();
            let sleep = wake.map_or(LONGEST_SLEEP, |at| {
                at.saturating_duration_since(now).min(LONGEST_SLEEP)
            });
            if let Err(fault) = self.poll.poll(&mut events, Some(sleep))
                && fault.kind() != io::ErrorKind::Interrupted
            {
                return Err(fault);
            }
            for event in &events {
                if let Token(index) = event.token()
                    && event.token() != WAKER
                {
                    self.receive(index);
                }
            }
            if !self.obey() {
                return Ok(());
            }
            let now = Instant::now();
            self.switch.on_wire_sent(self.line.meter.sent_bytes());
            if self.switch.poll_timeout().is_some_and(|at| at <= now) {
                self.switch.handle_timeout(now);
            }
            self.flush(now);
        }
    }

    /// Edge-triggered: drains the socket, sending on after each batch so that nothing waits behind a flood.
    fn receive(&mut self, index: usize) {
        loop {
            let now = Instant::now();
            let switch = &mut self.switch;
            let more = self.sockets[index].receive(|source, destination, bytes| {
                switch.on_media(
                    Datagram {
                        proto: Proto::Udp,
                        source,
                        destination,
                        bytes,
                    },
                    now,
                );
            });
            self.flush(now);
            if !more {
                return;
            }
        }
    }

    /// False when it is to end.
    fn obey(&mut self) -> bool {
        while let Ok(ask) = self.asked.try_recv() {
            let now = Instant::now();
            match ask {
                Ask::Command(command) => {
                    if let Err(reason) = self.switch.command(command, now) {
                        self.tell(&Event::Panic {
                            place: "command".into(),
                            text: reason,
                        });
                    }
                }
                Ask::Node(message) => {
                    if let Err(reason) = self.switch.send_node(message, now) {
                        self.tell(&Event::Panic {
                            place: "line_send".into(),
                            text: reason,
                        });
                    }
                }
                Ask::Line(event) => self.on_line(event, now),
                Ask::Stats(reply) => {
                    let mut stats = self.switch.stats();
                    stats["media"]["addresses"] =
                        self.candidates.iter().map(ToString::to_string).collect();
                    stats["media"]["port"] = self
                        .sockets
                        .first()
                        .map_or(0, |socket| socket.local().port())
                        .into();
                    let _ = reply.send(stats.to_string());
                }
                Ask::Stop => return false,
            }
            self.flush(now);
        }
        true
    }

    fn on_line(&mut self, event: LineEvent, now: Instant) {
        let current = self.session;
        match event {
            LineEvent::Linked {
                session,
                addr,
                max_datagram,
                rtt,
            } => {
                self.session = Some(session);
                self.switch.on_linked(addr, max_datagram, rtt, now);
            }
            LineEvent::Down { session, reason } if current == Some(session) => {
                self.session = None;
                self.switch.on_down(reason, now);
            }
            LineEvent::Frame { session, frame } if current == Some(session) => {
                self.switch.on_frame(&frame, now)
            }
            LineEvent::Datagram { session, datagram } if current == Some(session) => {
                self.switch.on_datagram(&datagram, now);
            }
            LineEvent::Path {
                session,
                rtt,
                max_datagram,
            } if current == Some(session) => self.switch.on_path(rtt, max_datagram),
            LineEvent::Refused { spki } => self.on_refused(spki, now),
            // Of a session that is over.
            _ => {}
        }
    }

    fn on_refused(&mut self, spki: Vec<u8>, now: Instant) {
        let told_lately = self
            .refused_at
            .is_some_and(|at| now.duration_since(at) < REFUSED_EVERY);
        if !told_lately {
            self.refused_at = Some(now);
            self.tell(&Event::LineRefused {
                spki: STANDARD.encode(spki),
                reason: "unknown_key",
            });
        }
    }

    fn tell(&self, event: &Event) {
        if let Ok(text) = serde_json::to_vec(event) {
            self.outbox.put(text);
        }
    }

    fn flush(&mut self, now: Instant) {
        self.switch.settle(now);
        let mut transmits: Vec<Transmit> = Vec::new();
        while let Some(output) = self.switch.poll() {
            match output {
                Output::Transmit(transmit) => transmits.push(transmit),
                Output::Frame(bytes) => self.line.command(LineCommand::Frame(Bytes::from(bytes))),
                Output::Datagram(bytes) => {
                    self.line.command(LineCommand::Datagram(Bytes::from(bytes)))
                }
                Output::Event(event) => self.tell(&event),
                Output::Node(bytes) => self.tell(&Event::LineReceived {
                    data: STANDARD.encode(bytes),
                }),
            }
        }
        let mut rest = transmits.as_slice();
        while let Some(first) = rest.first() {
            let socket = self
                .sockets
                .iter_mut()
                .find(|socket| socket.serves(first.source));
            let sent = socket.map_or(1, |socket| socket.send_run(rest));
            rest = &rest[sent..];
        }
    }
}
