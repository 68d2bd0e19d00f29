//! `/docs`: the OpenAPI document in a viewer (Scalar) that is built into this binary.
//!
//! ```text
//!   /docs ─▶ the viewer's page ─▶ /docs/reference.js (the viewer), /docs/start.js ─▶ /openapi.json
//!   /docs/plain     the same document without scripts        /docs/sockets    the frames
//! ```
//!
//! **Invariant:** nothing of these pages comes from another server, and their policies forbid it.

use std::fmt::Write as _;

use axum::Router;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::Value;
use utoipa::OpenApi;

use super::super::{AppState, page, problem::Problem};
use super::{Api, asyncapi, reader};

/// The viewer's script in the embedded files; it lies there compressed.
const VIEWER: &str = "docs/reference.js.gz";

/// Bytes of its hash that its address carries.
const HASH_BYTES: usize = 8;

/// What the viewer may do: run its two files, ask this server, show pictures made in it.
/// `style-src` allows inline styles, on this page only: the viewer writes `style` elements and
/// attributes at run time, with content that changes with its theme, so no hash and no nonce fits.
/// No script is inline, none is evaluated.
const VIEWER_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
     style-src 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// Pages without scripts: their one style sheet is in them, nothing else may load.
const PLAIN_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/// The page up to the address of its script.
const VIEWER_HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Starling API</title>\
<link rel=\"icon\" href=\"/starling.svg\">\
<style>:root{color-scheme:light dark}body{margin:0}\
noscript{display:block;font:15px/1.5 system-ui,sans-serif;margin:2rem}</style></head><body>\
<noscript>This page needs scripts. <a href=\"/docs/plain\">The same without them</a>, \
<a href=\"/docs/sockets\">the frames of the sockets</a>.</noscript>\
<div id=\"reference\"></div><script src=\"/docs/reference.js";

const VIEWER_TAIL: &str = "\"></script><script src=\"/docs/start.js\"></script></body></html>";

/// Routes that are never limited and need no sign-in.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/docs", get(docs))
        .route("/docs/plain", get(plain))
        .route("/docs/sockets", get(sockets))
        .route("/docs/reference.js", get(viewer))
        .route("/redoc", get(async || Redirect::permanent("/docs")))
}

/// The viewer, or the plain page where the binary was built without the page's files.
async fn docs() -> Response {
    let Some(file) = page::embedded(VIEWER) else { return plain().await };
    let mut text = VIEWER_HEAD.to_owned();
    // The script never changes under one address, so a browser loads it once.
    let hash = file.metadata.sha256_hash();
    for byte in &hash[..HASH_BYTES] {
        if write!(text, "{}{byte:02x}", if text.ends_with(".js") { "?" } else { "" }).is_err() {
            tracing::error!("a text could not be written into memory");
        }
    }
    text.push_str(VIEWER_TAIL);
    html(text, VIEWER_POLICY)
}

async fn plain() -> Response {
    let document = serde_json::to_value(Api::openapi()).unwrap_or(Value::Null);
    html(reader::page(&document), PLAIN_POLICY)
}

async fn sockets() -> Response {
    html(reader::frames(&asyncapi::document()), PLAIN_POLICY)
}

/// Every browser takes gzip; the file is kept in no other form.
async fn viewer() -> Response {
    let Some(file) = page::embedded(VIEWER) else {
        return Problem::not_found("this binary was built without the viewer").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_ENCODING, "gzip"),
        (header::CACHE_CONTROL, page::FOR_EVER),
    ];
    (headers, Body::from(file.data.into_owned())).into_response()
}

fn html(text: String, policy: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, text).into_response()
}
