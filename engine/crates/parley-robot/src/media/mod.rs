//! Media of a robot: peers over one UDP socket, what is published on them, what is received and counted.

pub mod count;
pub mod peer;
pub mod publish;
pub mod slots;
