//! What crossed the line, by class and by stream; totals since the start of the node.

use std::collections::HashMap;

use crate::words::{Class, StreamKey};

/// Totals of one class in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassCount {
    /// Bytes as on the wire: the class's share of each datagram with its headers.
    pub bytes: u64,
    /// Media packets, or frames of the control stream.
    pub packets: u64,
    /// Packets that the line dropped because it was too thin or they were too late.
    pub dropped: u64,
}

/// Totals of one stream and layer in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CrossingCount {
    /// Bytes as on the wire.
    pub bytes: u64,
    /// Media packets, without repeats and retransmissions.
    pub packets: u64,
}

/// All counts of one direction.
#[derive(Debug, Clone, Default)]
pub struct Direction {
    classes: [ClassCount; 6],
    /// By stream and layer, while it is offered.
    pub crossing: HashMap<(StreamKey, u8), CrossingCount>,
}

impl Direction {
    /// The totals of a class.
    pub fn class(&self, class: Class) -> ClassCount {
        self.classes[class as usize]
    }

    pub(crate) fn add(&mut self, class: Class, bytes: usize, packets: u64) {
        let count = &mut self.classes[class as usize];
        count.bytes += bytes as u64;
        count.packets += packets;
    }

    pub(crate) fn drop(&mut self, class: Class) {
        self.classes[class as usize].dropped += 1;
    }

    pub(crate) fn cross(&mut self, stream: StreamKey, layer: u8, bytes: usize, packets: u64) {
        self.add(Class::of(stream.kind), bytes, packets);
        let count = self.crossing.entry((stream, layer)).or_default();
        count.bytes += bytes as u64;
        count.packets += packets;
    }
}
