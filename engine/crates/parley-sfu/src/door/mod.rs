//! Where datagrams come in: what they are by their first bytes, whose they are by address or ICE name, plain STUN.

pub(crate) mod class;
pub(crate) mod register;
pub(crate) mod stun;
