//! How a robot delegate looks: chosen from a seed, so that no two at a table are alike for long and each stays itself.

use tiny_skia::Color;

/// Hair, as drawn by the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hair {
    Parted,
    Short,
    Bob,
    Bun,
}

/// Colours and manner of one figure.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) wall: [Color; 2],
    pub(super) skin: Color,
    pub(super) hair: Color,
    pub(super) jacket: Color,
    pub(super) shirt: Color,
    pub(super) tie: Option<Color>,
    pub(super) style: Hair,
    pub(super) glasses: bool,
}

fn hex(rgb: u32) -> Color {
    Color::from_rgba8((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8, 255)
}

const WALLS: [[u32; 2]; 8] = [
    [0xC9CFD2, 0x8F9AA1],
    [0xD3CCC0, 0xA2978A],
    [0xC3CDC4, 0x8B9A8F],
    [0xC4CAD6, 0x8992A6],
    [0xD4C8C6, 0xA08F8D],
    [0xBFCBD0, 0x83959E],
    [0xD1CFC4, 0x9C9A8B],
    [0xC8C5D1, 0x93909F],
];
const SKINS: [u32; 5] = [0xE9C3A6, 0xDFB08F, 0xF0CFB6, 0xD39F7C, 0xE4B99B];
const HAIRS: [u32; 5] = [0x24211F, 0x2E2723, 0x3A302B, 0x1D1D20, 0x6B6967];
const JACKETS: [u32; 6] = [0x27313F, 0x33363B, 0x2C3A38, 0x3B3340, 0x423A34, 0x1F2A3A];
const SHIRTS: [u32; 4] = [0xF3F4F4, 0xE6EBF0, 0xF2EEE6, 0xDCE5EC];
const TIES: [u32; 6] = [0x7A2E35, 0x2F4F6F, 0x4C5B45, 0x6A5636, 0x4A3C63, 0x2B5D63];

impl Look {
    /// The look for a seed. Consecutive seeds differ in wall, jacket and hair.
    pub(super) fn new(seed: u64) -> Self {
        let mut word = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x2545_F491_4F6C_DD1D;
        let mut pick = |count: usize| {
            word ^= word >> 29;
            word = word.wrapping_mul(0xBF58_476D_1CE4_E5B9);
            word ^= word >> 32;
            (word % count as u64) as usize
        };
        let turn = |count: usize| (seed % count as u64) as usize;
        let style = [Hair::Parted, Hair::Bob, Hair::Short, Hair::Bun][turn(4)];
        let tied = matches!(style, Hair::Parted | Hair::Short) && pick(5) > 0;
        Self {
            wall: WALLS[(turn(8) * 3 + 1) % 8].map(hex),
            skin: hex(SKINS[pick(SKINS.len())]),
            hair: hex(HAIRS[pick(HAIRS.len())]),
            jacket: hex(JACKETS[turn(JACKETS.len())]),
            shirt: hex(SHIRTS[pick(SHIRTS.len())]),
            tie: tied.then(|| hex(TIES[pick(TIES.len())])),
            style,
            glasses: pick(3) == 0,
        }
    }
}

/// A colour made darker (`by` below 1) or lighter (above 1).
pub(super) fn shade(colour: Color, by: f32) -> Color {
    let part = |value: f32| (value * by).clamp(0.0, 1.0);
    Color::from_rgba(
        part(colour.red()),
        part(colour.green()),
        part(colour.blue()),
        colour.alpha(),
    )
    .unwrap_or(colour)
}

/// A colour with another opacity.
pub(super) fn clear(mut colour: Color, alpha: f32) -> Color {
    colour.set_alpha(alpha);
    colour
}
