//! Making a connection from an offer: how str0m is set up, and the answer.

use std::time::{Duration, Instant};

use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::net::TcpType;
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, IceCreds, Rtc, RtcConfig};

use super::guarded;
use super::intake::Intake;
use crate::config::Config;

/// Packets kept for retransmission per picture slot: 3 s of a full layer.
pub(crate) const PICTURE_CACHE: usize = 512;
/// For how long, and which share of what is sent may be retransmissions.
pub(crate) const CACHED_FOR: Duration = Duration::from_secs(3);
pub(crate) const RESENT_SHARE: Option<f32> = Some(0.15);
/// How often losses and round trips are looked at.
const MEASURE_EVERY: Duration = Duration::from_secs(2);
/// Where the bandwidth estimate begins, if there is one, in kbit/s.
const FIRST_ESTIMATE: u64 = 2_000;
/// RFC 8839 section 5.4: at least 24 and 128 bits. The alphabet has 6 bits a letter.
const UFRAG_LETTERS: usize = 16;
const PASSWORD_LETTERS: usize = 32;

/// A new ICE-lite connection with the node's candidates.
pub(crate) fn new_rtc(
    config: &Config,
    certificate: &DtlsCert,
    now: Instant,
) -> Result<Rtc, String> {
    let credentials = new_credentials()?;
    let mut rtc = guarded(|| {
        rtc_config(config, certificate)
            .set_local_ice_credentials(credentials)
            .build(now)
    })?;
    for address in &config.udp {
        if let Ok(candidate) = Candidate::builder().udp().host(*address).build() {
            rtc.add_local_candidate(candidate);
        }
    }
    for address in &config.tcp {
        if let Ok(candidate) = Candidate::builder()
            .tcp()
            .host(*address)
            .tcptype(TcpType::Passive)
            .build()
        {
            rtc.add_local_candidate(candidate);
        }
    }
    Ok(rtc)
}

fn rtc_config(config: &Config, certificate: &DtlsCert) -> RtcConfig {
    // Orientation is left out so that browsers turn the picture themselves; send times because TWCC says the same.
    let mut extensions = ExtensionMap::empty();
    extensions.set(1, Extension::AudioLevel);
    extensions.set(3, Extension::TransportSequenceNumber);
    extensions.set(4, Extension::RtpMid);
    extensions.set(10, Extension::RtpStreamId);
    extensions.set(11, Extension::RepairedRtpStreamId);
    let first = config
        .estimate
        .then(|| str0m::bwe::Bitrate::kbps(FIRST_ESTIMATE));
    Rtc::builder()
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_dtls_cert(certificate.clone())
        .clear_codecs()
        .enable_opus(true, true)
        .enable_vp8(true)
        .set_extension_map(extensions)
        .set_send_buffer_video(PICTURE_CACHE)
        .set_stats_interval(Some(MEASURE_EVERY))
        .enable_bwe(first)
}

/// ICE names and passwords by the system's own chance; str0m's generator is not made for secrets.
fn new_credentials() -> Result<IceCreds, String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = [0; UFRAG_LETTERS + PASSWORD_LETTERS];
    getrandom::fill(&mut bytes)
        .map_err(|error| format!("The system gives no random numbers: {error}."))?;
    let letters: String = bytes
        .iter()
        .map(|b| ALPHABET[usize::from(b & 63)] as char)
        .collect();
    let (ufrag, pass) = letters.split_at(UFRAG_LETTERS);
    Ok(IceCreds {
        ufrag: ufrag.into(),
        pass: pass.into(),
    })
}

/// Negotiates. `Err` is the sentence of the refusal.
pub(crate) fn accept(rtc: &mut Rtc, intake: &Intake) -> Result<String, String> {
    let before = rtc.direct_api().local_ice_credentials();
    let offer = guarded(|| SdpOffer::from_sdp_string(&intake.sdp))
        .map_err(|_| "The offer cannot be read.".to_owned())?
        .map_err(|error| format!("The offer cannot be read: {error}."))?;
    let answer = guarded(|| rtc.sdp_api().accept_offer(offer))
        .map_err(|_| "The offer cannot be answered.".to_owned())?
        .map_err(|error| format!("The offer cannot be answered: {error}."))?;
    let text = answer.to_sdp_string();
    let after = rtc.direct_api().local_ice_credentials();
    if after == before {
        return Ok(text);
    }
    // An ICE restart: str0m has made up credentials of its own. Ours take their place.
    let ours = new_credentials()?;
    let text = text
        .replace(&after.ufrag, &ours.ufrag)
        .replace(&after.pass, &ours.pass);
    rtc.direct_api().set_local_ice_credentials(ours);
    Ok(text)
}
