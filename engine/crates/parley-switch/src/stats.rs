//! The snapshot of all counters, as `spec/engine.md` words it.

use std::net::SocketAddr;

use parley_sfu as sfu;
use parley_trunk::{Class, Direction, Trunk};
use serde_json::{Map, Value, json};

use crate::crossing;

/// What the switch knows of the line beside the trunk's counters.
#[derive(Debug, Default)]
pub(crate) struct LineNow {
    pub(crate) addr: Option<SocketAddr>,
    pub(crate) audio: bool,
    pub(crate) given: Vec<(sfu::StreamId, sfu::Layers)>,
}

pub(crate) fn snapshot(media: &sfu::MediaStats, trunk: &Trunk, line: &LineNow) -> Value {
    let (out, inward) = trunk.counters();
    let mut crossings = Vec::new();
    for ((stream, layer), count) in &out.crossing {
        let own = crossing::own(*stream);
        let wanted = if own.kind.is_picture() {
            line.given
                .iter()
                .any(|(given, layers)| *given == own && layers.has(*layer))
        } else {
            line.audio
        };
        crossings.push(json!({"direction": "out", "seat": own.seat.to_string(), "kind": own.kind.as_str(), "layer": layer,
            "bytes": count.bytes, "packets": count.packets, "viewers": u8::from(wanted)}));
    }
    for ((stream, layer), count) in &inward.crossing {
        let other = crossing::other(*stream);
        let viewers = media
            .remote
            .iter()
            .find(|remote| remote.stream == other && remote.layer == *layer)
            .map_or(0, |remote| remote.viewers);
        crossings.push(json!({"direction": "in", "seat": other.seat.to_string(), "kind": other.kind.as_str(), "layer": layer,
            "bytes": count.bytes, "packets": count.packets, "viewers": viewers}));
    }
    let dropped: Map<String, Value> = media
        .dropped
        .iter()
        .map(|(reason, many)| (reason.as_str().into(), json!(many)))
        .collect();
    let seats: Map<String, Value> = media
        .seats
        .iter()
        .map(|(seat, now)| {
            let peers: Vec<String> = now.peers.iter().map(ToString::to_string).collect();
            (seat.to_string(), json!({"peers": peers, "rtt_ms": now.rtt_ms, "loss": now.loss, "out_kbit": now.out_kbit, "in_kbit": now.in_kbit}))
        })
        .collect();
    json!({
        "media": {"peers": media.peers, "packets_in": media.packets_in, "packets_out": media.packets_out, "dropped": dropped},
        "line": {
            "addr": line.addr.map(|addr| addr.to_string()),
            "state": if line.addr.is_some() { "linked" } else { "down" },
            "rtt_ms": trunk.rtt().map(|rtt| rtt.as_secs_f64() * 1000.0),
            "loss": trunk.loss(),
            "rate_kbit": trunk.rate_kbit(),
            "malformed": trunk.malformed(),
            "out": classes(out),
            "in": classes(inward),
        },
        "crossing": crossings,
        "seats": seats,
    })
}

fn classes(direction: &Direction) -> Value {
    let all: Map<String, Value> = Class::ALL
        .iter()
        .map(|class| {
            let count = direction.class(*class);
            (
                class.as_str().into(),
                json!({"bytes": count.bytes, "packets": count.packets, "dropped": count.dropped}),
            )
        })
        .collect();
    Value::Object(all)
}
