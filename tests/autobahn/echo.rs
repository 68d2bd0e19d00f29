//! Says back what it hears, with the gateway's own handshake, reader, decoder and pipe: the server
//! that Autobahn's cases are run against (`make autobahn`).
//!
//! Limits are wider than the server's, since Autobahn sends messages of up to 16 MiB and splits
//! them into 64-byte fragments. Prints the address it listens on, and runs until it is ended.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use starling::app;
use starling::gateway::close::{self, Close};
use starling::gateway::decoder::{BINARY, Decoder, PONG, Received, TEXT, sealed};
use starling::gateway::handshake::{Handshake, Upgrading};
use starling::gateway::pipe::Pipe;
use starling::gateway::reader::Reader;
use starling::http::problem::Problem;
use tokio_util::sync::CancellationToken;

/// Autobahn's largest message.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Fragments of Autobahn's most divided message: 4 MiB in pieces of 64 bytes, with room.
const FRAGMENTS_MAX: usize = 128 * 1024;
/// Answers that may wait for the peer to read: a few of the largest.
const LANE_BYTES: usize = 4 * MESSAGE_BYTES_MAX;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = app::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    writeln!(std::io::stdout(), "{}", listener.address)?;
    let router = Router::new().route("/", get(open));
    app::serve_until(listener, router, CancellationToken::new(), Duration::ZERO).await;
    Ok(())
}

async fn open(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Handshake::read(&mut parts) {
        Ok(handshake) => {
            let (response, upgrading) = handshake.answer(None);
            tokio::spawn(echo(upgrading));
            response
        }
        Err(lack) => Problem::malformed(lack).into_response(),
    }
}

async fn echo(upgrading: Upgrading) {
    let Some((stream, leftover)) = upgrading.finish().await else { return };
    let pipe = Pipe::new(stream, LANE_BYTES);
    let decoder = Decoder::new(MESSAGE_BYTES_MAX).with_fragments_max(FRAGMENTS_MAX);
    let mut reader = Reader::new(Arc::clone(&pipe), decoder, &leftover);
    let end = loop {
        let answer = match reader.next().await {
            Ok(received) => answer(&received),
            Err(end) => break end,
        };
        match answer {
            Ok(frame) => drop(frame.map(|frame| pipe.send(&[frame.into()]))),
            Err(end) => break end,
        }
    };
    pipe.end(end);
    reader.goodbye().await;
}

fn answer(received: &Received) -> Result<Option<Vec<u8>>, Close> {
    Ok(match received {
        Received::Text(text) => Some(sealed(TEXT, text)),
        Received::Binary(bytes) => Some(sealed(BINARY, bytes)),
        Received::Ping(payload) => Some(sealed(PONG, payload)),
        Received::Pong => None,
        Received::Close(_) => return Err(close::BYE),
    })
}
