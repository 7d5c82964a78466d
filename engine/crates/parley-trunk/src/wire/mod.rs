//! What stands on the wire: frames of the control stream and datagrams of media. Every decoder is strict and bounded; what it
//! refuses, it refuses with a [`Malformed`], and at worst that one frame or datagram is lost.

mod bytes;
mod datagram;
mod frame;

pub use datagram::{Datagram, read_datagram};
pub(crate) use datagram::{
    Feedback, ITEM_HEAD, MEDIA_HEAD, Piece, PieceOf, RECEIVED_WORDS, write_feedback, write_media,
};
pub use frame::{Announced, Frame, MAX_NODE_MESSAGE, MAX_STREAMS, read_frame, write_frame};

/// Why bytes of the other node were not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Malformed {}
