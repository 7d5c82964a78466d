//! The byte stream to the node: plain TCP, or TLS with the side's own CA.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
    StreamOwned,
};

use super::SessionError;
use super::link::Link;

/// How long a connection or an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whom to believe on https.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    config: Option<Arc<ClientConfig>>,
    loopback_only: bool,
}

impl Trust {
    /// Believes certificates of one CA, from a PEM file.
    ///
    /// # Errors
    /// When the file has no certificate.
    pub fn authority(file: &Path) -> Result<Self, SessionError> {
        let mut roots = RootCertStore::empty();
        let bad = |error: &dyn std::fmt::Display| {
            SessionError::refused(format!("No CA in {}: {error}.", file.display()))
        };
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| bad(&error))? {
            roots
                .add(certificate.map_err(|error| bad(&error))?)
                .map_err(|error| bad(&error))?;
        }
        if roots.is_empty() {
            return Err(bad(&"no certificate found"));
        }
        let config = builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config: Some(Arc::new(config)),
            loopback_only: false,
        })
    }

    /// Believes any certificate, but only of a node on this machine. For tests.
    pub fn insecure_loopback() -> Self {
        let algorithms =
            rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        let verifier = Arc::new(AnyCertificate(algorithms));
        let config = builder()
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Self {
            config: Some(Arc::new(config)),
            loopback_only: true,
        }
    }
}

fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has the default versions")
}

#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _stapled: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// A stream to the node.
#[derive(Debug)]
pub enum Wire {
    /// TCP.
    Plain(TcpStream),
    /// TLS on TCP.
    Secure(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    /// Connects.
    ///
    /// # Errors
    /// When the node cannot be reached, or https is asked and nobody is trusted for it.
    pub fn connect(link: &Link, trust: &Trust) -> Result<Self, SessionError> {
        let lost = |error: io::Error| {
            SessionError::lost(format!("{} cannot be reached: {error}.", link.authority))
        };
        let address = (link.host.as_str(), link.port)
            .to_socket_addrs()
            .map_err(lost)?
            .next();
        let address =
            address.ok_or_else(|| SessionError::lost(format!("{} has no address.", link.host)))?;
        if link.secure && trust.config.is_none() {
            return Err(SessionError::refused(
                "For https give --ca FILE (the side's own CA), or --insecure-loopback on this machine.",
            ));
        }
        if trust.loopback_only && link.secure && !address.ip().is_loopback() {
            return Err(SessionError::refused(
                "--insecure-loopback is only for a node on this machine.",
            ));
        }
        let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(lost)?;
        stream.set_nodelay(true).map_err(lost)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(lost)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(lost)?;
        match trust.config.as_ref().filter(|_| link.secure) {
            None => Ok(Self::Plain(stream)),
            Some(config) => {
                let name = ServerName::try_from(link.host.clone()).map_err(|_| {
                    SessionError::refused(format!("'{}' is not a name for TLS.", link.host))
                })?;
                let connection = ClientConnection::new(config.clone(), name)
                    .map_err(|error| SessionError::lost(format!("TLS cannot begin: {error}.")))?;
                Ok(Self::Secure(Box::new(StreamOwned::new(connection, stream))))
            }
        }
    }

    fn stream(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Secure(stream) => stream.get_ref(),
        }
    }

    /// This end's address: the one from which the node is reached.
    ///
    /// # Errors
    /// When the connection is gone.
    pub fn local_address(&self) -> io::Result<IpAddr> {
        Ok(self.stream().local_addr()?.ip())
    }

    /// Makes reads and writes return at once.
    ///
    /// # Errors
    /// When the connection is gone.
    pub fn do_not_block(&self) -> io::Result<()> {
        self.stream().set_nonblocking(true)
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Secure(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(buffer),
            Self::Secure(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Secure(stream) => stream.flush(),
        }
    }
}
