//! How loud a voice is, from the levels its browser wrote into each packet (RFC 6464).

use std::time::{Duration, Instant};

/// Loudness (127 = loudest, 0 = silence) from which somebody counts as speaking, and below which no longer.
const SPEAKS_FROM: f32 = 127.0 - 50.0;
const SPEAKS_UNTIL: f32 = 127.0 - 60.0;
/// Pauses between words do not end speech.
const HOLD: Duration = Duration::from_millis(500);
/// Digital silence for this long is thinned out like DTX.
const SILENT_FOR: Duration = Duration::from_secs(1);
/// One packet of silence in so many is still sent, so that the stream does not look dead.
const KEEP_ONE_IN: u32 = 20;
/// A voice without packets for this long is no candidate for a slot.
const GONE_AFTER: Duration = Duration::from_secs(10);
/// DTX sends a packet every 400 ms; without one for longer than this nobody speaks.
const QUIET_AFTER: Duration = Duration::from_millis(500);

/// The measure of one voice.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    loudness: f32,
    speaking: bool,
    spoke: Option<Instant>,
    heard: Option<Instant>,
    silent_since: Option<Instant>,
    silent_packets: u32,
}

impl Voice {
    /// Takes the level of a packet (-dBov, 0 loudest; 127 or none: silence). True when speech begins.
    pub fn heard(&mut self, level: Option<u8>, now: Instant) -> bool {
        let loudness = 127.0 - f32::from(level.unwrap_or(127).min(127));
        let rate = if loudness > self.loudness { 0.3 } else { 0.05 };
        self.loudness += (loudness - self.loudness) * rate;
        self.heard = Some(now);
        if loudness > 0.0 {
            self.silent_since = None;
        } else if self.silent_since.is_none() {
            self.silent_since = Some(now);
            self.silent_packets = 0;
        }
        if self.loudness >= SPEAKS_FROM || (self.speaking && self.loudness >= SPEAKS_UNTIL) {
            self.spoke = Some(now);
        }
        let began = !self.speaking && self.spoke == Some(now);
        self.speaking |= began;
        began
    }

    /// Lets time pass: no packets means silence.
    pub fn tick(&mut self, now: Instant) {
        if self
            .heard
            .is_none_or(|heard| now.saturating_duration_since(heard) > QUIET_AFTER)
        {
            self.loudness = 0.0;
        }
        if self
            .spoke
            .is_none_or(|spoke| now.saturating_duration_since(spoke) > HOLD)
        {
            self.speaking = false;
        }
    }

    /// Speaks now, pauses between words included.
    pub fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// Smoothed, 127 = loudest.
    pub fn loudness(&self) -> f32 {
        self.loudness
    }

    /// Smoothed level in -dBov.
    pub fn level(&self) -> u8 {
        (127.0 - self.loudness).round().clamp(0.0, 127.0) as u8
    }

    /// Has sent lately, if only silence.
    pub fn is_present(&self, now: Instant) -> bool {
        self.heard
            .is_some_and(|heard| now.saturating_duration_since(heard) < GONE_AFTER)
    }

    /// False for packets of long silence that need not be forwarded. Call once per packet, after [`Voice::heard`].
    pub fn worth_sending(&mut self, now: Instant) -> bool {
        let Some(since) = self.silent_since else {
            return true;
        };
        if now.saturating_duration_since(since) < SILENT_FOR {
            return true;
        }
        self.silent_packets += 1;
        self.silent_packets % KEEP_ONE_IN == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_begins_within_a_few_packets_and_survives_a_pause() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut voice = Voice::default();
        let began = (0..20).find(|n| voice.heard(Some(25), at(n * 20))).unwrap();
        assert!(began <= 5, "began at packet {began}");
        for n in 20..40 {
            voice.heard(Some(90), at(n * 20));
        }
        voice.tick(at(800));
        assert!(voice.is_speaking());
        voice.tick(at(3000));
        assert!(!voice.is_speaking());
    }

    #[test]
    fn long_silence_is_thinned_out_but_not_stopped() {
        let start = Instant::now();
        let mut voice = Voice::default();
        let mut sent = 0;
        for n in 0..500 {
            let now = start + Duration::from_millis(n * 20);
            voice.heard(Some(127), now);
            sent += u32::from(voice.worth_sending(now));
        }
        assert!(
            (60..90).contains(&sent),
            "{sent} of 500 sent: a second in full, then 1 in 20"
        );
    }
}
