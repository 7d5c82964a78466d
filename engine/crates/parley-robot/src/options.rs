//! What a robot is told: by the command line for one, by a file for many.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::acts::Manner;
use crate::sound::Voice;

/// Help of the program.
pub const USAGE: &str = "\
parley-robot: sits at a table as a person in a browser would: publishes a drawn picture and a synthetic voice, watches, counts.

  parley-robot --link URL [--link URL …] | --seats FILE   [options]

  --link URL           the one-time link of a seat (http://…/join#token); repeat for several robots in one process
  --seats FILE         JSON list of {\"link\", \"name\", \"camera\", \"voice\", \"watch\", \"number\", \"of\", \"seed\", \"accept_open\",
                       \"propose_open\", \"hand\", \"step\"}; what is missing is as on the command line
  --name TEXT          name in the picture (else the seat's own)
  --camera WxH@FPS     or none; 640x360@12
  --voice V            speech, none, or a tone in Hz; speech
  --watch W            all, none, or how many pictures; none
  --watch-width PX     width wanted of each; 320
  --number N --of M    which robot of how many take turns to speak; by place in the list
  --seed N             look and voice; by number
  --propose-open       a head proposes to open the meeting when the line is linked
  --accept-open        a head accepts the other side's proposal
  --hand S, --step S   raises its hand, steps out to the caucus, so many seconds after a meeting has opened, for 10 s
  --font FILE          TrueType or OpenType font for the picture; else one of the machine's
  --ca FILE            CA of the side, PEM, for https
  --insecure-loopback  https without a check of the certificate, only for a node on this machine
  --seconds N          ends after so long; else on SIGTERM or SIGINT
  --report FILE        writes what was counted, JSON, at the end
  --json               progress on stdout, one JSON object a line; else plain lines on stderr
";

/// What a robot sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Every picture of its place.
    All,
    /// The first so many.
    Some(usize),
}

/// A camera's size and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraSize {
    /// Pixels, a multiple of 8.
    pub width: usize,
    /// Pixels, a multiple of 8.
    pub height: usize,
    /// Frames a second.
    pub fps: u32,
}

/// One robot.
#[derive(Debug, Clone, PartialEq)]
pub struct Robot {
    /// One-time link.
    pub link: String,
    /// Name in the picture; empty: the seat's.
    pub name: String,
    /// Camera, if it has one.
    pub camera: Option<CameraSize>,
    /// Voice.
    pub voice: Voice,
    /// What it watches.
    pub watch: Watch,
    /// Width wanted of each picture.
    pub watch_width: u32,
    /// Its number among those that take turns; in the code strip.
    pub number: Option<u32>,
    /// How many take turns.
    pub of: Option<u32>,
    /// Look and voice.
    pub seed: Option<u64>,
    /// What it does.
    pub manner: Manner,
}

/// The whole command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The robots.
    pub robots: Vec<Robot>,
    /// Font file.
    pub font: Option<PathBuf>,
    /// CA file.
    pub ca: Option<PathBuf>,
    /// Any certificate on loopback.
    pub insecure_loopback: bool,
    /// How long.
    pub length: Option<Duration>,
    /// Report file.
    pub report: Option<PathBuf>,
    /// JSON on stdout.
    pub json: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatLine {
    link: String,
    name: Option<String>,
    camera: Option<String>,
    voice: Option<serde_json::Value>,
    watch: Option<serde_json::Value>,
    number: Option<u32>,
    of: Option<u32>,
    seed: Option<u64>,
    accept_open: Option<bool>,
    propose_open: Option<bool>,
    hand: Option<f64>,
    step: Option<f64>,
}

fn default_robot() -> Robot {
    Robot {
        link: String::new(),
        name: String::new(),
        camera: Some(CameraSize {
            width: 640,
            height: 360,
            fps: 12,
        }),
        voice: Voice::Speech,
        watch: Watch::Some(0),
        watch_width: 320,
        number: None,
        of: None,
        seed: None,
        manner: Manner::default(),
    }
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{option} takes a number, not '{text}'."))
}

fn seconds(option: &str, text: &str) -> Result<Duration, String> {
    let value: f64 = number(option, text)?;
    Duration::try_from_secs_f64(value)
        .map_err(|_| format!("{option} takes seconds from 0 on, not '{text}'."))
}

fn camera(text: &str) -> Result<Option<CameraSize>, String> {
    if text == "none" {
        return Ok(None);
    }
    let parts = || {
        let (size, fps) = text.split_once('@')?;
        let (width, height) = size.split_once('x')?;
        Some(CameraSize {
            width: width.parse().ok()?,
            height: height.parse().ok()?,
            fps: fps.parse().ok()?,
        })
    };
    let valid = |camera: &CameraSize| {
        let side = |length: usize| (64..=1_920).contains(&length) && length.is_multiple_of(8);
        side(camera.width) && side(camera.height) && (1..=30).contains(&camera.fps)
    };
    match parts().filter(valid) {
        Some(camera) => Ok(Some(camera)),
        None => Err(format!(
            "A camera is WxH@FPS (sides of 64 to 1920 in steps of 8, 1 to 30 a second) or none, not '{text}'."
        )),
    }
}

fn voice(text: &str) -> Result<Voice, String> {
    match text {
        "speech" => Ok(Voice::Speech),
        "none" => Ok(Voice::None),
        _ => match text.parse::<f32>() {
            Ok(hertz) if (20.0..=20_000.0).contains(&hertz) => Ok(Voice::Tone(hertz)),
            _ => Err(format!(
                "A voice is speech, none or a tone of 20 to 20000 Hz, not '{text}'."
            )),
        },
    }
}

fn watch(text: &str) -> Result<Watch, String> {
    match text {
        "all" => Ok(Watch::All),
        "none" => Ok(Watch::Some(0)),
        _ => number("--watch", text).map(Watch::Some),
    }
}

fn word(value: &serde_json::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn from_file(common: &Robot, text: &str) -> Result<Vec<Robot>, String> {
    let lines: Vec<SeatLine> = serde_json::from_str(text)
        .map_err(|error| format!("The file of seats cannot be read: {error}."))?;
    let robot = |line: SeatLine| -> Result<Robot, String> {
        let mut robot = Robot {
            link: line.link,
            ..common.clone()
        };
        robot.name = line.name.unwrap_or(robot.name);
        robot.camera = line.camera.map_or(Ok(robot.camera), |text| camera(&text))?;
        robot.voice = line
            .voice
            .map_or(Ok(robot.voice), |value| voice(&word(&value)))?;
        robot.watch = line
            .watch
            .map_or(Ok(robot.watch), |value| watch(&word(&value)))?;
        (robot.number, robot.of, robot.seed) = (
            line.number.or(robot.number),
            line.of.or(robot.of),
            line.seed.or(robot.seed),
        );
        robot.manner.accepts = line.accept_open.unwrap_or(robot.manner.accepts);
        robot.manner.proposes = line.propose_open.unwrap_or(robot.manner.proposes);
        let time = |value: Option<f64>, name| {
            value
                .map(|value| seconds(name, &value.to_string()))
                .transpose()
        };
        robot.manner.hand = time(line.hand, "hand")?.or(robot.manner.hand);
        robot.manner.step = time(line.step, "step")?.or(robot.manner.step);
        Ok(robot)
    };
    lines.into_iter().map(robot).collect()
}

/// Reads the command line, without the program's name.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Options, String> {
    let mut common = default_robot();
    let mut options = Options {
        robots: vec![],
        font: None,
        ca: None,
        insecure_loopback: false,
        length: None,
        report: None,
        json: false,
    };
    let (mut links, mut seats) = (Vec::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(option) = words.next() {
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("{option} needs a value."))
        };
        match option.as_str() {
            "--link" => links.push(value()?),
            "--seats" => seats.push(value()?),
            "--name" => common.name = value()?,
            "--camera" => common.camera = camera(&value()?)?,
            "--voice" => common.voice = voice(&value()?)?,
            "--watch" => common.watch = watch(&value()?)?,
            "--watch-width" => common.watch_width = number(&option, &value()?)?,
            "--number" => common.number = Some(number(&option, &value()?)?),
            "--of" => common.of = Some(number(&option, &value()?)?),
            "--seed" => common.seed = Some(number(&option, &value()?)?),
            "--propose-open" => common.manner.proposes = true,
            "--accept-open" => common.manner.accepts = true,
            "--hand" => common.manner.hand = Some(seconds(&option, &value()?)?),
            "--step" => common.manner.step = Some(seconds(&option, &value()?)?),
            "--font" => options.font = Some(value()?.into()),
            "--ca" => options.ca = Some(value()?.into()),
            "--insecure-loopback" => options.insecure_loopback = true,
            "--seconds" => options.length = Some(seconds(&option, &value()?)?),
            "--report" => options.report = Some(value()?.into()),
            "--json" => options.json = true,
            _ => return Err(format!("There is no option '{option}'.")),
        }
    }
    for file in seats {
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{file} cannot be read: {error}."))?;
        options.robots.extend(from_file(&common, &text)?);
    }
    options.robots.extend(links.into_iter().map(|link| Robot {
        link,
        ..common.clone()
    }));
    if options.robots.is_empty() {
        return Err("Give --link URL or --seats FILE.".into());
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<Options, String> {
        parse(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn one_robot_by_words() {
        let options = words("--link http://h/join#t --camera 320x184@10 --voice 440 --watch 3 --accept-open --hand 2.5 --seconds 9").unwrap();
        let robot = &options.robots[0];
        assert_eq!(
            robot.camera,
            Some(CameraSize {
                width: 320,
                height: 184,
                fps: 10
            })
        );
        assert_eq!(
            (robot.voice, robot.watch),
            (Voice::Tone(440.0), Watch::Some(3))
        );
        assert!(robot.manner.accepts && !robot.manner.proposes);
        assert_eq!(
            (robot.manner.hand, options.length),
            (
                Some(Duration::from_millis(2_500)),
                Some(Duration::from_secs(9))
            )
        );
    }

    #[test]
    fn many_robots_by_a_file() {
        let text = r#"[{"link":"http://h/join#a","voice":440,"watch":"all","propose_open":true},{"link":"http://h/join#b","camera":"none"}]"#;
        let robots = from_file(&default_robot(), text).unwrap();
        assert_eq!(
            (robots[0].voice, robots[0].watch),
            (Voice::Tone(440.0), Watch::All)
        );
        assert!(robots[0].manner.proposes && robots[1].camera.is_none());
        assert!(
            from_file(&default_robot(), r#"[{"link":"x","colour":1}]"#)
                .unwrap_err()
                .contains("colour")
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, why) in [
            ("", "--link URL"),
            ("--link", "needs a value"),
            ("--speed 3", "no option '--speed'"),
            ("--link x --camera 641x360@12", "A camera is"),
            ("--link x --voice loud", "A voice is"),
            ("--link x --seconds -1", "seconds from 0"),
        ] {
            assert!(words(text).unwrap_err().contains(why), "{text}");
        }
    }
}
