//! Reading an offer before str0m does: size, shape, what is published, what can be received. Hostile or unusable text is
//! refused with a sentence that says what is wrong with it, in words for the person who wrote the client.

use std::collections::HashSet;

use crate::config::Limits;
use crate::words::Kind;

/// The most attributes of all m-lines together.
const MOST_LINES: usize = 4_000;
/// The longest line, in bytes.
const LONGEST_LINE: usize = 4_096;
/// str0m's own limit is 16; browsers write one or two digits.
const LONGEST_MID: usize = 16;
/// Names of a camera's layers, low first.
pub(crate) const RIDS: [&str; 3] = ["q", "h", "f"];

/// What an offer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Intake {
    /// The offer without its candidates: an ICE-lite node learns addresses from the checks that reach it, and browsers
    /// hide theirs behind `.local` names anyway.
    pub sdp: String,
    /// m-lines that publish, with what.
    pub tracks: Vec<(String, Kind)>,
    /// m-lines that receive; true: audio.
    pub slots: Vec<(String, bool)>,
    /// The certificate's SHA-256 (RFC 8122): who the browser is.
    pub fingerprint: String,
}

/// An m-line as it is read.
#[derive(Debug, Default)]
struct Section {
    audio: bool,
    rejected: bool,
    mid: Option<String>,
    direction: Direction,
    stream: Option<String>,
    rids: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Direction {
    #[default]
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

/// Reads an offer; `Err` is the sentence of the refusal.
pub(crate) fn read(sdp: &str, limits: &Limits) -> Result<Intake, String> {
    check_text(sdp, limits)?;
    let mut sections: Vec<Section> = Vec::new();
    let mut fingerprints = HashSet::new();
    let mut candidates = 0;
    let mut kept = String::with_capacity(sdp.len());
    for line in sdp.lines() {
        if line.len() > LONGEST_LINE {
            return Err(format!(
                "The offer has a line longer than {LONGEST_LINE} bytes."
            ));
        }
        if line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates") {
            candidates += 1;
            continue;
        }
        kept.push_str(line);
        kept.push_str("\r\n");
        if let Some(media) = line.strip_prefix("m=") {
            sections.push(read_media(media)?);
        } else if let Some(value) = line.strip_prefix("a=fingerprint:") {
            fingerprints.insert(value.trim().to_ascii_lowercase());
        } else if line == "a=ice-lite" {
            return Err("The offer is ICE-lite; the node is too, so nobody would begin.".into());
        } else if let Some(section) = sections.last_mut() {
            read_attribute(line, section)?;
        }
    }
    if candidates > limits.candidates {
        return Err(format!(
            "The offer has more than {} candidates.",
            limits.candidates
        ));
    }
    if sections.is_empty() || sections.len() > limits.m_lines {
        return Err(format!(
            "An offer has 1 to {} m-lines; this one has {}.",
            limits.m_lines,
            sections.len()
        ));
    }
    let fingerprint = the_fingerprint(fingerprints)?;
    let (tracks, slots) = sort_sections(sections)?;
    Ok(Intake {
        sdp: kept,
        tracks,
        slots,
        fingerprint,
    })
}

fn check_text(sdp: &str, limits: &Limits) -> Result<(), String> {
    if sdp.len() > limits.sdp_bytes {
        return Err(format!(
            "The offer is longer than {} bytes.",
            limits.sdp_bytes
        ));
    }
    if !sdp.starts_with("v=0") {
        return Err("The offer is not SDP: it does not begin with v=0.".into());
    }
    let allowed = |b: u8| b == b'\n' || b == b'\t' || b >= b' ';
    if !sdp.replace("\r\n", "\n").bytes().all(allowed) {
        return Err("The offer has control characters in it.".into());
    }
    if sdp.lines().count() > MOST_LINES {
        return Err(format!("The offer has more than {MOST_LINES} lines."));
    }
    Ok(())
}

fn read_media(media: &str) -> Result<Section, String> {
    let mut words = media.split(' ');
    let audio = match words.next() {
        Some("audio") => true,
        Some("video") => false,
        _ => return Err("The offer has an m-line that is neither audio nor video; the node takes no data channels.".into()),
    };
    Ok(Section {
        audio,
        rejected: words.next() == Some("0"),
        ..Section::default()
    })
}

fn read_attribute(line: &str, section: &mut Section) -> Result<(), String> {
    let Some(attribute) = line.strip_prefix("a=") else {
        return Ok(());
    };
    match attribute.split_once(':').unwrap_or((attribute, "")) {
        ("sendrecv", _) => section.direction = Direction::SendRecv,
        ("sendonly", _) => section.direction = Direction::SendOnly,
        ("recvonly", _) => section.direction = Direction::RecvOnly,
        ("inactive", _) => section.direction = Direction::Inactive,
        ("mid", mid) if section.mid.is_some() => {
            return Err(format!("An m-line has two mids, the second is {mid:?}."));
        }
        ("mid", mid) => {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            if mid.is_empty() || mid.len() > LONGEST_MID || !mid.bytes().all(plain) {
                return Err(format!(
                    "A mid is 1 to {LONGEST_MID} letters or digits; the offer has another."
                ));
            }
            section.mid = Some(mid.to_owned());
        }
        ("msid", msid) => {
            let stream = msid.split(' ').next().unwrap_or_default().to_owned();
            section.stream.get_or_insert(stream);
        }
        ("rid", rid) => {
            if let Some((name, "send")) = rid
                .split_once(' ')
                .map(|(n, rest)| (n, rest.split(' ').next().unwrap_or("")))
            {
                section.rids.push(name.to_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

fn the_fingerprint(found: HashSet<String>) -> Result<String, String> {
    let mut found = found.into_iter();
    let Some(only) = found.next() else {
        return Err(
            "The offer has no fingerprint, so nobody could be told apart from an impostor.".into(),
        );
    };
    if found.next().is_some() {
        return Err("The offer has several fingerprints; a browser has one certificate for all its m-lines.".into());
    }
    match only.strip_prefix("sha-256 ") {
        Some(hex)
            if hex.len() == 95
                && hex
                    .split(':')
                    .all(|b| b.len() == 2 && b.bytes().all(|c| c.is_ascii_hexdigit())) =>
        {
            Ok(only)
        }
        Some(_) => Err("The offer's fingerprint is not 32 bytes in hexadecimal.".into()),
        None => Err("The offer's fingerprint is not SHA-256; nothing weaker is taken.".into()),
    }
}

type Sorted = (Vec<(String, Kind)>, Vec<(String, bool)>);

fn sort_sections(sections: Vec<Section>) -> Result<Sorted, String> {
    let (mut tracks, mut slots) = (Vec::new(), Vec::new());
    let mut mids = HashSet::new();
    for section in sections {
        let Some(mid) = section.mid.clone() else {
            return Err("The offer has an m-line without a mid.".into());
        };
        if !mids.insert(mid.clone()) {
            return Err(format!("The offer has two m-lines with the mid {mid}."));
        }
        if section.rejected && section.direction == Direction::Inactive {
            continue;
        }
        let sends = matches!(section.direction, Direction::SendOnly | Direction::SendRecv);
        let receives = matches!(section.direction, Direction::RecvOnly | Direction::SendRecv);
        if let Some(kind) = published(&section).filter(|_| sends) {
            check_track(kind, &section)?;
            if tracks.iter().any(|(_, other)| *other == kind) {
                return Err(format!("The offer publishes {} twice.", kind.as_str()));
            }
            tracks.push((mid.clone(), kind));
        }
        if receives {
            slots.push((mid, section.audio));
        }
    }
    Ok((tracks, slots))
}

fn published(section: &Section) -> Option<Kind> {
    match section.stream.as_deref()? {
        "mic" => Some(Kind::Audio),
        "camera" => Some(Kind::Video),
        "screen" => Some(Kind::Slides),
        _ => None,
    }
}

fn check_track(kind: Kind, section: &Section) -> Result<(), String> {
    if section.audio != (kind == Kind::Audio) {
        return Err(
            "The offer has a mic that is not audio, or a camera or screen that is not video."
                .into(),
        );
    }
    if kind == Kind::Slides && !section.rids.is_empty() {
        return Err("A screen is sent in one layer; the offer has several.".into());
    }
    let distinct: HashSet<&String> = section.rids.iter().collect();
    if distinct.len() != section.rids.len()
        || section.rids.iter().any(|rid| !RIDS.contains(&rid.as_str()))
    {
        return Err("The layers of a camera are named q, h and f, each at most once.".into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
