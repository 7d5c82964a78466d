//! How QUIC is set up for the line: TLS 1.3 with raw keys, bounded windows, quick detection of a cut, no early data.

use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{AckFrequencyConfig, ClientConfig, IdleTimeout, ServerConfig, TransportConfig, VarInt};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage};

use super::congestion::OutOfTheWayFactory;
use super::pin::{KeyFault, LineKey, Pin, provider};

/// ALPN of the connection with the ordered control stream.
pub(super) const CONTROL: &[u8] = b"parley/1";
/// ALPN of the connection with the datagrams of media.
pub(super) const MEDIA: &[u8] = b"parley-media/1";

const KEEPALIVE: Duration = Duration::from_millis(500);
/// After this silence the line is cut.
const SILENCE: Duration = Duration::from_secs(2);

fn transport() -> Arc<TransportConfig> {
    let mut acks = AckFrequencyConfig::default();
    // Fewer acknowledgements: they cost a thin line as much as a voice. The trunk has its own feedback.
    acks.ack_eliciting_threshold(VarInt::from_u32(10))
        .max_ack_delay(Some(Duration::from_millis(40)));
    let mut config = TransportConfig::default();
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .receive_window(VarInt::from_u32(1024 * 1024))
        .stream_receive_window(VarInt::from_u32(1024 * 1024))
        .send_window(1024 * 1024)
        .datagram_receive_buffer_size(Some(256 * 1024))
        .datagram_send_buffer_size(16 * 1024)
        .keep_alive_interval(Some(KEEPALIVE))
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(
            SILENCE.as_millis() as u32,
        ))))
        // The first probe after 300 ms rather than a second: while a line is dialled, a lost first datagram must not cost much.
        .initial_rtt(Duration::from_millis(100))
        .ack_frequency_config(Some(acks))
        .congestion_controller_factory(Arc::new(OutOfTheWayFactory));
    Arc::new(config)
}

/// The configuration for dialling, one for each of the two connections.
pub(super) fn client(key: &LineKey, pin: Arc<Pin>, alpn: &[u8]) -> Result<ClientConfig, KeyFault> {
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(pin)
        .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(
            key.certified.clone(),
        )));
    tls.alpn_protocols = vec![alpn.to_vec()];
    tls.resumption = Resumption::disabled();
    tls.enable_early_data = false;
    let quic = QuicClientConfig::try_from(tls).map_err(|f| KeyFault(f.to_string()))?;
    let mut config = ClientConfig::new(Arc::new(quic));
    config.transport_config(transport());
    Ok(config)
}

/// The configuration for accepting, for both connections.
pub(super) fn server(key: &LineKey, pin: Arc<Pin>) -> Result<ServerConfig, KeyFault> {
    let mut tls = rustls::ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(unusable)?
        .with_client_cert_verifier(pin)
        .with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(
            key.certified.clone(),
        )));
    tls.alpn_protocols = vec![CONTROL.to_vec(), MEDIA.to_vec()];
    tls.session_storage = Arc::new(NoServerSessionStorage {});
    tls.send_tls13_tickets = 0;
    tls.max_early_data_size = 0;
    let quic = QuicServerConfig::try_from(tls).map_err(|f| KeyFault(f.to_string()))?;
    let mut config = ServerConfig::with_crypto(Arc::new(quic));
    config.transport_config(transport());
    // Strangers may hold little: half-open handshakes and their buffers are few and small.
    config
        .max_incoming(16)
        .incoming_buffer_size(16 * 1024)
        .incoming_buffer_size_total(128 * 1024)
        .migration(false);
    Ok(config)
}

fn unusable(fault: rustls::Error) -> KeyFault {
    KeyFault(format!("TLS 1.3 cannot be set up: {fault}"))
}
