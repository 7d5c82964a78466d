//! A model of the line between two nodes, without sockets and without a clock.
//!
//! The five words:
//! - **side**: one of the two ends, [`Side::A`] or [`Side::B`]; neither is special.
//! - **lane**: one direction of the line, with its own conditions, queue and dice.
//! - **conditions**: what a lane does to datagrams ([`Conditions`]): rate, delay, jitter, loss, bursts, order, size, queue.
//! - **offered**: what a side gave to the line, counted before any queue, so that it shows what the node sent.
//! - **barrier**: a lane that is cut passes nothing, and what was under way in it is lost.
//!
//! Use: [`Emulator::handle`] for each datagram a side sends, then [`Emulator::poll`] until it is empty, then sleep until
//! [`Emulator::poll_timeout`]. Time and chance are inputs: the same seed, datagrams and times give the same deliveries.
//! A shell with sockets stands around it elsewhere.

#![forbid(unsafe_code)]

mod chance;
mod conditions;
mod counters;
mod emulator;
mod lane;
mod spec;

pub use conditions::{Burst, Change, ConditionError, Conditions, Way};
pub use counters::{Drop, LaneCounters, Tally, WINDOW, Windows};
pub use emulator::{Emulator, Side};
pub use lane::IP_UDP_BYTES;
pub use spec::{SpecError, parse};
