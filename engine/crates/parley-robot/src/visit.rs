//! One visit: from an open socket until it is lost. Media, signalling and acts in one loop, on one UDP socket.

use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use str0m::Input;

use crate::media::peer::{self, Happened, Peer, Shape};
use crate::options::{Robot, Watch};
use crate::robot::{Common, Kept};
use crate::session::SessionError;
use crate::session::messages::{Said, Shown, Sides, State, Want};
use crate::session::socket::Socket;

/// The loop's longest sleep: what media that arrives may wait.
const TICK: Duration = Duration::from_millis(5);
const AUDIO_TICK: Duration = Duration::from_millis(20);
/// A peer that ICE finds silent so long, or that is not connected so long after its offer, is made anew.
const SILENCE: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(10);
const PING: Duration = Duration::from_secs(5);
/// Without a word from the node for so long, the socket is lost.
const DEAF: Duration = Duration::from_secs(15);
/// Picture slots of the main peer, and of each further one.
const MAIN_PICTURES: usize = 2;
const MORE_PICTURES: usize = 8;
const MOST_PEERS: usize = 4;

/// Why a visit is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The process is to end.
    Stopped,
    /// The node said why.
    Told(String),
}

/// A visit.
pub struct Visit<'a> {
    robot: &'a Robot,
    socket: Socket,
    udp: UdpSocket,
    peers: Vec<(Peer, Instant)>,
    requests: u32,
    state: Option<Box<State>>,
    wants: Vec<Want>,
    next_audio: Instant,
    next_frame: Instant,
    next_ping: Instant,
    heard: Instant,
    happened: Vec<Happened>,
}

fn broken(error: impl std::fmt::Display) -> SessionError {
    SessionError::lost(format!("The media socket is lost: {error}."))
}

impl<'a> Visit<'a> {
    /// A visit on an open socket.
    ///
    /// # Errors
    /// When the system gives no UDP socket.
    pub fn new(robot: &'a Robot, socket: Socket, now: Instant) -> Result<Self, SessionError> {
        let udp = peer::socket(socket.local()).map_err(broken)?;
        Ok(Self {
            robot,
            socket,
            udp,
            peers: Vec::new(),
            requests: 0,
            state: None,
            wants: Vec::new(),
            next_audio: now,
            next_frame: now,
            next_ping: now + PING,
            heard: now,
            happened: Vec::new(),
        })
    }

    /// Waits for the node's welcome.
    ///
    /// # Errors
    /// When it does not come.
    pub fn welcomed(&mut self, common: &Common, kept: &mut Kept) -> Result<Sides, SessionError> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && !common.stopping() {
            match self.socket.hear()? {
                Some(Shown::Welcome { you, side }) => {
                    kept.report.seat = Some(you);
                    return Ok(side);
                }
                Some(Shown::Ended { reason }) => {
                    return Err(SessionError::refused(format!(
                        "The node ended the session: {reason}."
                    )));
                }
                Some(_) => {}
                None => thread::sleep(TICK),
            }
        }
        Err(SessionError::lost("The node did not say welcome."))
    }

    /// Publishes, watches and acts until the socket is lost.
    ///
    /// # Errors
    /// When the socket is lost.
    pub fn stay(&mut self, common: &Common, kept: &mut Kept) -> Result<Ending, SessionError> {
        let devices = Said::Devices {
            mic: kept.mic.is_some(),
            camera: kept.camera.is_some(),
            sharing: false,
        };
        self.socket.say(&devices)?;
        self.offer(0, kept)?;
        while !common.stopping() {
            let now = Instant::now();
            while let Some(shown) = self.socket.hear()? {
                self.heard = now;
                if let Some(ending) = self.shown(shown, common, kept)? {
                    return Ok(ending);
                }
            }
            self.receive(kept, common)?;
            self.publish(kept, common, now)?;
            self.act(kept, now)?;
            self.renew(kept, now)?;
            let media = if self.peers.first().is_some_and(|(main, _)| main.connected) {
                self.next_audio.min(self.next_frame)
            } else {
                now + TICK
            };
            let wake = self
                .peers
                .iter()
                .map(|(peer, _)| peer.deadline())
                .fold(media.min(now + TICK), Instant::min);
            thread::sleep(
                wake.saturating_duration_since(Instant::now())
                    .max(Duration::from_micros(500)),
            );
        }
        Ok(Ending::Stopped)
    }

    /// Ends as a closed page does.
    pub fn close(&mut self, kept: &mut Kept) {
        for (peer, _) in &mut self.peers {
            peer.close(&self.udp);
            kept.slots.forget(&peer.id);
        }
        self.socket.close();
    }

    /// Offers peer number `at`: the first publishes, the others only watch.
    fn offer(&mut self, at: usize, kept: &mut Kept) -> Result<(), SessionError> {
        let watches = self.robot.watch != Watch::Some(0);
        let (id, shape) = if at == 0 {
            (
                "main".to_owned(),
                Shape {
                    publishes: true,
                    audio: 3,
                    pictures: if watches { MAIN_PICTURES } else { 0 },
                },
            )
        } else {
            (
                format!("watch{at}"),
                Shape {
                    publishes: false,
                    audio: 0,
                    pictures: MORE_PICTURES,
                },
            )
        };
        let now = Instant::now();
        self.requests += 1;
        let local = self.udp.local_addr().map_err(broken)?;
        let (peer, sdp) = Peer::new(&id, self.requests, local, shape, now).map_err(broken)?;
        if at == 0 {
            kept.mic.iter_mut().for_each(|mic| mic.begin());
            kept.camera.iter_mut().for_each(|camera| camera.begin());
        }
        match self.peers.get_mut(at) {
            Some(old) => {
                old.0.close(&self.udp);
                kept.slots.forget(&id);
                self.socket.say(&Said::ClosePeer { peer: id.clone() })?;
                *old = (peer, now);
            }
            None => self.peers.push((peer, now)),
        }
        self.socket.say(&Said::Offer {
            peer: id,
            request: self.requests,
            sdp,
        })
    }

    fn shown(
        &mut self,
        shown: Shown,
        common: &Common,
        kept: &mut Kept,
    ) -> Result<Option<Ending>, SessionError> {
        let number = kept.report.number;
        match shown {
            Shown::Answer { peer, request, sdp } => {
                let known = self
                    .peers
                    .iter_mut()
                    .find(|(known, _)| known.id == peer && known.request == request);
                if let Some((known, _)) = known {
                    known.answered(&sdp).map_err(|error| {
                        SessionError::lost(format!("The node's answer cannot be used: {error}."))
                    })?;
                }
            }
            Shown::Refused { peer, reason, .. } => {
                // The peer stays unconnected and is offered anew when its patience ends.
                common
                    .teller
                    .tell(number, "refused", json!({"peer": peer, "reason": reason}));
            }
            Shown::State(state) => self.seen(state, common, kept)?,
            Shown::Slots { slots } => kept.slots.assigned(&slots),
            Shown::Notice { code } => common.teller.tell(number, "notice", json!({"code": code})),
            Shown::Ended { reason } => return Ok(Some(Ending::Told(reason))),
            Shown::Welcome { .. } | Shown::Other => {}
        }
        Ok(None)
    }

    /// Takes a new state: tells of it, and wants what is to be seen.
    fn seen(
        &mut self,
        state: Box<State>,
        common: &Common,
        kept: &mut Kept,
    ) -> Result<(), SessionError> {
        let facts = |state: &State| {
            (
                state.line.state.clone(),
                state.meeting.state.clone(),
                state.place.clone(),
            )
        };
        if self.state.as_deref().map(facts) != Some(facts(&state)) {
            let details = json!({"line": state.line.state, "meeting": state.meeting.state, "place": state.place});
            common.teller.tell(kept.report.number, "state", details);
        }
        let most = match self.robot.watch {
            Watch::All => MAIN_PICTURES + MORE_PICTURES * (MOST_PEERS - 1),
            Watch::Some(count) => count,
        };
        let width = self.robot.watch_width;
        let want = |stream| Want {
            stream,
            width,
            weight: 1,
        };
        let wants: Vec<_> = state.pictures().into_iter().take(most).map(want).collect();
        self.state = Some(state);
        if wants != self.wants {
            let more = wants
                .len()
                .saturating_sub(MAIN_PICTURES)
                .div_ceil(MORE_PICTURES);
            while self.peers.len() < (1 + more).min(MOST_PEERS) {
                self.offer(self.peers.len(), kept)?;
            }
            self.socket.say(&Said::Watch {
                wants: wants.clone(),
            })?;
            self.wants = wants;
        }
        Ok(())
    }

    /// Takes all datagrams that have arrived, and lets time pass for every peer.
    fn receive(&mut self, kept: &mut Kept, common: &Common) -> Result<(), SessionError> {
        let local = self.udp.local_addr().map_err(broken)?;
        let mut buffer = [0; 2_048];
        while let Some(input) = peer::datagram(&self.udp, local, &mut buffer).map_err(broken)? {
            let Some(at) = self.peers.iter().position(|(peer, _)| peer.accepts(&input)) else {
                continue;
            };
            self.drive(
                at,
                |peer, udp, out| peer.handle(input, udp, out),
                kept,
                common,
            )?;
        }
        let now = Instant::now();
        for at in 0..self.peers.len() {
            if self.peers[at].0.deadline() <= now {
                self.drive(
                    at,
                    |peer, udp, out| peer.handle(Input::Timeout(now), udp, out),
                    kept,
                    common,
                )?;
            }
        }
        Ok(())
    }

    /// Does something with a peer and takes what happened. A peer that is over is made anew.
    fn drive(
        &mut self,
        at: usize,
        act: impl FnOnce(&mut Peer, &UdpSocket, &mut Vec<Happened>) -> Result<(), str0m::RtcError>,
        kept: &mut Kept,
        common: &Common,
    ) -> Result<(), SessionError> {
        let result = act(&mut self.peers[at].0, &self.udp, &mut self.happened);
        for happened in std::mem::take(&mut self.happened) {
            self.take(at, happened, kept, common);
        }
        match result {
            Ok(()) => Ok(()),
            Err(_) => self.offer(at, kept),
        }
    }

    fn take(&mut self, at: usize, happened: Happened, kept: &mut Kept, common: &Common) {
        let now = Instant::now();
        let (peer, _) = &mut self.peers[at];
        match happened {
            Happened::Connected => {
                let ms = now.saturating_duration_since(kept.began).as_millis() as u64;
                if at == 0 {
                    (self.next_audio, self.next_frame) = (now, now);
                    kept.report.connected_ms.get_or_insert(ms);
                    kept.report.connections += 1;
                }
                common.teller.tell(
                    kept.report.number,
                    "connected",
                    json!({"peer": peer.id, "ms": ms}),
                );
            }
            Happened::KeyframeWanted(rid) => kept
                .camera
                .iter_mut()
                .for_each(|camera| camera.want_keyframe(rid)),
            Happened::Packet(mid, packet) => {
                let Some(formats) = peer.formats() else {
                    return;
                };
                if let Some(ssrc) = kept.slots.packet(&peer.id, mid, &packet, formats, now) {
                    peer.ask_keyframe(ssrc);
                }
            }
        }
    }

    /// Sends what is due.
    fn publish(
        &mut self,
        kept: &mut Kept,
        common: &Common,
        now: Instant,
    ) -> Result<(), SessionError> {
        let Some((main, _)) = self.peers.first() else {
            return Ok(());
        };
        let (Some(formats), true) = (main.formats(), main.connected) else {
            return Ok(());
        };
        let (mic_line, camera_line) = (main.mic, main.camera);
        let failed =
            |error: crate::media::publish::PublishError| SessionError::lost(error.to_string());
        // After a pause of the whole process nothing is made up for.
        if now > self.next_audio + Duration::from_secs(1) {
            (self.next_audio, self.next_frame) = (now, now);
        }
        while self.next_audio <= now {
            self.next_audio += AUDIO_TICK;
            if let (Some(mic), Some(line)) = (kept.mic.as_mut(), mic_line) {
                let packet = mic.packet(formats, now).map_err(failed)?;
                self.drive(
                    0,
                    |peer, udp, out| peer.write((line, None), vec![packet], now, udp, out),
                    kept,
                    common,
                )?;
            }
        }
        if self.next_frame > now {
            return Ok(());
        }
        let loud = kept.mic.as_ref().map_or(0.0, |mic| mic.loud);
        let (Some(camera), Some(line)) = (kept.camera.as_mut(), camera_line) else {
            self.next_frame = now + Duration::from_secs(1);
            return Ok(());
        };
        self.next_frame = (self.next_frame + camera.interval()).max(now);
        for (rid, packets) in camera.frame(formats, loud, now).map_err(failed)? {
            self.drive(
                0,
                |peer, udp, out| peer.write((line, Some(rid)), packets, now, udp, out),
                kept,
                common,
            )?;
        }
        Ok(())
    }

    fn act(&mut self, kept: &mut Kept, now: Instant) -> Result<(), SessionError> {
        if let Some(said) = self
            .state
            .as_deref()
            .and_then(|state| kept.acts.next(state, now))
        {
            self.socket.say(&said)?;
        }
        if now >= self.next_ping {
            self.next_ping = now + PING;
            self.socket.say(&Said::Ping {
                n: kept.began.elapsed().as_millis() as u64,
            })?;
        }
        if now.saturating_duration_since(self.heard) > DEAF {
            return Err(SessionError::lost("The node is silent."));
        }
        Ok(())
    }

    /// Makes peers anew that have lost the node, or never found it.
    fn renew(&mut self, kept: &mut Kept, now: Instant) -> Result<(), SessionError> {
        for at in 0..self.peers.len() {
            let (peer, offered) = &self.peers[at];
            let silent = peer
                .silent_since
                .is_some_and(|since| now.saturating_duration_since(since) > SILENCE);
            if silent || (!peer.connected && now.saturating_duration_since(*offered) > PATIENCE) {
                self.offer(at, kept)?;
            }
        }
        Ok(())
    }
}
