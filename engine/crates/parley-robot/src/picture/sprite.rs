//! A part of the picture with transparency, laid over the scene at a place between pixels.

use tiny_skia::Pixmap;

use super::Planes;

/// Colours multiplied by their opacity already, in the planes of [`Planes`].
#[derive(Debug, Clone)]
pub(super) struct Sprite {
    width: usize,
    height: usize,
    luma: Vec<u8>,
    cover: Vec<u8>,
    blue: Vec<u8>,
    red: Vec<u8>,
    half_cover: Vec<u8>,
}

impl Sprite {
    /// A sprite of a drawn pixmap; odd sides lose their last row or column.
    pub(super) fn new(pixmap: &Pixmap) -> Self {
        let stride = pixmap.width() as usize;
        let (width, height) = (stride & !1, pixmap.height() as usize & !1);
        let pixel = |x: usize, y: usize| pixmap.pixels()[y * stride + x];
        let mut sprite = Self {
            width,
            height,
            luma: Vec::with_capacity(width * height),
            cover: Vec::with_capacity(width * height),
            blue: Vec::with_capacity(width * height / 4),
            red: Vec::with_capacity(width * height / 4),
            half_cover: Vec::with_capacity(width * height / 4),
        };
        for y in 0..height {
            for x in 0..width {
                let pixel = pixel(x, y);
                let [red, green, blue, cover] =
                    [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()].map(f32::from);
                sprite.luma.push(
                    (0.257 * red + 0.504 * green + 0.098 * blue + 16.0 * cover / 255.0).round()
                        as u8,
                );
                sprite.cover.push(cover as u8);
            }
        }
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                let four = [
                    pixel(x, y),
                    pixel(x + 1, y),
                    pixel(x, y + 1),
                    pixel(x + 1, y + 1),
                ];
                let mean = |part: fn(&tiny_skia::PremultipliedColorU8) -> u8| {
                    four.iter().map(|pixel| f32::from(part(pixel))).sum::<f32>() / 4.0
                };
                let (red, green, blue) = (
                    mean(|pixel| pixel.red()),
                    mean(|pixel| pixel.green()),
                    mean(|pixel| pixel.blue()),
                );
                let cover = mean(|pixel| pixel.alpha());
                let grey = 128.0 * cover / 255.0;
                sprite.blue.push(
                    (-0.148 * red - 0.291 * green + 0.439 * blue + grey)
                        .round()
                        .clamp(0.0, 255.0) as u8,
                );
                sprite.red.push(
                    (0.439 * red - 0.368 * green - 0.071 * blue + grey)
                        .round()
                        .clamp(0.0, 255.0) as u8,
                );
                sprite.half_cover.push(cover as u8);
            }
        }
        sprite
    }

    /// Lays the sprite over a picture, its upper left corner at `x`, `y`.
    pub(super) fn lay(&self, planes: &mut Planes, x: f32, y: f32) {
        let (width, height) = (planes.width, planes.height);
        let size = (self.width, self.height);
        lay(
            &mut planes.luma,
            (width, height),
            &self.luma,
            &self.cover,
            size,
            (x, y),
        );
        let half = (self.width / 2, self.height / 2);
        let at = (x / 2.0, y / 2.0);
        lay(
            &mut planes.blue,
            (width / 2, height / 2),
            &self.blue,
            &self.half_cover,
            half,
            at,
        );
        lay(
            &mut planes.red,
            (width / 2, height / 2),
            &self.red,
            &self.half_cover,
            half,
            at,
        );
    }
}

type Size = (usize, usize);

/// Lays one plane with its cover over another, mixing four neighbours at places between pixels.
fn lay(
    under: &mut [u8],
    under_size: Size,
    over: &[u8],
    cover: &[u8],
    over_size: Size,
    at: (f32, f32),
) {
    let (left, top) = (at.0.floor(), at.1.floor());
    let (right_share, lower_share) = (
        (256.0 * (at.0 - left)) as u32,
        (256.0 * (at.1 - top)) as u32,
    );
    let whole = right_share == 0 && lower_share == 0;
    let (left, top) = (left as isize, top as isize);
    let (width, height) = over_size;
    let weights = [
        (256 - right_share) * (256 - lower_share),
        right_share * (256 - lower_share),
        (256 - right_share) * lower_share,
        right_share * lower_share,
    ];
    let first_row = (-top).max(0) as usize + usize::from(!whole);
    let last_row = height.min((under_size.1 as isize - top).max(0) as usize);
    let first = (-left).max(0) as usize + usize::from(!whole);
    let last = width.min((under_size.0 as isize - left).max(0) as usize);
    if first >= last {
        return;
    }
    for row in first_row..last_row {
        let start = ((row as isize + top) * under_size.0 as isize + left + first as isize) as usize;
        let target = &mut under[start..start + (last - first)];
        let line = row * width;
        if whole {
            let (over, cover) = (
                &over[line + first..line + last],
                &cover[line + first..line + last],
            );
            for ((pixel, over), cover) in target.iter_mut().zip(over).zip(cover) {
                *pixel = mixed(*pixel, u32::from(*over), u32::from(*cover));
            }
            continue;
        }
        // The four pixels whose corner the target pixel covers: this one, left of it, above it, above and left.
        let taken = |plane: &[u8], column: usize| {
            let (here, above) = (line + column, line - width + column);
            let sum = u32::from(plane[here]) * weights[0]
                + u32::from(plane[here - 1]) * weights[1]
                + u32::from(plane[above]) * weights[2]
                + u32::from(plane[above - 1]) * weights[3];
            (sum + (1 << 15)) >> 16
        };
        // Nothing to do where this row and the one above are clear: most of a figure's frame.
        let clear = |column: usize| cover[line + column] == 0 && cover[line - width + column] == 0;
        let Some(begin) = (first..last).find(|&column| !clear(column)) else {
            continue;
        };
        let end = (begin..last)
            .rfind(|&column| !clear(column))
            .map_or(last, |end| (end + 2).min(last));
        for (column, pixel) in (begin..end).zip(&mut target[begin - first..]) {
            let share = taken(cover, column);
            if share > 0 {
                *pixel = mixed(*pixel, taken(over, column), share);
            }
        }
    }
}

fn mixed(under: u8, over: u32, cover: u32) -> u8 {
    let rest = u32::from(under) * (255 - cover);
    (over + (rest + 128) * 257 / 65_536).min(255) as u8
}

#[cfg(test)]
mod tests {
    use tiny_skia::{Color, Pixmap};

    use super::*;

    fn white(width: u32, height: u32) -> Sprite {
        let mut pixmap = Pixmap::new(width, height).unwrap();
        pixmap.fill(Color::WHITE);
        Sprite::new(&pixmap)
    }

    #[test]
    fn whole_places_copy_and_halves_mix() {
        let mut planes = Planes::new(16, 16);
        white(4, 4).lay(&mut planes, 2.0, 2.0);
        assert_eq!(
            (planes.luma[2 * 16 + 2], planes.luma[2 * 16 + 1]),
            (235, 16)
        );
        let mut planes = Planes::new(16, 16);
        white(6, 6).lay(&mut planes, 2.5, 2.0);
        let row = &planes.luma[4 * 16..][..16];
        assert!(row[4] > 230, "{row:?}");
    }

    #[test]
    fn a_sprite_may_hang_over_any_edge() {
        let mut planes = Planes::new(16, 16);
        for (x, y) in [
            (-3.5, -3.5),
            (14.5, 14.5),
            (-40.0, 0.0),
            (0.0, 40.0),
            (15.0, -3.0),
            (-3.0, 15.0),
        ] {
            white(8, 8).lay(&mut planes, x, y);
        }
    }
}
