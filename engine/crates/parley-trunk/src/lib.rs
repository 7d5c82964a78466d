//! The trunk: all that the line does above QUIC, without sockets and without a clock.
//!
//! * a *stream* is a microphone, camera or screen of one side, a *flow* is its number on the line;
//! * an *item* is one media packet, a *piece* an item or a part of it inside a *datagram*;
//! * a *frame* is one message of the ordered control stream;
//! * a *class* says what goes first: control and hotline, then audio, slides, video, files;
//! * the *budget* is what the line may carry, the *allocator* chooses which layers of which pictures cross.
//!
//! Use: feed [`Trunk`] with what happened (its `on_…` methods come from the QUIC shell, the others from the own node), then
//! [`Trunk::poll`] until it is empty, then sleep until [`Trunk::poll_timeout`]. Every method that needs the time takes it.
//! Nothing of a session survives [`Trunk::on_down`]; what this node offers, wants and which meeting it is in does.

#![forbid(unsafe_code)]

mod allocator;
mod budget;
mod counters;
mod estimate;
mod payload;
mod queue;
mod reception;
mod sent;
mod trunk;
mod wire;
mod words;

pub use counters::{ClassCount, CrossingCount, Direction};
pub use trunk::{Demand, Output, Trunk};
pub use wire::{
    Announced, Datagram, Frame, MAX_NODE_MESSAGE, MAX_STREAMS, Malformed, read_datagram,
    read_frame, write_frame,
};
pub use words::{Class, Codec, Item, Kind, Offer, StreamKey, Want};
