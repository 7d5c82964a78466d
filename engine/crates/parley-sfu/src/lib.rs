//! The media room of one side: browsers in, browsers and the line out. Pure: no socket, no clock, no thread.
//!
//! A map of the words, in the order in which a packet meets them:
//!
//! - **peer** ([`Command::Offer`]): one WebRTC connection of a browser. The browser offers, the node answers (ICE-lite).
//! - **seat** ([`SeatId`]): a person's place. It may have several peers; what it publishes is gated by [`Command::Seat`].
//! - **room** ([`Room`]): caucus or meeting. A stream is seen and heard only by seats of the room in which its seat is.
//! - **stream** ([`StreamId`]): `own/<seat>/<kind>` or `other/<seat>/<kind>`. A camera has up to three **layers** (0, 1, 2).
//! - **slot**: a receive m-line of a peer. [`Event::Slots`] says which stream it carries; [`Command::Watch`] says which are wanted.
//! - **line**: the other side. What may cross is a [`MeetingPacket`], and only a packet of the meeting room can become one.
//!
//! The machine has three methods. [`Sfu::handle`] takes one [`Input`] and the time, [`Sfu::poll`] gives the next
//! [`Output`] until there is none, [`Sfu::poll_timeout`] says when the next [`Input::Timeout`] is due. A shell takes
//! a whole batch of datagrams, calls `handle` for each, then calls `poll` until `None`: packets of one frame for one
//! browser then come out next to each other (equal `source` and `destination`), ready for one GSO message.
//!
//! Nothing here is fatal: hostile input ends as a counted drop ([`DropReason`]), a refusal with a sentence
//! ([`Event::Refused`]), or at worst the end of that one peer ([`Event::Panic`]).

#![cfg_attr(test, allow(clippy::disallowed_methods))] // Tests begin somewhere in time.

mod config;
mod crossing;
mod door;
mod input;
mod media;
mod output;
mod peer;
mod sfu;
mod stats;
mod words;

pub use config::{Config, Limits};
pub use crossing::MeetingPacket;
pub use input::{Command, Datagram, Demand, Input, RemotePacket, RemoteStream, WatchWant};
pub use output::{Event, OfferedStream, Output, PeerState, SlotView, Speaker, Transmit, Want};
pub use sfu::Sfu;
pub use stats::{DropReason, MediaStats, SeatStats, StreamViewers};
pub use words::{Codec, Kind, Layers, PeerId, Proto, Room, SeatId, Side, StreamId, WordError};
