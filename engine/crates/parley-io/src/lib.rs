//! The shell of the engine: the only crate with sockets, threads and a clock.
//!
//! * [`engine`]: what a node starts, commands and asks; JSON in and out;
//! * `shard`: the thread that owns the switch and the media sockets;
//! * `udp`: datagrams of browsers, many at a time;
//! * `outbox`: events on their way to the node;
//! * [`line`]: the QUIC connections to the other node;
//! * [`wire`]: the emulated line of the demo and the tests.

pub mod engine;
pub mod line;
mod outbox;
mod shard;
mod udp;
pub mod wire;
