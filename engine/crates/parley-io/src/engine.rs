//! The engine as a node holds it: started with a configuration, told commands, asked for events and counters. All JSON.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::RawFd;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mio::{Poll, Waker};
use parley_switch::Switch;
use parley_switch::command::Command;
use serde::Deserialize;
use tokio::sync::mpsc::UnboundedSender;

use crate::line::{Line, LineCommand, LineKey, LineSetup};
use crate::outbox::Outbox;
use crate::shard::{Ask, Shard, WAKER};
use crate::udp::MediaSocket;

/// Media settings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MediaConfig {
    bind: Vec<SocketAddr>,
    hosts: Vec<IpAddr>,
    #[serde(default)]
    #[allow(
        dead_code,
        reason = "ICE-TCP has no socket yet; the key is part of the configuration"
    )]
    tcp: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineConfig {
    bind: SocketAddr,
    key: String,
    #[serde(default)]
    rate_kbit: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    media: MediaConfig,
    line: LineConfig,
    #[serde(default = "usual_audio_slots")]
    audio_slots: usize,
}

fn usual_audio_slots() -> usize {
    3
}

/// A running engine; dropping it stops its threads.
pub struct Engine {
    asks: Sender<Ask>,
    waker: Arc<Waker>,
    outbox: Arc<Outbox>,
    line: UnboundedSender<LineCommand>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts an engine with this JSON configuration.
    ///
    /// # Errors
    /// A sentence: what of the configuration cannot be read, or which address cannot be used.
    pub fn start(config: &[u8]) -> Result<Self, String> {
        let config: Config = serde_json::from_slice(config)
            .map_err(|fault| format!("the engine's configuration cannot be read: {fault}"))?;
        let sockets = bind_media(&config.media)?;
        let candidates = candidates(&config.media, &sockets);
        if candidates.is_empty() {
            return Err(
                "no address for media: media.hosts and media.bind must name at least one".into(),
            );
        }
        let (asks, asked) = channel();
        let poll = Poll::new().map_err(|fault| fault.to_string())?;
        let waker =
            Arc::new(Waker::new(poll.registry(), WAKER).map_err(|fault| fault.to_string())?);
        let outbox = Arc::new(Outbox::new().map_err(|fault| fault.to_string())?);
        let line = start_line(&config.line, asks.clone(), waker.clone())?;
        let line_commands = line.commands();
        let media = parley_sfu::Config {
            udp: candidates.clone(),
            audio_slots: config.audio_slots,
            ..parley_sfu::Config::default()
        };
        let shard = Shard {
            switch: Switch::new(media, config.line.rate_kbit, Instant::now()),
            sockets,
            poll,
            asked,
            outbox: outbox.clone(),
            line,
            session: None,
            refused_at: None,
            candidates,
        };
        let thread = std::thread::Builder::new()
            .name("parley-media".into())
            .spawn(move || {
                // An error here means that the system took the sockets away; the node sees it as silence and restarts.
                let _ = shard.run();
            })
            .map_err(|fault| fault.to_string())?;
        Ok(Self {
            asks,
            waker,
            outbox,
            line: line_commands,
            thread: Some(thread),
        })
    }

    /// Takes one JSON command; what comes of it is told by events.
    ///
    /// # Errors
    /// A sentence when it cannot be understood.
    pub fn command(&self, command: &[u8]) -> Result<(), String> {
        let command: Command = serde_json::from_slice(command)
            .map_err(|fault| format!("the engine does not know this command: {fault}"))?;
        match command {
            Command::LinePeer { spki, addrs } => {
                self.to_line(LineCommand::Peer(peer(spki, &addrs)?))
            }
            Command::LineClose {} => self.to_line(LineCommand::Close),
            Command::LineOpen {} => self.to_line(LineCommand::Open),
            Command::LineSend { data } => self.ask(Ask::Node(decode(&data, "the message")?)),
            other => self.ask(Ask::Command(other)),
        }
        Ok(())
    }

    /// All events that wait, in order, each a JSON object.
    pub fn events(&self) -> Vec<Vec<u8>> {
        self.outbox.drain()
    }

    /// Readable while events wait.
    pub fn fd(&self) -> RawFd {
        self.outbox.fd()
    }

    /// The counters, JSON; `None` when the engine has stopped.
    pub fn stats(&self) -> Option<String> {
        let (reply, answer) = channel();
        self.ask(Ask::Stats(reply));
        answer.recv_timeout(Duration::from_secs(1)).ok()
    }

    /// Ends all threads; said twice it does nothing.
    pub fn stop(&mut self) {
        self.ask(Ask::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn ask(&self, ask: Ask) {
        if self.asks.send(ask).is_ok() {
            let _ = self.waker.wake();
        }
    }

    fn to_line(&self, command: LineCommand) {
        let _ = self.line.send(command);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bind_media(config: &MediaConfig) -> Result<Vec<MediaSocket>, String> {
    let mut sockets: Vec<MediaSocket> = Vec::with_capacity(config.bind.len());
    for addr in &config.bind {
        // All share one port: the first chosen one, when it is for the system to choose.
        let port = if addr.port() == 0 {
            sockets.first().map_or(0, |first| first.local().port())
        } else {
            addr.port()
        };
        let addr = SocketAddr::new(addr.ip(), port);
        let socket =
            MediaSocket::bind(addr).map_err(|fault| format!("media cannot use {addr}: {fault}"))?;
        sockets.push(socket);
    }
    Ok(sockets)
}

/// Every host with the port of the socket that serves it.
fn candidates(config: &MediaConfig, sockets: &[MediaSocket]) -> Vec<SocketAddr> {
    config
        .hosts
        .iter()
        .filter_map(|host| {
            sockets
                .iter()
                .map(|socket| SocketAddr::new(*host, socket.local().port()))
                .find(|addr| sockets.iter().any(|socket| socket.serves(*addr)))
        })
        .collect()
}

fn start_line(config: &LineConfig, asks: Sender<Ask>, waker: Arc<Waker>) -> Result<Line, String> {
    let key = LineKey::from_pkcs8(&decode(&config.key, "the line key")?)
        .map_err(|fault| fault.to_string())?;
    let boot = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64);
    let setup = LineSetup {
        bind: config.bind,
        key,
        boot,
    };
    let emit = move |event| {
        if asks.send(Ask::Line(event)).is_ok() {
            let _ = waker.wake();
        }
    };
    Line::start(setup, Arc::new(emit)).map_err(|fault| fault.to_string())
}

type Peer = Option<(Vec<u8>, Vec<SocketAddr>)>;

fn peer(spki: Option<String>, addrs: &[String]) -> Result<Peer, String> {
    let Some(spki) = spki else { return Ok(None) };
    let addrs = addrs
        .iter()
        .map(|addr| {
            addr.parse()
                .map_err(|_| format!("{addr:?} is no address of the form ip:port"))
        })
        .collect::<Result<_, _>>()?;
    Ok(Some((decode(&spki, "the other node's key")?, addrs)))
}

fn decode(text: &str, what: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text)
        .map_err(|fault| format!("{what} is no base64: {fault}"))
}
