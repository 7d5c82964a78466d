//! One seat's life: enrol, join, publish, watch, act; and come back after every cut, for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::acts::Acts;
use crate::media::publish::{Camera, Mic};
use crate::media::slots::Slots;
use crate::options::Robot;
use crate::picture::lettering::Lettering;
use crate::picture::{Scene, Studio};
use crate::report::{Report, Teller};
use crate::session::SessionError;
use crate::session::enrol::{Identity, enrol, whoami};
use crate::session::link::Link;
use crate::session::messages::Sides;
use crate::session::socket::Socket;
use crate::session::wire::Trust;
use crate::sound::turns::Place;
use crate::visit::{Ending, Visit};

const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(7);
/// Refusals in a row after which a seat is taken as lost.
const REFUSALS: u32 = 3;

/// What all robots of a process share.
#[derive(Debug)]
pub struct Common {
    /// Set when it is time to end.
    pub stop: Arc<AtomicBool>,
    /// Whom to believe on https.
    pub trust: Trust,
    /// Font of the picture, if there is one.
    pub lettering: Option<Lettering>,
    /// Where events go.
    pub teller: Teller,
}

impl Common {
    /// Whether it is time to end.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Sleeps, but not past the end.
    fn rest(&self, length: Duration) {
        let until = Instant::now() + length;
        while !self.stopping() && Instant::now() < until {
            thread::sleep(Duration::from_millis(20).min(length));
        }
    }
}

/// What a robot keeps from visit to visit.
pub struct Kept {
    /// Its microphone.
    pub mic: Option<Mic>,
    /// Its camera, once the seat's name is known.
    pub camera: Option<Camera>,
    /// What it received.
    pub slots: Slots,
    /// What it does.
    pub acts: Acts,
    /// What it will report.
    pub report: Report,
    /// When it began.
    pub began: Instant,
}

/// Lives until the process is to end, or the seat is lost. Returns the report.
pub fn live(robot: &Robot, number: u32, of: u32, common: &Common) -> Report {
    let began = Instant::now();
    let seed = robot.seed.unwrap_or(u64::from(number));
    let mut kept = Kept {
        mic: None,
        camera: None,
        slots: Slots::new(began),
        acts: Acts::new(robot.manner),
        report: Report {
            number,
            ..Report::default()
        },
        began,
    };
    match Mic::new(robot.voice, seed, Place { index: number, of }) {
        Ok(mic) => kept.mic = mic,
        Err(error) => kept.report.ended = Some(error.to_string()),
    }
    let link = Link::parse(&robot.link);
    match link {
        Ok(link) if kept.report.ended.is_none() => stay(robot, &link, seed, common, &mut kept),
        Ok(_) => {}
        Err(error) => kept.report.ended = Some(error.text),
    }
    if let Some(reason) = &kept.report.ended {
        common
            .teller
            .tell(number, "ended", json!({"reason": reason}));
    }
    kept.report.audio = kept.mic.as_ref().map(|mic| mic.sent).unwrap_or_default();
    kept.report.video = kept
        .camera
        .as_ref()
        .map(|camera| camera.sent)
        .unwrap_or_default();
    kept.report.streams = kept.slots.totals;
    kept.report
}

/// Visits the node again and again.
fn stay(robot: &Robot, link: &Link, seed: u64, common: &Common, kept: &mut Kept) {
    let mut cookie = None;
    let mut wait = FIRST_WAIT;
    let mut refusals = 0;
    while !common.stopping() {
        let visited = Instant::now();
        match visit(robot, link, seed, common, kept, &mut cookie) {
            Ok(Ending::Told(reason)) if reason != "shutdown" => {
                kept.report.ended = Some(reason);
                return;
            }
            Ok(_) => refusals = 0,
            Err(error) => {
                refusals = if error.refused { refusals + 1 } else { 0 };
                if refusals >= REFUSALS || (error.refused && cookie.is_none()) {
                    kept.report.ended = Some(error.text);
                    return;
                }
                common
                    .teller
                    .tell(kept.report.number, "lost", json!({"reason": error.text}));
            }
        }
        if visited.elapsed() > LONGEST_WAIT {
            wait = FIRST_WAIT;
        }
        // Each robot waits a little differently, so that they do not all come at once.
        common.rest(
            wait.mul_f64(
                0.8 + 0.4 * ((seed * 7 + u64::from(kept.report.joins)) % 11) as f64 / 10.0,
            ),
        );
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

fn visit(
    robot: &Robot,
    link: &Link,
    seed: u64,
    common: &Common,
    kept: &mut Kept,
    cookie: &mut Option<String>,
) -> Result<Ending, SessionError> {
    let cookie = match cookie {
        Some(cookie) => cookie,
        None => cookie.insert(enrol(link, &common.trust)?),
    };
    let identity = whoami(link, &common.trust, cookie)?;
    kept.report.name.clone_from(&identity.name);
    let socket = Socket::open(link, &common.trust, cookie)?;
    let mut visit = Visit::new(robot, socket, Instant::now())?;
    let sides = visit.welcomed(common, kept)?;
    if kept.camera.is_none() {
        kept.camera = camera(robot, seed, &identity, &sides, common, kept.report.number)?;
    }
    kept.report.joins += 1;
    let number = kept.report.number;
    common.teller.tell(
        number,
        "joined",
        json!({"seat": kept.report.seat, "name": identity.name}),
    );
    let ending = visit.stay(common, kept);
    visit.close(kept);
    ending
}

fn camera(
    robot: &Robot,
    seed: u64,
    identity: &Identity,
    sides: &Sides,
    common: &Common,
    number: u32,
) -> Result<Option<Camera>, SessionError> {
    let Some(size) = robot.camera else {
        return Ok(None);
    };
    let name = if robot.name.is_empty() {
        identity.name.clone()
    } else {
        robot.name.clone()
    };
    let both = |korean: &str, english: &str| {
        let words: Vec<_> = [korean, english]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ")
    };
    let side = |language: &str| {
        sides
            .own
            .get(language)
            .map(String::as_str)
            .unwrap_or_default()
    };
    let (korean, english) = role(&identity.role);
    let subtitle = format!(
        "{}  ·  {}",
        both(side("ko"), side("en")),
        both(korean, english)
    );
    let written = |text: String| match &common.lettering {
        Some(lettering) if !lettering.can_write(&text) => text
            .chars()
            .filter(|letter| lettering.can_write(&letter.to_string()))
            .collect(),
        _ => text,
    };
    let scene = Scene {
        number: number as u8,
        seed,
        name: written(name),
        subtitle: written(subtitle),
    };
    let studio = Studio::new(size.width, size.height, scene, common.lettering.as_ref());
    let camera = Camera::new(studio, size.width, size.height, size.fps, seed);
    camera
        .map(Some)
        .map_err(|error| SessionError::refused(error.to_string()))
}

/// A role in Korean and English, as in the glossary.
fn role(name: &str) -> (&str, &str) {
    match name {
        "head" => ("수석대표", "Head"),
        "delegate" => ("대표", "Delegate"),
        "adviser" => ("자문", "Adviser"),
        "recorder" => ("기록원", "Recorder"),
        "technician" => ("기술원", "Technician"),
        "interpreter" => ("통역", "Interpreter"),
        other => ("", other),
    }
}
