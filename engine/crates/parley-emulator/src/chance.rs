//! Seeded chance: xoshiro256++ (Blackman and Vigna, 2019), seeded by SplitMix64. Not for secrets.

/// A row of dice that always falls the same way for the same seed.
#[derive(Debug, Clone)]
pub(crate) struct Dice {
    state: [u64; 4],
}

impl Dice {
    /// Dice for one seed; `stream` separates users of the same seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut word = seed ^ stream.wrapping_mul(0xD134_2543_DE82_EF95);
        let state = std::array::from_fn(|_| {
            word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = word;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        });
        Self { state }
    }

    fn next(&mut self) -> u64 {
        let [first, second, third, fourth] = &mut self.state;
        let result = first
            .wrapping_add(*fourth)
            .rotate_left(23)
            .wrapping_add(*first);
        let carry = *second << 17;
        *third ^= *first;
        *fourth ^= *second;
        *second ^= *third;
        *first ^= *fourth;
        *third ^= carry;
        *fourth = fourth.rotate_left(45);
        result
    }

    /// A number in `0.0..1.0`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_numbers_other_stream_other_numbers() {
        let draw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.unit().to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 0), draw(7, 0));
        assert_ne!(draw(7, 0), draw(7, 1));
        assert_ne!(draw(7, 0), draw(8, 0));
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let mut dice = Dice::new(1, 0);
        let mean = (0..10_000).map(|_| dice.unit()).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
