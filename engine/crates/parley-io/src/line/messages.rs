//! What passes between the node and its line: commands in, events out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// Where events of the line go; called on the line's thread, must not block.
pub(super) type Emit = Arc<dyn Fn(LineEvent) + Send + Sync>;

/// What the node wants of the line.
#[derive(Debug)]
pub enum LineCommand {
    /// Pin this key and dial these addresses for ever; `None`: let nobody in.
    Peer(Option<(Vec<u8>, Vec<SocketAddr>)>),
    /// Write one frame on the control stream.
    Frame(Bytes),
    /// Send one datagram.
    Datagram(Bytes),
    /// Sever: end the session, dial and accept no more.
    Close,
    /// Allow again.
    Open,
    /// End the thread.
    Stop,
}

/// What the line tells.
#[derive(Debug)]
pub enum LineEvent {
    /// A session stands. `session` names it in all that follows.
    Linked {
        /// The session's number.
        session: u64,
        /// The other node's address.
        addr: SocketAddr,
        /// The largest datagram that fits now, bytes.
        max_datagram: usize,
        /// Round trip measured in the handshake.
        rtt: Duration,
    },
    /// The session ended; the reason is for the operator.
    Down {
        /// The session that ended.
        session: u64,
        /// A sentence.
        reason: String,
    },
    /// One frame of the control stream.
    Frame {
        /// Of which session.
        session: u64,
        /// Its bytes, type first.
        frame: Bytes,
    },
    /// One datagram.
    Datagram {
        /// Of which session.
        session: u64,
        /// Its bytes.
        datagram: Bytes,
    },
    /// What the path is like, ten times a second while linked.
    Path {
        /// Of which session.
        session: u64,
        /// Smoothed round trip.
        rtt: Duration,
        /// The largest datagram that fits now, bytes.
        max_datagram: usize,
    },
    /// A key that is not pinned knocked.
    Refused {
        /// Its SPKI, DER.
        spki: Vec<u8>,
    },
}
