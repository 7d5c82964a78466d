//! One robot's picture as a PNG file and ten seconds of its voice as a WAV file, with what they cost:
//! `cargo run --release -p parley-robot --example sample -- STEM [SEED] [NAME] [SUBTITLE]`.

use std::time::{Duration, Instant};

use parley_robot::codec::opus::OpusEncoder;
use parley_robot::codec::vp8::Vp8Encoder;
use parley_robot::picture::lettering::Lettering;
use parley_robot::picture::{Moment, Scene, Studio};
use parley_robot::sound::voice::Speaker;

fn main() {
    let mut words = std::env::args().skip(1);
    let stem = words.next().expect("the files' name without its end");
    let seed: u64 = words.next().map_or(0, |word| word.parse().expect("a seed"));
    let name = words.next().unwrap_or_else(|| "김서연 Kim Seo-yeon".into());
    let subtitle = words
        .next()
        .unwrap_or_else(|| "서울 Seoul · 수석대표 Head".into());
    let lettering = Lettering::found();
    let mut studio = Studio::new(
        640,
        360,
        Scene {
            number: seed as u8,
            seed,
            name,
            subtitle,
        },
        lettering.as_ref(),
    );
    let mut encoders: Vec<_> = [(640, 360, 500), (320, 180, 150), (160, 90, 60)]
        .into_iter()
        .map(|(width, height, kbit)| Vp8Encoder::new(width, height, 12, kbit).expect("an encoder"))
        .collect();
    let (mut drawing, mut encoding, mut bytes) = (Duration::ZERO, Duration::ZERO, [0; 3]);
    let mut picture = None;
    for step in 0..120u64 {
        let clock = Duration::from_millis(1_764_000_000_000 + seed * 60_000 + step * 83);
        let before = Instant::now();
        let planes = studio.picture(Moment {
            clock,
            loud: (step as f32 * 0.7).sin().max(0.0),
        });
        drawing += before.elapsed();
        let before = Instant::now();
        let mut layer = planes.clone();
        for (at, encoder) in encoders.iter_mut().enumerate() {
            if at > 0 {
                layer = layer.halved();
            }
            bytes[at] += encoder.encode(&layer).expect("a frame").data.len();
        }
        encoding += before.elapsed();
        picture = Some(planes);
    }
    println!(
        "drawing {:?}, encoding {:?} a picture; bytes in 10 s: {bytes:?}",
        drawing / 120,
        encoding / 120
    );
    say(&format!("{stem}.wav"), seed);
    let picture = picture.expect("a picture");
    let out = std::fs::File::create(format!("{stem}.png")).expect("the file");
    let mut png = png::Encoder::new(out, picture.width as u32, picture.height as u32);
    png.set_color(png::ColorType::Rgb);
    png.write_header()
        .and_then(|mut writer| writer.write_image_data(&picture.rgb()))
        .expect("the picture is written");
}

fn say(file: &str, seed: u64) {
    let mut speaker = Speaker::new(seed);
    let mut encoder = OpusEncoder::new(32).expect("an encoder");
    let (mut bytes, mut samples) = (0, Vec::new());
    let before = Instant::now();
    for _ in 0..500 {
        let sound = speaker.frame(true);
        bytes += encoder.encode(&sound).expect("a packet").len();
        samples.extend(sound.iter().flat_map(|sample| sample.to_le_bytes()));
    }
    println!(
        "speaking {:?} for 20 ms; {bytes} bytes in 10 s",
        before.elapsed() / 500
    );
    let length = samples.len() as u32;
    let numbers = [16, 0x0001_0001, 48_000, 96_000, 0x0010_0002];
    let mut wav = [
        b"RIFF".as_slice(),
        &(length + 36).to_le_bytes(),
        b"WAVEfmt ",
    ]
    .concat();
    wav.extend(numbers.iter().flat_map(|number: &u32| number.to_le_bytes()));
    wav.extend(b"data");
    wav.extend(length.to_le_bytes());
    wav.extend(samples);
    std::fs::write(file, wav).expect("the voice is written");
}
