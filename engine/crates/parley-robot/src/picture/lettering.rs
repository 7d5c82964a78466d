//! Letters: a font found on the machine or given, and text drawn with it. Without a font the picture has no name, only its
//! code strip.

use std::fmt;
use std::path::{Path, PathBuf};

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _, point};
use tiny_skia::{Color, Pixmap, PremultipliedColorU8};

/// Where Korean and Latin letters are usually found, best first, with the face's number in its file (1: Korean).
const KNOWN: [(&str, u32); 7] = [
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc", 1),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 1),
    ("/usr/share/fonts/truetype/noto/NotoSansKR-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/nanum/NanumGothic.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0),
    (
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        0,
    ),
];

/// A font that was asked for and cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontError(String);

impl fmt::Display for FontError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FontError {}

/// A font.
pub struct Lettering {
    font: FontVec,
    path: PathBuf,
}

impl fmt::Debug for Lettering {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lettering({})", self.path.display())
    }
}

impl Lettering {
    /// Loads a font file (TrueType or OpenType; of a collection the Korean face when it is Noto's).
    ///
    /// # Errors
    /// When the file cannot be read or is not a font.
    pub fn load(path: &Path, face: u32) -> Result<Self, FontError> {
        let bytes = std::fs::read(path).map_err(|error| {
            FontError(format!("Cannot read the font {}: {error}.", path.display()))
        })?;
        let font = FontVec::try_from_vec_and_index(bytes, face).map_err(|_| {
            FontError(format!(
                "{} is not a TrueType or OpenType font.",
                path.display()
            ))
        })?;
        Ok(Self {
            font,
            path: path.to_owned(),
        })
    }

    /// The first known font of this machine, if there is one.
    pub fn found() -> Option<Self> {
        KNOWN
            .iter()
            .find_map(|(path, face)| Self::load(Path::new(path), *face).ok())
    }

    /// Whether the font has all letters of a text.
    pub fn can_write(&self, text: &str) -> bool {
        text.chars()
            .all(|letter| letter == ' ' || self.font.glyph_id(letter).0 != 0)
    }

    /// Width of a text in pixels at a size (height of ascent and descent).
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let font = self.font.as_scaled(PxScale::from(size));
        let mut width = 0.0;
        let mut before = None;
        for letter in text.chars() {
            let glyph = font.glyph_id(letter);
            width += before.map_or(0.0, |before| font.kern(before, glyph)) + font.h_advance(glyph);
            before = Some(glyph);
        }
        width
    }

    /// Writes a text into a pixmap, its baseline beginning at `x`, `y`. `step` gives every letter the same advance.
    pub(super) fn write(
        &self,
        pixmap: &mut Pixmap,
        text: &str,
        size: f32,
        at: (f32, f32),
        colour: Color,
        step: Option<f32>,
    ) {
        let scaled = self.font.as_scaled(PxScale::from(size));
        let (mut x, y) = at;
        let mut before = None;
        for letter in text.chars() {
            let id = scaled.glyph_id(letter);
            let advance = scaled.h_advance(id);
            if step.is_none() {
                x += before.map_or(0.0, |before| scaled.kern(before, id));
            }
            let inset = step.map_or(0.0, |step| (step - advance) / 2.0);
            let glyph = id.with_scale_and_position(PxScale::from(size), point(x + inset, y));
            if let Some(outline) = self.font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                outline.draw(|column, row, share| {
                    let (column, row) = (
                        column as i32 + bounds.min.x as i32,
                        row as i32 + bounds.min.y as i32,
                    );
                    dot(pixmap, column, row, share, colour);
                });
            }
            x += step.unwrap_or(advance);
            before = Some(id);
        }
    }
}

fn dot(pixmap: &mut Pixmap, x: i32, y: i32, share: f32, colour: Color) {
    let (width, height) = (pixmap.width() as i32, pixmap.height() as i32);
    if !(0..width).contains(&x) || !(0..height).contains(&y) {
        return;
    }
    let pixel = &mut pixmap.pixels_mut()[(y * width + x) as usize];
    let alpha = share.clamp(0.0, 1.0) * colour.alpha();
    let mix = |under: u8, over: f32| {
        (f32::from(under) * (1.0 - alpha) + over * alpha * 255.0).round() as u8
    };
    let cover = mix(pixel.alpha(), 1.0);
    let parts = [
        mix(pixel.red(), colour.red()),
        mix(pixel.green(), colour.green()),
        mix(pixel.blue(), colour.blue()),
    ];
    let [red, green, blue] = parts.map(|part| part.min(cover));
    if let Some(mixed) = PremultipliedColorU8::from_rgba(red, green, blue, cover) {
        *pixel = mixed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_wrong_font_is_named() {
        let error = Lettering::load(Path::new("/nowhere/font.ttf"), 0).unwrap_err();
        assert!(error.to_string().contains("/nowhere/font.ttf"));
        let error = Lettering::load(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")),
            0,
        )
        .unwrap_err();
        assert!(error.to_string().contains("not a TrueType"));
    }
}
