//! Two robots in the real media room (`parley-sfu`): each sees and hears the other. Only sockets and signalling are made up.

mod support;

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parley_robot::options;
use parley_robot::report::{Report, Teller};
use parley_robot::robot::{self, Common};
use parley_robot::session::wire::Trust;
use parley_sfu::{
    Command, Config, Datagram, Event, Input, Output, Proto, Room, SeatId, Sfu, WatchWant,
};
use serde_json::{Value, json};
use support::accept;
use tungstenite::{Message, WebSocket};

const SEATS: [SeatId; 2] = [SeatId(0xa1), SeatId(0xb2)];

/// The room, its UDP socket, and one signalling socket for each seat.
struct Node {
    sfu: Sfu,
    udp: UdpSocket,
    sockets: Vec<WebSocket<TcpStream>>,
}

impl Node {
    fn new(listeners: &[TcpListener]) -> Self {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        udp.set_read_timeout(Some(Duration::from_millis(2)))
            .unwrap();
        let config = Config {
            udp: vec![udp.local_addr().unwrap()],
            ..Config::default()
        };
        let mut node = Self {
            sfu: Sfu::new(config, Instant::now()),
            udp,
            sockets: Vec::new(),
        };
        for (seat, listener) in SEATS.into_iter().zip(listeners) {
            node.command(Command::Seat {
                seat,
                room: Some(Room::Meeting),
                audio: true,
                video: true,
                slides: true,
            });
            let mut socket = accept(listener);
            let welcome = json!({"kind": "welcome", "you": seat.to_string(), "side": {"own": {}, "other": null}});
            socket.send(Message::text(welcome.to_string())).unwrap();
            socket.send(Message::text(state(seat).to_string())).unwrap();
            socket.get_ref().set_nonblocking(true).unwrap();
            node.sockets.push(socket);
        }
        node
    }

    fn command(&mut self, command: Command) {
        self.sfu.handle(Input::Command(command), Instant::now());
    }

    fn step(&mut self) {
        let mut heard = Vec::new();
        for (seat, socket) in SEATS.into_iter().zip(&mut self.sockets) {
            loop {
                match socket.read() {
                    Ok(Message::Text(text)) => {
                        heard.push((seat, serde_json::from_str::<Value>(&text).unwrap()))
                    }
                    Ok(_) => {}
                    Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                        break;
                    }
                    Err(error) => panic!("a robot's socket: {error}"),
                }
            }
        }
        for (seat, said) in heard {
            self.heard(seat, &said);
        }
        let mut buffer = [0; 2_048];
        let destination = self.udp.local_addr().unwrap();
        if let Ok((length, source)) = self.udp.recv_from(&mut buffer) {
            let datagram = Datagram {
                proto: Proto::Udp,
                source,
                destination,
                bytes: &buffer[..length],
            };
            self.sfu.handle(Input::Datagram(datagram), Instant::now());
        }
        if self
            .sfu
            .poll_timeout()
            .is_some_and(|at| at <= Instant::now())
        {
            self.sfu.handle(Input::Timeout, Instant::now());
        }
        while let Some(output) = self.sfu.poll() {
            match output {
                Output::Transmit(transmit) => {
                    self.udp
                        .send_to(&transmit.bytes, transmit.destination)
                        .unwrap();
                }
                Output::Event(event) => self.tell(event),
                _ => {}
            }
        }
    }

    fn heard(&mut self, seat: SeatId, said: &Value) {
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        match said["kind"].as_str().unwrap() {
            "offer" => {
                let (peer, request) = (
                    text("peer").parse().unwrap(),
                    said["request"].as_u64().unwrap(),
                );
                self.command(Command::Offer {
                    seat,
                    peer,
                    request,
                    sdp: text("sdp"),
                });
            }
            "watch" => {
                let want = |want: &Value| {
                    let number = |name: &str| want[name].as_u64().unwrap() as u32;
                    let stream = want["stream"].as_str().unwrap().parse().unwrap();
                    WatchWant {
                        stream,
                        width: number("width"),
                        weight: number("weight"),
                    }
                };
                let wants = said["wants"].as_array().unwrap().iter().map(want).collect();
                self.command(Command::Watch { seat, wants });
            }
            _ => {}
        }
    }

    fn tell(&mut self, event: Event) {
        let (seat, message) = match event {
            Event::Answer {
                seat,
                peer,
                request,
                sdp,
            } => (
                seat,
                json!({"kind": "answer", "peer": peer.as_str(), "request": request, "sdp": sdp}),
            ),
            Event::Refused { reason, .. } => panic!("refused: {reason}"),
            Event::Slots { seat, slots } => {
                let slot = |slot: &parley_sfu::SlotView| {
                    let stream = slot.stream.map(|stream| stream.to_string());
                    json!({"peer": slot.peer.as_str(), "mid": slot.mid, "stream": stream})
                };
                (
                    seat,
                    json!({"kind": "slots", "slots": slots.iter().map(slot).collect::<Vec<_>>()}),
                )
            }
            _ => return,
        };
        let at = SEATS.iter().position(|known| *known == seat).unwrap();
        self.sockets[at]
            .send(Message::text(message.to_string()))
            .unwrap();
    }
}

/// What `you` sees: both seats at the table.
fn state(you: SeatId) -> Value {
    let seat = |id: SeatId| {
        json!({"side": "own", "id": id.to_string(), "name": "n", "role": "delegate", "present": true, "place": "meeting",
            "mic": true, "camera": true, "sharing": false, "muted_by": null, "you": id == you})
    };
    json!({"kind": "state", "line": {"state": "down"}, "meeting": {"state": "open", "proposal": null, "proposed_by": null},
        "place": "meeting", "seats": SEATS.map(seat), "hands": []})
}

#[test]
fn two_robots_see_and_hear_each_other() {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let words = |listener: &TcpListener| {
        let link = format!("http://{}/join#t", listener.local_addr().unwrap());
        ["--link", &link, "--watch", "all", "--voice", "440"].map(str::to_owned)
    };
    let robots = [0, 1].map(|at| {
        options::parse(words(&listeners[at]))
            .unwrap()
            .robots
            .remove(0)
    });
    let stop = Arc::new(AtomicBool::new(false));
    let common = Common {
        stop: stop.clone(),
        trust: Trust::default(),
        lettering: None,
        teller: Teller::new(true),
    };
    let common = &common;
    let reports: Vec<Report> = thread::scope(|scope| {
        let living: Vec<_> = robots
            .iter()
            .zip(0..)
            .map(|(robot, number)| scope.spawn(move || robot::live(robot, number, 2, common)))
            .collect();
        let told = catch_unwind(AssertUnwindSafe(|| {
            let mut node = Node::new(&listeners);
            let hang = Instant::now() + Duration::from_secs(30);
            let enough = |node: &Node| {
                let seats = node.sfu.stats().seats;
                seats.len() == 2 && node.sfu.stats().packets_out > 1_500
            };
            while !enough(&node) {
                assert!(
                    Instant::now() < hang,
                    "never enough: {:?}",
                    node.sfu.stats()
                );
                node.step();
            }
        }));
        stop.store(true, Ordering::Relaxed);
        let reports = living
            .into_iter()
            .map(|robot| robot.join().unwrap())
            .collect();
        told.unwrap_or_else(|panic| resume_unwind(panic));
        reports
    });
    for (at, report) in reports.iter().enumerate() {
        let other = SEATS[1 - at];
        let video = &report.streams[&format!("own/{other}/video")];
        assert!(
            video.frames > 20 && video.keyframes >= 1 && video.lost == 0,
            "{report:?}"
        );
        let audio = &report.streams[&format!("own/{other}/audio")];
        assert!(audio.packets > 100 && audio.lost == 0, "{report:?}");
        assert!(
            !report
                .streams
                .keys()
                .any(|stream| stream.contains(&SEATS[at].to_string())),
            "nobody hears oneself"
        );
    }
}
