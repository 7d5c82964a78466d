//! What a robot tells: events while it runs, totals at the end.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::{Value, json};

use crate::media::count::Totals;
use crate::media::publish::Sent;

/// Totals of one robot.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Its number.
    pub number: u32,
    /// The name of its seat.
    pub name: String,
    /// The seat's id, once it is known.
    pub seat: Option<String>,
    /// Milliseconds from the start to the first connected peer.
    pub connected_ms: Option<u64>,
    /// How often it has joined: 1 and one for each return.
    pub joins: u32,
    /// How often its main peer was connected.
    pub connections: u32,
    /// Why it ended, if it was not told to.
    pub ended: Option<String>,
    /// What its microphone sent.
    pub audio: Sent,
    /// What its camera sent.
    pub video: Sent,
    /// What it received, by stream id.
    pub streams: BTreeMap<String, Totals>,
}

impl Report {
    /// As JSON, with the share of audio frames that were lost after RED for each stream.
    pub fn to_json(&self) -> Value {
        let mut report = serde_json::to_value(self).unwrap_or(Value::Null);
        if let Some(streams) = report.get_mut("streams").and_then(Value::as_object_mut) {
            for (id, stream) in streams.iter_mut() {
                let totals = &self.streams[id];
                let sent = totals.packets + totals.recovered + totals.lost;
                stream["lost_percent"] = json!(100.0 * totals.lost as f64 / sent.max(1) as f64);
            }
        }
        report
    }
}

/// Where events go.
#[derive(Debug)]
pub struct Teller {
    json: bool,
    out: Mutex<()>,
}

impl Teller {
    /// Tells in JSON on stdout, or in words on stderr.
    pub fn new(json: bool) -> Self {
        Self {
            json,
            out: Mutex::new(()),
        }
    }

    /// Tells one event of a robot.
    pub fn tell(&self, number: u32, event: &str, details: Value) {
        let _turn = self.out.lock();
        if self.json {
            let mut line = json!({"robot": number, "event": event});
            if let (Some(line), Value::Object(details)) = (line.as_object_mut(), details) {
                line.extend(details);
            }
            let mut out = std::io::stdout().lock();
            // Nobody reads any more: not a reason to stop.
            let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        } else {
            let details = if details.is_null() {
                String::new()
            } else {
                format!(" {details}")
            };
            let _ = writeln!(std::io::stderr(), "robot {number}: {event}{details}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_lost_audio_is_of_all_that_was_sent() {
        let totals = Totals {
            packets: 97,
            recovered: 2,
            lost: 1,
            ..Totals::default()
        };
        let streams = BTreeMap::from([("own/1/audio".to_owned(), totals)]);
        let report = Report {
            streams,
            ..Report::default()
        }
        .to_json();
        assert_eq!(report["streams"]["own/1/audio"]["lost_percent"], 1.0);
    }
}
