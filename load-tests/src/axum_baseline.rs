//! The baseline: a chat server as people write it with axum. One `tokio::sync::broadcast` channel
//! for each chat channel; each socket has a task that receives from it and sends text through axum's
//! WebSocket. No storage, no positions, no accounts.
//!
//! It speaks what the floor speaks: a subscriber opens `/<channel>`; a publisher opens `/` and sends
//! `<channel>|<content>`. With `joins_writes` a task takes everything that waits before it flushes:
//! few write it so, but it is the better server, so figures are told beside both.

use std::collections::HashMap;
use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpSocket;
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::board::locked;
use crate::options::check_loopback;

/// The same as the floor's.
const BACKLOG: u32 = 4096;
/// Messages a subscriber may be behind. One that is further behind skips some, as the broadcast
/// channel has it, and the run is void: it is enough for any window of the harness.
const BEHIND_MAX: usize = 1_024;

#[derive(Clone)]
struct Chat {
    channels: Arc<Mutex<HashMap<String, Sender<Utf8Bytes>>>>,
    joins_writes: bool,
}

impl Chat {
    fn channel(&self, name: &str) -> Sender<Utf8Bytes> {
        let mut channels = locked(&self.channels);
        match channels.get(name) {
            Some(sender) => sender.clone(),
            None => {
                let sender = broadcast::channel(BEHIND_MAX).0;
                channels.insert(name.to_owned(), sender.clone());
                sender
            }
        }
    }
}

/// Serves until the process is ended. Prints its address as the first line.
pub(crate) async fn serve(listen: SocketAddr, joins_writes: bool) -> Result<()> {
    check_loopback(listen)?;
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    let listener = socket.listen(BACKLOG)?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    let listener = listener.tap_io(|stream| {
        if stream.set_nodelay(true).is_err() {
            // The client is gone already; its socket ends by itself.
        }
    });
    let chat = Chat { channels: Arc::default(), joins_writes };
    let app =
        Router::new().route("/", get(publish)).route("/{channel}", get(subscribe)).with_state(chat);
    Ok(axum::serve(listener, app).await?)
}

async fn subscribe(
    upgrade: WebSocketUpgrade,
    Path(channel): Path<String>,
    State(chat): State<Chat>,
) -> Response {
    // Before the answer, so that a subscriber misses nothing that is sent after it.
    let receiver = chat.channel(&channel).subscribe();
    upgrade.on_upgrade(move |socket| attend(socket, receiver, chat.joins_writes))
}

async fn publish(upgrade: WebSocketUpgrade, State(chat): State<Chat>) -> Response {
    upgrade.on_upgrade(move |mut socket| async move {
        while let Some(Ok(message)) = socket.recv().await {
            if let Message::Text(text) = message
                && let Some((channel, content)) = text.split_once('|')
                && chat.channel(channel).send(content.into()).is_err()
            {
                // Nobody listens to this channel.
            }
        }
    })
}

/// One task sends, this one reads; whichever ends first ends both.
async fn attend(socket: WebSocket, receiver: Receiver<Utf8Bytes>, joins_writes: bool) {
    let (sink, mut incoming) = socket.split();
    let mut sending = tokio::spawn(async move {
        let done =
            if joins_writes { joined(sink, receiver).await } else { single(sink, receiver).await };
        done.unwrap_or_default();
    });
    tokio::select! {
        _ = &mut sending => {}
        () = async { while let Some(Ok(_)) = incoming.next().await {} } => sending.abort(),
    }
}

async fn single(
    mut sink: SplitSink<WebSocket, Message>,
    mut receiver: Receiver<Utf8Bytes>,
) -> Result<()> {
    loop {
        let text = receiver.recv().await?;
        sink.send(Message::Text(text)).await?;
    }
}

async fn joined(
    mut sink: SplitSink<WebSocket, Message>,
    mut receiver: Receiver<Utf8Bytes>,
) -> Result<()> {
    loop {
        sink.feed(Message::Text(receiver.recv().await?)).await?;
        while let Ok(text) = receiver.try_recv() {
            sink.feed(Message::Text(text)).await?;
        }
        sink.flush().await?;
    }
}
