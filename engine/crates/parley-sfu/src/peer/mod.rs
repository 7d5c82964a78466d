//! One connection of a browser: str0m inside a wall. Whatever happens in there, at worst this peer ends.
//!
//! str0m's rule is one mutation, then a full drain. Writing the packets of a burst counts as one mutation: [`Peer::write`]
//! only marks the peer as dirty, [`Peer::flush`] lets them out together.

pub(crate) mod answer;
pub(crate) mod intake;
pub(crate) mod slot;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use str0m::bwe::{Bitrate, BweKind};
use str0m::format::Codec as RtcCodec;
use str0m::media::{KeyframeRequestKind, Mid, Pt, Rid};
use str0m::net::{DatagramRecv, Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite, Ssrc};
use str0m::{Event as RtcEvent, IceConnectionState, Input as RtcInput, Output as RtcOutput, Rtc};

use crate::output::{Output, Transmit};
use crate::words::{Kind, PeerId, Proto, SeatId};
use slot::Slot;

/// Outputs of one drain after which something is wrong inside.
const MOST_OUTPUTS: usize = 20_000;
/// SSRCs that one browser may use at a time: two devices, three layers, a screen, with room for changes.
const MOST_SSRCS: usize = 16;
/// Timeouts that are due at once are handled at once, so many times in a row.
const SPINS: usize = 4;

/// What a drain brought, apart from datagrams.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // A packet is by far the most frequent one.
pub(crate) enum News {
    Packet(RtpPacket),
    KeyframeWanted(Mid),
    Connected,
    IceLost,
    IceBack,
    Measured {
        rtt: Option<Duration>,
        loss: Option<f32>,
    },
    Estimate(Bitrate),
    Ended(String),
    Panicked(String),
}

/// A track that a browser publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Track {
    pub mid: Mid,
    pub kind: Kind,
    /// Index of the source that it feeds; none when another peer of the seat has taken over.
    pub source: Option<usize>,
}

/// Payload types as this browser numbers them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PayloadTypes {
    pub opus: Option<Pt>,
    pub red: Option<Pt>,
    pub vp8: Option<Pt>,
}

/// A connection.
pub(crate) struct Peer {
    pub seat: usize,
    pub seat_id: SeatId,
    pub id: PeerId,
    pub rtc: Rtc,
    pub fingerprint: String,
    pub tracks: Vec<Track>,
    pub slots: Vec<Slot>,
    pub types: PayloadTypes,
    pub connected: bool,
    /// Since when it is not connected.
    pub lost_since: Option<Instant>,
    /// Something was written and waits for [`Peer::flush`].
    pub dirty: bool,
    /// When str0m wants to be woken, and for when that is noted.
    pub deadline: Option<Instant>,
    pub noted: Option<Instant>,
    pub health: Health,
    ssrcs: Vec<(Ssrc, usize, u8)>,
}

/// How the way to the browser is.
#[derive(Debug, Default)]
pub(crate) struct Health {
    pub rtt: Option<Duration>,
    pub loss: Option<f32>,
    pub estimate: Option<u64>,
    /// Layers taken off because of losses, and since when that is so; kept by `sfu/budget.rs`.
    pub taken_off: u8,
    pub taken_off_at: Option<Instant>,
    pub bytes_in: u64,
    pub bytes_out: u64,
    /// Bytes counted at the last full second, and rates over it.
    pub marked: Option<(Instant, u64, u64)>,
    pub in_kbit: f64,
    pub out_kbit: f64,
}

impl Peer {
    pub fn new(
        seat: usize,
        seat_id: SeatId,
        id: PeerId,
        rtc: Rtc,
        fingerprint: String,
        now: Instant,
    ) -> Self {
        Peer {
            seat,
            seat_id,
            id,
            rtc,
            fingerprint,
            tracks: Vec::new(),
            slots: Vec::new(),
            types: PayloadTypes::default(),
            connected: false,
            lost_since: Some(now),
            dirty: false,
            deadline: None,
            noted: None,
            health: Health::default(),
            ssrcs: Vec::new(),
        }
    }

    /// Reads back what was negotiated. Slots that are still there keep what they carry.
    pub fn take_in(&mut self, intake: &intake::Intake) {
        let config = self.rtc.codec_config();
        let of = |codec: RtcCodec| config.find(|p| p.spec().codec == codec);
        self.types = PayloadTypes {
            opus: of(RtcCodec::Opus).map(|p| p.pt()),
            red: of(RtcCodec::Opus).and_then(|p| p.red()),
            vp8: of(RtcCodec::Vp8).map(|p| p.pt()),
        };
        let track = |(mid, kind): &(String, Kind)| Track {
            mid: mid.as_str().into(),
            kind: *kind,
            source: None,
        };
        self.tracks = intake.tracks.iter().map(track).collect();
        let mut before = std::mem::take(&mut self.slots);
        for (mid, audio) in &intake.slots {
            let mid: Mid = mid.as_str().into();
            let Some(ssrc) = self
                .rtc
                .direct_api()
                .stream_tx_by_mid(mid, None)
                .map(|s| s.ssrc())
            else {
                continue;
            };
            let kept = before
                .iter()
                .position(|s| s.mid == mid && s.ssrc == ssrc)
                .map(|at| before.swap_remove(at));
            self.slots
                .push(kept.unwrap_or_else(|| Slot::new(mid, ssrc, *audio)));
        }
        self.ssrcs.clear();
    }

    /// True if str0m would take this datagram: STUN with the right key, the rest only from an address that ICE validated.
    /// `None`: not parseable.
    pub fn receive(
        &mut self,
        path: (Proto, SocketAddr, SocketAddr),
        bytes: &[u8],
        now: Instant,
    ) -> Result<Received, String> {
        let (proto, source, destination) = path;
        let proto = match proto {
            Proto::Udp => Protocol::Udp,
            Proto::Tcp => Protocol::Tcp,
        };
        guarded(|| {
            let Ok(contents) = DatagramRecv::try_from(bytes) else {
                return Received::Malformed;
            };
            let input = RtcInput::Receive(
                now,
                Receive {
                    proto,
                    source,
                    destination,
                    contents,
                },
            );
            if !self.rtc.accepts(&input) {
                return Received::NotAccepted;
            }
            self.health.bytes_in += bytes.len() as u64;
            match self.rtc.handle_input(input) {
                Ok(()) => Received::Taken,
                Err(_) => Received::Refused,
            }
        })
    }

    /// Queues a packet for a slot; it leaves with the next [`Peer::flush`], which the caller sees to.
    pub fn write(&mut self, ssrc: Ssrc, packet: RtpWrite) -> Result<(), String> {
        guarded(|| {
            if let Some(stream) = self.rtc.direct_api().stream_tx(&ssrc) {
                stream.write_rtp(packet);
            }
        })
    }

    /// Asks the browser for a keyframe of a layer of one of its tracks; it leaves with the next [`Peer::flush`].
    pub fn ask_keyframe(&mut self, track: usize, layer: u8) -> Result<(), String> {
        let Some(mid) = self.tracks.get(track).map(|t| t.mid) else {
            return Ok(());
        };
        let rid: Rid = intake::RIDS[usize::from(layer)].into();
        guarded(|| {
            let mut api = self.rtc.direct_api();
            let rid = api.stream_rx_by_mid(mid, Some(rid)).map(|_| rid);
            if let Some(stream) = api.stream_rx_by_mid(mid, rid) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        })
    }

    /// Forgets what a slot could still retransmit: it was of another stream.
    pub fn forget_sent(&mut self, slot: usize) {
        let Some(ssrc) = self.slots.get(slot).filter(|s| !s.audio).map(|s| s.ssrc) else {
            return;
        };
        if let Some(stream) = self.rtc.direct_api().stream_tx(&ssrc) {
            stream.set_rtx_cache(
                answer::PICTURE_CACHE,
                answer::CACHED_FOR,
                answer::RESENT_SHARE,
            );
        }
    }

    /// Lets out all that was written, and handles what is due.
    pub fn flush(&mut self, now: Instant, out: &mut VecDeque<Output>, news: &mut Vec<News>) {
        self.dirty = false;
        for _ in 0..SPINS {
            match guarded(|| self.rtc.handle_input(RtcInput::Timeout(now))) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    return news.push(News::Ended(format!("The connection failed: {error}.")));
                }
                Err(text) => return news.push(News::Panicked(text)),
            }
            self.drain(now, out, news);
            if self.deadline.is_none_or(|deadline| deadline > now) {
                return;
            }
        }
        self.deadline = Some(now + Duration::from_millis(1));
    }

    /// Takes out everything that str0m has to say.
    pub fn drain(&mut self, now: Instant, out: &mut VecDeque<Output>, news: &mut Vec<News>) {
        for _ in 0..MOST_OUTPUTS {
            match guarded(|| self.rtc.poll_output()) {
                Ok(Ok(RtcOutput::Timeout(at))) => {
                    self.deadline = Some(at);
                    if !self.rtc.is_alive() {
                        news.push(News::Ended("The connection was closed.".into()));
                    }
                    return;
                }
                Ok(Ok(RtcOutput::Transmit(transmit))) => self.send(transmit, out),
                Ok(Ok(RtcOutput::Event(event))) => self.hear(event, news),
                Ok(Err(error)) => {
                    let reason = if self.rtc.is_alive() {
                        "The connection failed"
                    } else {
                        "The browser is not who it said"
                    };
                    return news.push(News::Ended(format!("{reason}: {error}.")));
                }
                Err(text) => return news.push(News::Panicked(text)),
            }
        }
        self.deadline = Some(now + Duration::from_millis(1));
    }

    fn send(&mut self, transmit: str0m::net::Transmit, out: &mut VecDeque<Output>) {
        let bytes: Vec<u8> = transmit.contents.into();
        self.health.bytes_out += bytes.len() as u64;
        let proto = if transmit.proto == Protocol::Udp {
            Proto::Udp
        } else {
            Proto::Tcp
        };
        let (source, destination) = (transmit.source, transmit.destination);
        out.push_back(Output::Transmit(Transmit {
            proto,
            source,
            destination,
            bytes,
        }));
    }

    fn hear(&mut self, event: RtcEvent, news: &mut Vec<News>) {
        match event {
            RtcEvent::RtpPacket(packet) => news.push(News::Packet(packet)),
            RtcEvent::KeyframeRequest(request) => news.push(News::KeyframeWanted(request.mid)),
            RtcEvent::Connected => news.push(News::Connected),
            RtcEvent::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                news.push(News::IceLost)
            }
            RtcEvent::IceConnectionStateChange(state) if state.is_connected() => {
                news.push(News::IceBack)
            }
            RtcEvent::PeerStats(stats) => {
                news.push(News::Measured {
                    rtt: stats.rtt,
                    loss: stats.egress_loss_fraction,
                });
            }
            RtcEvent::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                news.push(News::Estimate(estimate))
            }
            RtcEvent::Closed => news.push(News::Ended("The browser closed the connection.".into())),
            _ => {}
        }
    }

    /// Which track and layer an incoming SSRC belongs to. `None`: none of ours.
    pub fn track_of(&mut self, ssrc: Ssrc) -> Option<(usize, u8)> {
        if let Some((_, track, layer)) = self.ssrcs.iter().find(|(known, ..)| *known == ssrc) {
            return Some((*track, *layer));
        }
        let mut api = self.rtc.direct_api();
        let stream = api.stream_rx(&ssrc)?;
        let (mid, rid) = (stream.mid(), stream.rid());
        let track = self.tracks.iter().position(|t| t.mid == mid)?;
        let layer = match rid {
            None => 0,
            Some(rid) => intake::RIDS.iter().position(|name| *name == &*rid)? as u8,
        };
        if self.ssrcs.len() >= MOST_SSRCS {
            self.ssrcs.remove(0);
        }
        self.ssrcs.push((ssrc, track, layer));
        Some((track, layer))
    }

    /// Rates over the last full second.
    pub fn measure(&mut self, now: Instant) {
        let health = &mut self.health;
        let Some((at, bytes_in, bytes_out)) = health.marked else {
            health.marked = Some((now, health.bytes_in, health.bytes_out));
            return;
        };
        let passed = now.saturating_duration_since(at).as_secs_f64();
        if passed >= 1.0 {
            health.in_kbit = (health.bytes_in - bytes_in) as f64 * 0.008 / passed;
            health.out_kbit = (health.bytes_out - bytes_out) as f64 * 0.008 / passed;
            health.marked = Some((now, health.bytes_in, health.bytes_out));
        }
    }
}

/// What became of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Received {
    Taken,
    Malformed,
    NotAccepted,
    Refused,
}

/// Runs a piece of str0m; a panic in there becomes its text.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        text.or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a text".into())
    })
}
