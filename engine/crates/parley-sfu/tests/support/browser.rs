//! A browser, played by a str0m that offers: microphone, camera with layers, screen, and m-lines to receive on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parley_sfu::{PeerId, Proto, SeatId, SlotView, StreamId, Transmit};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{
    Direction, KeyframeRequestKind, MediaKind, Mid, Rid, Simulcast, SimulcastLayer,
};
use str0m::net::{DatagramRecv, Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::media;

/// What a browser offers.
#[derive(Clone, Copy)]
pub struct Plan {
    pub mic: bool,
    pub camera: bool,
    pub screen: bool,
    pub audio_slots: usize,
    pub picture_slots: usize,
    pub red: bool,
    pub simulcast: bool,
    /// Connects by TCP (RFC 6544) instead of UDP.
    pub tcp: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            mic: true,
            camera: true,
            screen: false,
            audio_slots: 3,
            picture_slots: 2,
            red: true,
            simulcast: true,
            tcp: false,
        }
    }
}

/// A packet that a browser received.
#[derive(Debug, Clone)]
pub struct Got {
    pub at: Instant,
    pub mid: String,
    pub ssrc: u32,
    pub seq: u64,
    pub timestamp: u32,
    pub marker: bool,
    pub pt: u8,
    pub level: Option<i8>,
    pub payload: Arc<[u8]>,
}

pub struct Browser {
    pub seat: SeatId,
    pub peer: PeerId,
    pub address: SocketAddr,
    pub proto: Proto,
    pub rtc: Rtc,
    pub plan: Plan,
    pub mic: Option<Mid>,
    pub camera: Option<Mid>,
    pub screen: Option<Mid>,
    pub slots: Vec<SlotView>,
    pub got: Vec<Got>,
    /// Keyframe requests that came: m-line, layer, when.
    pub asked: Vec<(Mid, Option<Rid>, Instant)>,
    pub offer: String,
    pub answer: String,
    pending: Option<SdpPendingOffer>,
    sent: Vec<(SocketAddr, Vec<u8>)>,
    connected: bool,
    deadline: Instant,
    now: Instant,
    voice: media::VoiceClock,
    layers: [media::PictureClock; 4],
}

impl Browser {
    pub fn new(seat: SeatId, plan: Plan, now: Instant) -> Self {
        Self::with_peer(seat, "main", plan, now)
    }

    pub fn with_peer(seat: SeatId, peer: &str, plan: Plan, now: Instant) -> Self {
        Self::with_config(seat, peer, plan, now, |config| config)
    }

    pub fn with_config(
        seat: SeatId,
        peer: &str,
        plan: Plan,
        now: Instant,
        adjust: impl FnOnce(RtcConfig) -> RtcConfig,
    ) -> Self {
        let config = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, plan.red)
            .enable_vp8(true);
        let mut rtc = adjust(config).build(now);
        let port = 5_000 + peer.len() as u16;
        let address: SocketAddr = ([10, 0, (seat.0 >> 8) as u8, seat.0 as u8], port).into();
        if let Some(candidate) = local_candidate(address, plan.tcp) {
            rtc.add_local_candidate(candidate);
        }
        Browser {
            seat,
            peer: peer.parse().unwrap(),
            address,
            proto: if plan.tcp { Proto::Tcp } else { Proto::Udp },
            rtc,
            plan,
            mic: None,
            camera: None,
            screen: None,
            slots: Vec::new(),
            got: Vec::new(),
            asked: Vec::new(),
            offer: String::new(),
            answer: String::new(),
            pending: None,
            sent: Vec::new(),
            connected: false,
            deadline: now,
            now,
            voice: media::VoiceClock::new(seat.0),
            layers: [0, 1, 2, 3].map(|layer| media::PictureClock::new(seat.0, layer)),
        }
    }

    pub fn audio(&self) -> StreamId {
        StreamId::own(self.seat, parley_sfu::Kind::Audio)
    }

    pub fn video(&self) -> StreamId {
        StreamId::own(self.seat, parley_sfu::Kind::Video)
    }

    pub fn slides(&self) -> StreamId {
        StreamId::own(self.seat, parley_sfu::Kind::Slides)
    }

    /// The first offer has all m-lines; later ones restart ICE.
    pub fn make_offer(&mut self) -> String {
        let plan = self.plan;
        let first = self.offer.is_empty();
        let mut change = self.rtc.sdp_api();
        if first {
            let mut add = |kind, direction, stream: Option<&str>, layers| {
                change.add_media(
                    kind,
                    direction,
                    stream.map(Into::into),
                    stream.map(|s| format!("{s}-track")),
                    layers,
                )
            };
            let (audio, video) = (MediaKind::Audio, MediaKind::Video);
            self.mic = plan
                .mic
                .then(|| add(audio, Direction::SendOnly, Some("mic"), None));
            let layers = plan.simulcast.then(three_layers);
            self.camera = plan
                .camera
                .then(|| add(video, Direction::SendOnly, Some("camera"), layers));
            self.screen = plan
                .screen
                .then(|| add(video, Direction::SendOnly, Some("screen"), None));
            for _ in 0..plan.audio_slots {
                add(audio, Direction::RecvOnly, None, None);
            }
            for _ in 0..plan.picture_slots {
                add(video, Direction::RecvOnly, None, None);
            }
        } else {
            change.ice_restart(true);
        }
        let (offer, pending) = change.apply().expect("changes");
        self.pending = Some(pending);
        self.offer = offer.to_sdp_string();
        self.offer.clone()
    }

    pub fn take_answer(&mut self, sdp: &str) {
        self.answer = sdp.into();
        let answer = SdpAnswer::from_sdp_string(sdp).expect("a readable answer");
        let pending = self.pending.take().expect("an offer before the answer");
        self.rtc
            .sdp_api()
            .accept_answer(pending, answer)
            .expect("an acceptable answer");
        self.drain();
    }

    pub fn is_connected(&self) -> bool {
        self.connected
    }

    pub fn wake(&mut self, now: Instant) {
        self.now = now;
        if self.deadline <= now {
            self.tick();
        }
    }

    fn tick(&mut self) {
        let _ = self.rtc.handle_input(Input::Timeout(self.now));
        self.drain();
    }

    pub fn receive(&mut self, transmit: &Transmit, now: Instant) {
        self.now = now;
        let proto = if transmit.proto == Proto::Udp {
            Protocol::Udp
        } else {
            Protocol::Tcp
        };
        let Ok(contents) = DatagramRecv::try_from(&transmit.bytes[..]) else {
            return;
        };
        let receive = Receive {
            proto,
            source: transmit.source,
            destination: transmit.destination,
            contents,
        };
        let _ = self.rtc.handle_input(Input::Receive(now, receive));
        self.drain();
    }

    pub fn take_sent(&mut self) -> Vec<(SocketAddr, Vec<u8>)> {
        std::mem::take(&mut self.sent)
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.deadline = at.max(self.now + Duration::from_millis(1));
                    return;
                }
                Ok(Output::Transmit(t)) => self.sent.push((t.destination, t.contents.into())),
                Ok(Output::Event(event)) => self.hear(event),
                Err(_) => {
                    self.deadline = self.now + Duration::from_secs(3600);
                    return;
                }
            }
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Connected => self.connected = true,
            Event::KeyframeRequest(request) => {
                self.asked.push((request.mid, request.rid, self.now))
            }
            Event::RtpPacket(packet) => {
                let ssrc = packet.header.ssrc;
                let mid = self
                    .rtc
                    .direct_api()
                    .stream_rx(&ssrc)
                    .map(|s| s.mid().to_string());
                self.got.push(Got {
                    at: self.now,
                    mid: mid.unwrap_or_default(),
                    ssrc: *ssrc,
                    seq: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    marker: packet.header.marker,
                    pt: *packet.header.payload_type,
                    level: packet.header.ext_vals.audio_level,
                    payload: packet.payload,
                });
            }
            _ => {}
        }
    }

    /// Sends the next 20 ms of voice, tagged.
    pub fn speak(&mut self, level: u8, tag: u8) {
        let Some(mid) = self.mic else { return };
        let config = self.rtc.codec_config();
        let opus = config
            .find(|p| p.spec().codec == str0m::format::Codec::Opus)
            .copied()
            .expect("Opus");
        let (seq, timestamp, plain) = self.voice.next(tag);
        let (pt, payload) = match opus.red() {
            Some(red) => (red, self.voice.with_redundancy(*opus.pt(), &plain)),
            None => (opus.pt(), plain),
        };
        let ext = ExtensionValues {
            audio_level: Some(-(level as i8)),
            voice_activity: Some(true),
            ..Default::default()
        };
        let write = RtpWrite::new(pt, seq.into(), timestamp, self.now, payload).ext_vals(ext);
        self.write(mid, None, write);
    }

    /// Sends any bytes where the next 20 ms of RED would be.
    pub fn say(&mut self, payload: &[u8]) {
        let Some(mid) = self.mic else { return };
        let (seq, timestamp, _) = self.voice.next(0);
        let write = RtpWrite::new(63.into(), seq.into(), timestamp, self.now, payload);
        self.write(mid, None, write);
    }

    /// Sends the next frame of a camera's layer: `packets` packets with this tag in each.
    pub fn show(&mut self, layer: usize, keyframe: bool, packets: usize, tag: u8) {
        let Some(mid) = self.camera else { return };
        let rid = self
            .plan
            .simulcast
            .then(|| Rid::from(["q", "h", "f"][layer]));
        self.picture(mid, rid, layer, keyframe, packets, tag);
    }

    /// Sends the next frame of the screen.
    pub fn present(&mut self, keyframe: bool, packets: usize, tag: u8) {
        let Some(mid) = self.screen else { return };
        self.picture(mid, None, 3, keyframe, packets, tag);
    }

    fn picture(
        &mut self,
        mid: Mid,
        rid: Option<Rid>,
        layer: usize,
        keyframe: bool,
        packets: usize,
        tag: u8,
    ) {
        let vp8 = self
            .rtc
            .codec_config()
            .find(|p| p.spec().codec == str0m::format::Codec::Vp8)
            .expect("VP8")
            .pt();
        for (seq, timestamp, marker, payload) in self.layers[layer].next(keyframe, packets, tag) {
            let write = RtpWrite::new(vp8, seq.into(), timestamp, self.now, payload)
                .marker(marker)
                .nackable(true);
            self.write(mid, rid, write);
        }
    }

    pub fn write(&mut self, mid: Mid, rid: Option<Rid>, write: RtpWrite) {
        if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, rid) {
            stream.write_rtp(write);
        }
        self.tick();
    }

    /// Asks for a keyframe on the m-line that carries `stream`.
    pub fn ask(&mut self, stream: StreamId) {
        let mid: Mid = self.mid_of(stream).expect("a slot with it").as_str().into();
        if let Some(stream) = self.rtc.direct_api().stream_rx_by_mid(mid, None) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
        self.tick();
    }

    pub fn mid_of(&self, stream: StreamId) -> Option<String> {
        self.slots
            .iter()
            .find(|slot| slot.stream == Some(stream))
            .map(|slot| slot.mid.clone())
    }

    /// Packets that came on the m-line that carries `stream` now.
    pub fn got_of(&self, stream: StreamId) -> Vec<&Got> {
        let Some(mid) = self.mid_of(stream) else {
            return Vec::new();
        };
        self.got.iter().filter(|got| got.mid == mid).collect()
    }
}

pub fn three_layers() -> Simulcast {
    let mut simulcast = Simulcast::new();
    for rid in ["q", "h", "f"] {
        simulcast.add_send_layer(SimulcastLayer::new(rid));
    }
    simulcast
}

fn local_candidate(address: SocketAddr, tcp: bool) -> Option<Candidate> {
    if tcp {
        let active = Candidate::builder()
            .tcp()
            .host(address)
            .tcptype(str0m::net::TcpType::Active);
        active.build().ok()
    } else {
        Candidate::builder().udp().host(address).build().ok()
    }
}
