//! The opening handshake of RFC 6455, section 4.2, and the connection that comes out of it.
//!
//! Knows nothing of who asks: the server's own upgrade and the echo that Autobahn tests both begin
//! here.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::net::TcpStream;

/// What the key is joined with before hashing (RFC 6455, section 1.3).
const HANDSHAKE_GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request for a WebSocket that can be answered.
#[derive(Debug)]
pub struct Handshake {
    accept: String,
    on_upgrade: OnUpgrade,
}

/// A connection that becomes ours once the answer is written.
#[derive(Debug)]
pub struct Upgrading(OnUpgrade);

impl Handshake {
    /// Reads a request's handshake, or says what it lacks.
    pub fn read(parts: &mut Parts) -> Result<Self, &'static str> {
        let accept =
            accept_key(&parts.headers).ok_or("this path speaks WebSocket version 13 only")?;
        let on_upgrade = parts.extensions.remove::<OnUpgrade>();
        let on_upgrade = on_upgrade.ok_or("this connection cannot be upgraded")?;
        Ok(Self { accept, on_upgrade })
    }

    /// The answer, and the connection that follows it.
    pub fn answer(self, protocol: Option<&'static str>) -> (Response, Upgrading) {
        let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        if let Some(protocol) = protocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        }
        (response, Upgrading(self.on_upgrade))
    }
}

impl Upgrading {
    /// Waits for the connection itself; with it comes what was read from it with the request.
    pub async fn finish(self) -> Option<(TcpStream, Bytes)> {
        let upgraded = match self.0.await {
            Ok(upgraded) => upgraded,
            Err(error) => {
                tracing::debug!(%error, "an upgrade did not happen");
                return None;
            }
        };
        let parts =
            hyper_util::server::conn::auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded);
        let Ok(parts) = parts else {
            tracing::error!("an upgraded connection is no TCP stream");
            return None;
        };
        Some((parts.io.into_inner(), parts.read_buf))
    }
}

/// The proof that the key was read; absent when the request is no handshake.
fn accept_key(headers: &HeaderMap) -> Option<String> {
    let has = |name, word: &str| {
        let values =
            headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let is_handshake = has(header::UPGRADE, "websocket")
        && has(header::CONNECTION, "upgrade")
        && has(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    is_handshake.then(|| {
        let digest = Sha1::new().chain_update(key.as_bytes()).chain_update(HANDSHAKE_GUID);
        STANDARD.encode(digest.finalize())
    })
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
