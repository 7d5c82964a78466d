//! One WebRTC peer: its offer, and its life on a socket that it shares with the robot's other peers.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Instant;

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::format::Codec;
use str0m::media::{
    Direction, KeyframeRequestKind, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer,
};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite, Ssrc};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig, RtcError};

/// Layers of a camera, smallest first, as the offer names them.
pub const RIDS: [&str; 3] = ["q", "h", "f"];

/// Which m-lines a peer offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Microphone, camera and screen to send.
    pub publishes: bool,
    /// Audio slots to receive.
    pub audio: usize,
    /// Picture slots to receive.
    pub pictures: usize,
}

/// Payload types that the offer named.
#[derive(Debug, Clone, Copy)]
pub struct Formats {
    /// Opus.
    pub opus: Pt,
    /// RED around Opus, as it may arrive.
    pub red: Option<Pt>,
    /// Whether the node takes RED from the microphone.
    pub sends_red: bool,
    /// VP8.
    pub vp8: Pt,
}

/// What a peer reports.
#[derive(Debug)]
pub enum Happened {
    /// Media can flow.
    Connected,
    /// The node asks for a keyframe of a layer (`None`: of the only one).
    KeyframeWanted(Option<Rid>),
    /// A packet came in on a receive m-line.
    Packet(Mid, Box<RtpPacket>),
}

/// One peer.
pub struct Peer {
    /// Its name in the signalling.
    pub id: String,
    /// Microphone m-line, if it publishes.
    pub mic: Option<Mid>,
    /// Camera m-line, if it publishes.
    pub camera: Option<Mid>,
    /// The offer that waits for an answer: its number.
    pub request: u32,
    /// ICE and DTLS are up.
    pub connected: bool,
    /// Since when ICE has found nobody.
    pub silent_since: Option<Instant>,
    sends_red: bool,
    rtc: Rtc,
    pending: Option<SdpPendingOffer>,
    local: SocketAddr,
    deadline: Instant,
}

impl Peer {
    /// A peer and its offer.
    ///
    /// # Errors
    /// When str0m cannot make one.
    pub fn new(
        id: &str,
        request: u32,
        local: SocketAddr,
        shape: Shape,
        now: Instant,
    ) -> Result<(Self, String), RtcError> {
        let config = RtcConfig::new()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, true)
            .enable_vp8(true);
        let mut rtc = config.build(now);
        if let Ok(candidate) = Candidate::host(local, "udp") {
            rtc.add_local_candidate(candidate);
        }
        let mut change = rtc.sdp_api();
        let named = |name: &str| Some(name.to_owned());
        let (mut mic, mut camera) = (None, None);
        if shape.publishes {
            let mut layers = Simulcast::new();
            for rid in RIDS {
                layers.add_send_layer(SimulcastLayer::new(rid));
            }
            let send = Direction::SendOnly;
            mic = Some(change.add_media(MediaKind::Audio, send, named("mic"), named("mic"), None));
            camera = Some(change.add_media(
                MediaKind::Video,
                send,
                named("camera"),
                named("camera"),
                Some(layers),
            ));
            change.add_media(
                MediaKind::Video,
                send,
                named("screen"),
                named("screen"),
                None,
            );
        }
        for kind in std::iter::repeat_n(MediaKind::Audio, shape.audio)
            .chain(std::iter::repeat_n(MediaKind::Video, shape.pictures))
        {
            change.add_media(kind, Direction::RecvOnly, None, None, None);
        }
        let (offer, pending) = change
            .apply()
            .ok_or(RtcError::RemoteSdp("an offer without m-lines".into()))?;
        let sdp = offer.to_sdp_string();
        let (id, pending) = (id.to_owned(), Some(pending));
        let peer = Self {
            id,
            mic,
            camera,
            request,
            connected: false,
            silent_since: None,
            sends_red: false,
            rtc,
            pending,
            local,
            deadline: now,
        };
        Ok((peer, sdp))
    }

    /// Takes the node's answer.
    ///
    /// # Errors
    /// When it is not an answer to the offer.
    pub fn answered(&mut self, sdp: &str) -> Result<(), RtcError> {
        let Some(pending) = self.pending.take() else {
            return Ok(());
        };
        self.sends_red = self.mic.is_some_and(|mic| takes_red(sdp, &mic));
        let answer = SdpAnswer::from_sdp_string(sdp)
            .map_err(|error| RtcError::RemoteSdp(error.to_string()))?;
        self.rtc.sdp_api().accept_answer(pending, answer)?;
        self.deadline = Instant::now();
        Ok(())
    }

    /// The payload types in use.
    pub fn formats(&self) -> Option<Formats> {
        let params = self.rtc.codec_config().params();
        let of = |codec: Codec| params.iter().find(|format| format.spec().codec == codec);
        let opus = of(Codec::Opus)?;
        Some(Formats {
            opus: opus.pt(),
            red: opus.red(),
            sends_red: self.sends_red,
            vp8: of(Codec::Vp8)?.pt(),
        })
    }

    /// Whether a datagram is for this peer.
    pub fn accepts(&self, input: &Input<'_>) -> bool {
        self.rtc.accepts(input)
    }

    /// Takes a datagram or the time, sends what follows from it, and reports.
    ///
    /// # Errors
    /// When the peer is over.
    pub fn handle(
        &mut self,
        input: Input<'_>,
        socket: &UdpSocket,
        out: &mut Vec<Happened>,
    ) -> Result<(), RtcError> {
        self.rtc.handle_input(input)?;
        self.drain(socket, out)
    }

    /// Writes packets of one stream, then sends all.
    ///
    /// # Errors
    /// When the peer is over.
    pub fn write(
        &mut self,
        stream: (Mid, Option<Rid>),
        packets: Vec<RtpWrite>,
        now: Instant,
        socket: &UdpSocket,
        out: &mut Vec<Happened>,
    ) -> Result<(), RtcError> {
        let mut api = self.rtc.direct_api();
        if let Some(sender) = api.stream_tx_by_mid(stream.0, stream.1) {
            for packet in packets {
                sender.write_rtp(packet);
            }
        }
        self.handle(Input::Timeout(now), socket, out)
    }

    /// Asks the node for a keyframe of what arrives with `ssrc`.
    pub fn ask_keyframe(&mut self, ssrc: Ssrc) {
        if let Some(stream) = self.rtc.direct_api().stream_rx(&ssrc) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
        self.deadline = Instant::now();
    }

    /// When [`Self::handle`] wants the time next.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    fn drain(&mut self, socket: &UdpSocket, out: &mut Vec<Happened>) -> Result<(), RtcError> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(deadline) => {
                    self.deadline = deadline;
                    return Ok(());
                }
                Output::Transmit(transmit) => {
                    // A candidate that this address cannot reach, or a full socket: as if the network lost it.
                    let _ = socket.send_to(&transmit.contents, transmit.destination);
                }
                Output::Event(event) => self.event(event, out),
            }
        }
    }

    fn event(&mut self, event: Event, out: &mut Vec<Happened>) {
        match event {
            Event::Connected => {
                self.connected = true;
                out.push(Happened::Connected);
            }
            Event::IceConnectionStateChange(state) => {
                let lost = state == IceConnectionState::Disconnected;
                self.silent_since = lost.then(|| self.silent_since.unwrap_or_else(Instant::now));
            }
            Event::KeyframeRequest(request) => out.push(Happened::KeyframeWanted(request.rid)),
            Event::RtpPacket(packet) => {
                let mid = self
                    .rtc
                    .direct_api()
                    .stream_rx(&packet.header.ssrc)
                    .map(|stream| stream.mid());
                out.extend(mid.map(|mid| Happened::Packet(mid, Box::new(packet))));
            }
            _ => {}
        }
    }

    /// Tells the node by DTLS that this is the end.
    pub fn close(&mut self, socket: &UdpSocket) {
        let _ = self.rtc.close();
        let _ = self.drain(socket, &mut Vec::new());
    }

    /// Where its datagrams come from.
    pub fn local(&self) -> SocketAddr {
        self.local
    }
}

/// Whether the answer's m-line `mid` has RED. (str0m knows only which plain codecs were agreed.)
fn takes_red(answer: &str, mid: &Mid) -> bool {
    let lines = answer.split("m=").skip(1);
    let named = |section: &&str| {
        section
            .lines()
            .any(|line| line.strip_prefix("a=mid:") == Some(&**mid))
    };
    lines
        .filter(named)
        .any(|section| section.contains(" red/48000"))
}

/// A socket for all peers of a robot, on the address from which its node is reached.
///
/// # Errors
/// When the system gives none.
pub fn socket(address: IpAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((address, 0))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// The next datagram that waits in the socket, as an input for the peer that accepts it.
///
/// # Errors
/// When the socket is broken.
pub fn datagram<'a>(
    socket: &UdpSocket,
    local: SocketAddr,
    buffer: &'a mut [u8],
) -> io::Result<Option<Input<'a>>> {
    loop {
        return match socket.recv_from(buffer) {
            Ok((length, source)) => {
                let received = Receive::new(Protocol::Udp, source, local, &buffer[..length]);
                // What is neither STUN nor DTLS nor RTP is for nobody; the caller sees it as a moment of time.
                Ok(Some(received.map_or_else(
                    |_| Input::Timeout(Instant::now()),
                    |received| Input::Receive(Instant::now(), received),
                )))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            // An earlier datagram was refused by its receiver (ICMP); says nothing of this socket.
            Err(error)
                if error.kind() == ErrorKind::ConnectionRefused
                    || error.kind() == ErrorKind::Interrupted =>
            {
                continue;
            }
            Err(error) => Err(error),
        };
    }
}
