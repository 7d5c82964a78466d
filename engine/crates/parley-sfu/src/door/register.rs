//! Whose datagram it is: by the pair of addresses once ICE has spoken, by the name in the STUN message before.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::words::Proto;

/// Address pairs kept per peer; the oldest gives way. Browsers use one or two, and one more for each change of network.
const PATHS_PER_PEER: usize = 16;
/// A path belongs to its peer while authenticated STUN comes on it (browsers ask every 5 s at the least, RFC 7675): nobody
/// with an account of his own takes it away by forging the source address of another.
const HELD_FOR: Duration = Duration::from_secs(12);

/// How a datagram travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    pub proto: Proto,
    pub source: SocketAddr,
    pub destination: SocketAddr,
}

/// The index of all peers.
#[derive(Debug, Default)]
pub(crate) struct Register {
    by_path: HashMap<Path, (usize, Instant)>,
    by_name: HashMap<String, usize>,
    paths: HashMap<usize, Vec<Path>>,
}

impl Register {
    /// The peer that has received authenticated STUN on this path.
    pub fn by_path(&self, path: &Path) -> Option<usize> {
        self.by_path.get(path).map(|(peer, _)| *peer)
    }

    /// The peer with this ICE user name fragment.
    pub fn by_name(&self, ufrag: &str) -> Option<usize> {
        self.by_name.get(ufrag).copied()
    }

    /// The peer is now called so, and no longer otherwise.
    pub fn name(&mut self, peer: usize, ufrag: &str) {
        self.by_name.retain(|_, named| *named != peer);
        self.by_name.insert(ufrag.to_owned(), peer);
    }

    /// Authenticated STUN for the peer came on this path.
    pub fn note_path(&mut self, peer: usize, path: Path, now: Instant) {
        match self.by_path.get_mut(&path) {
            Some((owner, heard)) if *owner == peer => {
                *heard = now;
                return;
            }
            Some((_, heard)) if now.saturating_duration_since(*heard) < HELD_FOR => return,
            Some((owner, _)) => {
                let owner = *owner;
                self.paths.entry(owner).or_default().retain(|p| *p != path);
            }
            None => {}
        }
        self.by_path.insert(path, (peer, now));
        let paths = self.paths.entry(peer).or_default();
        paths.push(path);
        if paths.len() > PATHS_PER_PEER {
            self.by_path.remove(&paths.remove(0));
        }
    }

    /// The peer is gone.
    pub fn forget(&mut self, peer: usize) {
        self.by_name.retain(|_, named| *named != peer);
        for path in self.paths.remove(&peer).unwrap_or_default() {
            self.by_path.remove(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_keeps_few_paths_and_leaves_nothing_behind() {
        let mut register = Register::default();
        let path = |port: u16| Path {
            proto: Proto::Udp,
            source: ([192, 0, 2, 1], port).into(),
            destination: ([192, 0, 2, 2], 1).into(),
        };
        let start = Instant::now();
        for port in 1..=100 {
            register.note_path(7, path(port), start);
        }
        assert_eq!(register.by_path(&path(100)), Some(7));
        assert_eq!(register.by_path(&path(1)), None);
        register.note_path(8, path(100), start + HELD_FOR / 2);
        assert_eq!(
            register.by_path(&path(100)),
            Some(7),
            "not taken away while it is in use"
        );
        register.note_path(8, path(100), start + HELD_FOR);
        assert_eq!(register.by_path(&path(100)), Some(8));
        register.name(8, "abcd");
        register.forget(8);
        register.forget(7);
        assert!(
            register.by_path.is_empty() && register.by_name.is_empty() && register.paths.is_empty()
        );
    }
}
