//! What comes from the other node. It is hostile input: whatever is not understood, or does not fit what was announced, is counted
//! and left aside, and nothing else happens.

use std::time::{Duration, Instant};

use super::{KEYFRAME_EVERY, Output, Trunk};
use crate::budget::OVERHEAD;
use crate::wire::{Datagram, Feedback, Frame, Piece, read_datagram, read_frame};
use crate::words::{Class, Codec, Item, Kind, Offer};

/// Above this round trip a packet sent again comes too late.
const RETRY_RTT: Duration = Duration::from_millis(150);

impl Trunk {
    /// One frame of the control stream, without its length.
    pub fn on_frame(&mut self, bytes: &[u8], now: Instant) {
        if self.session.is_none() {
            return;
        }
        self.inward.add(Class::Control, bytes.len() + 4, 1);
        match read_frame(bytes) {
            Ok(frame) => self.heard(frame, now),
            Err(_) => self.malformed += 1,
        }
    }

    fn heard(&mut self, frame: Frame, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        match frame {
            Frame::Node(message) => self.outputs.push_back(Output::Node(message)),
            Frame::Wants { audio, pictures } => {
                session.other_wants = (audio, pictures);
                session.allocate_at = now;
            }
            Frame::Keyframe { stream, layer } => {
                if session.own_flows.contains_key(&stream) && stream.kind != Kind::Audio {
                    self.keyframe((stream, layer), now);
                }
            }
            Frame::Offers { meeting, streams } => {
                session.other_meeting = meeting;
                session.other_flows = streams
                    .iter()
                    .map(|announced| (announced.flow, announced.offer))
                    .collect();
                let flows = &session.other_flows;
                session.assembly.forget(|flow| flows.contains_key(&flow));
                self.match_meetings();
            }
        }
    }

    pub(super) fn keyframe(&mut self, flow: crate::queue::Flow, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        let last = session.keyframes.get(&flow);
        if last.is_none_or(|last| now.saturating_duration_since(*last) >= KEYFRAME_EVERY) {
            session.keyframes.insert(flow, now);
            self.outputs.push_back(Output::Keyframe {
                stream: flow.0,
                layer: flow.1,
            });
        }
    }

    /// Tells the node what the other side offers in the meeting both are in, and looks at the wants anew.
    pub(super) fn match_meetings(&mut self) {
        let meets = self.meets();
        let Some(session) = &mut self.session else {
            return;
        };
        let mut offered: Vec<Offer> = if meets {
            session.other_flows.values().copied().collect()
        } else {
            Vec::new()
        };
        offered.sort_by_key(|offer| offer.stream);
        self.inward
            .crossing
            .retain(|(stream, _), _| offered.iter().any(|offer| offer.stream == *stream));
        session.allocate_at = session.began;
        self.outputs.push_back(Output::Offered(offered));
    }

    /// One datagram of the media connection.
    pub fn on_datagram(&mut self, bytes: &[u8], now: Instant) {
        if self.session.is_none() {
            return;
        }
        match read_datagram(bytes) {
            Ok(Datagram::Media {
                number,
                sent,
                pieces,
            }) => {
                if let Some(session) = &mut self.session {
                    session
                        .arrivals
                        .take(number, sent, bytes.len() + OVERHEAD, now);
                }
                let share = OVERHEAD / pieces.len().max(1);
                for piece in &pieces {
                    self.take_piece(piece, share);
                }
            }
            Ok(Datagram::Feedback(feedback)) => {
                self.inward.add(Class::Control, bytes.len() + OVERHEAD, 1);
                self.take_feedback(&feedback, now);
            }
            Err(_) => self.malformed += 1,
        }
    }

    fn take_piece(&mut self, piece: &Piece, share: usize) {
        let meets = self.meets();
        let Some(session) = &mut self.session else {
            return;
        };
        let announced = session.other_flows.get(&piece.flow).copied();
        let Some(offer) = announced.filter(|offer| meets && fits(*offer, piece)) else {
            self.malformed += 1;
            return;
        };
        let bytes = piece.payload.len() + crate::wire::ITEM_HEAD + share;
        let whole = session.assembly.take(piece);
        self.inward
            .cross(offer.stream, piece.layer, bytes, u64::from(whole.is_some()));
        if let Some(payload) = whole {
            self.outputs.push_back(Output::Deliver(Item {
                stream: offer.stream,
                layer: piece.layer,
                codec: piece.codec,
                seq: piece.seq,
                timestamp: piece.timestamp,
                marker: piece.marker,
                level: piece.level,
                payload,
            }));
        }
    }

    fn take_feedback(&mut self, feedback: &Feedback, now: Instant) {
        let Some(session) = &mut self.session else {
            return;
        };
        let lost = session.history.feedback(feedback, now);
        let since = session.feedback_heard.replace(now);
        let seconds = since.map_or(0.04, |since| {
            now.saturating_duration_since(since)
                .as_secs_f64()
                .max(0.005)
        });
        let carried = f64::from(feedback.bytes) * 8.0 / 1000.0 / seconds;
        let queueing = f64::from(feedback.queueing) / 10.0;
        session
            .estimate
            .feedback(queueing, session.history.loss(), carried, seconds.min(1.0));
        if session.rtt <= RETRY_RTT {
            for (piece, tries) in lost {
                self.send_again(piece, tries + 1, now);
            }
        }
        self.apply_rate();
    }
}

/// A piece must be of the announced kind and an existing encoding for it.
fn fits(offer: Offer, piece: &Piece) -> bool {
    match offer.stream.kind {
        Kind::Audio => piece.layer == 0 && piece.codec != Codec::Vp8,
        Kind::Slides => piece.layer == 0 && piece.codec == Codec::Vp8,
        Kind::Video => piece.codec == Codec::Vp8,
    }
}
