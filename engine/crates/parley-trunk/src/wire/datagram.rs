//! Datagrams of the media connection.
//!
//! Media: `0x10` · number u32 · sent u32 (0.1 ms, wraps) · pieces to the end. A piece: flow u16 · flags u8 · seq u16 · timestamp u32 ·
//! [level u8] · [index u8 · count u8] · length u16 · payload. Flags: layer (2 bits) · codec (2) · marker · level given · part of a
//! larger packet · 0.
//! Feedback: `0x20` · highest number u32 · 8 words u32 of what was received (bit 31 of the first is the highest) · delay above
//! the least seen, u16 in 0.1 ms · received bytes since the last feedback u32.

use std::sync::Arc;

use super::Malformed;
use super::bytes::Reader;
use crate::words::Codec;

pub(crate) const MEDIA_HEAD: usize = 9;
/// The largest head of a piece.
pub(crate) const ITEM_HEAD: usize = 14;
/// Words of 32 datagrams in a feedback.
pub(crate) const RECEIVED_WORDS: usize = 8;
const MAX_PIECES: usize = 64;

/// A media packet or a part of one, as it stands in a datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Number announced for the stream.
    pub flow: u16,
    /// Layer 0..=2.
    pub layer: u8,
    /// Encoding.
    pub codec: Codec,
    /// RTP sequence number.
    pub seq: u16,
    /// RTP timestamp.
    pub timestamp: u32,
    /// RTP marker.
    pub marker: bool,
    /// RFC 6464 level.
    pub level: Option<u8>,
    /// Which part of how many, when the packet did not fit one datagram.
    pub part: Option<PieceOf>,
    /// RTP payload or the part of it.
    pub payload: Arc<[u8]>,
}

/// Which part of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PieceOf {
    /// From 0.
    pub index: u8,
    /// At least 2.
    pub count: u8,
}

/// What the receiver tells about datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feedback {
    /// The highest number received.
    pub highest: u32,
    /// Bit 31 of word 0 is `highest`, then downwards.
    pub received: [u32; RECEIVED_WORDS],
    /// Delay above the least seen, in 0.1 ms.
    pub queueing: u16,
    /// Bytes since the last feedback.
    pub bytes: u32,
}

impl Feedback {
    /// Whether this number is known to have arrived; `None` when it is out of the reported range.
    pub(crate) fn has(&self, number: u32) -> Option<bool> {
        let back = self.highest.wrapping_sub(number) as usize;
        let word = self.received.get(back / 32)?;
        Some(word & (1 << (31 - back % 32)) != 0)
    }
}

/// One datagram, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datagram {
    /// Media.
    Media {
        /// Its number.
        number: u32,
        /// When it was sent by the sender's clock, 0.1 ms, wrapping.
        sent: u32,
        /// What is in it.
        pieces: Vec<Piece>,
    },
    /// Feedback.
    Feedback(Feedback),
}

pub(crate) fn write_media(number: u32, sent: u32, pieces: &[Piece]) -> Vec<u8> {
    let payload: usize = pieces.iter().map(|p| p.payload.len() + ITEM_HEAD).sum();
    let mut out = Vec::with_capacity(MEDIA_HEAD + payload);
    out.push(0x10);
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&sent.to_be_bytes());
    for piece in pieces {
        write_piece(&mut out, piece);
    }
    out
}

fn write_piece(out: &mut Vec<u8>, piece: &Piece) {
    let codec = match piece.codec {
        Codec::Opus => 0,
        Codec::Red => 1,
        Codec::Vp8 => 2,
    };
    let flags = (piece.layer << 6)
        | (codec << 4)
        | (u8::from(piece.marker) << 3)
        | (u8::from(piece.level.is_some()) << 2)
        | (u8::from(piece.part.is_some()) << 1);
    out.extend_from_slice(&piece.flow.to_be_bytes());
    out.push(flags);
    out.extend_from_slice(&piece.seq.to_be_bytes());
    out.extend_from_slice(&piece.timestamp.to_be_bytes());
    out.extend(piece.level);
    out.extend(
        piece
            .part
            .into_iter()
            .flat_map(|part| [part.index, part.count]),
    );
    out.extend_from_slice(&(piece.payload.len() as u16).to_be_bytes());
    out.extend_from_slice(&piece.payload);
}

pub(crate) fn write_feedback(feedback: &Feedback) -> Vec<u8> {
    let mut out = vec![0x20];
    out.extend_from_slice(&feedback.highest.to_be_bytes());
    for word in feedback.received {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(&feedback.queueing.to_be_bytes());
    out.extend_from_slice(&feedback.bytes.to_be_bytes());
    out
}

/// Reads one datagram.
///
/// # Errors
/// When it is not exactly one well-formed datagram.
pub fn read_datagram(bytes: &[u8]) -> Result<Datagram, Malformed> {
    let mut reader = Reader(bytes);
    match reader.u8()? {
        0x10 => {
            let (number, sent) = (reader.u32()?, reader.u32()?);
            let mut pieces = Vec::new();
            while !reader.0.is_empty() {
                if pieces.len() == MAX_PIECES {
                    return Err(Malformed("a datagram of too many pieces"));
                }
                pieces.push(read_piece(&mut reader)?);
            }
            Ok(Datagram::Media {
                number,
                sent,
                pieces,
            })
        }
        0x20 => {
            let highest = reader.u32()?;
            let mut received = [0; RECEIVED_WORDS];
            for word in &mut received {
                *word = reader.u32()?;
            }
            let feedback = Feedback {
                highest,
                received,
                queueing: reader.u16()?,
                bytes: reader.u32()?,
            };
            reader.end()?;
            Ok(Datagram::Feedback(feedback))
        }
        _ => Err(Malformed("a datagram of unknown type")),
    }
}

fn read_piece(reader: &mut Reader<'_>) -> Result<Piece, Malformed> {
    let flow = reader.u16()?;
    let flags = reader.u8()?;
    let layer = flags >> 6;
    let codec = match (flags >> 4) & 3 {
        0 => Codec::Opus,
        1 => Codec::Red,
        2 => Codec::Vp8,
        _ => return Err(Malformed("a piece of unknown encoding")),
    };
    if layer > 2 || flags & 1 != 0 {
        return Err(Malformed("a piece with impossible flags"));
    }
    let seq = reader.u16()?;
    let timestamp = reader.u32()?;
    let level = (flags & 4 != 0).then(|| reader.u8()).transpose()?;
    if level.is_some_and(|level| level > 127) {
        return Err(Malformed("a level below silence"));
    }
    let part = (flags & 2 != 0)
        .then(|| {
            Ok(PieceOf {
                index: reader.u8()?,
                count: reader.u8()?,
            })
        })
        .transpose()?;
    if part.is_some_and(|part| part.count < 2 || part.index >= part.count) {
        return Err(Malformed("an impossible part of a packet"));
    }
    let len = reader.u16()? as usize;
    Ok(Piece {
        flow,
        layer,
        codec,
        seq,
        timestamp,
        marker: flags & 8 != 0,
        level,
        part,
        payload: reader.take(len)?.into(),
    })
}
