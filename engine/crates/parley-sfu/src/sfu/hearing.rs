//! Which voices a room hears, and who speaks in it.

use std::time::{Duration, Instant};

use crate::media::selection::{Candidate, Selection};
use crate::media::source::Origin;
use crate::output::{Event, Speaker};
use crate::sfu::Sfu;
use crate::words::{Kind, Room, StreamId};

/// At most 5 times a second.
const SPEAKING_EVERY: Duration = Duration::from_millis(200);
/// A change of level alone is told when it is this big, in dB.
const TOLD_STEP: u8 = 6;

/// The voices of a room.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// What everybody gets …
    primary: Selection,
    /// … and one more, for those who would otherwise get their own.
    reserve: Selection,
    told: Vec<Speaker>,
    told_at: Option<Instant>,
}

impl Sfu {
    fn hearing(&mut self, room: Room) -> &mut Hearing {
        match room {
            Room::Caucus => &mut self.caucus,
            Room::Meeting => &mut self.meeting,
        }
    }

    /// Chooses the voices of both rooms and of the line anew.
    pub(super) fn select_voices(&mut self) {
        let slots = self.config.audio_slots;
        let now = self.now;
        for room in [Room::Caucus, Room::Meeting] {
            let all = self.candidates(|room_of, _| room_of == room);
            let hearing = self.hearing(room);
            let mut changed = hearing.primary.update(&all, slots, now);
            let rest: Vec<Candidate> = all
                .into_iter()
                .filter(|c| !hearing.primary.has(c.source))
                .collect();
            changed |= hearing.reserve.update(&rest, 1, now);
            self.reroute_due |= changed;
        }
        let own = self.candidates(|room, origin| {
            room == Room::Meeting && matches!(origin, Origin::Peer { .. })
        });
        self.line_voices.update(&own, slots, now);
    }

    fn candidates(&self, fits: impl Fn(Room, Origin) -> bool) -> Vec<Candidate> {
        let voices = self
            .sources
            .iter()
            .filter(|(_, s)| s.id.kind == Kind::Audio && s.voice.is_present(self.now));
        let fitting =
            voices.filter(|(_, s)| self.room_of(s).is_some_and(|room| fits(room, s.origin)));
        let candidate = |(source, s): (usize, &crate::media::source::Source)| Candidate {
            source,
            loudness: s.voice.loudness(),
            speaking: s.voice.is_speaking(),
        };
        fitting.map(candidate).collect()
    }

    /// True if somebody gets this voice already, and the line does if it is of this side.
    pub(super) fn is_chosen(&self, source: usize) -> bool {
        let to_line = match self.sources.get(source).map(|s| s.origin) {
            Some(Origin::Peer { .. }) => {
                self.line_voices.has(source) || !self.meeting.primary.has(source)
            }
            _ => true,
        };
        to_line && (self.caucus.primary.has(source) || self.meeting.primary.has(source))
    }

    /// The streams that a seat shall hear, never its own.
    pub(super) fn voices_for(&self, seat: usize) -> Vec<StreamId> {
        let Some(seat) = self.seats.get(seat) else {
            return Vec::new();
        };
        let hearing = match seat.place.room() {
            None => return Vec::new(),
            Some(Room::Caucus) => &self.caucus,
            Some(Room::Meeting) => &self.meeting,
        };
        let chosen = hearing
            .primary
            .chosen()
            .iter()
            .chain(hearing.reserve.chosen());
        let streams = chosen
            .filter_map(|source| self.sources.get(*source))
            .map(|source| source.id);
        let own = StreamId::own(seat.id, Kind::Audio);
        streams
            .filter(|id| *id != own)
            .take(self.config.audio_slots)
            .collect()
    }

    /// Tells who speaks, if that has changed and was not told just now.
    pub(super) fn tell_speaking(&mut self, room: Room) {
        let now = self.now;
        let mut speakers: Vec<Speaker> = Vec::new();
        for (_, source) in self
            .sources
            .iter()
            .filter(|(_, s)| s.id.kind == Kind::Audio && s.voice.is_speaking())
        {
            if self.room_of(source) == Some(room) {
                speakers.push(Speaker {
                    stream: source.id,
                    level: source.voice.level(),
                });
            }
        }
        speakers.sort_by_key(|speaker| speaker.level);
        let hearing = self.hearing(room);
        let pause_over = hearing
            .told_at
            .is_none_or(|at| now.saturating_duration_since(at) >= SPEAKING_EVERY);
        if pause_over && differs(&hearing.told, &speakers) {
            hearing.told_at = Some(now);
            hearing.told.clone_from(&speakers);
            self.tell(Event::Speaking { room, speakers });
        }
    }
}

fn differs(told: &[Speaker], speakers: &[Speaker]) -> bool {
    let same = |(a, b): (&Speaker, &Speaker)| {
        a.stream == b.stream && a.level.abs_diff(b.level) < TOLD_STEP
    };
    told.len() != speakers.len() || !told.iter().zip(speakers).all(same)
}
