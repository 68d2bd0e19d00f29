use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::gateway::close;
use crate::gateway::decoder::{self, Decoder, Received, sealed};
use crate::gateway::pipe::Pipe;
use crate::gateway::reader::Reader;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        })
        .collect()
}

/// Echoes text with the gateway's own reader and pipe.
async fn echo(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let (response, upgrading) = Handshake::read(&mut parts).unwrap().answer(None);
    tokio::spawn(async move {
        let (stream, leftover) = upgrading.finish().await.expect("a TCP stream");
        let pipe = Pipe::new(stream, 64 * 1024);
        let mut reader = Reader::new(Arc::clone(&pipe), Decoder::new(64 * 1024), &leftover);
        while let Ok(Received::Text(text)) = reader.next().await {
            pipe.send(&[sealed(decoder::TEXT, &text).into()]);
        }
        pipe.end(close::BYE);
        reader.goodbye().await;
    });
    response
}

#[test]
fn the_key_is_answered_as_in_the_standards_example() {
    let handshake = [
        ("upgrade", "websocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    assert_eq!(accept_key(&headers(&handshake)).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    for missing in 0..handshake.len() {
        let mut rest = handshake.to_vec();
        rest.remove(missing);
        assert_eq!(accept_key(&headers(&rest)), None);
    }
}

#[tokio::test]
async fn a_connection_is_taken_over_with_what_came_along() {
    let listener = crate::app::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.address;
    let stop = CancellationToken::new();
    let router = Router::new().route("/ws", get(echo));
    let served = crate::app::serve_until(listener, router, stop.clone(), Duration::from_secs(5));
    let server = tokio::spawn(served);

    let mut client = TcpStream::connect(address).await.unwrap();
    let mut request =
        b"GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            .to_vec();
    // The first frame travels with the request, its mask all zeros.
    request.extend_from_slice(b"\x81\x85\0\0\0\0early");
    client.write_all(&request).await.unwrap();
    let expected = sealed(decoder::TEXT, b"early");
    let mut bytes = Vec::new();
    while !bytes.ends_with(&expected) {
        assert_ne!(client.read_buf(&mut bytes).await.unwrap(), 0, "the server hung up");
    }

    assert!(bytes.starts_with(b"HTTP/1.1 101 "));
    drop(client);
    stop.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn a_request_whose_head_never_ends_is_hung_up_on() {
    let listener = crate::app::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.address;
    let stop = CancellationToken::new();
    let router = Router::new().route("/ws", get(echo));
    let served = crate::app::serve_until(listener, router, stop.clone(), Duration::from_secs(5));
    let server = tokio::spawn(served);

    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /ws HTTP/1.1\r\nhost: x\r\nupgrade: web").await.unwrap();
    // From here on the clock runs forward whenever everyone waits.
    tokio::time::pause();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP/1.1 101 "));
    tokio::time::resume();
    stop.cancel();
    server.await.unwrap();
}
