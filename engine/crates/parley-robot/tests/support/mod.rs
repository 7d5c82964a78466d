//! A node in miniature: enrolment, signalling and one WebRTC peer that answers, as far as a robot can tell.
#![allow(dead_code)] // Each story uses a part of it.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use str0m::change::SdpOffer;
use str0m::media::{KeyframeRequestKind, Mid, Rid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tungstenite::{Message, WebSocket};

/// The seat that this node knows.
pub const SEAT: &str = "00000000000000a1";

/// Accepts connections until one is the signalling socket; enrols and introduces on the way.
pub fn accept(listener: &TcpListener) -> WebSocket<TcpStream> {
    loop {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut head = [0; 2_048];
        let length = stream.peek(&mut head).expect("a request");
        let request = String::from_utf8_lossy(&head[..length]).into_owned();
        if request.starts_with("GET /api/signal") {
            assert!(
                request.to_lowercase().contains("cookie: parley=secret"),
                "{request}"
            );
            return tungstenite::accept(stream).expect("a WebSocket");
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).expect("the request again");
        let (headers, json) = if request.starts_with("POST /api/enrol") {
            (
                "Set-Cookie: parley=secret; HttpOnly\r\n",
                json!({"seat": SEAT}),
            )
        } else {
            assert!(request.starts_with("GET /api/me"), "{request}");
            (
                "",
                json!({"seat": SEAT, "name": "김서연", "role": "head", "side": "own"}),
            )
        };
        let body = json.to_string();
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}").expect("an answer");
    }
}

/// A session of one robot with this node.
pub struct Session {
    socket: WebSocket<TcpStream>,
    udp: UdpSocket,
    rtc: Option<Rtc>,
    deadline: Instant,
    /// What the robot said, but offers.
    pub said: Vec<Value>,
    /// The offer of its main peer.
    pub offer: String,
    /// Packets that arrived, with m-line and layer.
    pub packets: Vec<(Mid, Option<Rid>, RtpPacket)>,
}

impl Session {
    /// Says welcome.
    pub fn new(mut socket: WebSocket<TcpStream>) -> Self {
        let welcome = json!({"kind": "welcome", "you": SEAT, "side": {"own": {"en": "Seoul", "ko": "서울"}, "other": null},
            "audio_slots": 3, "version": "test"});
        socket
            .send(Message::text(welcome.to_string()))
            .expect("the robot is there");
        socket.get_ref().set_nonblocking(true).expect("a socket");
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a UDP socket");
        udp.set_read_timeout(Some(Duration::from_millis(5)))
            .expect("a timeout");
        Self {
            socket,
            udp,
            rtc: None,
            deadline: Instant::now(),
            said: vec![],
            offer: String::new(),
            packets: vec![],
        }
    }

    /// Shows something to the robot.
    pub fn show(&mut self, message: &Value) {
        self.socket
            .send(Message::text(message.to_string()))
            .expect("the robot is there");
    }

    /// Works until `done`; fails when that takes half a minute.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let hang = Instant::now() + Duration::from_secs(30);
        while !done(self) {
            assert!(
                Instant::now() < hang,
                "never: {what}; said {:?}, {} packets",
                self.said,
                self.packets.len()
            );
            self.hear();
            self.receive();
        }
    }

    fn hear(&mut self) {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => self.heard(serde_json::from_str(&text).expect("JSON")),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {
                    return;
                }
                Err(error) => panic!("the robot's socket: {error}"),
            }
        }
    }

    fn heard(&mut self, message: Value) {
        if message["kind"] != "offer" {
            self.said.push(message);
            return;
        }
        assert_eq!(message["peer"], "main");
        self.offer = message["sdp"].as_str().expect("a text").to_owned();
        let config = RtcConfig::new()
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(true);
        let mut rtc = config.build(Instant::now());
        rtc.add_local_candidate(
            Candidate::host(self.udp.local_addr().expect("an address"), "udp")
                .expect("a candidate"),
        );
        let offer = SdpOffer::from_sdp_string(&self.offer).expect("an offer");
        let answer = rtc.sdp_api().accept_offer(offer).expect("an answer");
        let answer = json!({"kind": "answer", "peer": "main", "request": message["request"], "sdp": answer.to_sdp_string()});
        self.show(&answer);
        self.rtc = Some(rtc);
        self.drain();
    }

    fn receive(&mut self) {
        let mut buffer = [0; 2_048];
        let arrived = self.udp.recv_from(&mut buffer);
        let Some(rtc) = &mut self.rtc else { return };
        let now = Instant::now();
        match arrived {
            Ok((length, source)) => {
                let local = self.udp.local_addr().expect("an address");
                let received = Receive::new(Protocol::Udp, source, local, &buffer[..length])
                    .expect("a datagram");
                let input = Input::Receive(now, received);
                if rtc.accepts(&input) {
                    rtc.handle_input(input).expect("a live peer");
                    self.drain();
                }
            }
            Err(_) if self.deadline <= now => {
                rtc.handle_input(Input::Timeout(now)).expect("a live peer");
                self.drain();
            }
            Err(_) => {}
        }
    }

    fn drain(&mut self) {
        let Some(rtc) = &mut self.rtc else { return };
        loop {
            match rtc.poll_output().expect("a live peer") {
                Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return;
                }
                Output::Transmit(transmit) => {
                    self.udp
                        .send_to(&transmit.contents, transmit.destination)
                        .expect("loopback");
                }
                Output::Event(Event::RtpPacket(packet)) => {
                    let found = rtc
                        .direct_api()
                        .stream_rx(&packet.header.ssrc)
                        .map(|stream| (stream.mid(), stream.rid()));
                    if let Some((mid, rid)) = found {
                        self.packets.push((mid, rid, packet));
                    }
                }
                Output::Event(_) => {}
            }
        }
    }

    /// The payload type of VP8, of Opus and of RED.
    pub fn formats(&self) -> [u8; 3] {
        let rtc = self.rtc.as_ref().expect("a peer");
        let of = |codec| {
            rtc.codec_config()
                .params()
                .iter()
                .find(|format| format.spec().codec == codec)
                .expect("a format")
        };
        let opus = of(str0m::format::Codec::Opus);
        [
            *of(str0m::format::Codec::Vp8).pt(),
            *opus.pt(),
            *opus.red().expect("RED is agreed"),
        ]
    }

    /// Packets of a layer so far.
    pub fn of_layer(&self, rid: &str) -> impl Iterator<Item = &RtpPacket> {
        self.packets
            .iter()
            .filter(move |(_, layer, _)| *layer == Some(Rid::from(rid)))
            .map(|(_, _, packet)| packet)
    }

    /// Asks for a keyframe of a layer.
    pub fn ask_keyframe(&mut self, rid: &str) {
        let (mid, ssrc) = {
            let packet = self.of_layer(rid).next().expect("the layer has begun");
            let ssrc = packet.header.ssrc;
            (
                self.packets
                    .iter()
                    .find(|(_, _, packet)| packet.header.ssrc == ssrc)
                    .expect("the same")
                    .0,
                ssrc,
            )
        };
        let rtc = self.rtc.as_mut().expect("a peer");
        let mut api = rtc.direct_api();
        let stream = api
            .stream_rx_by_mid(mid, Some(Rid::from(rid)))
            .expect("the layer's stream");
        assert_eq!(stream.ssrc(), ssrc);
        stream.request_keyframe(KeyframeRequestKind::Pli);
        rtc.handle_input(Input::Timeout(Instant::now()))
            .expect("a live peer");
        self.drain();
    }

    /// Sends what arrived of a layer, but the first `skip` packets, to one of the robot's slots; says how many that were.
    pub fn send_back(&mut self, slot: Mid, rid: &str, skip: usize) -> usize {
        let now = Instant::now();
        let write = |packet: &RtpPacket| {
            let (kind, time) = (packet.header.payload_type, packet.header.timestamp);
            let write = RtpWrite::new(kind, packet.seq_no, time, now, packet.payload.clone());
            write.marker(packet.header.marker).nackable(true)
        };
        let packets: Vec<_> = self.of_layer(rid).skip(skip).map(write).collect();
        let count = packets.len();
        let rtc = self.rtc.as_mut().expect("a peer");
        let mut api = rtc.direct_api();
        let stream = api.stream_tx_by_mid(slot, None).expect("the slot's stream");
        packets
            .into_iter()
            .for_each(|packet| stream.write_rtp(packet));
        rtc.handle_input(Input::Timeout(now)).expect("a live peer");
        self.drain();
        count
    }

    /// Waits until the robot closes the socket.
    pub fn wait_for_close(mut self) {
        self.socket
            .get_ref()
            .set_nonblocking(false)
            .expect("a socket");
        self.socket
            .get_ref()
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout");
        while let Ok(message) = self.socket.read() {
            assert!(!message.is_binary());
        }
    }
}
