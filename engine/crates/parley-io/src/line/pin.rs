//! Keys of the line: the own raw public key (RFC 7250) and the one key of the other side that is let in.

use std::sync::{Arc, RwLock};

use rustls::DistinguishedName;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer,
    UnixTime,
};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// The own line key cannot be used; the text says why.
#[derive(Debug)]
pub struct KeyFault(pub String);

impl std::fmt::Display for KeyFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeyFault {}

/// The own key of the line, ready for TLS in both roles.
#[derive(Clone)]
pub struct LineKey {
    pub(super) certified: Arc<CertifiedKey>,
    /// DER of the SubjectPublicKeyInfo, what the other side pins.
    pub spki: Vec<u8>,
}

impl LineKey {
    /// Reads a PKCS #8 DER Ed25519 key (RFC 8410).
    ///
    /// # Errors
    /// When the bytes are no such key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyFault> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der.to_vec()));
        let signing = provider()
            .key_provider
            .load_private_key(key)
            .map_err(|fault| KeyFault(format!("the line key cannot be read: {fault}")))?;
        let spki = signing
            .public_key()
            .ok_or_else(|| KeyFault("the line key has no public half".into()))?
            .to_vec();
        let certificate = CertificateDer::from(spki.clone());
        Ok(Self {
            certified: Arc::new(CertifiedKey::new(vec![certificate], signing)),
            spki,
        })
    }
}

/// One crypto library for everything, and one key exchange: X25519MLKEM768.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        kx_groups: vec![aws_lc_rs::kx_group::X25519MLKEM768],
        ..aws_lc_rs::default_provider()
    }
}

/// What became of the last key that was not let in: its SPKI, or nothing new.
pub(super) type Refused = Arc<dyn Fn(Vec<u8>) + Send + Sync>;

/// Lets in exactly the pinned key, in both TLS roles. Without a pin nobody is let in.
pub(super) struct Pin {
    wanted: RwLock<Option<Vec<u8>>>,
    refused: Refused,
    provider: CryptoProvider,
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin")
    }
}

impl Pin {
    pub(super) fn new(refused: Refused) -> Self {
        Self {
            wanted: RwLock::new(None),
            refused,
            provider: provider(),
        }
    }

    pub(super) fn set(&self, spki: Option<Vec<u8>>) {
        *self.wanted.write().unwrap_or_else(|p| p.into_inner()) = spki;
    }

    fn check(&self, presented: &CertificateDer<'_>) -> Result<(), Error> {
        let wanted = self.wanted.read().unwrap_or_else(|p| p.into_inner());
        if wanted.as_deref() == Some(presented.as_ref()) {
            return Ok(());
        }
        (self.refused)(presented.as_ref().to_vec());
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn signature(
        &self,
        message: &[u8],
        key: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature_with_raw_key(
            message,
            &SubjectPublicKeyInfoDer::from(key.as_ref()),
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn schemes() -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

fn only_tls13() -> Error {
    Error::General("the line speaks TLS 1.3 only".into())
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity)
            .map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Self::schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for Pin {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(end_entity)
            .map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Self::schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
