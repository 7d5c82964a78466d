//! The words of the media room and those of the line, turned into each other. Own streams go out, the other side's come in.

use parley_sfu as sfu;
use parley_trunk as trunk;

pub(crate) fn key(stream: sfu::StreamId) -> trunk::StreamKey {
    let kind = match stream.kind {
        sfu::Kind::Audio => trunk::Kind::Audio,
        sfu::Kind::Video => trunk::Kind::Video,
        sfu::Kind::Slides => trunk::Kind::Slides,
    };
    trunk::StreamKey {
        seat: stream.seat.0,
        kind,
    }
}

fn kind(key: trunk::StreamKey) -> sfu::Kind {
    match key.kind {
        trunk::Kind::Audio => sfu::Kind::Audio,
        trunk::Kind::Video => sfu::Kind::Video,
        trunk::Kind::Slides => sfu::Kind::Slides,
    }
}

pub(crate) fn own(key: trunk::StreamKey) -> sfu::StreamId {
    sfu::StreamId::own(sfu::SeatId(key.seat), kind(key))
}

pub(crate) fn other(key: trunk::StreamKey) -> sfu::StreamId {
    sfu::StreamId::other(sfu::SeatId(key.seat), kind(key))
}

/// Only what is stamped as of the meeting can become an item of the line.
pub(crate) fn item(packet: &sfu::MeetingPacket) -> trunk::Item {
    trunk::Item {
        stream: key(packet.stream()),
        layer: packet.layer(),
        codec: match packet.codec() {
            sfu::Codec::Opus => trunk::Codec::Opus,
            sfu::Codec::Red => trunk::Codec::Red,
            sfu::Codec::Vp8 => trunk::Codec::Vp8,
        },
        seq: packet.seq(),
        timestamp: packet.timestamp(),
        marker: packet.marker(),
        level: packet.level(),
        payload: packet.payload().clone(),
    }
}

pub(crate) fn packet(item: trunk::Item) -> sfu::RemotePacket {
    sfu::RemotePacket {
        stream: other(item.stream),
        layer: item.layer,
        codec: match item.codec {
            trunk::Codec::Opus => sfu::Codec::Opus,
            trunk::Codec::Red => sfu::Codec::Red,
            trunk::Codec::Vp8 => sfu::Codec::Vp8,
        },
        seq: item.seq,
        timestamp: item.timestamp,
        marker: item.marker,
        level: item.level,
        payload: item.payload,
    }
}

pub(crate) fn remote(offers: &[trunk::Offer]) -> Vec<sfu::RemoteStream> {
    offers
        .iter()
        .map(|offer| sfu::RemoteStream {
            stream: other(offer.stream),
            layers: sfu::Layers(offer.layers),
        })
        .collect()
}

pub(crate) fn offers(streams: &[sfu::OfferedStream]) -> Vec<trunk::Offer> {
    streams
        .iter()
        .map(|offered| trunk::Offer {
            stream: key(offered.stream),
            layers: offered.layers.0 & 7,
        })
        .collect()
}

/// Whether voices are wanted, and which pictures.
pub(crate) fn wants(wants: &[sfu::Want]) -> (bool, Vec<trunk::Want>) {
    let audio = wants.iter().any(|want| !want.stream.kind.is_picture());
    let pictures = wants
        .iter()
        .filter(|want| want.stream.kind.is_picture())
        .map(|want| trunk::Want {
            stream: key(want.stream),
            layers: want.layers.0 & 7,
            weight: want.weight.min(u32::from(u16::MAX)) as u16,
        })
        .collect();
    (audio, pictures)
}

pub(crate) fn demand(demand: &trunk::Demand) -> sfu::Demand {
    sfu::Demand {
        audio: demand.audio,
        pictures: demand
            .pictures
            .iter()
            .map(|(stream, layers)| (own(*stream), sfu::Layers(*layers)))
            .collect(),
    }
}
