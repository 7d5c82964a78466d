//! Codecs: VP8 (libvpx), Opus (libopus), and the two payload formats the robots write and read themselves.

pub mod opus;
pub mod payload;
pub mod red;
pub mod vp8;
