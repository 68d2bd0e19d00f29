//! The heads of requests with which two nodes become acquainted, and what they refuse.

use hyper::header::{HeaderMap, HeaderName};
use metrics::Counter;
use starling_actors::domain::NodeId;

/// Where a caller says who it is, and hears the same.
pub(super) const HELLO_PATH: &str = "/hello";
/// Where it gives its orders.
pub(super) const ORDERS_PATH: &str = "/orders";

pub(super) const PROTOCOL_HEADER: HeaderName = HeaderName::from_static("starling-protocol");
pub(super) const FROM_HEADER: HeaderName = HeaderName::from_static("starling-from");
pub(super) const TO_HEADER: HeaderName = HeaderName::from_static("starling-to");
pub(super) const NONCE_HEADER: HeaderName = HeaderName::from_static("starling-nonce");
pub(super) const PROOF_HEADER: HeaderName = HeaderName::from_static("starling-proof");

/// What a header says.
pub(super) fn said<T: std::str::FromStr>(headers: &HeaderMap, name: &HeaderName) -> Option<T> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Why two nodes do not talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// It does not know the secret.
    #[error("it does not know this cluster's secret")]
    Secret,
    /// It talks in another way.
    #[error("it talks in another version")]
    Protocol,
    /// It is another node than is meant, one that was started anew mostly.
    #[error("another node is there now")]
    Node,
    /// It says what nobody says.
    #[error("it does not talk like a node")]
    Nonsense,
    /// There are too many callers already.
    #[error("too many callers")]
    Crowded,
}

impl Refusal {
    /// Counts it, for it says that something is wrong with the cluster, or with whom it lets in.
    pub(super) fn count(self) {
        counter(self.as_str()).increment(1);
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Protocol => "protocol",
            Self::Node => "node",
            Self::Nonsense => "nonsense",
            Self::Crowded => "crowded",
        }
    }
}

fn counter(reason: &'static str) -> Counter {
    metrics::counter!("starling_peers_refused_total", "reason" => reason)
}

/// The two ends of a stream, as a caller names them.
pub(super) fn ends(headers: &HeaderMap) -> Option<(NodeId, NodeId)> {
    Some((said(headers, &FROM_HEADER)?, said(headers, &TO_HEADER)?))
}
