//! Robot delegates: headless clients that sit at a table as a person in a browser would.
//!
//! - **session**: the link of a seat, the cookie it is exchanged for, and the signalling socket.
//! - **media**: WebRTC peers on one UDP socket; what is published, and what is received and counted.
//! - **picture**, **sound**, **codec**: a drawn speaker and a synthetic voice, really encoded.
//! - **acts**: what a robot does of its own accord (proposes, accepts, raises its hand).
//! - **robot** and **visit**: one seat's life: join, publish, watch, act, and come back after every cut, for ever.

pub mod acts;
pub mod codec;
pub mod media;
pub mod options;
pub mod picture;
pub mod report;
pub mod robot;
pub mod session;
pub mod sound;
pub mod visit;
