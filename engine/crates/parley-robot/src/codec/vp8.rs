//! VP8 encoding by libvpx, one encoder for each layer, for realtime, with two temporal layers.
#![allow(unsafe_code)] // The only place that calls libvpx; each block says why it is sound.

use std::fmt;
use std::mem::MaybeUninit;
use std::ptr;

use vpx_sys as vpx;

use crate::picture::Planes;

/// An encoded frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedFrame {
    /// The VP8 frame.
    pub data: Vec<u8>,
    /// Whether it can be decoded without any other.
    pub keyframe: bool,
    /// Temporal layer, 0 or 1. Frames of layer 1 are referred to by no other.
    pub temporal: u8,
}

/// libvpx refused; the text names the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vp8Error(String);

impl fmt::Display for Vp8Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Vp8Error {}

/// An encoder for one size.
pub struct Vp8Encoder {
    context: Box<vpx::vpx_codec_ctx_t>,
    width: usize,
    height: usize,
    frames: i64,
    keyframe_wanted: bool,
    since_base: u8,
}

impl fmt::Debug for Vp8Encoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Vp8Encoder({}x{})", self.width, self.height)
    }
}

// SAFETY: a codec context has no thread affinity, and it is used by one thread at a time because encode takes &mut self.
unsafe impl Send for Vp8Encoder {}

fn check(call: &str, result: vpx::vpx_codec_err_t) -> Result<(), Vp8Error> {
    match result {
        vpx::VPX_CODEC_OK => Ok(()),
        error => Err(Vp8Error(format!("libvpx refused {call}: {error:?}."))),
    }
}

impl Vp8Encoder {
    /// An encoder for pictures of `width` x `height` at `fps` frames a second and about `kbit` kbit/s.
    ///
    /// # Errors
    /// When libvpx refuses the size or the rate.
    pub fn new(width: usize, height: usize, fps: u32, kbit: u32) -> Result<Self, Vp8Error> {
        let mut config = MaybeUninit::uninit();
        let mut context = Box::new(MaybeUninit::<vpx::vpx_codec_ctx_t>::zeroed());
        // SAFETY: the pointers are to live storage of the right types; config is read only after libvpx said that it
        // filled it; the context is zeroed, as libvpx asks, and initialised by the call that is checked below.
        let context = unsafe {
            let interface = vpx::vpx_codec_vp8_cx();
            check(
                "the configuration",
                vpx::vpx_codec_enc_config_default(interface, config.as_mut_ptr(), 0),
            )?;
            let mut config = config.assume_init();
            config.g_w = width as u32;
            config.g_h = height as u32;
            config.g_threads = 1;
            config.g_timebase = vpx::vpx_rational {
                num: 1,
                den: fps as i32,
            };
            config.g_error_resilient = 1;
            config.g_lag_in_frames = 0;
            config.rc_dropframe_thresh = 0;
            config.rc_resize_allowed = 0;
            config.rc_end_usage = vpx::vpx_rc_mode::VPX_CBR;
            config.rc_target_bitrate = kbit;
            config.rc_min_quantizer = 8;
            config.rc_max_quantizer = 52;
            config.rc_undershoot_pct = 100;
            config.rc_overshoot_pct = 15;
            config.rc_buf_sz = 1_000;
            config.rc_buf_initial_sz = 500;
            config.rc_buf_optimal_sz = 600;
            config.kf_mode = vpx::vpx_kf_mode::VPX_KF_AUTO;
            config.kf_max_dist = fps * 20;
            let version = vpx::VPX_ENCODER_ABI_VERSION as i32;
            check(
                "the encoder",
                vpx::vpx_codec_enc_init_ver(context.as_mut_ptr(), interface, &config, 0, version),
            )?;
            Box::from_raw(Box::into_raw(context).cast::<vpx::vpx_codec_ctx_t>())
        };
        let mut encoder = Self {
            context,
            width,
            height,
            frames: 0,
            keyframe_wanted: true,
            since_base: 0,
        };
        encoder.control(vpx::vp8e_enc_control_id::VP8E_SET_CPUUSED as i32, -14)?;
        encoder.control(
            vpx::vp8e_enc_control_id::VP8E_SET_STATIC_THRESHOLD as i32,
            100,
        )?;
        encoder.control(
            vpx::vp8e_enc_control_id::VP8E_SET_MAX_INTRA_BITRATE_PCT as i32,
            400,
        )?;
        Ok(encoder)
    }

    fn control(&mut self, id: i32, value: i32) -> Result<(), Vp8Error> {
        // SAFETY: the context is initialised, and each control used here takes one int.
        check("a control", unsafe {
            vpx::vpx_codec_control_(&mut *self.context, id, value)
        })
    }

    /// Makes the next frame a keyframe.
    pub fn want_keyframe(&mut self) {
        self.keyframe_wanted = true;
    }

    /// Encodes a picture of the encoder's size.
    ///
    /// # Errors
    /// When libvpx refuses, or gives no frame.
    ///
    /// # Panics
    /// When the picture has another size.
    pub fn encode(&mut self, picture: &Planes) -> Result<EncodedFrame, Vp8Error> {
        assert_eq!(
            (picture.width, picture.height),
            (self.width, self.height),
            "a picture of another size"
        );
        let keyframe = std::mem::take(&mut self.keyframe_wanted);
        let temporal = if keyframe {
            0
        } else {
            (self.since_base + 1) % 2
        };
        self.since_base = temporal;
        let flags = if keyframe {
            vpx::VPX_EFLAG_FORCE_KF
        } else {
            let last_only = vpx::VP8_EFLAG_NO_REF_GF
                | vpx::VP8_EFLAG_NO_REF_ARF
                | vpx::VP8_EFLAG_NO_UPD_GF
                | vpx::VP8_EFLAG_NO_UPD_ARF;
            let droppable = vpx::VP8_EFLAG_NO_UPD_LAST | vpx::VP8_EFLAG_NO_UPD_ENTROPY;
            if temporal == 1 {
                last_only | droppable
            } else {
                last_only
            }
        };
        let mut image = MaybeUninit::uninit();
        // SAFETY: the plane pointers are to slices that live through the call, with strides and sizes as `Planes` keeps
        // them; libvpx only reads them. Packets point to memory of the encoder that is valid until the next call, and are
        // copied before it.
        unsafe {
            let wrapped = vpx::vpx_img_wrap(
                image.as_mut_ptr(),
                vpx::vpx_img_fmt::VPX_IMG_FMT_I420,
                self.width as u32,
                self.height as u32,
                1,
                picture.luma.as_ptr().cast_mut(),
            );
            if wrapped.is_null() {
                return Err(Vp8Error("libvpx refused the picture.".into()));
            }
            let mut image = image.assume_init();
            let planes = [
                picture.luma.as_ptr(),
                picture.blue.as_ptr(),
                picture.red.as_ptr(),
            ];
            for (at, plane) in planes.into_iter().enumerate() {
                image.planes[at] = plane.cast_mut();
                image.stride[at] = if at == 0 {
                    self.width as i32
                } else {
                    (self.width / 2) as i32
                };
            }
            let deadline = u64::from(vpx::VPX_DL_REALTIME);
            check(
                "a frame",
                vpx::vpx_codec_encode(
                    &mut *self.context,
                    &image,
                    self.frames,
                    1,
                    i64::from(flags),
                    deadline,
                ),
            )?;
            self.frames += 1;
            let mut iterator = ptr::null();
            loop {
                let packet = vpx::vpx_codec_get_cx_data(&mut *self.context, &mut iterator);
                if packet.is_null() {
                    return Err(Vp8Error("libvpx gave no frame.".into()));
                }
                if (*packet).kind == vpx::vpx_codec_cx_pkt_kind::VPX_CODEC_CX_FRAME_PKT {
                    let frame = (*packet).data.frame;
                    let data =
                        std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz as usize)
                            .to_vec();
                    let keyframe = data.first().is_some_and(|byte| byte & 1 == 0);
                    return Ok(EncodedFrame {
                        data,
                        keyframe,
                        temporal: if keyframe { 0 } else { temporal },
                    });
                }
            }
        }
    }
}

impl std::ops::Drop for Vp8Encoder {
    fn drop(&mut self) {
        // SAFETY: the context was initialised in `new` and is destroyed once.
        unsafe {
            vpx::vpx_codec_destroy(&mut *self.context);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(level: u8) -> Planes {
        let mut planes = Planes::new(160, 96);
        planes.luma.fill(level);
        planes
    }

    #[test]
    fn begins_with_a_keyframe_and_makes_one_when_asked() {
        let mut encoder = Vp8Encoder::new(160, 96, 10, 100).unwrap();
        let mut encode = |wanted: bool| {
            if wanted {
                encoder.want_keyframe();
            }
            encoder.encode(&grey(90)).unwrap()
        };
        assert!(encode(false).keyframe);
        let next: Vec<_> = (0..4)
            .map(|_| encode(false))
            .map(|frame| (frame.keyframe, frame.temporal))
            .collect();
        assert_eq!(next, [(false, 1), (false, 0), (false, 1), (false, 0)]);
        let asked = encode(true);
        assert_eq!((asked.keyframe, asked.temporal), (true, 0));
        assert_eq!(
            &asked.data[3..6],
            [0x9d, 0x01, 0x2a],
            "start code of RFC 6386, section 9.1"
        );
    }
}
