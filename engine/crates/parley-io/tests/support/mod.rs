//! Two lines in one process, events in a queue, and a wire between them that can be cut.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use aws_lc_rs::signature::Ed25519KeyPair;
use parley_io::line::{Line, LineCommand, LineEvent, LineKey, LineSetup};

/// Long enough for any loaded machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn new_key() -> LineKey {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
    LineKey::from_pkcs8(pkcs8.as_ref()).unwrap()
}

/// One end: a line and what it told.
pub struct End {
    pub line: Line,
    pub spki: Vec<u8>,
    events: Receiver<LineEvent>,
}

impl End {
    pub fn start(key: LineKey, boot: u64) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), key, boot)
    }

    pub fn start_at(bind: SocketAddr, key: LineKey, boot: u64) -> Self {
        let (tell, events) = channel();
        let spki = key.spki.clone();
        let tell = std::sync::Mutex::new(tell);
        let line = Line::start(
            LineSetup { bind, key, boot },
            Arc::new(move |event| {
                let _ = tell.lock().unwrap().send(event);
            }),
        )
        .unwrap();
        Self { line, spki, events }
    }

    pub fn pin(&self, spki: &[u8], addr: SocketAddr) {
        self.line
            .command(LineCommand::Peer(Some((spki.to_vec(), vec![addr]))));
    }

    /// The first event for which `pick` gives something; the rest is passed over.
    pub fn wait<T>(&self, what: &str, mut pick: impl FnMut(LineEvent) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    if let Some(found) = pick(event) {
                        return found;
                    }
                }
                Err(_) => panic!("waited in vain for {what}"),
            }
        }
    }

    pub fn linked(&self) -> u64 {
        self.wait("linked", |event| match event {
            LineEvent::Linked { session, .. } => Some(session),
            _ => None,
        })
    }

    pub fn down(&self) -> String {
        self.wait("down", |event| match event {
            LineEvent::Down { reason, .. } => Some(reason),
            _ => None,
        })
    }

    pub fn frame(&self) -> Vec<u8> {
        self.wait("a frame", |event| match event {
            LineEvent::Frame { frame, .. } => Some(frame.to_vec()),
            _ => None,
        })
    }

    /// True when `unwanted` does not happen within `span`.
    pub fn never(&self, span: Duration, mut unwanted: impl FnMut(&LineEvent) -> bool) -> bool {
        let end = Instant::now() + span;
        while let Ok(event) = self
            .events
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if unwanted(&event) {
                return false;
            }
        }
        true
    }
}

/// A wire between two addresses that passes everything until it is cut.
pub struct Wire {
    pub for_a: SocketAddr,
    pub for_b: SocketAddr,
    cut: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
}

impl Wire {
    pub fn between(a: SocketAddr, b: SocketAddr) -> Self {
        let (one, two) = (
            UdpSocket::bind("127.0.0.1:0").unwrap(),
            UdpSocket::bind("127.0.0.1:0").unwrap(),
        );
        let (for_a, for_b) = (one.local_addr().unwrap(), two.local_addr().unwrap());
        let (cut, ended) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        for (from, to, target) in [
            (one.try_clone().unwrap(), two.try_clone().unwrap(), b),
            (two, one, a),
        ] {
            let (cut, ended) = (cut.clone(), ended.clone());
            from.set_read_timeout(Some(Duration::from_millis(50)))
                .unwrap();
            std::thread::spawn(move || {
                let mut buffer = [0; 65_536];
                while !ended.load(Ordering::Relaxed) {
                    if let Ok(len) = from.recv(&mut buffer)
                        && !cut.load(Ordering::Relaxed)
                    {
                        let _ = to.send_to(&buffer[..len], target);
                    }
                }
            });
        }
        Self {
            for_a,
            for_b,
            cut,
            ended,
        }
    }

    pub fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::Relaxed);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}
