use axum::http::HeaderValue;

use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        })
        .collect()
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
