//! A seat's session with its node, as a browser has it: link, cookie, socket.

pub mod enrol;
pub mod link;
pub mod messages;
pub mod socket;
pub mod wire;

use std::fmt;

/// What went wrong with a session, in a sentence; `refused` means that trying again with the same link cannot help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionError {
    /// The sentence.
    pub text: String,
    /// The node answered, and said no.
    pub refused: bool,
}

impl SessionError {
    pub(crate) fn lost(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            refused: false,
        }
    }

    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            refused: true,
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for SessionError {}
