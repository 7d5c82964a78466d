//! What a robot's camera sees: a calm speaker before a plain wall, the seat's name, a running clock, and a strip of code.
//!
//! - [`Planes`]: a picture as the encoder takes it (I420).
//! - [`Studio`]: one robot's scene; drawn once, then only the parts that move are laid over it.
//! - [`code`]: the machine-readable strip with the seat's number and the clock.

pub mod code;
mod figure;
pub mod lettering;
mod look;
mod sprite;
mod studio;

pub use studio::{Moment, Scene, Studio};

/// A picture in three planes, 4:2:0: luma at full size, both colours at half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planes {
    /// Width in pixels, even.
    pub width: usize,
    /// Height in pixels, even.
    pub height: usize,
    /// Luma, `width` x `height`.
    pub luma: Vec<u8>,
    /// Blue difference, half size.
    pub blue: Vec<u8>,
    /// Red difference, half size.
    pub red: Vec<u8>,
}

impl Planes {
    /// A black picture.
    ///
    /// # Panics
    /// When a side is odd or zero.
    pub fn new(width: usize, height: usize) -> Self {
        assert!(
            width > 0 && height > 0 && width.is_multiple_of(2) && height.is_multiple_of(2),
            "sides must be even"
        );
        let quarter = width * height / 4;
        Self {
            width,
            height,
            luma: vec![16; width * height],
            blue: vec![128; quarter],
            red: vec![128; quarter],
        }
    }

    /// The same picture at half the width and height (each rounded down to an even number).
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width / 4 * 2, self.height / 4 * 2);
        let mut small = Self::new(width.max(2), height.max(2));
        halve(&self.luma, self.width, &mut small.luma, small.width);
        halve(&self.blue, self.width / 2, &mut small.blue, small.width / 2);
        halve(&self.red, self.width / 2, &mut small.red, small.width / 2);
        small
    }

    /// The picture as RGB bytes, for looking at it.
    pub fn rgb(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.luma.len() * 3);
        for (at, luma) in self.luma.iter().enumerate() {
            let half = (at / self.width / 2) * (self.width / 2) + (at % self.width) / 2;
            let luma = 1.164 * (f32::from(*luma) - 16.0);
            let (blue, red) = (
                f32::from(self.blue[half]) - 128.0,
                f32::from(self.red[half]) - 128.0,
            );
            let colour = [
                luma + 1.596 * red,
                luma - 0.392 * blue - 0.813 * red,
                luma + 2.017 * blue,
            ];
            bytes.extend(colour.map(|part| part.round().clamp(0.0, 255.0) as u8));
        }
        bytes
    }
}

fn halve(from: &[u8], width: usize, to: &mut [u8], small_width: usize) {
    for (row, line) in to.chunks_exact_mut(small_width).enumerate() {
        let upper = &from[row * 2 * width..][..small_width * 2];
        let lower = &from[(row * 2 + 1) * width..][..small_width * 2];
        for ((pixel, upper), lower) in line
            .iter_mut()
            .zip(upper.chunks_exact(2))
            .zip(lower.chunks_exact(2))
        {
            let sum = u16::from(upper[0])
                + u16::from(upper[1])
                + u16::from(lower[0])
                + u16::from(lower[1]);
            *pixel = ((sum + 2) / 4) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_keeps_even_sides_and_averages() {
        let mut planes = Planes::new(20, 12);
        planes.luma.fill(100);
        planes.luma[0] = 20;
        let small = planes.halved();
        assert_eq!(
            (small.width, small.height, small.luma[0], small.luma[1]),
            (10, 6, 80, 100)
        );
        let odd = Planes::new(90, 50).halved();
        assert_eq!((odd.width, odd.height), (44, 24));
    }
}
