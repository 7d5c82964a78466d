//! Counts what really passes the socket, datagram by datagram, with the headers of IP and UDP: what a leased line is charged for.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use quinn::udp::{RecvMeta, Transmit};
use quinn::{AsyncUdpSocket, UdpPoller};

/// Bytes of UDP and IPv4 headers; IPv6 has 20 more.
const HEADERS_V4: u64 = 28;
const HEADERS_V6: u64 = 48;

/// Running totals of one socket since its start; read by the trunk to charge its budget.
#[derive(Debug, Default)]
pub struct Meter {
    sent_bytes: AtomicU64,
    sent_datagrams: AtomicU64,
    received_bytes: AtomicU64,
    received_datagrams: AtomicU64,
}

impl Meter {
    /// Bytes sent, headers included.
    pub fn sent_bytes(&self) -> u64 {
        self.sent_bytes.load(Ordering::Relaxed)
    }

    /// Datagrams sent.
    pub fn sent_datagrams(&self) -> u64 {
        self.sent_datagrams.load(Ordering::Relaxed)
    }

    /// Bytes received, headers included.
    pub fn received_bytes(&self) -> u64 {
        self.received_bytes.load(Ordering::Relaxed)
    }

    /// Datagrams received.
    pub fn received_datagrams(&self) -> u64 {
        self.received_datagrams.load(Ordering::Relaxed)
    }

    fn count(
        bytes: &AtomicU64,
        datagrams: &AtomicU64,
        len: usize,
        stride: usize,
        peer: SocketAddr,
    ) {
        let many = len.div_ceil(stride.max(1)).max(1) as u64;
        let headers = if is_v4(peer) { HEADERS_V4 } else { HEADERS_V6 };
        bytes.fetch_add(len as u64 + many * headers, Ordering::Relaxed);
        datagrams.fetch_add(many, Ordering::Relaxed);
    }
}

fn is_v4(peer: SocketAddr) -> bool {
    match peer {
        SocketAddr::V4(_) => true,
        SocketAddr::V6(v6) => v6.ip().to_ipv4_mapped().is_some(),
    }
}

/// A UDP socket of quinn's with a meter on it.
pub(super) struct MeteredSocket {
    pub(super) inner: Arc<dyn AsyncUdpSocket>,
    pub(super) meter: Arc<Meter>,
}

impl fmt::Debug for MeteredSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeteredSocket").finish_non_exhaustive()
    }
}

impl AsyncUdpSocket for MeteredSocket {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        self.inner.clone().create_io_poller()
    }

    fn try_send(&self, transmit: &Transmit) -> io::Result<()> {
        self.inner.try_send(transmit)?;
        let len = transmit.contents.len();
        Meter::count(
            &self.meter.sent_bytes,
            &self.meter.sent_datagrams,
            len,
            transmit.segment_size.unwrap_or(len),
            transmit.destination,
        );
        Ok(())
    }

    fn poll_recv(
        &self,
        cx: &mut Context,
        bufs: &mut [io::IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let polled = self.inner.poll_recv(cx, bufs, meta);
        if let Poll::Ready(Ok(filled)) = &polled {
            for received in &meta[..*filled] {
                Meter::count(
                    &self.meter.received_bytes,
                    &self.meter.received_datagrams,
                    received.len,
                    received.stride,
                    received.addr,
                );
            }
        }
        polled
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }

    fn max_transmit_segments(&self) -> usize {
        self.inner.max_transmit_segments()
    }

    fn max_receive_segments(&self) -> usize {
        self.inner.max_receive_segments()
    }

    fn may_fragment(&self) -> bool {
        self.inner.may_fragment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_segments_is_charged_for_each_header() {
        let meter = Meter::default();
        let v4: SocketAddr = "192.0.2.1:9".parse().unwrap();
        let v6: SocketAddr = "[2001:db8::1]:9".parse().unwrap();
        Meter::count(&meter.sent_bytes, &meter.sent_datagrams, 2500, 1000, v4);
        assert_eq!(meter.sent_bytes(), 2500 + 3 * 28);
        assert_eq!(meter.sent_datagrams(), 3);
        Meter::count(&meter.sent_bytes, &meter.sent_datagrams, 100, 100, v6);
        assert_eq!(meter.sent_bytes(), 2584 + 148);
    }
}
