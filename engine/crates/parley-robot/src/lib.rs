//! Robot delegates: headless clients that sit at a table as a person in a browser would.
//!
//! - **session**: the link of a seat, the cookie it is exchanged for, and the signalling socket.
//! - **media**: WebRTC peers on their own UDP sockets; what is published, and what is received and counted.
//! - **picture**, **sound**, **codec**: a drawn speaker and a synthetic voice, really encoded.
//! - **robot**: one seat's life: join, publish, watch, act, and come back after every cut, for ever.

pub mod codec;
pub mod picture;
pub mod session;
pub mod sound;
