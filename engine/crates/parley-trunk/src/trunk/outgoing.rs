//! Media on its way out: what is let in, what leaves when, and how it is put into datagrams.

use std::time::{Duration, Instant};

use super::{ALLOCATE_EVERY, Demand, FEEDBACK_EVERY, Output, Session, Trunk};
use crate::budget::OVERHEAD;
use crate::payload::red_primary;
use crate::queue::{Dropped, Waiting};
use crate::wire::{ITEM_HEAD, MEDIA_HEAD, Piece, PieceOf, write_feedback, write_media};
use crate::words::{Class, Codec, Item, Kind};

/// Voices of several speakers share a datagram on lines below this rate, and wait so long for each other.
const BUNDLE_BELOW_KBIT: u32 = 2_000;
const BUNDLE: Duration = Duration::from_millis(10);
const REPEAT_AFTER: Duration = Duration::from_millis(25);
const REPEAT_ABOVE_LOSS: f64 = 0.01;
/// Voices may take this share of the line before RED yields.
const VOICE_SHARE: f64 = 0.55;
/// What pictures may use of what voices leave: the rest is for acknowledgements and swings.
const PICTURE_SHARE: f64 = 0.85;
/// A piece's head and its share of the datagram's, for the allocator's sums.
const PICTURE_OVERHEAD: f64 = 1.08;
const LEAST_DATAGRAM: usize = 200;

impl Trunk {
    /// One media packet of an own stream. What the other side does not want, or was not offered, is not taken.
    pub fn send(&mut self, mut item: Item, now: Instant) {
        let meets = self.meets();
        let Some(session) = &mut self.session else {
            return;
        };
        if !meets || !session.own_flows.contains_key(&item.stream) {
            return;
        }
        let rate = session
            .measured
            .entry((item.stream, item.layer))
            .or_default();
        rate.bytes += item.payload.len()
            + ITEM_HEAD
            + if item.stream.kind == Kind::Audio {
                OVERHEAD / 2
            } else {
                0
            };
        if item.stream.kind == Kind::Audio {
            if !session.demand.audio {
                return;
            }
            if session.strip_red
                && item.codec == Codec::Red
                && let Some(primary) = red_primary(&item.payload)
            {
                item.payload = primary.into();
                item.codec = Codec::Opus;
            }
            if session.history.loss() > REPEAT_ABOVE_LOSS {
                session.queue.push_repeat(item.clone(), now + REPEAT_AFTER);
            }
            session.queue.push_voice(item, now);
        } else {
            let mask = 1 << item.layer;
            let wanted = session
                .demand
                .pictures
                .iter()
                .any(|(s, layers)| *s == item.stream && layers & mask != 0);
            if !wanted {
                return;
            }
            let mut dropped = Dropped::default();
            session.queue.push_picture(item, now, &mut dropped);
            self.account(dropped, now);
        }
        self.release(now);
    }

    /// The time of [`Trunk::poll_timeout`] has come.
    pub fn handle_timeout(&mut self, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        if now >= session.feedback_at {
            session.feedback_at = now + FEEDBACK_EVERY;
            if let Some(feedback) = session.arrivals.feedback() {
                let bytes = write_feedback(&feedback);
                session.budget.release(bytes.len());
                self.out.add(Class::Control, bytes.len() + OVERHEAD, 1);
                self.outputs.push_back(Output::Datagram(bytes));
            }
        }
        self.allocate(now);
        self.release(now);
    }

    /// When [`Trunk::handle_timeout`] should be called at the latest.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let session = self.session.as_ref()?;
        let mut at = session.feedback_at.min(session.allocate_at);
        if let Some((since, _)) = session.queue.voices() {
            at = at.min(since + BUNDLE);
        }
        if let Some(due) = session.queue.repeat_due() {
            at = at.min(due);
        }
        // While the budget is overdrawn nothing can leave before it opens.
        if session.queue.others_ready(session.feedback_at) || session.queue.voices().is_some() {
            at = at.min(session.budget.opens_at().unwrap_or(at));
        }
        Some(at)
    }

    fn account(&mut self, dropped: Dropped, now: Instant) {
        for class in dropped.packets {
            self.out.drop(class);
        }
        for flow in dropped.keyframes {
            self.keyframe(flow, now);
        }
    }

    /// Choose anew what may cross, every 200 ms and whenever wants or offers changed.
    fn allocate(&mut self, now: Instant) {
        let (rate, meets) = (f64::from(self.rate_kbit()), self.meets());
        let Some(session) = &mut self.session else {
            return;
        };
        if now < session.allocate_at {
            return;
        }
        session.allocate_at = now + ALLOCATE_EVERY;
        let seconds = ALLOCATE_EVERY.as_secs_f64();
        for measured in session.measured.values_mut() {
            let kbit = measured.bytes as f64 * 8.0 / 1000.0 / seconds;
            measured.kbit += (kbit - measured.kbit) * 0.2;
            measured.bytes = 0;
        }
        let voices: f64 = session
            .measured
            .iter()
            .filter(|((stream, _), _)| stream.kind == Kind::Audio)
            .map(|(_, rate)| rate.kbit)
            .sum();
        // Stripped voices measure as they were before; come back to RED only when it surely fits.
        let share = if session.strip_red {
            VOICE_SHARE * 0.8
        } else {
            VOICE_SHARE
        };
        session.strip_red = voices > rate * share;
        let voices = if session.strip_red {
            voices * 0.6
        } else {
            voices
        };
        let voices = if session.history.loss() > REPEAT_ABOVE_LOSS {
            voices * 2.0
        } else {
            voices
        };
        let room = (rate * 0.95 - voices).max(0.0) * PICTURE_SHARE;
        let demand = if meets {
            let measured = &session.measured;
            Demand {
                audio: session.other_wants.0,
                pictures: session.allocator.choose(
                    &session.other_wants.1,
                    &self.own_offers,
                    room,
                    |stream, layer| {
                        measured
                            .get(&(stream, layer))
                            .filter(|r| r.kbit > 1.0)
                            .map(|r| r.kbit * PICTURE_OVERHEAD)
                    },
                    now,
                ),
            }
        } else {
            Demand::default()
        };
        if demand != session.demand {
            session.demand = demand.clone();
            self.outputs.push_back(Output::Demand(demand));
        }
    }

    /// Let leave what the budget allows, in the order of classes.
    fn release(&mut self, now: Instant) {
        let bundling = self.rate_kbit() < BUNDLE_BELOW_KBIT;
        loop {
            let Some(session) = &mut self.session else {
                return;
            };
            let mut dropped = Dropped::default();
            session.queue.expire(now, &mut dropped);
            let waits = bundling && waits_for_company(session, now);
            let ready = !waits && session.budget.open(now);
            let next = if ready { session.queue.pop(now) } else { None };
            self.account(dropped, now);
            let Some(waiting) = next else { return };
            self.send_waiting(waiting, bundling, now);
        }
    }

    fn send_waiting(&mut self, waiting: Waiting, bundling: bool, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        let room = session.max_datagram.max(LEAST_DATAGRAM) - MEDIA_HEAD - ITEM_HEAD;
        let mut bundle = vec![waiting.item];
        if bundling && bundle[0].stream.kind == Kind::Audio {
            let mut filled = bundle[0].payload.len();
            while let Some(len) = session
                .queue
                .next_voice_len()
                .filter(|len| filled + len + ITEM_HEAD <= room)
            {
                filled += len + ITEM_HEAD;
                bundle.extend(session.queue.pop_voice().map(|waiting| waiting.item));
            }
        }
        if bundle.len() == 1 && bundle[0].payload.len() > room {
            let item = &bundle[0];
            let count = item.payload.len().div_ceil(room).min(255) as u8;
            let parts: Vec<Piece> = item
                .payload
                .chunks(room)
                .zip(0..count)
                .filter_map(|(chunk, index)| {
                    piece(session, item, chunk, Some(PieceOf { index, count }))
                })
                .collect();
            for part in parts {
                self.emit(vec![(part, 0)], now);
            }
            return;
        }
        let pieces: Vec<(Piece, u8)> = bundle
            .iter()
            .filter_map(|item| piece(session, item, &item.payload, None).map(|piece| (piece, 0)))
            .collect();
        self.emit(pieces, now);
    }

    /// A lost picture once more; it goes to the front, but not when the budget is overdrawn.
    pub(super) fn send_again(&mut self, piece: Piece, tries: u8, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        let offered = session.own_flows.values().any(|flow| *flow == piece.flow);
        if offered && session.budget.open(now) {
            self.emit(vec![(piece, tries)], now);
        }
    }

    fn emit(&mut self, pieces: Vec<(Piece, u8)>, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        if pieces.is_empty() {
            return;
        }
        session.number = session.number.wrapping_add(1);
        let sent = (now.saturating_duration_since(session.began).as_micros() / 100) as u32;
        let plain: Vec<Piece> = pieces.iter().map(|(piece, _)| piece.clone()).collect();
        let bytes = write_media(session.number, sent, &plain);
        session.budget.release(bytes.len());
        let share = OVERHEAD / plain.len();
        for (piece, tries) in &pieces {
            let stream = session
                .own_flows
                .iter()
                .find(|(_, flow)| **flow == piece.flow)
                .map(|(stream, _)| *stream);
            if let Some(stream) = stream {
                let first = *tries == 0 && piece.part.is_none_or(|part| part.index == 0);
                self.out.cross(
                    stream,
                    piece.layer,
                    piece.payload.len() + ITEM_HEAD + share,
                    u64::from(first),
                );
            }
        }
        let pictures = pieces
            .into_iter()
            .filter(|(piece, _)| piece.codec == Codec::Vp8)
            .collect();
        session.history.remember(session.number, now, pictures);
        self.outputs.push_back(Output::Datagram(bytes));
    }
}

fn waits_for_company(session: &Session, now: Instant) -> bool {
    session.queue.voices().is_some_and(|(since, bytes)| {
        let young = now.saturating_duration_since(since) < BUNDLE;
        young && bytes + MEDIA_HEAD + ITEM_HEAD < session.max_datagram / 2
    })
}

fn piece(session: &Session, item: &Item, payload: &[u8], part: Option<PieceOf>) -> Option<Piece> {
    Some(Piece {
        flow: *session.own_flows.get(&item.stream)?,
        layer: item.layer,
        codec: item.codec,
        seq: item.seq,
        timestamp: item.timestamp,
        marker: item.marker,
        level: item.level,
        part,
        payload: payload.into(),
    })
}
