//! What a guest's browser keeps, so that the same name is the same person again.
//!
//! A cookie and not a token of the page: no script of the page can read it, and the browser sends
//! it by itself with the next upgrade, but never with one that another site's page asks for.

use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "starling_guest";
/// Where sockets are opened; nothing else of the server is sent the cookie.
const PATH: &str = "/ws";
/// How long a browser keeps it without a visit: a guest of last month is known, one of last year
/// starts again.
const MAX_AGE_SECONDS: u32 = 90 * 24 * 3600;
/// Longest value that is looked at. Ours have about 90 bytes.
const VALUE_BYTES_MAX: usize = 256;

/// The token that a browser kept.
pub(super) fn read(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).map(str::trim);
    let value = pairs.find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('='))?;
    (value.len() <= VALUE_BYTES_MAX).then(|| value.to_owned())
}

/// The header that makes a browser keep a token.
pub(super) fn keep(token: &str, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!(
        "{NAME}={token}; Path={PATH}; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Strict{secure}"
    );
    HeaderValue::from_str(&cookie).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(values: &[&'static str]) -> HeaderMap {
        let values = values.iter().map(|value| HeaderValue::from_static(value));
        values.map(|value| (header::COOKIE, value)).collect()
    }

    #[test]
    fn it_is_found_among_others_and_nothing_like_it_is_taken() {
        let found = ["a=1; starling_guest=id.secret; b=2", "starling_guest=id.secret"];
        for header in found {
            assert_eq!(read(&cookies(&[header])).as_deref(), Some("id.secret"));
        }
        assert_eq!(read(&cookies(&["a=1", "starling_guest=x"])).as_deref(), Some("x"));
        for header in ["", "starling_guest", "starling_guests=x", "my_starling_guest=x"] {
            assert_eq!(read(&cookies(&[header])), None, "{header}");
        }
        let long: &'static str = Box::leak(format!("{NAME}={}", "x".repeat(300)).into_boxed_str());
        assert_eq!(read(&cookies(&[long])), None);
    }

    #[test]
    fn no_script_reads_it_and_it_is_secure_where_all_is() {
        let kept = keep("id.secret", false).unwrap();
        let kept = kept.to_str().unwrap();
        assert!(kept.starts_with("starling_guest=id.secret; Path=/ws; Max-Age="), "{kept}");
        assert!(kept.ends_with("; HttpOnly; SameSite=Strict"), "{kept}");
        assert!(keep("x", true).unwrap().to_str().unwrap().ends_with("; Secure"));
    }
}
