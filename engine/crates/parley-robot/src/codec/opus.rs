//! Opus encoding by libopus (in its Rust translation): 48 kHz, mono, frames of 20 ms.
#![allow(unsafe_code)] // The only place that calls libopus; each block says why it is sound.

use std::fmt;

/// Samples in a frame of 20 ms at 48 kHz.
pub const FRAME_SAMPLES: usize = 960;
const LARGEST: usize = 1_000;

/// libopus refused; the number is its error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpusError(i32);

impl fmt::Display for OpusError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "libopus refused with code {}.", self.0)
    }
}

impl std::error::Error for OpusError {}

/// An encoder of one voice.
pub struct OpusEncoder {
    state: *mut unsafe_libopus::OpusEncoder,
}

impl fmt::Debug for OpusEncoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OpusEncoder")
    }
}

// SAFETY: the state is owned by this value alone and has no thread affinity.
unsafe impl Send for OpusEncoder {}

impl OpusEncoder {
    /// An encoder at about `kbit` kbit/s.
    ///
    /// # Errors
    /// When libopus has no memory, or refuses the rate.
    pub fn new(kbit: i32) -> Result<Self, OpusError> {
        let mut error = 0;
        // SAFETY: the arguments are of the documented ranges; a state is returned only when error is 0.
        let state = unsafe {
            unsafe_libopus::opus_encoder_create(
                48_000,
                1,
                unsafe_libopus::OPUS_APPLICATION_VOIP,
                &mut error,
            )
        };
        if error != 0 || state.is_null() {
            return Err(OpusError(error));
        }
        let encoder = Self { state };
        for (request, value) in [
            (unsafe_libopus::OPUS_SET_BITRATE_REQUEST, kbit * 1_000),
            (unsafe_libopus::OPUS_SET_COMPLEXITY_REQUEST, 2),
        ] {
            // SAFETY: the state is live, and both requests take one i32.
            let result =
                unsafe { unsafe_libopus::opus_encoder_ctl!(encoder.state, request, value) };
            if result != 0 {
                return Err(OpusError(result));
            }
        }
        Ok(encoder)
    }

    /// Encodes 20 ms of sound.
    ///
    /// # Errors
    /// When libopus refuses.
    pub fn encode(&mut self, sound: &[i16; FRAME_SAMPLES]) -> Result<Vec<u8>, OpusError> {
        let mut packet = vec![0; LARGEST];
        // SAFETY: both buffers are live and as long as said.
        let length = unsafe {
            unsafe_libopus::opus_encode(
                self.state,
                sound.as_ptr(),
                FRAME_SAMPLES as i32,
                packet.as_mut_ptr(),
                LARGEST as i32,
            )
        };
        if length < 0 {
            return Err(OpusError(length));
        }
        packet.truncate(length as usize);
        Ok(packet)
    }
}

impl std::ops::Drop for OpusEncoder {
    fn drop(&mut self) {
        // SAFETY: the state was created in `new` and is destroyed once.
        unsafe { unsafe_libopus::opus_encoder_destroy(self.state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_takes_about_the_rate_asked() {
        let mut encoder = OpusEncoder::new(32).unwrap();
        let bytes: usize = (0..100)
            .map(|frame| {
                let sound = std::array::from_fn(|at| {
                    let time = (frame * FRAME_SAMPLES + at) as f32 / 48_000.0;
                    ((time * 440.0 * std::f32::consts::TAU).sin() * 8_000.0) as i16
                });
                encoder.encode(&sound).unwrap().len()
            })
            .sum();
        assert!((4_000..=12_000).contains(&bytes), "{bytes} bytes in 2 s");
    }
}
