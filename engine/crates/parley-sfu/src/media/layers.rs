//! Which layer of a camera suits a tile.

use crate::words::Layers;

/// Measured widths of the layers in pixels, where known.
pub(crate) type Widths = [Option<u16>; Layers::COUNT];

/// A picture may be enlarged this much on the screen before the next layer is worth its bits.
const ENLARGE: f32 = 1.4;

/// Width taken for granted when no layer has told its own.
const USUAL_FULL: f32 = 1280.0;

/// The lowest layer that fills `wanted` pixels well.
pub(crate) fn ideal(wanted: u32, widths: &Widths) -> u8 {
    (0..Layers::COUNT as u8 - 1)
        .find(|layer| wanted as f32 <= width_of(*layer, widths) * ENLARGE)
        .unwrap_or(Layers::COUNT as u8 - 1)
}

/// The best that runs: the highest not above `ideal`, else the lowest above it.
pub(crate) fn best_live(ideal: u8, live: Layers) -> Option<u8> {
    live.iter()
        .rev()
        .find(|l| *l <= ideal)
        .or_else(|| live.iter().next())
}

/// What is measured, else derived from a neighbour: each layer is twice as wide as the one below.
fn width_of(layer: u8, widths: &Widths) -> f32 {
    if let Some(width) = widths[layer as usize] {
        return f32::from(width);
    }
    let known = widths
        .iter()
        .enumerate()
        .rev()
        .find_map(|(l, w)| w.map(|w| (l as i32, f32::from(w))));
    let (from, width) = known.unwrap_or((Layers::COUNT as i32 - 1, USUAL_FULL));
    width * 2f32.powi(i32::from(layer) - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_gets_the_lowest_layer_that_fills_it() {
        let widths = [Some(320), Some(640), Some(1280)];
        assert_eq!(ideal(160, &widths), 0);
        assert_eq!(ideal(448, &widths), 0);
        assert_eq!(ideal(449, &widths), 1);
        assert_eq!(ideal(900, &widths), 2);
        assert_eq!(ideal(4000, &widths), 2);
        assert_eq!(
            ideal(449, &[None, None, None]),
            1,
            "before anything is measured"
        );
        assert_eq!(
            ideal(200, &[None, None, Some(640)]),
            0,
            "derived from the full layer"
        );
        assert_eq!(ideal(300, &[None, None, Some(640)]), 1);
    }

    #[test]
    fn absent_layers_are_replaced_by_the_best_live_one() {
        assert_eq!(best_live(2, Layers(0b011)), Some(1));
        assert_eq!(best_live(1, Layers(0b101)), Some(0));
        assert_eq!(best_live(0, Layers(0b100)), Some(2));
        assert_eq!(best_live(0, Layers(0)), None);
    }
}
