//! The code strip: 24 cells in one row, by which a test knows whose picture it sees and how old it is.
//!
//! Geometry, as shares of the picture's width `w` and height `h`: the strip is `0.75 w` wide and centred, each cell `w / 32`
//! wide; its rows run from `h - 0.0375 w` to `h - 0.0125 w` (read the row at `h - 0.025 w`). At 640x360 that is x from 80, cells
//! of 20 px, y 336 to 352. Cells, from the left, light is 1: two marks `1 0`, seat number (8 bits, high first), clock in tenths
//! of a second modulo 1024 (10 bits), check (4 bits: sum of the 18 bits' nibbles, counted from the left with two zeros
//! appended, modulo 15, plus 1, so that a plain grey or black picture is never valid).

use std::time::Duration;

use super::Planes;

/// Cells in the strip.
pub const CELLS: usize = 24;
const LIGHT: u8 = 200;
const DARK: u8 = 42;

/// What a strip says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Number of the seat, as the starter of the robot gave it.
    pub seat: u8,
    /// Tenths of a second of the Unix clock, modulo 1024.
    pub tenths: u16,
}

impl Code {
    /// The code of a seat at a time of the Unix clock.
    pub fn new(seat: u8, clock: Duration) -> Self {
        Self {
            seat,
            tenths: (clock.as_millis() / 100 % 1024) as u16,
        }
    }

    /// The cells from left to right.
    pub fn cells(self) -> [bool; CELLS] {
        let data = (u32::from(self.seat) << 10) | u32::from(self.tenths);
        let bits = (0b10 << 22) | (data << 4) | check(data);
        std::array::from_fn(|at| (bits >> (CELLS - 1 - at)) & 1 == 1)
    }

    fn from_cells(cells: [bool; CELLS]) -> Option<Self> {
        let bits = cells
            .iter()
            .fold(0u32, |bits, cell| (bits << 1) | u32::from(*cell));
        let data = (bits >> 4) & 0x3_ffff;
        let valid = bits >> 22 == 0b10 && bits & 15 == check(data);
        valid.then_some(Self {
            seat: (data >> 10) as u8,
            tenths: (data & 1023) as u16,
        })
    }
}

fn check(data: u32) -> u32 {
    let padded = data << 2;
    (0..5)
        .map(|nibble| (padded >> (4 * nibble)) & 15)
        .sum::<u32>()
        % 15
        + 1
}

fn cell(width: usize, at: usize) -> std::ops::Range<usize> {
    let edge = |at: usize| (4 + at) * width / 32;
    edge(at)..edge(at + 1)
}

/// Paints the strip into a picture.
pub fn paint(planes: &mut Planes, code: Code) {
    let (width, height) = (planes.width, planes.height);
    let rows = height - width * 3 / 80..height - width / 80;
    let cells = code.cells();
    for row in rows.clone() {
        for (at, light) in cells.into_iter().enumerate() {
            let range = cell(width, at);
            planes.luma[row * width..][range].fill(if light { LIGHT } else { DARK });
        }
    }
    let half = width / 2;
    for row in rows.start / 2..rows.end.div_ceil(2) {
        for plane in [&mut planes.blue, &mut planes.red] {
            plane[row * half..][cell(half, 0).start..cell(half, CELLS - 1).end].fill(128);
        }
    }
}

/// Reads the strip of a picture, at any size it was scaled to.
pub fn read(planes: &Planes) -> Option<Code> {
    let row = planes.height.checked_sub(planes.width / 40)?;
    let line = planes.luma.get(row * planes.width..)?.get(..planes.width)?;
    let middle = |at: usize| {
        (
            line[(9 + 2 * at) * planes.width / 64],
            cell(planes.width, at),
        )
    };
    Code::from_cells(std::array::from_fn(|at| {
        middle(at).0 > (LIGHT - DARK) / 2 + DARK
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_painted_is_read_at_every_size() {
        for (seat, millis) in [
            (0, 0),
            (255, 102_300),
            (37, 1_764_000_123_456),
            (128, 99_999),
        ] {
            let code = Code::new(seat, Duration::from_millis(millis));
            let mut planes = Planes::new(640, 360);
            planes.luma.fill(110);
            paint(&mut planes, code);
            let half = planes.halved();
            for picture in [&planes, &half, &half.halved()] {
                assert_eq!(
                    read(picture),
                    Some(code),
                    "{seat} {millis} {}",
                    picture.width
                );
            }
        }
    }

    #[test]
    fn a_plain_picture_has_no_code() {
        for level in [0, 16, 128, 255] {
            let mut planes = Planes::new(160, 90);
            planes.luma.fill(level);
            assert_eq!(read(&planes), None);
        }
    }
}
