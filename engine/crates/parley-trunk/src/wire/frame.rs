//! Frames of the control stream: one type byte and a body. The length before each frame belongs to the stream, not to the frame.
//!
//! | type | body |
//! |---|---|
//! | 2 node | the bytes of a node message |
//! | 3 wants | audio u8 (0, 1) · n u8 · n × (seat u64, kind u8, layers u8, weight u16); the whole list |
//! | 4 keyframe | seat u64 · kind u8 · layer u8 |
//! | 5 offers | meeting length u8 · meeting · n u8 · n × (flow u16, seat u64, kind u8, layers u8); the whole list |

use super::Malformed;
use super::bytes::Reader;
use crate::words::{Kind, Offer, StreamKey, Want};

/// The largest message between the nodes, bytes.
pub const MAX_NODE_MESSAGE: usize = 64 * 1024;
/// The most streams one side may offer or want.
pub const MAX_STREAMS: usize = 200;
const MAX_MEETING: usize = 64;

/// A stream and the number by which datagrams call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// Its number in this session, never used again.
    pub flow: u16,
    /// What it is.
    pub offer: Offer,
}

/// What one node says to the other on the control stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A message of the core, opaque here.
    Node(Vec<u8>),
    /// What the sender's people want to see and hear.
    Wants {
        /// Somebody listens.
        audio: bool,
        /// Pictures.
        pictures: Vec<Want>,
    },
    /// A viewer of the sender needs a keyframe.
    Keyframe {
        /// Of which stream of the receiver.
        stream: StreamKey,
        /// Which layer.
        layer: u8,
    },
    /// What the sender offers, in which meeting; empty meeting: none is open.
    Offers {
        /// The meeting's id.
        meeting: Vec<u8>,
        /// The whole list.
        streams: Vec<Announced>,
    },
}

/// Writes a frame, type byte first.
pub fn write_frame(frame: &Frame) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    match frame {
        Frame::Node(bytes) => {
            out.push(2);
            out.extend_from_slice(bytes);
        }
        Frame::Wants { audio, pictures } => {
            out.extend_from_slice(&[3, u8::from(*audio), pictures.len() as u8]);
            for want in pictures {
                write_stream(&mut out, want.stream);
                out.push(want.layers);
                out.extend_from_slice(&want.weight.to_be_bytes());
            }
        }
        Frame::Keyframe { stream, layer } => {
            out.push(4);
            write_stream(&mut out, *stream);
            out.push(*layer);
        }
        Frame::Offers { meeting, streams } => {
            out.extend_from_slice(&[5, meeting.len() as u8]);
            out.extend_from_slice(meeting);
            out.push(streams.len() as u8);
            for announced in streams {
                out.extend_from_slice(&announced.flow.to_be_bytes());
                write_stream(&mut out, announced.offer.stream);
                out.push(announced.offer.layers);
            }
        }
    }
    out
}

/// Reads one frame.
///
/// # Errors
/// When it is not exactly one well-formed frame.
pub fn read_frame(bytes: &[u8]) -> Result<Frame, Malformed> {
    let mut reader = Reader(bytes);
    let frame = match reader.u8()? {
        2 => {
            if reader.0.len() > MAX_NODE_MESSAGE {
                return Err(Malformed("a node message is larger than 64 KiB"));
            }
            return Ok(Frame::Node(reader.0.to_vec()));
        }
        3 => Frame::Wants {
            audio: flag(reader.u8()?)?,
            pictures: list(&mut reader, read_want)?,
        },
        4 => Frame::Keyframe {
            stream: read_stream(&mut reader)?,
            layer: layer(reader.u8()?)?,
        },
        5 => {
            let len = reader.u8()? as usize;
            if len > MAX_MEETING {
                return Err(Malformed("the name of a meeting is too long"));
            }
            Frame::Offers {
                meeting: reader.take(len)?.to_vec(),
                streams: list(&mut reader, read_announced)?,
            }
        }
        _ => return Err(Malformed("a frame of unknown type")),
    };
    reader.end()?;
    Ok(frame)
}

fn list<T>(
    reader: &mut Reader<'_>,
    read: fn(&mut Reader<'_>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let many = reader.u8()? as usize;
    if many > MAX_STREAMS {
        return Err(Malformed("a list of too many streams"));
    }
    (0..many).map(|_| read(reader)).collect()
}

fn read_want(reader: &mut Reader<'_>) -> Result<Want, Malformed> {
    let want = Want {
        stream: read_stream(reader)?,
        layers: layers(reader.u8()?)?,
        weight: reader.u16()?,
    };
    match want.stream.kind {
        Kind::Audio => Err(Malformed("a voice among the wanted pictures")),
        Kind::Video | Kind::Slides => Ok(want),
    }
}

fn read_announced(reader: &mut Reader<'_>) -> Result<Announced, Malformed> {
    Ok(Announced {
        flow: reader.u16()?,
        offer: Offer {
            stream: read_stream(reader)?,
            layers: layers(reader.u8()?)?,
        },
    })
}

fn write_stream(out: &mut Vec<u8>, stream: StreamKey) {
    out.extend_from_slice(&stream.seat.to_be_bytes());
    out.push(match stream.kind {
        Kind::Audio => 0,
        Kind::Video => 1,
        Kind::Slides => 2,
    });
}

fn read_stream(reader: &mut Reader<'_>) -> Result<StreamKey, Malformed> {
    let seat = reader.u64()?;
    let kind = match reader.u8()? {
        0 => Kind::Audio,
        1 => Kind::Video,
        2 => Kind::Slides,
        _ => return Err(Malformed("a stream of unknown kind")),
    };
    Ok(StreamKey { seat, kind })
}

fn flag(byte: u8) -> Result<bool, Malformed> {
    match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Malformed("a flag that is neither 0 nor 1")),
    }
}

fn layer(byte: u8) -> Result<u8, Malformed> {
    if byte < 3 {
        Ok(byte)
    } else {
        Err(Malformed("a layer above 2"))
    }
}

fn layers(byte: u8) -> Result<u8, Malformed> {
    if byte < 8 {
        Ok(byte)
    } else {
        Err(Malformed("layers above 2"))
    }
}
