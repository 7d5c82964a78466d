//! A congestion controller that stays out of the way: the trunk's budget decides what is sent, QUIC's window never binds media.
//!
//! The window is twice the bandwidth-delay product of a generous line and at least 256 KiB. Only persistent congestion (RFC 9002
//! section 7.6: everything lost for several probe timeouts) halves it, down to a few datagrams, so that a dead path is not flooded;
//! each acknowledged round restores it.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use quinn_proto::RttEstimator;
use quinn_proto::congestion::{Controller, ControllerFactory};

const LEAST_OPEN: u64 = 256 * 1024;
const LEAST_BACKED_OFF: u64 = 8 * 1200;
/// Bytes per second of a line on which the window still must not bind: 100 Mbit/s.
const GENEROUS_RATE: f64 = 12_500_000.0;

/// Makes one [`OutOfTheWay`] for each connection.
#[derive(Debug, Default)]
pub(super) struct OutOfTheWayFactory;

impl ControllerFactory for OutOfTheWayFactory {
    fn build(self: Arc<Self>, _now: Instant, _current_mtu: u16) -> Box<dyn Controller> {
        Box::new(OutOfTheWay { window: LEAST_OPEN })
    }
}

#[derive(Debug, Clone)]
struct OutOfTheWay {
    window: u64,
}

impl Controller for OutOfTheWay {
    fn on_ack(
        &mut self,
        _now: Instant,
        _sent: Instant,
        bytes: u64,
        _app_limited: bool,
        rtt: &RttEstimator,
    ) {
        let open = ((2.0 * rtt.get().as_secs_f64() * GENEROUS_RATE) as u64).max(LEAST_OPEN);
        self.window = if self.window < LEAST_OPEN {
            self.window + 2 * bytes
        } else {
            open
        };
    }

    fn on_congestion_event(
        &mut self,
        _now: Instant,
        _sent: Instant,
        is_persistent_congestion: bool,
        _lost_bytes: u64,
    ) {
        if is_persistent_congestion {
            self.window = (self.window / 2).max(LEAST_BACKED_OFF);
        }
    }

    fn on_mtu_update(&mut self, _new_mtu: u16) {}

    fn window(&self) -> u64 {
        self.window
    }

    fn clone_box(&self) -> Box<dyn Controller> {
        Box::new(self.clone())
    }

    fn initial_window(&self) -> u64 {
        LEAST_OPEN
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
