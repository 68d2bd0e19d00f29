//! The page: files of `web/dist`, built into the binary.

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Names under `assets/` carry a hash of their content, so they never change.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Answers what no route did: a file of the page, the page itself for its own paths, or 404.
pub async fn fallback(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if is_api(path) {
        return Problem::not_found("there is no such path").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::method_not_allowed().into_response();
    }
    if let Some(file) = Files::get(path) {
        let cache = if path.starts_with("assets/") { FOR_EVER } else { "no-cache" };
        return serve(path, file, cache);
    }
    // A path with a dot names a file that is not there; any other is a view of the page.
    if path.contains('.') {
        return Problem::not_found("there is no such file").into_response();
    }
    match Files::get("index.html") {
        Some(file) => serve("index.html", file, "no-cache"),
        None => {
            let text = "This binary was built without the page. Run `make web`, then build again.";
            (StatusCode::NOT_FOUND, text).into_response()
        }
    }
}

/// A file that was built into the binary.
pub(super) fn embedded(path: &str) -> Option<EmbeddedFile> {
    Files::get(path)
}

/// What the page names and this binary does not hold; `None` when it holds no page at all.
pub(crate) fn missing_files() -> Option<Vec<String>> {
    let page = Files::get("index.html")?;
    let page = String::from_utf8_lossy(&page.data).into_owned();
    let named = page.split(['"', '\'']).filter_map(|word| {
        let word = word.strip_prefix("./").or_else(|| word.strip_prefix('/'))?;
        word.starts_with("assets/").then(|| word.to_owned())
    });
    Some(named.filter(|path| Files::get(path).is_none()).collect())
}

fn is_api(path: &str) -> bool {
    ["api/", "auth/", "ws/"].iter().any(|prefix| path.starts_with(prefix))
}

fn serve(path: &str, file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = Body::from(file.data.into_owned()).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
