//! Events on their way to the node: a bounded queue, and a descriptor that is readable while something waits in it.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;

/// A node that does not listen must not fill the memory; what is older is lost first.
const MOST_WAITING: usize = 20_000;

/// Filled by the shard, drained by the node.
pub(crate) struct Outbox {
    waiting: Mutex<VecDeque<Vec<u8>>>,
    bell: UnixStream,
    ear: UnixStream,
}

impl Outbox {
    pub(crate) fn new() -> io::Result<Self> {
        let (bell, ear) = UnixStream::pair()?;
        bell.set_nonblocking(true)?;
        ear.set_nonblocking(true)?;
        Ok(Self {
            waiting: Mutex::new(VecDeque::new()),
            bell,
            ear,
        })
    }

    pub(crate) fn put(&self, event: Vec<u8>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(|p| p.into_inner());
        if waiting.len() == MOST_WAITING {
            waiting.pop_front();
        }
        waiting.push_back(event);
        if waiting.len() == 1 {
            // A full bell has rung already.
            let _ = (&self.bell).write(&[1]);
        }
    }

    pub(crate) fn drain(&self) -> Vec<Vec<u8>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(|p| p.into_inner());
        let mut rung = [0; 64];
        while (&self.ear)
            .read(&mut rung)
            .is_ok_and(|read| read == rung.len())
        {}
        waiting.drain(..).collect()
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.ear.as_raw_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_drained_in_order() {
        let outbox = Outbox::new().unwrap();
        for number in 0..500_u16 {
            outbox.put(number.to_be_bytes().to_vec());
        }
        let drained: Vec<Vec<u8>> = outbox.drain();
        assert_eq!(drained.len(), 500);
        assert_eq!(drained[499], 499_u16.to_be_bytes());
        assert!(outbox.drain().is_empty());
    }
}
