//! The program `parley-robot`; see [`parley_robot::options::USAGE`].

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use parley_robot::options::{self, Options, USAGE};
use parley_robot::picture::lettering::Lettering;
use parley_robot::report::Teller;
use parley_robot::robot::{self, Common};
use parley_robot::session::wire::Trust;
use serde_json::json;

fn main() -> ExitCode {
    if std::env::args().any(|word| word == "--help" || word == "-h") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let result = options::parse(std::env::args().skip(1)).and_then(|options| run(&options));
    match result {
        Ok(all_stayed) if all_stayed => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence} See parley-robot --help.");
            ExitCode::from(2)
        }
    }
}

/// Runs all robots; says whether every one stayed until it was told to end.
fn run(options: &Options) -> Result<bool, String> {
    let trust = match &options.ca {
        Some(file) => Trust::authority(file).map_err(|error| error.text)?,
        None if options.insecure_loopback => Trust::insecure_loopback(),
        None => Trust::default(),
    };
    let lettering = match &options.font {
        Some(file) => Some(Lettering::load(file, 0).map_err(|error| error.to_string())?),
        None => Lettering::found(),
    };
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, stop.clone())
            .map_err(|error| format!("Signals cannot be heard: {error}."))?;
    }
    let common = Common {
        stop,
        trust,
        lettering,
        teller: Teller::new(options.json),
    };
    let ends = options.length.map(|length| Instant::now() + length);
    let reports = thread::scope(|scope| {
        let common = &common;
        let count = options.robots.len() as u32;
        let robots: Vec<_> = options
            .robots
            .iter()
            .enumerate()
            .map(|(at, robot)| {
                let number = robot.number.unwrap_or(at as u32);
                let of = robot.of.unwrap_or(count).max(number + 1);
                scope.spawn(move || robot::live(robot, number, of, common))
            })
            .collect();
        while !common.stopping() && !robots.iter().all(|robot| robot.is_finished()) {
            if ends.is_some_and(|ends| Instant::now() >= ends) {
                common.stop.store(true, Ordering::Relaxed);
            }
            thread::sleep(Duration::from_millis(20));
        }
        robots
            .into_iter()
            .map(|robot| robot.join())
            .collect::<Vec<_>>()
    });
    let reports: Option<Vec<_>> = reports.into_iter().map(Result::ok).collect();
    let reports = reports.ok_or("A robot broke; the message above says where.")?;
    if let Some(file) = &options.report {
        let robots: Vec<_> = reports.iter().map(|report| report.to_json()).collect();
        let text = serde_json::to_string_pretty(&json!({ "robots": robots }))
            .map_err(|error| error.to_string())?;
        std::fs::write(file, text + "\n")
            .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    }
    Ok(reports.iter().all(|report| report.ended.is_none()))
}
