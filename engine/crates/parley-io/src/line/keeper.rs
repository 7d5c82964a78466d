//! The keeper of the line: dials for ever, accepts, holds one session, and chooses when there are two.
//!
//! Both nodes dial. Of two sessions that live at once the one dialled by the node with the smaller key stays, on both ends. A
//! dialler that says it holds no session, or that was started anew (another `boot`), replaces what is held here: that is dead on
//! its end. While nothing is linked the next attempt begins within two seconds at the latest, so that a mended line is noticed soon.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use quinn::{ClientConfig, Endpoint, EndpointConfig, Runtime, TokioRuntime};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep, timeout};

use super::hello::Hello;
use super::messages::{Emit, LineCommand, LineEvent};
use super::meter::{Meter, MeteredSocket};
use super::pin::{KeyFault, LineKey, Pin};
use super::session::{Goodbye, Half, Session, Whole, answer, dial, greet, is_control};
use super::transport;

/// How long an attempt may take, in turn: short ones notice a mended line, the long one serves a line of long delay.
const ATTEMPTS: [Duration; 3] = [
    Duration::from_millis(1500),
    Duration::from_millis(1500),
    Duration::from_secs(4),
];
const PAUSE_MIN_MS: u64 = 250;
const PAUSE_MAX_MS: u64 = 750;
/// A session younger than this may be the other half of a simultaneous dial.
const YOUNG: Duration = Duration::from_secs(1);
const PATH_REPORT: Duration = Duration::from_millis(100);
/// Greeted connections that wait for their twin, at most.
const MAX_WAITING: usize = 8;

/// What the line is made with.
pub struct LineSetup {
    /// Local address of the UDP socket.
    pub bind: SocketAddr,
    /// The own key.
    pub key: LineKey,
    /// Chosen anew at each start of the node.
    pub boot: u64,
}

/// The running line; dropping it stops its thread.
pub struct Line {
    commands: mpsc::UnboundedSender<LineCommand>,
    thread: Option<JoinHandle<()>>,
    /// The address really bound.
    pub addr: SocketAddr,
    /// What passed the socket.
    pub meter: Arc<Meter>,
}

impl Line {
    /// Binds the socket and starts the line's thread.
    ///
    /// # Errors
    /// When the key is unusable or the address cannot be bound; the text says which.
    pub fn start(
        setup: LineSetup,
        emit: Arc<dyn Fn(LineEvent) + Send + Sync>,
    ) -> Result<Self, KeyFault> {
        let socket = UdpSocket::bind(setup.bind)
            .map_err(|f| KeyFault(format!("the line cannot use {}: {f}", setup.bind)))?;
        let addr = socket.local_addr().map_err(|f| KeyFault(f.to_string()))?;
        let meter = Arc::new(Meter::default());
        let refused = {
            let emit = Arc::clone(&emit);
            Arc::new(move |spki| emit(LineEvent::Refused { spki }))
        };
        let pin = Arc::new(Pin::new(refused));
        let clients = [
            transport::client(&setup.key, pin.clone(), transport::CONTROL)?,
            transport::client(&setup.key, pin.clone(), transport::MEDIA)?,
        ];
        let server = transport::server(&setup.key, pin.clone())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|f| KeyFault(f.to_string()))?;
        let (commands, asked) = mpsc::unbounded_channel();
        let metered = meter.clone();
        let thread = std::thread::Builder::new()
            .name("parley-line".into())
            .spawn(move || {
                runtime.block_on(async move {
                    let Ok(inner) = TokioRuntime.wrap_udp_socket(socket) else {
                        return;
                    };
                    let socket = Arc::new(MeteredSocket {
                        inner,
                        meter: metered,
                    });
                    let endpoint = Endpoint::new_with_abstract_socket(
                        EndpointConfig::default(),
                        Some(server),
                        socket,
                        Arc::new(TokioRuntime),
                    );
                    if let Ok(endpoint) = endpoint {
                        Keeper::new(setup, endpoint, clients, pin, emit)
                            .run(asked)
                            .await;
                    }
                });
            })
            .map_err(|f| KeyFault(f.to_string()))?;
        Ok(Self {
            commands,
            thread: Some(thread),
            addr,
            meter,
        })
    }

    /// Another handle to ask by.
    pub(crate) fn commands(&self) -> mpsc::UnboundedSender<LineCommand> {
        self.commands.clone()
    }

    /// Asks for something; never blocks.
    pub fn command(&self, command: LineCommand) {
        let _ = self.commands.send(command);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.command(LineCommand::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Keeper {
    own_spki: Vec<u8>,
    boot: u64,
    endpoint: Endpoint,
    clients: [ClientConfig; 2],
    pin: Arc<Pin>,
    emit: Emit,
    peer: Option<(Vec<u8>, Vec<SocketAddr>)>,
    open: bool,
    session: Option<Session>,
    waiting: HashMap<u64, (Option<Half>, Option<Half>)>,
    dialling: Option<tokio::task::JoinHandle<()>>,
    dials: usize,
    candidates: mpsc::UnboundedSender<Candidate>,
    gone: mpsc::UnboundedSender<(u64, String)>,
    arrivals: Option<Arrivals>,
}

/// The receiving ends of `candidates` and `gone`, until the keeper runs.
type Arrivals = (
    mpsc::UnboundedReceiver<Candidate>,
    mpsc::UnboundedReceiver<(u64, String)>,
);

enum Candidate {
    Dialled(Result<Box<Whole>, String>),
    Greeted(bool, Box<Half>),
}

impl Keeper {
    fn new(
        setup: LineSetup,
        endpoint: Endpoint,
        clients: [ClientConfig; 2],
        pin: Arc<Pin>,
        emit: Emit,
    ) -> Self {
        let (candidates, arriving) = mpsc::unbounded_channel();
        let (gone, going) = mpsc::unbounded_channel();
        Self {
            own_spki: setup.key.spki,
            boot: setup.boot,
            endpoint,
            clients,
            pin,
            emit,
            peer: None,
            open: true,
            session: None,
            waiting: HashMap::new(),
            dialling: None,
            dials: 0,
            candidates,
            gone,
            arrivals: Some((arriving, going)),
        }
    }

    async fn run(mut self, mut asked: mpsc::UnboundedReceiver<LineCommand>) {
        let Some((mut arriving, mut going)) = self.arrivals.take() else {
            return;
        };
        let endpoint = self.endpoint.clone();
        let mut redial: std::pin::Pin<Box<Sleep>> = Box::pin(sleep(Duration::ZERO));
        let mut report = tokio::time::interval(PATH_REPORT);
        loop {
            let wants_dial = self.wants_dial();
            tokio::select! {
                command = asked.recv() => match command {
                    None | Some(LineCommand::Stop) => break,
                    Some(command) => if self.obey(command) { redial.set(sleep(Duration::ZERO)); },
                },
                Some(candidate) = arriving.recv() => {
                    if self.consider(candidate).await { redial.set(sleep(self.pause())); }
                }
                Some((attempt, reason)) = going.recv() => self.ended(attempt, reason),
                Some(incoming) = endpoint.accept() => self.welcome(incoming),
                () = &mut redial, if wants_dial => self.dial(),
                _ = report.tick(), if self.session.is_some() => self.report(),
            }
        }
        self.end(Goodbye::Closed);
        self.endpoint.close(0u32.into(), b"");
        // Let the goodbye leave; a dead path must not hold the node up.
        let _ = timeout(Duration::from_millis(300), self.endpoint.wait_idle()).await;
    }

    fn wants_dial(&self) -> bool {
        self.open && self.session.is_none() && self.dialling.is_none() && self.addr().is_some()
    }

    fn addr(&self) -> Option<SocketAddr> {
        let (_, addrs) = self.peer.as_ref()?;
        addrs.get(self.dials % addrs.len().max(1)).copied()
    }

    /// True when the next dial may begin at once.
    fn obey(&mut self, command: LineCommand) -> bool {
        match command {
            LineCommand::Peer(peer) => {
                if self.peer.as_ref().map(|p| &p.0) != peer.as_ref().map(|p| &p.0) {
                    self.end(Goodbye::Closed);
                }
                self.pin.set(peer.as_ref().map(|(spki, _)| spki.clone()));
                self.peer = peer;
                return true;
            }
            LineCommand::Frame(frame) => {
                if let Some(session) = &self.session {
                    session.send_frame(frame);
                }
            }
            LineCommand::Datagram(datagram) => {
                if let Some(session) = &self.session {
                    session.send_datagram(datagram);
                }
            }
            LineCommand::Close => {
                self.open = false;
                self.end(Goodbye::Closed);
            }
            LineCommand::Open => {
                self.open = true;
                return true;
            }
            LineCommand::Stop => {}
        }
        false
    }

    fn end(&mut self, goodbye: Goodbye) {
        if let Some(dialling) = self.dialling.take() {
            dialling.abort();
        }
        for (_, (control, media)) in self.waiting.drain() {
            for half in [control, media].into_iter().flatten() {
                goodbye.to(&half.connection);
            }
        }
        if let Some(session) = self.session.take() {
            session.end(goodbye);
            (self.emit)(LineEvent::Down {
                session: session.attempt,
                reason: "closed on this side".into(),
            });
        }
    }

    fn pause(&self) -> Duration {
        // The node with the larger key waits a little longer, so that mostly one of the two dials first.
        let later = if self.own_is_smaller() { 0 } else { 300 };
        Duration::from_millis(PAUSE_MIN_MS + later + rand_below(PAUSE_MAX_MS - PAUSE_MIN_MS))
    }

    fn own_is_smaller(&self) -> bool {
        self.peer
            .as_ref()
            .is_none_or(|(spki, _)| self.own_spki < *spki)
    }

    fn hello(&self, attempt: u64) -> Hello {
        Hello {
            boot: self.boot,
            attempt,
            holds: self.session.is_some(),
        }
    }

    fn dial(&mut self) {
        let Some(addr) = self.addr() else { return };
        let limit = ATTEMPTS[self.dials % ATTEMPTS.len()];
        self.dials += 1;
        let hello = self.hello(rand_u64());
        let (endpoint, clients) = (self.endpoint.clone(), self.clients.clone());
        let candidates = self.candidates.clone();
        self.dialling = Some(tokio::spawn(async move {
            let dialled = timeout(limit, dial(endpoint, clients, addr, hello))
                .await
                .unwrap_or_else(|_| Err("no answer".into()));
            let _ = candidates.send(Candidate::Dialled(dialled.map(Box::new)));
        }));
    }

    fn welcome(&mut self, incoming: quinn::Incoming) {
        if !self.open || self.peer.is_none() {
            incoming.ignore();
            return;
        }
        let candidates = self.candidates.clone();
        tokio::spawn(async move {
            if let Ok((alpn, half)) = greet(incoming).await {
                match is_control(&alpn) {
                    Some(control) => {
                        let _ = candidates.send(Candidate::Greeted(control, Box::new(half)));
                    }
                    None => Goodbye::Fault.to(&half.connection),
                }
            }
        });
    }

    /// True when an own attempt ended and the next must wait its pause.
    async fn consider(&mut self, candidate: Candidate) -> bool {
        match candidate {
            Candidate::Dialled(dialled) => {
                self.dialling = None;
                if let Ok(whole) = dialled {
                    self.choose(*whole).await;
                }
                true
            }
            Candidate::Greeted(control, half) => {
                if let Some(whole) = self.match_halves(control, *half) {
                    self.choose(whole).await;
                }
                false
            }
        }
    }

    fn match_halves(&mut self, control: bool, half: Half) -> Option<Whole> {
        let attempt = half.hello.attempt;
        self.waiting.retain(|_, (one, two)| {
            [one, two]
                .into_iter()
                .flatten()
                .all(|half| half.connection.close_reason().is_none())
        });
        if self.waiting.len() >= MAX_WAITING && !self.waiting.contains_key(&attempt) {
            Goodbye::Fault.to(&half.connection);
            return None;
        }
        let slot = self.waiting.entry(attempt).or_default();
        *(if control { &mut slot.0 } else { &mut slot.1 }) = Some(half);
        if slot.0.is_none() || slot.1.is_none() {
            return None;
        }
        match self.waiting.remove(&attempt) {
            Some((Some(control), Some(media))) if control.hello == media.hello => Some(Whole {
                control,
                media,
                dialled_by_own: false,
            }),
            _ => None,
        }
    }

    async fn choose(&mut self, mut whole: Whole) {
        if !self.open || self.peer.is_none() || !self.prefers(&whole) {
            whole.refuse(Goodbye::Superseded);
            return;
        }
        if !whole.dialled_by_own {
            let own = self.hello(whole.control.hello.attempt);
            if answer(&mut whole, own).await.is_err() {
                return;
            }
            if let Some(dialling) = self.dialling.take() {
                dialling.abort();
            }
        }
        if let Some(old) = self.session.take() {
            old.end(Goodbye::Superseded);
            (self.emit)(LineEvent::Down {
                session: old.attempt,
                reason: "the other node linked anew".into(),
            });
        }
        let session = Session::start(whole, &self.emit, &self.gone);
        (self.emit)(LineEvent::Linked {
            session: session.attempt,
            addr: session.media.remote_address(),
            max_datagram: session.media.max_datagram_size().unwrap_or(0),
            rtt: session.media.rtt(),
        });
        self.session = Some(session);
        self.dials = 0;
    }

    fn prefers(&self, fresh: &Whole) -> bool {
        let Some(held) = &self.session else {
            return true;
        };
        let restarted = held.boot != fresh.control.hello.boot;
        let dead_over_there =
            !fresh.dialled_by_own && !fresh.control.hello.holds && held.since.elapsed() > YOUNG;
        let by_smaller = fresh.dialled_by_own == self.own_is_smaller();
        restarted || dead_over_there || (by_smaller && held.dialled_by_own != fresh.dialled_by_own)
    }

    fn ended(&mut self, attempt: u64, reason: String) {
        if self
            .session
            .as_ref()
            .is_some_and(|held| held.attempt == attempt)
        {
            self.session = None;
            (self.emit)(LineEvent::Down {
                session: attempt,
                reason,
            });
        }
    }

    fn report(&self) {
        if let Some(session) = &self.session {
            (self.emit)(LineEvent::Path {
                session: session.attempt,
                rtt: session.media.rtt(),
                max_datagram: session.media.max_datagram_size().unwrap_or(0),
            });
        }
    }
}

fn rand_u64() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    // Seeded by the system for each call: enough to tell attempts apart, no secret hangs on it.
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u128(Instant::now().elapsed().as_nanos());
    hasher.finish()
}

fn rand_below(bound: u64) -> u64 {
    rand_u64() % bound.max(1)
}
