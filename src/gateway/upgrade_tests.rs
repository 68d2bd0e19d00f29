use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::gateway::decoder::{self, Received, sealed};

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
    let accept = accept_key(&parts.headers).unwrap();
    let on_upgrade = parts.extensions.remove::<OnUpgrade>().unwrap();
    tokio::spawn(async move {
        let (stream, leftover) = taken(on_upgrade.await.unwrap()).expect("a TCP stream");
        let pipe = Pipe::new(stream, 64 * 1024);
        let mut reader = Reader::new(Arc::clone(&pipe), 64 * 1024, &leftover);
        while let Ok(Received::Text(text)) = reader.next().await {
            pipe.send(std::iter::once(sealed(decoder::TEXT, &text).into()));
        }
        pipe.end(close::BYE);
        reader.goodbye().await;
    });
    answer(&accept, Some(JSON_PROTOCOL))
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

#[test]
fn pages_of_other_origins_are_not_let_in() {
    let allowed = ["https://app.example".to_owned()];
    let from = |origin| headers(&[("host", "chat.example:8080"), ("origin", origin)]);
    assert!(is_origin_allowed(&headers(&[("host", "chat.example")]), &allowed));
    assert!(is_origin_allowed(&from("http://chat.example:8080"), &allowed));
    assert!(is_origin_allowed(&from("https://app.example"), &allowed));
    for origin in ["null", "http://chat.example", "https://app.example.evil", "http://evil"] {
        assert!(!is_origin_allowed(&from(origin), &allowed), "{origin}");
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
