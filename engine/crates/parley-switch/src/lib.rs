//! The switch: the media room and the trunk as one machine. Pure.
//!
//! * [`command`] is what the node may ask, [`event`] what it is told: the JSON of `spec/engine.md`;
//! * [`crossing`] turns the words of the room into those of the line and back; it is the only place that knows both;
//! * [`Switch`] feeds each machine with what the other wants done.
//!
//! Feed it with the `on_…` methods and [`Switch::command`], then [`Switch::poll`] until it is empty, then sleep until
//! [`Switch::poll_timeout`].

#![forbid(unsafe_code)]

pub mod command;
mod crossing;
pub mod event;
mod stats;
mod switch;

pub use switch::{Output, Switch};
