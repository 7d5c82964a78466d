//! The shell of the line emulator: two UDP sockets, and the modelled line between them.
//!
//! End `a` is the socket that node a sends to; what comes in there and survives the line leaves from end `b` towards node b,
//! and the other way round. A node is known by the address it is configured with; datagrams of others are dropped.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

use parley_emulator::{Change, ConditionError, Conditions, Emulator, LaneCounters, Side};
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio::time::sleep_until;

/// Where one end of the wire listens, and where the node of that end is.
#[derive(Debug, Clone, Copy)]
pub struct WireEnd {
    /// The address this node sends to.
    pub listen: SocketAddr,
    /// The node's own address.
    pub node: SocketAddr,
}

/// A running wire; dropping it closes its sockets.
pub struct Wire {
    emulator: Arc<Mutex<Emulator>>,
    changed: Arc<Notify>,
    stop: Arc<Notify>,
    addrs: [SocketAddr; 2],
    thread: Option<JoinHandle<()>>,
}

impl Wire {
    /// Binds both ends and starts relaying.
    ///
    /// # Errors
    /// When an address cannot be bound.
    pub fn start(ends: [WireEnd; 2], conditions: Conditions, seed: u64) -> io::Result<Self> {
        let sockets = [bind(ends[0].listen)?, bind(ends[1].listen)?];
        let addrs = [sockets[0].local_addr()?, sockets[1].local_addr()?];
        let emulator = Arc::new(Mutex::new(Emulator::new(conditions, seed)));
        let (changed, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (model, kicked, ended) = (emulator.clone(), changed.clone(), stop.clone());
        let thread = std::thread::Builder::new()
            .name("parley-wire".into())
            .spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        () = ended.notified() => {}
                        _ = relay(sockets, ends.map(|end| end.node), &model, &kicked) => {}
                    }
                });
            })?;
        Ok(Self {
            emulator,
            changed,
            stop,
            addrs,
            thread: Some(thread),
        })
    }

    /// The bound addresses of both ends, a first.
    pub fn addrs(&self) -> [SocketAddr; 2] {
        self.addrs
    }

    /// Changes the conditions while it runs.
    ///
    /// # Errors
    /// When a value makes no sense; nothing is changed then.
    pub fn set(&self, change: &Change) -> Result<(), ConditionError> {
        self.act(|emulator, now| emulator.set(change, now))
    }

    /// Nothing passes in either direction.
    pub fn cut(&self) {
        self.act(|emulator, now| emulator.cut(now));
    }

    /// Only datagrams of `from` pass.
    pub fn one_way(&self, from: Side) {
        self.act(|emulator, now| emulator.one_way(from, now));
    }

    /// Both directions pass again.
    pub fn restore(&self) {
        self.act(|emulator, now| emulator.restore(now));
    }

    /// What each side gave to the line and what became of it.
    pub fn counters(&self) -> [LaneCounters; 2] {
        let emulator = lock(&self.emulator);
        [Side::A, Side::B].map(|side| emulator.counters(side).clone())
    }

    fn act<T>(&self, act: impl FnOnce(&mut Emulator, Instant) -> T) -> T {
        let done = act(&mut lock(&self.emulator), Instant::now());
        self.changed.notify_one();
        done
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(emulator: &Mutex<Emulator>) -> MutexGuard<'_, Emulator> {
    emulator
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn bind(addr: SocketAddr) -> io::Result<std::net::UdpSocket> {
    let socket = std::net::UdpSocket::bind(addr)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

async fn relay(
    sockets: [std::net::UdpSocket; 2],
    nodes: [SocketAddr; 2],
    emulator: &Mutex<Emulator>,
    changed: &Notify,
) -> io::Result<()> {
    let [a, b] = sockets;
    let ends = [UdpSocket::from_std(a)?, UdpSocket::from_std(b)?];
    let mut buffer = vec![0; 65_536];
    loop {
        deliver(&ends, nodes, emulator);
        let wake = lock(emulator).poll_timeout();
        tokio::select! {
            readable = ends[0].readable() => { readable?; take(&ends[0], nodes[0], Side::A, emulator, &mut buffer); }
            readable = ends[1].readable() => { readable?; take(&ends[1], nodes[1], Side::B, emulator, &mut buffer); }
            () = wait_for(wake) => {}
            () = changed.notified() => {}
        }
    }
}

async fn wait_for(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

fn take(
    end: &UdpSocket,
    node: SocketAddr,
    side: Side,
    emulator: &Mutex<Emulator>,
    buffer: &mut [u8],
) {
    // Bounded, so that one busy end does not starve the other.
    for _ in 0..64 {
        match end.try_recv_from(buffer) {
            Ok((len, from)) if from == node => {
                lock(emulator).handle(side, buffer[..len].to_vec(), Instant::now());
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

fn deliver(ends: &[UdpSocket; 2], nodes: [SocketAddr; 2], emulator: &Mutex<Emulator>) {
    let now = Instant::now();
    loop {
        let due = lock(emulator).poll(now);
        match due {
            // A full socket buffer is a loss like any other.
            Some((Side::A, datagram)) => drop(ends[0].try_send_to(&datagram, nodes[0])),
            Some((Side::B, datagram)) => drop(ends[1].try_send_to(&datagram, nodes[1])),
            None => return,
        }
    }
}
