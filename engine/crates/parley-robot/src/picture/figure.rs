//! The speaker: wall, shoulders and head, drawn with paths. All measures are for a picture of 640 x 360; the caller scales.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LinearGradient, Paint, Path, PathBuilder, Pixmap,
    Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::look::{Hair, Look, clear, shade};

/// The head's pixmap in the scene: left, top, width, height.
pub(super) const HEAD: [f32; 4] = [214.0, 30.0, 212.0, 250.0];
/// The shoulders' pixmap in the scene.
pub(super) const BODY: [f32; 4] = [96.0, 216.0, 448.0, 160.0];

/// A pixmap to draw on, with its place in the scene and the scale of the picture.
struct Board {
    pixmap: Pixmap,
    transform: Transform,
}

impl Board {
    fn new(area: [f32; 4], scale: f32) -> Self {
        let [left, top, width, height] = area;
        let side = |length: f32| ((length * scale / 2.0).round() as u32 * 2).max(2);
        let pixmap = Pixmap::new(side(width), side(height)).expect("sides are at least 2");
        Self {
            pixmap,
            transform: Transform::from_translate(-left, -top).post_scale(scale, scale),
        }
    }

    fn fill(&mut self, path: &Path, shader: Shader<'_>) {
        let paint = Paint {
            shader,
            anti_alias: true,
            ..Paint::default()
        };
        self.pixmap
            .fill_path(path, &paint, FillRule::Winding, self.transform, None);
    }

    fn colour(&mut self, path: &Path, colour: Color) {
        self.fill(path, Shader::SolidColor(colour));
    }

    fn line(&mut self, path: &Path, colour: Color, width: f32) {
        let paint = Paint {
            shader: Shader::SolidColor(colour),
            anti_alias: true,
            ..Paint::default()
        };
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            ..Stroke::default()
        };
        self.pixmap
            .stroke_path(path, &paint, &stroke, self.transform, None);
    }
}

fn path(build: impl FnOnce(&mut PathBuilder)) -> Path {
    let mut builder = PathBuilder::new();
    build(&mut builder);
    builder
        .finish()
        .expect("the paths of a figure are not empty")
}

fn oval(x: f32, y: f32, across: f32, down: f32) -> Path {
    let rect = Rect::from_xywh(x - across, y - down, across * 2.0, down * 2.0)
        .expect("an oval has a size");
    path(|p| p.push_oval(rect))
}

fn between(from: (f32, f32), to: (f32, f32), first: Color, last: Color) -> Shader<'static> {
    let stops = vec![GradientStop::new(0.0, first), GradientStop::new(1.0, last)];
    let (from, to) = (Point::from_xy(from.0, from.1), Point::from_xy(to.0, to.1));
    LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity())
        .unwrap_or(Shader::SolidColor(first))
}

fn glow(x: f32, y: f32, radius: f32, colour: Color) -> Shader<'static> {
    let stops = vec![
        GradientStop::new(0.0, colour),
        GradientStop::new(1.0, clear(colour, 0.0)),
    ];
    let centre = Point::from_xy(x, y);
    RadialGradient::new(
        centre,
        centre,
        radius,
        stops,
        SpreadMode::Pad,
        Transform::identity(),
    )
    .unwrap_or(Shader::SolidColor(Color::TRANSPARENT))
}

/// The wall behind: a soft light, quiet panels, and a darker lower part.
pub(super) fn wall(look: &Look, scale: f32) -> Pixmap {
    let mut board = Board::new([0.0, 0.0, 640.0, 360.0], scale);
    let all = path(|p| {
        p.push_rect(Rect::from_xywh(0.0, 0.0, 640.0, 360.0).expect("the scene has a size"))
    });
    let [light, dark] = look.wall;
    board.fill(&all, between((200.0, 0.0), (470.0, 360.0), light, dark));
    for at in 0..5 {
        let x = 40.0 + at as f32 * 140.0;
        let groove = path(|p| {
            p.push_rect(Rect::from_xywh(x, 0.0, 1.6, 360.0).expect("a groove has a size"))
        });
        board.colour(&groove, clear(shade(dark, 0.75), 0.30));
        let edge = path(|p| {
            p.push_rect(Rect::from_xywh(x + 1.6, 0.0, 1.6, 360.0).expect("a groove has a size"))
        });
        board.colour(&edge, clear(Color::WHITE, 0.16));
    }
    board.fill(&all, glow(250.0, 70.0, 360.0, clear(Color::WHITE, 0.34)));
    board.fill(
        &all,
        between(
            (0.0, 230.0),
            (0.0, 360.0),
            clear(Color::BLACK, 0.0),
            clear(Color::BLACK, 0.26),
        ),
    );
    board.fill(&all, glow(352.0, 210.0, 190.0, clear(Color::BLACK, 0.20)));
    board.pixmap
}

/// Shoulders, jacket, shirt and tie.
pub(super) fn body(look: &Look, scale: f32) -> Pixmap {
    let mut board = Board::new(BODY, scale);
    let shoulders = path(|p| {
        p.move_to(112.0, 376.0);
        p.cubic_to(118.0, 318.0, 140.0, 292.0, 196.0, 276.0);
        p.cubic_to(244.0, 262.0, 268.0, 256.0, 284.0, 240.0);
        p.line_to(356.0, 240.0);
        p.cubic_to(372.0, 256.0, 396.0, 262.0, 444.0, 276.0);
        p.cubic_to(500.0, 292.0, 522.0, 318.0, 528.0, 376.0);
        p.close();
    });
    board.fill(
        &shoulders,
        between(
            (220.0, 240.0),
            (470.0, 376.0),
            shade(look.jacket, 1.28),
            shade(look.jacket, 0.78),
        ),
    );
    let shirt = path(|p| {
        p.move_to(284.0, 240.0);
        p.line_to(356.0, 240.0);
        p.line_to(352.0, 290.0);
        p.line_to(320.0, 376.0);
        p.line_to(288.0, 290.0);
        p.close();
    });
    board.fill(
        &shirt,
        between(
            (290.0, 240.0),
            (350.0, 376.0),
            look.shirt,
            shade(look.shirt, 0.84),
        ),
    );
    if let Some(tie) = look.tie {
        let ribbon = path(|p| {
            p.move_to(311.0, 268.0);
            p.line_to(329.0, 268.0);
            p.line_to(325.0, 282.0);
            p.line_to(332.0, 350.0);
            p.line_to(320.0, 376.0);
            p.line_to(308.0, 350.0);
            p.line_to(315.0, 282.0);
            p.close();
        });
        board.fill(
            &ribbon,
            between(
                (308.0, 268.0),
                (334.0, 376.0),
                shade(tie, 1.2),
                shade(tie, 0.8),
            ),
        );
        let knot = path(|p| {
            p.move_to(315.0, 282.0);
            p.line_to(325.0, 282.0);
        });
        board.line(&knot, shade(tie, 0.6), 1.4);
    }
    for mirror in [1.0, -1.0] {
        let x = |value: f32| 320.0 + mirror * (value - 320.0);
        let collar = path(|p| {
            p.move_to(x(284.0), 236.0);
            p.line_to(x(319.0), 268.0);
            p.line_to(x(298.0), 288.0);
            p.line_to(x(276.0), 250.0);
            p.close();
        });
        board.fill(
            &collar,
            between(
                (x(276.0), 240.0),
                (x(310.0), 290.0),
                shade(look.shirt, 1.04),
                shade(look.shirt, 0.9),
            ),
        );
        let lapel = path(|p| {
            p.move_to(x(276.0), 248.0);
            p.line_to(x(252.0), 264.0);
            p.line_to(x(246.0), 300.0);
            p.line_to(x(262.0), 302.0);
            p.line_to(x(254.0), 316.0);
            p.line_to(x(314.0), 376.0);
            p.line_to(x(320.0), 376.0);
            p.close();
        });
        board.fill(
            &lapel,
            between(
                (x(250.0), 250.0),
                (x(316.0), 376.0),
                shade(look.jacket, 1.5),
                shade(look.jacket, 1.05),
            ),
        );
        let seam = path(|p| {
            p.move_to(x(176.0), 376.0);
            p.quad_to(x(186.0), 340.0, x(182.0), 318.0);
        });
        board.line(&seam, clear(Color::BLACK, 0.22), 1.6);
    }
    board.pixmap
}

/// Neck and head. `open` is how far the mouth is open (0 to 1), `blink` closes the eyes.
pub(super) fn head(look: &Look, scale: f32, open: f32, blink: bool) -> Pixmap {
    let mut board = Board::new(HEAD, scale);
    if look.style == Hair::Bun {
        board.colour(&oval(320.0, 62.0, 27.0, 24.0), shade(look.hair, 1.15));
    }
    if look.style == Hair::Bob {
        board.fill(
            &behind(),
            between(
                (256.0, 90.0),
                (390.0, 240.0),
                shade(look.hair, 1.3),
                shade(look.hair, 0.8),
            ),
        );
    }
    let neck = path(|p| {
        p.move_to(292.0, 196.0);
        p.line_to(348.0, 196.0);
        p.cubic_to(348.0, 236.0, 354.0, 248.0, 352.0, 254.0);
        p.quad_to(320.0, 284.0, 288.0, 254.0);
        p.cubic_to(286.0, 248.0, 292.0, 236.0, 292.0, 196.0);
        p.close();
    });
    board.fill(
        &neck,
        between(
            (320.0, 206.0),
            (320.0, 268.0),
            shade(look.skin, 0.72),
            shade(look.skin, 0.92),
        ),
    );
    for x in [262.0, 378.0] {
        board.colour(&oval(x, 158.0, 9.0, 16.0), shade(look.skin, 0.86));
    }
    let face = path(|p| {
        p.move_to(320.0, 76.0);
        p.cubic_to(360.0, 76.0, 380.0, 106.0, 379.0, 146.0);
        p.cubic_to(378.0, 190.0, 352.0, 226.0, 320.0, 226.0);
        p.cubic_to(288.0, 226.0, 262.0, 190.0, 261.0, 146.0);
        p.cubic_to(260.0, 106.0, 280.0, 76.0, 320.0, 76.0);
        p.close();
    });
    board.fill(
        &face,
        between(
            (280.0, 90.0),
            (374.0, 220.0),
            shade(look.skin, 1.06),
            shade(look.skin, 0.86),
        ),
    );
    for x in [284.0, 356.0] {
        board.fill(
            &oval(x, 182.0, 17.0, 12.0),
            glow(x, 182.0, 17.0, Color::from_rgba8(190, 90, 80, 40)),
        );
    }
    features(&mut board, look, open, blink);
    board.fill(
        &fringe(look.style),
        between(
            (270.0, 66.0),
            (384.0, 150.0),
            shade(look.hair, 1.45),
            shade(look.hair, 0.85),
        ),
    );
    board.pixmap
}

fn features(board: &mut Board, look: &Look, open: f32, blink: bool) {
    let ink = Color::from_rgba8(38, 30, 28, 255);
    for mirror in [1.0, -1.0] {
        let x = |value: f32| 320.0 + mirror * (value - 320.0);
        let brow = path(|p| {
            p.move_to(x(334.0), 134.0);
            p.quad_to(x(346.0), 127.0, x(360.0), 133.0);
        });
        board.line(&brow, clear(shade(look.hair, 0.9), 0.85), 4.0);
        if blink {
            let lid = path(|p| {
                p.move_to(x(336.0), 153.0);
                p.quad_to(x(346.0), 157.0, x(356.0), 152.0);
            });
            board.line(&lid, clear(ink, 0.8), 2.4);
        } else {
            board.colour(
                &oval(x(346.0), 152.0, 10.0, 5.8),
                Color::from_rgba8(246, 243, 238, 255),
            );
            board.colour(
                &oval(x(346.0) - 0.6, 152.0, 5.2, 5.6),
                Color::from_rgba8(58, 42, 34, 255),
            );
            board.colour(
                &oval(x(346.0) - 2.2, 150.2, 1.6, 1.6),
                clear(Color::WHITE, 0.9),
            );
            let lid = path(|p| {
                p.move_to(x(335.0), 150.5);
                p.quad_to(x(346.0), 143.0, x(357.0), 149.5);
            });
            board.line(&lid, clear(ink, 0.75), 2.2);
        }
        if look.glasses {
            let rim = path(|p| {
                p.push_oval(
                    Rect::from_xywh(x(346.0) - 19.0, 137.0, 38.0, 31.0).expect("a rim has a size"),
                )
            });
            board.line(&rim, Color::from_rgba8(40, 42, 48, 235), 2.4);
        }
    }
    if look.glasses {
        let bridge = path(|p| {
            p.move_to(313.0, 150.0);
            p.quad_to(320.0, 146.0, 327.0, 150.0);
        });
        board.line(&bridge, Color::from_rgba8(40, 42, 48, 235), 2.4);
    }
    let nose = path(|p| {
        p.move_to(322.0, 156.0);
        p.quad_to(330.0, 174.0, 325.0, 179.0);
        p.quad_to(320.0, 182.0, 313.0, 179.0);
    });
    board.line(&nose, clear(shade(look.skin, 0.62), 0.75), 2.4);
    let lips = Color::from_rgba8(158, 82, 76, 255);
    if open < 0.08 {
        let mouth = path(|p| {
            p.move_to(302.0, 199.0);
            p.quad_to(320.0, 206.0, 338.0, 199.0);
        });
        board.line(&mouth, lips, 3.0);
    } else {
        let wide = 17.0 - 4.0 * open;
        board.colour(&oval(320.0, 201.0, wide + 2.4, 3.4 + 9.0 * open), lips);
        board.colour(
            &oval(320.0, 201.0, wide, 1.6 + 7.6 * open),
            Color::from_rgba8(70, 28, 30, 255),
        );
        if open > 0.4 {
            board.colour(
                &oval(320.0, 201.0 - 5.0 * open, wide * 0.7, 2.2),
                Color::from_rgba8(244, 240, 234, 255),
            );
        }
    }
}

/// Hair behind the face, for the long cut.
fn behind() -> Path {
    path(|p| {
        p.move_to(320.0, 58.0);
        p.cubic_to(384.0, 58.0, 402.0, 104.0, 400.0, 160.0);
        p.cubic_to(400.0, 200.0, 398.0, 218.0, 384.0, 232.0);
        p.quad_to(366.0, 240.0, 352.0, 226.0);
        p.line_to(288.0, 226.0);
        p.quad_to(274.0, 240.0, 256.0, 232.0);
        p.cubic_to(242.0, 218.0, 240.0, 200.0, 240.0, 160.0);
        p.cubic_to(238.0, 104.0, 256.0, 58.0, 320.0, 58.0);
        p.close();
    })
}

/// Hair over the forehead.
fn fringe(style: Hair) -> Path {
    path(|p| match style {
        Hair::Parted => {
            p.move_to(258.0, 152.0);
            p.cubic_to(244.0, 84.0, 286.0, 56.0, 328.0, 60.0);
            p.cubic_to(374.0, 62.0, 394.0, 100.0, 382.0, 152.0);
            p.cubic_to(376.0, 128.0, 372.0, 116.0, 360.0, 108.0);
            p.cubic_to(332.0, 108.0, 312.0, 100.0, 300.0, 88.0);
            p.cubic_to(294.0, 104.0, 268.0, 112.0, 258.0, 152.0);
            p.close();
        }
        Hair::Short => {
            p.move_to(259.0, 146.0);
            p.cubic_to(248.0, 88.0, 282.0, 62.0, 320.0, 62.0);
            p.cubic_to(358.0, 62.0, 392.0, 88.0, 381.0, 146.0);
            p.cubic_to(376.0, 120.0, 368.0, 108.0, 352.0, 102.0);
            p.quad_to(320.0, 94.0, 288.0, 102.0);
            p.cubic_to(272.0, 108.0, 264.0, 120.0, 259.0, 146.0);
            p.close();
        }
        Hair::Bob | Hair::Bun => {
            p.move_to(257.0, 166.0);
            p.cubic_to(244.0, 92.0, 280.0, 58.0, 320.0, 58.0);
            p.cubic_to(360.0, 58.0, 396.0, 92.0, 383.0, 166.0);
            p.cubic_to(380.0, 136.0, 366.0, 112.0, 346.0, 98.0);
            p.cubic_to(324.0, 116.0, 274.0, 116.0, 257.0, 166.0);
            p.close();
        }
    })
}
