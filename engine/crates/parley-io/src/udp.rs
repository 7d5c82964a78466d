//! Datagrams of browsers, many at a time: recvmmsg with GRO in, runs of equal datagrams as one GSO message out.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};

use mio::net::UdpSocket;
use parley_sfu::Transmit;
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};

/// Longer runs lose datagrams systematically on some last hops.
const LONGEST_RUN: usize = 8;
const BUFFER: usize = 65_536;
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;

/// One media socket.
pub(crate) struct MediaSocket {
    pub(crate) socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    buffers: Vec<Vec<u8>>,
    run: Vec<u8>,
}

impl MediaSocket {
    pub(crate) fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(addr)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        // The system may grant less; that is its business.
        let _ = state.set_recv_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        let _ = state.set_send_buffer_size(UdpSockRef::from(&socket), SOCKET_BUFFER);
        let local = socket.local_addr()?;
        Ok(Self {
            socket,
            state,
            local,
            buffers: vec![vec![0; BUFFER]; BATCH_SIZE],
            run: Vec::new(),
        })
    }

    pub(crate) fn local(&self) -> SocketAddr {
        self.local
    }

    /// Whether a datagram from this own address leaves here.
    pub(crate) fn serves(&self, source: SocketAddr) -> bool {
        let same = self.local.ip() == source.ip();
        let any = self.local.ip().is_unspecified() && self.local.is_ipv4() == source.is_ipv4();
        self.local.port() == source.port() && (same || any)
    }

    /// Takes one batch; false when nothing waits.
    pub(crate) fn receive(&mut self, mut take: impl FnMut(SocketAddr, SocketAddr, &[u8])) -> bool {
        let mut metas = [RecvMeta::default(); BATCH_SIZE];
        let mut slices: Vec<IoSliceMut<'_>> = self
            .buffers
            .iter_mut()
            .map(|buffer| IoSliceMut::new(buffer))
            .collect();
        let received =
            match self
                .state
                .recv(UdpSockRef::from(&self.socket), &mut slices, &mut metas)
            {
                Ok(received) => received,
                // An ICMP error of an earlier datagram stands here too; it says nothing about what waits.
                Err(fault) => return fault.kind() != io::ErrorKind::WouldBlock,
            };
        drop(slices);
        for (meta, buffer) in metas.iter().zip(&self.buffers).take(received) {
            let own = self.own(meta.dst_ip);
            for datagram in buffer[..meta.len].chunks(meta.stride.max(1)) {
                take(meta.addr, own, datagram);
            }
        }
        true
    }

    fn own(&self, destination: Option<IpAddr>) -> SocketAddr {
        match destination {
            Some(ip) if self.local.ip().is_unspecified() => SocketAddr::new(ip, self.local.port()),
            _ => self.local,
        }
    }

    /// Sends as many of the front of `queue` as make one run; returns how many. What the system does not take is lost.
    pub(crate) fn send_run(&mut self, queue: &[Transmit]) -> usize {
        let first = &queue[0];
        let size = first.bytes.len();
        let most = self.state.max_gso_segments().clamp(1, LONGEST_RUN);
        let mut many = 1;
        while many < most.min(queue.len()) {
            let (before, next) = (&queue[many - 1], &queue[many]);
            let same = next.destination == first.destination && next.source == first.source;
            if !same || next.bytes.len() > size || before.bytes.len() != size {
                break;
            }
            many += 1;
        }
        let (contents, segment_size) = if many == 1 {
            (first.bytes.as_slice(), None)
        } else {
            self.run.clear();
            for transmit in &queue[..many] {
                self.run.extend_from_slice(&transmit.bytes);
            }
            (self.run.as_slice(), Some(size))
        };
        let _ = self.state.send(
            UdpSockRef::from(&self.socket),
            &quinn_udp::Transmit {
                destination: first.destination,
                ecn: None,
                contents,
                segment_size,
                src_ip: Some(first.source.ip()),
            },
        );
        many
    }
}
