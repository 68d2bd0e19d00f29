//! Who calls when a proxy stands between: `X-Forwarded-For`, believed from the operator's own proxies.
//!
//! Each proxy appends the address it was called from. So the list is read from its end: what is there
//! is a trusted proxy's word, and the first address that is no trusted proxy is the caller.
//!
//! **Invariant:** what a caller writes into the header itself is never taken for its address.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

use crate::egress::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The operator's proxies. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Proxies(Arc<[Network]>);

impl Proxies {
    /// Those of the setting, which were checked when it was read.
    pub fn of_settings(entries: &[String]) -> Self {
        Self(entries.iter().filter_map(|entry| entry.parse().ok()).collect())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.holds(address))
    }

    /// The caller of whom `peer` tells, if it is a proxy that is believed and its word is clear.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.trusts(peer) {
            return None;
        }
        let mut caller = None;
        for value in headers.get_all(FORWARDED_FOR).iter().rev() {
            for item in value.to_str().ok()?.rsplit(',') {
                let address: IpAddr = item.trim().parse().ok()?;
                caller = Some(address.to_canonical());
                if !self.trusts(address) {
                    return caller;
                }
            }
        }
        caller
    }
}

/// Puts the caller's address in the place of the proxy's, for all that counts by address.
pub async fn believe(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(caller) = peer.and_then(|peer| proxies.caller(peer, request.headers())) {
        // Only the address counts anywhere; its port is not told.
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(caller, 0)));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is believed of a request from `peer` with these headers, behind 10.0.0.0/8 and ::1.
    fn caller(peer: &str, values: &[&str]) -> Option<String> {
        let proxies = Proxies::of_settings(&["10.0.0.0/8".to_owned(), "::1".to_owned()]);
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        proxies.caller(peer.parse().unwrap(), &headers).map(|address| address.to_string())
    }

    #[test]
    fn a_trusted_proxy_tells_who_calls() {
        assert_eq!(caller("10.0.0.7", &["203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(caller("::ffff:10.0.0.7", &["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(caller("::1", &["203.0.113.9, 10.1.1.1"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(caller("::1", &["203.0.113.9", "10.1.1.1"]).as_deref(), Some("203.0.113.9"));
    }

    #[test]
    fn a_caller_cannot_choose_its_own_address() {
        assert_eq!(caller("203.0.113.9", &["198.51.100.1"]), None, "no proxy of ours");
        let lied = caller("10.0.0.7", &["198.51.100.1, 203.0.113.9"]);
        assert_eq!(lied.as_deref(), Some("203.0.113.9"), "the proxy's word stands last");
        assert_eq!(caller("10.0.0.7", &["198.51.100.1, unknown"]), None, "an unclear word");
    }

    #[test]
    fn a_proxy_that_says_nothing_is_the_caller() {
        assert_eq!(caller("10.0.0.7", &[]), None);
        assert_eq!(caller("10.0.0.7", &["10.0.0.8"]).as_deref(), Some("10.0.0.8"));
    }
}
