//! A session: the control and the media connection of one attempt, and the tasks that carry bytes between them and the switch.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use quinn::crypto::rustls::HandshakeData;
use quinn::{ClientConfig, Connection, Endpoint, Incoming, RecvStream, SendStream, VarInt};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::hello::{HELLO_BYTES, Hello};
use super::messages::{Emit, LineEvent};
use super::transport::{CONTROL, MEDIA};

/// The largest frame of the control stream: 64 KiB of content and its head (`spec/line.md`).
const MAX_FRAME: usize = 64 * 1024 + 16;
/// A stranger has this long to finish its handshake and say hello.
const GREETING: Duration = Duration::from_secs(5);

/// Why a connection of the line is closed, as the other node sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goodbye {
    /// Another session of the same two nodes is kept.
    Superseded = 1,
    /// The operator severed the line or the node stops.
    Closed = 2,
    /// What was said broke the protocol of the line.
    Fault = 3,
}

impl Goodbye {
    pub(super) fn to(self, connection: &Connection) {
        connection.close(VarInt::from_u32(self as u32), b"");
    }
}

/// One of the two connections, greeted by the other side.
pub(super) struct Half {
    pub(super) connection: Connection,
    pub(super) send: SendStream,
    pub(super) recv: RecvStream,
    pub(super) hello: Hello,
}

/// Both connections of one attempt, ready to become a session.
pub(super) struct Whole {
    pub(super) control: Half,
    pub(super) media: Half,
    pub(super) dialled_by_own: bool,
}

impl Whole {
    pub(super) fn refuse(&self, goodbye: Goodbye) {
        goodbye.to(&self.control.connection);
        goodbye.to(&self.media.connection);
    }
}

async fn read_hello(recv: &mut RecvStream) -> Result<Hello, String> {
    let mut bytes = [0; HELLO_BYTES];
    recv.read_exact(&mut bytes)
        .await
        .map_err(|fault| format!("the other node ended before its hello: {fault}"))?;
    Hello::read(&bytes)
}

/// Dial both connections and exchange hellos on both. Fails with a sentence.
pub(super) async fn dial(
    endpoint: Endpoint,
    configs: [ClientConfig; 2],
    addr: SocketAddr,
    own: Hello,
) -> Result<Whole, String> {
    let [control, media] = configs;
    let (control, media) = tokio::try_join!(
        dial_half(&endpoint, control, addr, own),
        dial_half(&endpoint, media, addr, own)
    )?;
    if control.hello.boot != media.hello.boot || control.hello.attempt != own.attempt {
        return Err("the two connections of the line answered as two different nodes".into());
    }
    Ok(Whole {
        control,
        media,
        dialled_by_own: true,
    })
}

async fn dial_half(
    endpoint: &Endpoint,
    config: ClientConfig,
    addr: SocketAddr,
    own: Hello,
) -> Result<Half, String> {
    // The name is not checked by anybody: keys are pinned. It only has to be the same for all.
    let connection = endpoint
        .connect_with(config, addr, "line.parley.invalid")
        .map_err(|fault| fault.to_string())?
        .await
        .map_err(|fault| fault.to_string())?;
    let (mut send, mut recv) = connection.open_bi().await.map_err(|f| f.to_string())?;
    send.write_all(&own.write())
        .await
        .map_err(|f| f.to_string())?;
    let hello = read_hello(&mut recv).await?;
    Ok(Half {
        connection,
        send,
        recv,
        hello,
    })
}

/// Take a dialled connection up to its hello; the answer is given when the keeper decides (see [`answer`]).
/// Returns the ALPN with it.
pub(super) async fn greet(incoming: Incoming) -> Result<(Vec<u8>, Half), String> {
    timeout(GREETING, async {
        let connection = incoming.await.map_err(|fault| fault.to_string())?;
        let alpn = connection
            .handshake_data()
            .and_then(|data| data.downcast::<HandshakeData>().ok())
            .and_then(|data| data.protocol)
            .unwrap_or_default();
        let (send, mut recv) = connection.accept_bi().await.map_err(|f| f.to_string())?;
        let hello = read_hello(&mut recv).await?;
        Ok((
            alpn,
            Half {
                connection,
                send,
                recv,
                hello,
            },
        ))
    })
    .await
    .unwrap_or_else(|_| Err("the other node did not finish its greeting".into()))
}

/// The acceptor's hellos, which tell the dialler that its session is taken.
pub(super) async fn answer(whole: &mut Whole, own: Hello) -> Result<(), String> {
    for half in [&mut whole.control, &mut whole.media] {
        half.send
            .write_all(&own.write())
            .await
            .map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

/// `true` when the ALPN is that of the control connection, `false` for media.
pub(super) fn is_control(alpn: &[u8]) -> Option<bool> {
    match alpn {
        _ if alpn == CONTROL => Some(true),
        _ if alpn == MEDIA => Some(false),
        _ => None,
    }
}

/// A live session. Dropping it does not close it; [`Session::end`] does.
pub(super) struct Session {
    pub(super) boot: u64,
    pub(super) attempt: u64,
    pub(super) dialled_by_own: bool,
    pub(super) since: Instant,
    pub(super) control: Connection,
    pub(super) media: Connection,
    frames: mpsc::UnboundedSender<Bytes>,
}

impl Session {
    /// Starts the tasks of a session; `gone` hears the attempt and the reason when either connection ends.
    pub(super) fn start(
        whole: Whole,
        emit: &Emit,
        gone: &mpsc::UnboundedSender<(u64, String)>,
    ) -> Self {
        let attempt = whole.control.hello.attempt;
        let (frames, outgoing) = mpsc::unbounded_channel();
        tokio::spawn(write_frames(whole.control.send, outgoing));
        tokio::spawn(read_frames(
            whole.control.recv,
            whole.control.connection.clone(),
            attempt,
            Arc::clone(emit),
        ));
        tokio::spawn(read_datagrams(
            whole.media.connection.clone(),
            attempt,
            Arc::clone(emit),
        ));
        // The media stream carried only the hellos; it stays open, unused, so that its end says the connection is gone.
        let kept_open = (whole.media.send, whole.media.recv);
        let (control, media) = (whole.control.connection, whole.media.connection);
        let (watch_control, watch_media) = (control.clone(), media.clone());
        let gone = gone.clone();
        tokio::spawn(async move {
            let _kept_open = kept_open;
            let reason = tokio::select! {
                fault = watch_control.closed() => fault,
                fault = watch_media.closed() => fault,
            };
            Goodbye::Superseded.to(&watch_control);
            Goodbye::Superseded.to(&watch_media);
            let _ = gone.send((attempt, reason.to_string()));
        });
        Self {
            boot: whole.control.hello.boot,
            attempt,
            dialled_by_own: whole.dialled_by_own,
            since: Instant::now(),
            control,
            media,
            frames,
        }
    }

    /// Queue one frame (without its length) for the control stream.
    pub(super) fn send_frame(&self, frame: Bytes) {
        let _ = self.frames.send(frame);
    }

    /// Hand one datagram to QUIC. What does not fit the path or the buffer is dropped here and said so.
    pub(super) fn send_datagram(&self, datagram: Bytes) -> bool {
        self.media.datagram_send_buffer_space() >= datagram.len()
            && self.media.send_datagram(datagram).is_ok()
    }

    /// Close both connections.
    pub(super) fn end(&self, goodbye: Goodbye) {
        goodbye.to(&self.control);
        goodbye.to(&self.media);
    }
}

async fn write_frames(mut send: SendStream, mut frames: mpsc::UnboundedReceiver<Bytes>) {
    while let Some(frame) = frames.recv().await {
        let head = (frame.len() as u32).to_be_bytes();
        if send.write_all(&head).await.is_err() || send.write_all(&frame).await.is_err() {
            return;
        }
    }
}

async fn read_frames(mut recv: RecvStream, connection: Connection, attempt: u64, emit: Emit) {
    loop {
        let mut head = [0; 4];
        if recv.read_exact(&mut head).await.is_err() {
            break;
        }
        let len = u32::from_be_bytes(head) as usize;
        if len == 0 || len > MAX_FRAME {
            // Where the next frame would begin is unknown now, so the stream cannot go on; the line is redialled.
            Goodbye::Fault.to(&connection);
            return;
        }
        let mut frame = vec![0; len];
        if recv.read_exact(&mut frame).await.is_err() {
            break;
        }
        emit(LineEvent::Frame {
            session: attempt,
            frame: Bytes::from(frame),
        });
    }
    Goodbye::Fault.to(&connection);
}

async fn read_datagrams(media: Connection, attempt: u64, emit: Emit) {
    while let Ok(datagram) = media.read_datagram().await {
        emit(LineEvent::Datagram {
            session: attempt,
            datagram,
        });
    }
}
