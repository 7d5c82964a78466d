//! One robot's scene: what never changes is drawn once, then each picture lays the moving parts over it.

use std::f32::consts::TAU;
use std::time::Duration;

use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Rect, Shader, Transform};

use super::code::{self, Code};
use super::figure;
use super::lettering::Lettering;
use super::look::Look;
use super::sprite::Sprite;
use super::{Planes, look};

/// Steps between a closed and an open mouth.
const MOUTHS: usize = 5;
const CLOCK_SIGNS: &str = "0123456789:.";

/// Whose picture it is.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Number of the seat, in the code strip.
    pub number: u8,
    /// Seed of the look.
    pub seed: u64,
    /// First line of the plate: the person's name.
    pub name: String,
    /// Second line: side and role.
    pub subtitle: String,
}

/// What changes from picture to picture.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The Unix clock.
    pub clock: Duration,
    /// How loud the robot speaks now, 0 to 1.
    pub loud: f32,
}

/// The studio of one robot.
#[derive(Debug)]
pub struct Studio {
    still: Planes,
    body: Sprite,
    heads: Vec<Sprite>,
    closed_eyes: Vec<Sprite>,
    plate: Option<(Sprite, [f32; 2])>,
    signs: Vec<Sprite>,
    scene: Scene,
    scale: f32,
    mouth: f32,
    turn: f32,
}

impl Studio {
    /// Draws the parts for pictures of `width` x `height` (16:9 looks right; other shapes are cut or get more wall).
    pub fn new(width: usize, height: usize, scene: Scene, lettering: Option<&Lettering>) -> Self {
        let look = Look::new(scene.seed);
        let scale = (width as f32 / 640.0).max(height as f32 / 360.0);
        let mut still = Planes::new(width, height);
        Sprite::new(&figure::wall(&look, scale)).lay(&mut still, 0.0, 0.0);
        let mouths = |blink| {
            let open = |at: usize| at as f32 / (MOUTHS - 1) as f32;
            (0..MOUTHS)
                .map(|at| Sprite::new(&figure::head(&look, scale, open(at), blink)))
                .collect()
        };
        let mut studio = Self {
            body: Sprite::new(&figure::body(&look, scale)),
            heads: mouths(false),
            closed_eyes: mouths(true),
            plate: None,
            signs: Vec::new(),
            scene,
            scale: width as f32 / 640.0,
            mouth: 0.0,
            turn: 0.0,
            still,
        };
        if let Some(lettering) = lettering {
            studio.letter(lettering);
        }
        studio.turn = (studio.scene.seed % 97) as f32;
        studio
    }

    /// Draws the plate with the name, and the signs of the clock.
    fn letter(&mut self, lettering: &Lettering) {
        let unit = self.scale;
        let (name, subtitle) = (self.scene.name.clone(), self.scene.subtitle.clone());
        let wide = lettering
            .width(&name, 24.0 * unit)
            .max(lettering.width(&subtitle, 15.0 * unit))
            + 30.0 * unit;
        let height = if subtitle.is_empty() { 38.0 } else { 54.0 };
        let wide = wide.min(600.0 * unit);
        if let Some(mut plate) = rounded(
            wide,
            height * unit,
            5.0 * unit,
            look::clear(Color::from_rgba8(15, 20, 27, 255), 0.74),
        ) {
            let accent = Rect::from_xywh(0.0, 0.0, 4.0 * unit, height * unit);
            if let Some(accent) = accent {
                let colour = Shader::SolidColor(Color::from_rgba8(203, 178, 121, 255));
                let paint = Paint {
                    shader: colour,
                    ..Paint::default()
                };
                plate.fill_rect(accent, &paint, Transform::identity(), None);
            }
            let white = Color::from_rgba8(248, 249, 250, 255);
            lettering.write(
                &mut plate,
                &name,
                24.0 * unit,
                (16.0 * unit, 25.5 * unit),
                white,
                None,
            );
            let pale = Color::from_rgba8(199, 206, 214, 255);
            lettering.write(
                &mut plate,
                &subtitle,
                15.0 * unit,
                (16.0 * unit, 44.5 * unit),
                pale,
                None,
            );
            self.plate = Some((Sprite::new(&plate), [20.0 * unit, (326.0 - height) * unit]));
        }
        for sign in CLOCK_SIGNS.chars() {
            let dark = look::clear(Color::from_rgba8(15, 20, 27, 255), 0.74);
            let Some(mut cell) = rounded(12.0 * unit, 26.0 * unit, 0.0, dark) else {
                return;
            };
            let step = Some(12.0 * unit);
            let white = Color::from_rgba8(244, 246, 248, 255);
            lettering.write(
                &mut cell,
                &sign.to_string(),
                21.0 * unit,
                (0.0, 19.0 * unit),
                white,
                step,
            );
            self.signs.push(Sprite::new(&cell));
        }
    }

    /// The picture of a moment. The mouth and the head follow what was said before, so moments come in order.
    pub fn picture(&mut self, moment: Moment) -> Planes {
        let mut planes = self.still.clone();
        let seconds = moment.clock.as_secs_f64() % 3_600.0;
        let time = seconds as f32 + self.turn;
        let wanted = moment.loud.clamp(0.0, 1.0);
        self.mouth += (wanted - self.mouth) * if wanted > self.mouth { 0.8 } else { 0.5 };
        let unit = self.scale;
        let sway = 3.2 * (time * TAU / 9.0).sin() + 1.4 * (time * TAU / 3.7).sin();
        let breath = 1.2 * (time * TAU / 4.2).sin();
        let nod =
            1.0 * (time * TAU / 5.3).sin() - 3.0 * self.mouth * (time * TAU / 1.3).sin().abs();
        let [left, top, ..] = figure::BODY;
        self.body.lay(
            &mut planes,
            (left + sway * 0.4) * unit,
            (top + breath) * unit,
        );
        let blink = (time * 1.0) % 4.1 < 0.16;
        let heads = if blink {
            &self.closed_eyes
        } else {
            &self.heads
        };
        let mouth = ((self.mouth * (MOUTHS - 1) as f32).round() as usize).min(MOUTHS - 1);
        let [left, top, ..] = figure::HEAD;
        heads[mouth].lay(
            &mut planes,
            (left + sway) * unit,
            (top + breath * 0.7 + nod) * unit,
        );
        if let Some((plate, [x, y])) = &self.plate {
            plate.lay(&mut planes, x.round(), y.round());
        }
        self.clock(&mut planes, moment.clock);
        code::paint(&mut planes, Code::new(self.scene.number, moment.clock));
        planes
    }

    fn clock(&self, planes: &mut Planes, clock: Duration) {
        if self.signs.is_empty() {
            return;
        }
        let (day, millis) = (clock.as_secs() % 86_400, clock.subsec_millis());
        let text = format!(
            "{:02}:{:02}:{:02}.{:01}",
            day / 3_600,
            day / 60 % 60,
            day % 60,
            millis / 100
        );
        let step = (12.0 * self.scale / 2.0).round() * 2.0;
        let left = 622.0 * self.scale - step * text.len() as f32;
        for (at, sign) in text.chars().enumerate() {
            if let Some(sprite) = CLOCK_SIGNS.find(sign).and_then(|at| self.signs.get(at)) {
                sprite.lay(
                    planes,
                    (left + step * at as f32).round(),
                    (18.0 * self.scale).round(),
                );
            }
        }
    }
}

/// A pixmap with a rounded plate of one colour; sides are made even.
fn rounded(width: f32, height: f32, radius: f32, colour: Color) -> Option<Pixmap> {
    let even = |length: f32| ((length / 2.0).round() as u32 * 2).max(2);
    let (width, height) = (even(width), even(height));
    let mut pixmap = Pixmap::new(width, height)?;
    let (right, bottom) = (width as f32, height as f32);
    let mut path = PathBuilder::new();
    path.move_to(radius, 0.0);
    path.line_to(right - radius, 0.0);
    path.quad_to(right, 0.0, right, radius);
    path.line_to(right, bottom - radius);
    path.quad_to(right, bottom, right - radius, bottom);
    path.line_to(radius, bottom);
    path.quad_to(0.0, bottom, 0.0, bottom - radius);
    path.line_to(0.0, radius);
    path.quad_to(0.0, 0.0, radius, 0.0);
    path.close();
    let paint = Paint {
        shader: Shader::SolidColor(colour),
        anti_alias: true,
        ..Paint::default()
    };
    pixmap.fill_path(
        &path.finish()?,
        &paint,
        FillRule::Winding,
        Transform::identity(),
        None,
    );
    Some(pixmap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(number: u8) -> Scene {
        Scene {
            number,
            seed: u64::from(number),
            name: "Kim".into(),
            subtitle: String::new(),
        }
    }

    #[test]
    fn the_same_moments_give_the_same_pictures_and_the_code_says_whose() {
        for number in [0, 7] {
            let draw = || {
                let mut studio = Studio::new(640, 360, scene(number), None);
                let moment = |step: u64| Moment {
                    clock: Duration::from_millis(step * 83),
                    loud: (step % 3) as f32 / 2.0,
                };
                (0..20)
                    .map(|step| studio.picture(moment(step)))
                    .collect::<Vec<_>>()
            };
            let pictures = draw();
            assert!(pictures == draw());
            let read = code::read(&pictures[19].halved().halved()).unwrap();
            assert_eq!((read.seat, read.tenths), (number, 15));
        }
    }

    #[test]
    fn every_size_can_be_drawn() {
        for (width, height) in [
            (640, 360),
            (1280, 720),
            (320, 180),
            (160, 90),
            (640, 480),
            (480, 640),
        ] {
            Studio::new(width, height, scene(1), Lettering::found().as_ref()).picture(Moment {
                clock: Duration::from_secs(5),
                loud: 1.0,
            });
        }
    }
}
