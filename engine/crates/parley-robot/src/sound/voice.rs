//! A synthetic voice: pulses of a throat through three resonators whose targets move from vowel to vowel, with hisses and
//! closures between them, in phrases with a falling melody. Made by the project, the same for the same seed.

use std::f32::consts::{PI, TAU};

use crate::codec::opus::FRAME_SAMPLES;

const RATE: f32 = 48_000.0;
/// Resonances (Hz) of a, e, i, o, u, eo and eu, near those of a Korean speaker.
const VOWELS: [[f32; 3]; 7] = [
    [760.0, 1_300.0, 2_600.0],
    [520.0, 1_850.0, 2_600.0],
    [300.0, 2_250.0, 3_000.0],
    [420.0, 820.0, 2_600.0],
    [330.0, 900.0, 2_500.0],
    [600.0, 1_050.0, 2_650.0],
    [380.0, 1_350.0, 2_500.0],
];

/// Widths of the resonances (Hz).
const WIDTHS: [f32; 3] = [90.0, 120.0, 170.0];
/// Makes a speaking voice about -20 dBov.
const LOUDNESS: f32 = 2.2;

/// What a resonator does: its place, its width, and the gain that makes its peak 1.
#[derive(Debug, Clone, Copy)]
struct Shape {
    turn: f32,
    decay: f32,
    gain: f32,
}

impl Shape {
    fn new(hertz: f32, width: f32) -> Self {
        let radius = (-PI * width / RATE).exp();
        let (sine, cosine) = (TAU * hertz / RATE).sin_cos();
        Self {
            turn: 2.0 * radius * cosine,
            decay: radius * radius,
            gain: (1.0 - radius) * 2.0 * sine,
        }
    }
}

/// Two-pole resonator.
#[derive(Debug, Clone, Copy, Default)]
struct Resonator {
    first: f32,
    second: f32,
}

impl Resonator {
    fn pass(&mut self, input: f32, shape: Shape) -> f32 {
        let output = shape.gain * input + shape.turn * self.first - shape.decay * self.second;
        self.second = self.first;
        self.first = output;
        output
    }
}

/// A part of a phrase, in samples left.
#[derive(Debug, Clone, Copy)]
struct Syllable {
    left: u32,
    length: u32,
    onset: u32,
    hiss: f32,
    loud: f32,
    vowel: [f32; 3],
}

/// One speaker. [`Speaker::frame`] gives the next 20 ms.
#[derive(Debug, Clone)]
pub struct Speaker {
    state: u64,
    pitch: f32,
    tract: f32,
    phase: f32,
    glottis: f32,
    resonances: [f32; 3],
    resonators: [Resonator; 3],
    syllable: Option<Syllable>,
    syllables_left: u32,
    phrase_length: u32,
    pause: u32,
    volume: f32,
    noise: f32,
}

impl Speaker {
    /// A voice for a seed: pitch, size and manner differ.
    pub fn new(seed: u64) -> Self {
        let mut speaker = Self {
            state: seed ^ 0x5EED_0F5A_1D0A_11CE,
            pitch: 0.0,
            tract: 0.0,
            phase: 0.0,
            glottis: 0.0,
            resonances: VOWELS[0],
            resonators: [Resonator::default(); 3],
            syllable: None,
            syllables_left: 0,
            phrase_length: 1,
            pause: 0,
            volume: 0.0,
            noise: 0.0,
        };
        let high = speaker.chance() < 0.5;
        speaker.pitch = if high {
            180.0 + 45.0 * speaker.chance()
        } else {
            98.0 + 35.0 * speaker.chance()
        };
        speaker.tract = if high {
            1.08 + 0.08 * speaker.chance()
        } else {
            0.93 + 0.08 * speaker.chance()
        };
        speaker
    }

    fn chance(&mut self) -> f32 {
        self.state = self
            .state
            .wrapping_mul(0x5851_F42D_4C95_7F2D)
            .wrapping_add(0x1405_7B7E_F767_814F);
        ((self.state >> 40) as f32) / (1u64 << 24) as f32
    }

    fn next_syllable(&mut self) -> Option<Syllable> {
        if self.syllables_left == 0 {
            self.phrase_length = 4 + (self.chance() * 9.0) as u32;
            self.syllables_left = self.phrase_length;
            self.pause = ((0.25 + 0.45 * self.chance()) * RATE) as u32;
            return None;
        }
        self.syllables_left -= 1;
        let last = self.syllables_left == 0;
        let vowel = VOWELS[(self.chance() * VOWELS.len() as f32) as usize % VOWELS.len()]
            .map(|hertz| hertz * self.tract);
        let length = (0.11 + 0.09 * self.chance() + if last { 0.1 } else { 0.0 }) * RATE;
        let onset = (0.03 + 0.03 * self.chance()) * RATE;
        let hiss = if self.chance() < 0.35 {
            0.04 + 0.10 * self.chance()
        } else {
            0.0
        };
        let loud = 0.75 + 0.25 * self.chance();
        Some(Syllable {
            left: length as u32,
            length: length as u32,
            onset: onset as u32,
            hiss,
            loud,
            vowel,
        })
    }

    /// The next 20 ms; silence (a little room noise) unless `speaking`. A syllable that has begun is finished.
    pub fn frame(&mut self, speaking: bool) -> [i16; FRAME_SAMPLES] {
        let mut sound = [0; FRAME_SAMPLES];
        for block in sound.chunks_mut(48) {
            self.advance(speaking, block.len() as u32);
            let (excitation, hiss) = self.targets();
            let shape = std::array::from_fn(|at| Shape::new(self.resonances[at], WIDTHS[at]));
            let fallen = 1.0 - self.syllables_left as f32 / self.phrase_length as f32;
            let wobble = 1.0 + 0.015 * (self.phase * 0.37).sin();
            let step = self.pitch * (1.12 - 0.24 * fallen) * wobble / RATE;
            for sample in block {
                *sample = self.sample(excitation, hiss, shape, step);
            }
        }
        sound
    }

    /// Moves the phrase on by `samples`.
    fn advance(&mut self, speaking: bool, samples: u32) {
        if let Some(syllable) = &mut self.syllable {
            syllable.left = syllable.left.saturating_sub(samples);
            if syllable.left > 0 {
                return;
            }
            self.syllable = None;
        }
        self.pause = self.pause.saturating_sub(samples);
        if speaking && self.pause == 0 {
            self.syllable = self.next_syllable();
        }
    }

    /// How strongly the throat sounds and the tongue hisses now; moves the resonances towards the vowel.
    fn targets(&mut self) -> (f32, f32) {
        let Some(syllable) = self.syllable else {
            return (0.0, 0.0);
        };
        for (now, target) in self.resonances.iter_mut().zip(syllable.vowel) {
            *now += (target - *now) * 0.04;
        }
        let into = syllable.length - syllable.left;
        if into < syllable.onset {
            return (if syllable.hiss > 0.0 { 0.0 } else { 0.25 }, syllable.hiss);
        }
        let body =
            (into - syllable.onset) as f32 / (syllable.length - syllable.onset).max(1) as f32;
        (
            syllable.loud * (PI * body.clamp(0.0, 1.0)).sin().max(0.0).powf(0.6),
            0.0,
        )
    }

    fn sample(&mut self, excitation: f32, hiss: f32, shape: [Shape; 3], step: f32) -> i16 {
        self.volume += (excitation - self.volume) * 0.004;
        self.phase = (self.phase + step) % 10_000.0;
        let position = self.phase.fract();
        // A glottal wave (after Rosenberg): opens slowly, closes fast; its difference is what the tract hears.
        let wave = match position {
            opening if opening < 0.42 => 0.5 - 0.5 * (PI * opening / 0.42).cos(),
            closing if closing < 0.56 => (PI / 2.0 * (closing - 0.42) / 0.14).cos(),
            _ => 0.0,
        };
        let breath = self.chance() - 0.5;
        let source = ((wave - self.glottis) * 18.0 + breath * 0.03) * self.volume;
        self.glottis = wave;
        let [first, second, third] = &mut self.resonators;
        let voiced = first.pass(source, shape[0])
            + 1.5 * second.pass(source, shape[1])
            + 1.1 * third.pass(source, shape[2]);
        // A hiss is noise with its low part taken away.
        let bright = breath - self.noise;
        self.noise += (breath - self.noise) * 0.4;
        let sum = voiced * LOUDNESS + bright * hiss + breath * 0.000_5;
        (sum.tanh() * 26_000.0) as i16
    }
}

/// A steady tone.
#[derive(Debug, Clone)]
pub struct Tone {
    hertz: f32,
    phase: f32,
}

impl Tone {
    /// A tone of so many hertz at about -12 dBov.
    pub fn new(hertz: f32) -> Self {
        Self { hertz, phase: 0.0 }
    }

    /// The next 20 ms.
    pub fn frame(&mut self) -> [i16; FRAME_SAMPLES] {
        std::array::from_fn(|_| {
            self.phase = (self.phase + self.hertz / RATE).fract();
            ((self.phase * TAU).sin() * 11_000.0) as i16
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::level;

    #[test]
    fn the_same_seed_says_the_same() {
        let say = |seed| {
            let mut speaker = Speaker::new(seed);
            (0..50)
                .flat_map(|_| speaker.frame(true))
                .collect::<Vec<_>>()
        };
        assert_eq!(say(3), say(3));
        assert_ne!(say(3), say(4));
    }

    #[test]
    fn it_is_loud_when_it_speaks_pauses_now_and_then_and_is_quiet_when_it_listens() {
        for seed in 0..6 {
            let mut speaker = Speaker::new(seed);
            let levels: Vec<_> = (0..500).map(|_| level(&speaker.frame(true))).collect();
            let loud = levels.iter().filter(|level| **level < 40).count();
            let pauses = levels.iter().filter(|level| **level > 50).count();
            assert!(
                (200..480).contains(&loud) && pauses > 20,
                "seed {seed}: {loud} loud, {pauses} quiet frames of 500"
            );
            assert!(levels.iter().all(|level| *level > 2), "seed {seed} clips");
            for _ in 0..50 {
                speaker.frame(false);
            }
            assert!(level(&speaker.frame(false)) > 60);
        }
    }
}
