//! What a robot says: a synthetic voice in speech-like syllables, or a tone; and whose turn it is.

pub mod turns;
pub mod voice;

/// What a robot's microphone gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Voice {
    /// Syllables with pauses, in turns with the other robots.
    Speech,
    /// A steady tone of so many hertz, for tests.
    Tone(f32),
    /// Nothing is published.
    None,
}

/// A level as RFC 6464 has it: -dBov, 0 (loudest) to 127 (silence).
pub fn level(sound: &[i16]) -> u8 {
    let energy = sound
        .iter()
        .map(|sample| f64::from(*sample).powi(2))
        .sum::<f64>()
        / sound.len().max(1) as f64;
    if energy < 1.0 {
        return 127;
    }
    (-10.0 * (energy / 32_768.0_f64.powi(2)).log10())
        .round()
        .clamp(0.0, 127.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_silence_and_of_a_full_tone() {
        assert_eq!(level(&[0; 960]), 127);
        let full: Vec<i16> = (0..960)
            .map(|at| ((at as f64 * 0.1).sin() * 32_767.0) as i16)
            .collect();
        assert_eq!(level(&full), 3);
    }
}
