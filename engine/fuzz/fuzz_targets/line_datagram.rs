//! A datagram of the media connection, as the other node may have made it: refused, or read without holding more than it brought.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parley_trunk::{Datagram, read_datagram};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Datagram::Media { pieces, .. }) = read_datagram(bytes) {
        let held: usize = pieces.iter().map(|piece| piece.payload.len()).sum();
        assert!(held <= bytes.len());
    }
});
