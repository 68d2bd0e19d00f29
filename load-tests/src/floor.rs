//! The floor: one thread, one `send()` per delivery, and nothing else. No storage, no positions, no
//! accounts. What a real server costs above it is what it does more.
//!
//! A subscriber opens `/<channel>`; a publisher opens `/` and sends `<channel>|<content>`. A socket
//! that cannot take a frame at once gets it, and all after it, from a task of its own, in order.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{ErrorKind, Write, stdout};
use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{LocalSet, spawn_local};

use crate::options::check_loopback;
use crate::wire::http::head_end;
use crate::wire::websocket::{BINARY, CLOSE, Decoder, TEXT, append_plain, apply_mask};

/// As deep as the kernel lets it be by default.
const BACKLOG: u32 = 4096;
/// A subscriber that is further behind is dropped: the floor has no replay.
const BACKLOG_BYTES_MAX: usize = 4 * 1024 * 1024;
/// RFC 6455, section 1.3.
const HANDSHAKE_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

type Channels = Rc<RefCell<HashMap<String, Vec<Rc<Subscriber>>>>>;

struct Subscriber {
    stream: RefCell<Option<OwnedWriteHalf>>,
    /// Bytes that the socket did not take at once; while there are any, a drain task owns the
    /// stream.
    waiting: RefCell<Vec<u8>>,
}

/// Serves until the process is ended. Prints its address as the first line.
pub(crate) async fn serve(listen: SocketAddr) -> Result<()> {
    check_loopback(listen)?;
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    let listener = socket.listen(BACKLOG)?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    let channels = Channels::default();
    LocalSet::new()
        .run_until(async move {
            loop {
                // Out of descriptors or a client that left: the next one may be fine.
                if let Ok((stream, _)) = listener.accept().await {
                    let channels = Rc::clone(&channels);
                    spawn_local(async move { attend(stream, &channels).await.unwrap_or_default() });
                }
            }
        })
        .await
}

async fn attend(mut stream: TcpStream, channels: &Channels) -> Result<()> {
    stream.set_nodelay(true)?;
    let (path, key) = request(&mut stream).await?;
    let accept = STANDARD.encode(Sha1::digest(format!("{key}{HANDSHAKE_GUID}")));
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    let (mut reader, writer) = stream.into_split();
    let subscriber = Rc::new(Subscriber {
        stream: RefCell::new(Some(writer)),
        waiting: RefCell::new(Vec::new()),
    });
    let channel = path.trim_start_matches('/').to_owned();
    if !channel.is_empty() {
        let mut channels = channels.borrow_mut();
        channels.entry(channel.clone()).or_default().push(Rc::clone(&subscriber));
    }
    let mut decoder = Decoder::default();
    let mut closed = false;
    // A subscriber sends nothing but its close, so a small buffer is enough until somebody does.
    let mut buffer = vec![0; if channel.is_empty() { 64 * 1024 } else { 256 }];
    while !closed {
        let Ok(count @ 1..) = reader.read(&mut buffer).await else { break };
        decoder.feed(&buffer[..count], &mut |frame| match frame.opcode {
            TEXT | BINARY => {
                let mut payload = frame.payload.to_vec();
                apply_mask(&mut payload, frame.mask.unwrap_or_default());
                broadcast(channels, &payload);
            }
            CLOSE => closed = true,
            _ => {}
        })?;
    }
    if let Some(subscribers) = channels.borrow_mut().get_mut(&channel) {
        subscribers.retain(|known| !Rc::ptr_eq(known, &subscriber));
    }
    Ok(())
}

async fn request(stream: &mut TcpStream) -> Result<(String, String)> {
    let mut raw = Vec::with_capacity(512);
    while head_end(&raw).is_none() {
        ensure!(raw.len() < 8 * 1024, "endless headers");
        ensure!(stream.read_buf(&mut raw).await? > 0, "closed in the headers");
    }
    let head = String::from_utf8(raw)?;
    let path = head.split(' ').nth(1).context("no path")?;
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim().to_owned())
    });
    let Some(key) = key else { bail!("not a WebSocket") };
    Ok((path.to_owned(), key))
}

fn broadcast(channels: &Channels, payload: &[u8]) {
    let Some(cut) = payload.iter().position(|byte| *byte == b'|') else { return };
    let Ok(channel) = std::str::from_utf8(&payload[..cut]) else { return };
    let mut frame = Vec::with_capacity(payload.len() + 10);
    append_plain(&mut frame, TEXT, &payload[cut + 1..]);
    if let Some(subscribers) = channels.borrow().get(channel) {
        for subscriber in subscribers {
            deliver(subscriber, &frame);
        }
    }
}

fn deliver(subscriber: &Rc<Subscriber>, frame: &[u8]) {
    let mut stream = subscriber.stream.borrow_mut();
    let Some(writer) = stream.as_ref() else {
        let mut waiting = subscriber.waiting.borrow_mut();
        if waiting.len() < BACKLOG_BYTES_MAX {
            waiting.extend_from_slice(frame);
        }
        return;
    };
    let written = match writer.try_write(frame) {
        Ok(written) => written,
        Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
        // The reader's side sees the end and takes the subscriber out.
        Err(_) => return,
    };
    if written < frame.len()
        && let Some(writer) = stream.take()
    {
        subscriber.waiting.borrow_mut().extend_from_slice(&frame[written..]);
        spawn_local(drain(Rc::clone(subscriber), writer));
    }
}

async fn drain(subscriber: Rc<Subscriber>, mut writer: OwnedWriteHalf) {
    loop {
        let bytes = std::mem::take(&mut *subscriber.waiting.borrow_mut());
        if bytes.is_empty() {
            *subscriber.stream.borrow_mut() = Some(writer);
            return;
        }
        if writer.write_all(&bytes).await.is_err() {
            return;
        }
    }
}
