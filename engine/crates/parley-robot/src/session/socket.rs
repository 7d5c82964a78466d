//! The signalling socket: WebSocket `/api/signal`, read and written without blocking once it is open.

use std::io::ErrorKind;
use std::net::IpAddr;

use tungstenite::client::{IntoClientRequest, client};
use tungstenite::{Error, Message, WebSocket};

use super::SessionError;
use super::link::Link;
use super::messages::{Said, Shown};
use super::wire::{Trust, Wire};

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    socket: WebSocket<Wire>,
    local: IpAddr,
}

fn lost(error: impl std::fmt::Display) -> SessionError {
    SessionError::lost(format!("The signalling socket is lost: {error}."))
}

impl Socket {
    /// Opens the socket of a cookie's seat.
    ///
    /// # Errors
    /// When the node is not there, or refuses the cookie.
    pub fn open(link: &Link, trust: &Trust, cookie: &str) -> Result<Self, SessionError> {
        let wire = Wire::connect(link, trust)?;
        let local = wire.local_address().map_err(lost)?;
        let scheme = if link.secure { "wss" } else { "ws" };
        let address = format!("{scheme}://{}/api/signal", link.authority);
        let mut request = address.into_client_request().map_err(lost)?;
        let value = |text: &str| {
            text.parse()
                .map_err(|_| SessionError::refused("The cookie has strange letters."))
        };
        request.headers_mut().insert("Cookie", value(cookie)?);
        request
            .headers_mut()
            .insert("Origin", value(&link.origin())?);
        let (socket, _) = client(request, wire).map_err(|error| {
            let text = error.to_string();
            let refused = ["401", "403"].iter().any(|status| text.contains(status));
            SessionError {
                text: format!("The node did not open the socket: {text}."),
                refused,
            }
        })?;
        socket.get_ref().do_not_block().map_err(lost)?;
        Ok(Self { socket, local })
    }

    /// The address from which the node is reached.
    pub fn local(&self) -> IpAddr {
        self.local
    }

    /// Says something; what cannot leave at once leaves with the next call.
    ///
    /// # Errors
    /// When the socket is lost.
    pub fn say(&mut self, said: &Said) -> Result<(), SessionError> {
        let text = serde_json::to_string(said).map_err(lost)?;
        waiting(self.socket.send(Message::text(text))).map(|_| ())
    }

    /// The next message that has arrived.
    ///
    /// # Errors
    /// When the socket is lost, or what arrived is no message.
    pub fn hear(&mut self) -> Result<Option<Shown>, SessionError> {
        loop {
            match waiting(self.socket.read())? {
                None => {
                    waiting(self.socket.flush())?;
                    return Ok(None);
                }
                Some(Message::Text(text)) => {
                    let shown = serde_json::from_str(&text);
                    return shown
                        .map(Some)
                        .map_err(|error| lost(format!("a message cannot be read: {error}")));
                }
                Some(Message::Close(_)) => return Err(lost("the node closed it")),
                Some(_) => {}
            }
        }
    }

    /// Closes the socket as a closed page does.
    pub fn close(&mut self) {
        // Whether the other end still hears it does not matter.
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
    }
}

/// Nothing yet is not an error.
fn waiting<T>(result: Result<T, Error>) -> Result<Option<T>, SessionError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(lost(error)),
    }
}
