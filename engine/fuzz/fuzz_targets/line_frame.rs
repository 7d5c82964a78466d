//! A frame of the control stream, as the other node may have made it: refused, or read and written back to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parley_trunk::{read_frame, write_frame};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = read_frame(bytes) {
        assert_eq!(
            write_frame(&frame),
            bytes,
            "there is one way to say a thing"
        );
    }
});
