//! The machine: what the room wants of the line and the line of the room, passed on at once.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use parley_sfu as sfu;
use parley_trunk as trunk;
use parley_trunk::Trunk;

use crate::command::{Command, WatchWant};
use crate::crossing;
use crate::event::{Event, Slot, Speaker};
use crate::stats::{LineNow, snapshot};

/// What the switch wants done.
#[derive(Debug)]
pub enum Output {
    /// Send to a browser.
    Transmit(sfu::Transmit),
    /// Write on the control stream of the line.
    Frame(Vec<u8>),
    /// Send on the media connection of the line.
    Datagram(Vec<u8>),
    /// Tell the node.
    Event(Event),
    /// A message of the other node's core; the shell encodes it for the node.
    Node(Vec<u8>),
}

/// See the crate's head.
pub struct Switch {
    sfu: sfu::Sfu,
    trunk: Trunk,
    outputs: VecDeque<Output>,
    line: LineNow,
}

impl Switch {
    /// A switch of a node with these media settings, on a line of this rate (0: unknown).
    pub fn new(config: sfu::Config, rate_kbit: u32, now: Instant) -> Self {
        Self {
            sfu: sfu::Sfu::new(config, now),
            trunk: Trunk::new(rate_kbit),
            outputs: VecDeque::new(),
            line: LineNow::default(),
        }
    }

    /// A command about seats, peers, the meeting or the rate. Those about keys and addresses are the shell's.
    ///
    /// # Errors
    /// A sentence when it cannot be understood; nothing has happened then.
    pub fn command(&mut self, command: Command, now: Instant) -> Result<(), String> {
        let asked = match command {
            Command::LineRate { kbit } => {
                self.trunk.set_rate(kbit);
                None
            }
            Command::Meeting { id } => {
                let id = id.unwrap_or_default();
                if id.len() > 64 {
                    return Err("the id of a meeting is at most 64 characters".into());
                }
                self.trunk.set_meeting(id.as_bytes());
                Some(sfu::Command::Meeting {
                    open: !id.is_empty(),
                })
            }
            Command::LinePeer { .. }
            | Command::LineClose {}
            | Command::LineOpen {}
            | Command::LineSend { .. } => {
                return Err("this command belongs to the line's shell".into());
            }
            other => Some(room_command(other)?),
        };
        if let Some(asked) = asked {
            self.sfu.handle(sfu::Input::Command(asked), now);
        }
        self.settle(now);
        Ok(())
    }

    /// A message to the other node's core.
    ///
    /// # Errors
    /// A sentence when it is too large.
    pub fn send_node(&mut self, message: Vec<u8>, now: Instant) -> Result<(), String> {
        self.trunk
            .send_node(message)
            .map_err(|fault| fault.to_string())?;
        self.settle(now);
        Ok(())
    }

    /// Bytes from a browser. Call [`Switch::settle`] after a batch.
    pub fn on_media(&mut self, datagram: sfu::Datagram<'_>, now: Instant) {
        self.sfu.handle(sfu::Input::Datagram(datagram), now);
    }

    /// A session of the line stands.
    pub fn on_linked(
        &mut self,
        addr: SocketAddr,
        max_datagram: usize,
        rtt: Duration,
        now: Instant,
    ) {
        self.trunk.on_linked(max_datagram, rtt, now);
        self.line.addr = Some(addr);
        self.outputs.push_back(Output::Event(Event::LineState {
            state: "linked",
            reason: String::new(),
            addr: Some(addr.to_string()),
        }));
        self.settle(now);
    }

    /// The session of the line ended.
    pub fn on_down(&mut self, reason: String, now: Instant) {
        self.trunk.on_down();
        self.line.addr = None;
        self.outputs.push_back(Output::Event(Event::LineState {
            state: "down",
            reason,
            addr: None,
        }));
        self.settle(now);
    }

    /// The path of the line as measured now.
    pub fn on_path(&mut self, rtt: Duration, max_datagram: usize) {
        self.trunk.on_path(rtt, max_datagram);
    }

    /// Bytes the line's socket has sent since its start.
    pub fn on_wire_sent(&mut self, total: u64) {
        self.trunk.on_wire_sent(total);
    }

    /// A frame of the control stream.
    pub fn on_frame(&mut self, frame: &[u8], now: Instant) {
        self.trunk.on_frame(frame, now);
    }

    /// A datagram of the line.
    pub fn on_datagram(&mut self, datagram: &[u8], now: Instant) {
        self.trunk.on_datagram(datagram, now);
    }

    /// The time of [`Switch::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.sfu.poll_timeout().is_some_and(|at| at <= now) {
            self.sfu.handle(sfu::Input::Timeout, now);
        }
        if self.trunk.poll_timeout().is_some_and(|at| at <= now) {
            self.trunk.handle_timeout(now);
        }
        self.settle(now);
    }

    /// When [`Switch::handle_timeout`] should be called at the latest.
    pub fn poll_timeout(&mut self) -> Option<Instant> {
        [self.sfu.poll_timeout(), self.trunk.poll_timeout()]
            .into_iter()
            .flatten()
            .min()
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The snapshot of `stats()`, JSON.
    pub fn stats(&self) -> serde_json::Value {
        snapshot(&self.sfu.stats(), &self.trunk, &self.line)
    }

    /// Passes on what each half wants of the other, until both are quiet.
    pub fn settle(&mut self, now: Instant) {
        loop {
            let mut quiet = true;
            while let Some(output) = self.sfu.poll() {
                quiet = false;
                self.on_room(output, now);
            }
            while let Some(output) = self.trunk.poll() {
                quiet = false;
                self.on_trunk(output, now);
            }
            if quiet {
                return;
            }
        }
    }

    fn on_room(&mut self, output: sfu::Output, now: Instant) {
        match output {
            sfu::Output::Transmit(transmit) => self.outputs.push_back(Output::Transmit(transmit)),
            sfu::Output::Event(event) => self.outputs.push_back(Output::Event(tell(event))),
            sfu::Output::Line(packet) => self.trunk.send(crossing::item(&packet), now),
            sfu::Output::Wants(wants) => {
                let (audio, pictures) = crossing::wants(&wants);
                self.trunk.want(audio, pictures);
            }
            sfu::Output::Offered(streams) => self.trunk.offer(crossing::offers(&streams)),
            sfu::Output::RemoteKeyframe { stream, layer } => {
                self.trunk.ask_keyframe(crossing::key(stream), layer)
            }
        }
    }

    fn on_trunk(&mut self, output: trunk::Output, now: Instant) {
        let input = match output {
            trunk::Output::Frame(bytes) => return self.outputs.push_back(Output::Frame(bytes)),
            trunk::Output::Datagram(bytes) => {
                return self.outputs.push_back(Output::Datagram(bytes));
            }
            trunk::Output::Node(bytes) => return self.outputs.push_back(Output::Node(bytes)),
            trunk::Output::Deliver(item) => sfu::Input::RemotePacket(crossing::packet(item)),
            trunk::Output::Offered(offers) => sfu::Input::RemoteStreams(crossing::remote(&offers)),
            trunk::Output::Demand(demand) => {
                let demand = crossing::demand(&demand);
                self.line.given.clone_from(&demand.pictures);
                self.line.audio = demand.audio;
                sfu::Input::Demand(demand)
            }
            trunk::Output::Keyframe { stream, layer } => sfu::Input::LineKeyframe {
                stream: crossing::own(stream),
                layer,
            },
        };
        self.sfu.handle(input, now);
    }
}

fn room_command(command: Command) -> Result<sfu::Command, String> {
    let words = |fault: sfu::WordError| fault.to_string();
    Ok(match command {
        Command::Seat {
            seat,
            room,
            audio,
            video,
            slides,
        } => sfu::Command::Seat {
            seat: seat.parse().map_err(words)?,
            room: match room.as_str() {
                "none" => None,
                "caucus" => Some(sfu::Room::Caucus),
                "meeting" => Some(sfu::Room::Meeting),
                _ => {
                    return Err(format!(
                        "{room:?} is no room; there are none, caucus and meeting"
                    ));
                }
            },
            audio,
            video,
            slides,
        },
        Command::SeatClose { seat } => sfu::Command::CloseSeat {
            seat: seat.parse().map_err(words)?,
        },
        Command::PeerOffer {
            seat,
            peer,
            request,
            sdp,
        } => sfu::Command::Offer {
            seat: seat.parse().map_err(words)?,
            peer: peer.parse().map_err(words)?,
            request,
            sdp,
        },
        Command::PeerClose { seat, peer } => sfu::Command::ClosePeer {
            seat: seat.parse().map_err(words)?,
            peer: peer.parse().map_err(words)?,
        },
        Command::Watch { seat, wants } => sfu::Command::Watch {
            seat: seat.parse().map_err(words)?,
            wants: wants.iter().map(want).collect::<Result<_, _>>()?,
        },
        _ => return Err("this command is not about the room".into()),
    })
}

fn want(want: &WatchWant) -> Result<sfu::WatchWant, String> {
    Ok(sfu::WatchWant {
        stream: want
            .stream
            .parse()
            .map_err(|fault: sfu::WordError| fault.to_string())?,
        width: want.width,
        weight: want.weight,
    })
}

fn tell(event: sfu::Event) -> Event {
    match event {
        sfu::Event::Answer {
            seat,
            peer,
            request,
            sdp,
        } => Event::PeerAnswer {
            seat: seat.to_string(),
            peer: peer.to_string(),
            request,
            sdp,
        },
        sfu::Event::Refused {
            seat,
            peer,
            request,
            reason,
        } => Event::PeerRefused {
            seat: seat.to_string(),
            peer: peer.to_string(),
            request,
            reason,
        },
        sfu::Event::PeerState {
            seat,
            peer,
            state,
            reason,
        } => Event::PeerState {
            seat: seat.to_string(),
            peer: peer.to_string(),
            state: state.as_str(),
            reason,
        },
        sfu::Event::Slots { seat, slots } => Event::Slots {
            seat: seat.to_string(),
            slots: slots
                .into_iter()
                .map(|slot| Slot {
                    peer: slot.peer.to_string(),
                    mid: slot.mid,
                    stream: slot.stream.map(|stream| stream.to_string()),
                })
                .collect(),
        },
        sfu::Event::Speaking { room, speakers } => Event::Speaking {
            room: room.as_str(),
            speakers: speakers
                .into_iter()
                .map(|speaker| Speaker {
                    stream: speaker.stream.to_string(),
                    level: speaker.level,
                })
                .collect(),
        },
        sfu::Event::Published {
            seat,
            kind,
            layers,
            active,
        } => Event::Published {
            seat: seat.to_string(),
            media: kind.as_str(),
            layers: layers.iter().collect(),
            active,
        },
        sfu::Event::Panic { place, text } => Event::Panic { place, text },
    }
}
