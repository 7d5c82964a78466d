//! The signalling messages, as far as a robot says and understands them (see `spec/signalling.md`; told apart by `kind`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One picture that a robot wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Stream id.
    pub stream: String,
    /// Width in pixels.
    pub width: u32,
    /// Larger is served first.
    pub weight: u32,
}

/// What a robot says to its node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Said {
    Offer {
        peer: String,
        request: u32,
        sdp: String,
    },
    ClosePeer {
        peer: String,
    },
    Watch {
        wants: Vec<Want>,
    },
    Devices {
        mic: bool,
        camera: bool,
        sharing: bool,
    },
    Hand {
        raised: bool,
    },
    ProposeOpen {},
    AcceptOpen {
        proposal: String,
    },
    Step {
        place: String,
    },
    Leave {},
    Ping {
        n: u64,
    },
}

/// What a node shows; fields a robot has no use for are not read, nor are messages of other kinds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Shown {
    Welcome {
        you: String,
        side: Sides,
    },
    State(Box<State>),
    Answer {
        peer: String,
        request: u32,
        sdp: String,
    },
    Refused {
        peer: String,
        request: u32,
        reason: String,
    },
    Slots {
        slots: Vec<Slot>,
    },
    Notice {
        code: String,
    },
    Ended {
        reason: String,
    },
    #[serde(other)]
    Other,
}

/// Names of both sides, by language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Sides {
    /// The own side's.
    pub own: BTreeMap<String, String>,
}

/// What a seat may see of the talks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[allow(missing_docs)]
pub struct State {
    pub line: Line,
    pub meeting: Meeting,
    pub place: String,
    pub seats: Vec<Seat>,
    #[serde(default)]
    pub hands: Vec<String>,
}

/// The line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct Line {
    pub state: String,
}

/// The meeting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct Meeting {
    pub state: String,
    pub proposal: Option<String>,
    pub proposed_by: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct Seat {
    pub side: String,
    pub id: String,
    pub name: String,
    pub role: String,
    pub present: bool,
    pub place: String,
    pub mic: bool,
    pub camera: bool,
    pub sharing: bool,
    pub you: bool,
}

/// A receive m-line and what arrives there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct Slot {
    pub peer: String,
    pub mid: String,
    pub stream: Option<String>,
}

impl State {
    /// Stream ids of the pictures in this seat's place, cameras and slides, not its own; in the order of the seats.
    pub fn pictures(&self) -> Vec<String> {
        let here = self
            .seats
            .iter()
            .filter(|seat| seat.present && !seat.you && seat.place == self.place);
        here.flat_map(|seat| {
            let stream = |kind: &str| format!("{}/{}/{kind}", seat.side, seat.id);
            [
                seat.sharing.then(|| stream("slides")),
                seat.camera.then(|| stream("video")),
            ]
        })
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_has_its_kind() {
        let said = serde_json::to_string(&Said::Offer {
            peer: "main".into(),
            request: 1,
            sdp: "v=0".into(),
        })
        .unwrap();
        assert_eq!(
            said,
            r#"{"kind":"offer","peer":"main","request":1,"sdp":"v=0"}"#
        );
        assert_eq!(
            serde_json::to_string(&Said::ProposeOpen {}).unwrap(),
            r#"{"kind":"propose_open"}"#
        );
    }

    #[test]
    fn a_state_is_read_and_unknown_kinds_are_passed_over() {
        let seat = |side: &str, id: &str, place: &str, you: bool| {
            serde_json::json!({"side": side, "id": id, "name": "n", "role": "head", "present": true, "place": place,
                "mic": true, "camera": true, "sharing": id == "3", "muted_by": null, "you": you})
        };
        let state = serde_json::json!({"kind": "state", "rev": 4, "now_ms": 1, "place": "meeting",
            "line": {"state": "linked", "since_ms": 1, "reason": ""},
            "meeting": {"state": "open", "id": "1", "proposal": null, "proposed_by": null, "since_ms": 1},
            "seats": [seat("own", "1", "meeting", true), seat("own", "2", "caucus", false), seat("other", "3", "meeting", false)],
            "hands": []});
        let Ok(Shown::State(state)) = serde_json::from_value(state) else {
            panic!("not a state")
        };
        assert_eq!(state.pictures(), ["other/3/slides", "other/3/video"]);
        assert_eq!(
            serde_json::from_str::<Shown>(r#"{"kind":"gauge","rtt_ms":3}"#).unwrap(),
            Shown::Other
        );
    }
}
