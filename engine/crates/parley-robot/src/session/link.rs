//! The one-time link of a seat: `<base>/join#<token>`.

use super::SessionError;

/// A parsed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// HTTPS, not plain HTTP.
    pub secure: bool,
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Host and port as in the link: what the Host header says.
    pub authority: String,
    /// The one-time token.
    pub token: String,
}

impl Link {
    /// Reads a link.
    ///
    /// # Errors
    /// When it is not of the form `http(s)://host[:port]/join#token`.
    pub fn parse(text: &str) -> Result<Self, SessionError> {
        let bad =
            |why: &str| SessionError::refused(format!("'{text}' is not a link of a seat: {why}."));
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| bad("it has no http:// or https://"))?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(bad("it has no http:// or https://")),
        };
        let (place, token) = rest
            .split_once('#')
            .ok_or_else(|| bad("the token after # is missing"))?;
        let authority = place
            .strip_suffix("/join")
            .ok_or_else(|| bad("it does not end in /join#token"))?;
        if token.is_empty()
            || !token
                .chars()
                .all(|letter| letter.is_ascii_graphic() && letter != '"' && letter != '\\')
        {
            return Err(bad("the token is empty or has strange letters"));
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (
                host,
                port.parse().map_err(|_| bad("the port is not a number"))?,
            ),
            _ => (authority, if secure { 443 } else { 80 }),
        };
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if host.is_empty() || host.contains('/') {
            return Err(bad("the host is missing"));
        }
        Ok(Self {
            secure,
            host,
            port,
            authority: authority.to_owned(),
            token: token.to_owned(),
        })
    }

    /// The origin that a browser would have on this page.
    pub fn origin(&self) -> String {
        format!(
            "{}://{}",
            if self.secure { "https" } else { "http" },
            self.authority
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_with_names_addresses_and_ports() {
        let link = Link::parse("http://127.0.0.2:8080/join#abc_-1").unwrap();
        assert_eq!(
            (
                link.secure,
                link.host.as_str(),
                link.port,
                link.token.as_str()
            ),
            (false, "127.0.0.2", 8080, "abc_-1")
        );
        assert_eq!(link.origin(), "http://127.0.0.2:8080");
        let link = Link::parse("https://[fd00::1]:8443/join#t").unwrap();
        assert_eq!(
            (link.host.as_str(), link.port, link.authority.as_str()),
            ("fd00::1", 8443, "[fd00::1]:8443")
        );
        assert_eq!(
            Link::parse("https://node.example/join#t").unwrap().port,
            443
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("node/join#t", "http://"),
            ("ftp://node/join#t", "http://"),
            ("http://node/join", "token after #"),
            ("http://node/#t", "/join#token"),
            ("http://node/join#", "token is empty"),
            ("http://node:x/join#t", "port"),
            ("http:///join#t", "host"),
        ] {
            let error = Link::parse(text).unwrap_err();
            assert!(error.refused && error.text.contains(why), "{text}: {error}");
        }
    }
}
