//! The shell of the line: one UDP flow to the other node, two QUIC connections on it.
//!
//! * a *pin* is the one public key that may stand at the other end (`pin`);
//! * a *hello* opens each connection and says which attempt it belongs to (`hello`);
//! * a *session* is a control and a media connection of one attempt, up together and down together (`session`);
//! * the *keeper* dials for ever, accepts, chooses between two sessions, and tells the switch (`keeper`);
//! * the *meter* counts what really leaves and enters the socket (`meter`).
//!
//! Nothing here knows what is said on the line. Frames and datagrams are bytes of the trunk.

mod congestion;
mod hello;
mod keeper;
mod messages;
mod meter;
mod pin;
mod session;
mod transport;

pub use keeper::{Line, LineSetup};
pub use messages::{LineCommand, LineEvent};
pub use meter::Meter;
pub use pin::{KeyFault, LineKey};
