//! The shell of the engine: the only crate with sockets, threads and a clock.

pub mod line;
pub mod wire;
