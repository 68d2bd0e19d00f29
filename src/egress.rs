//! The guard on the server's way out: whatever a tenant can make the server call passes it.
//!
//! ```text
//!   URL ─▶ check (scheme, user, literal address) ─▶ client ─▶ resolve ─▶ check each address ─▶ connect
//! ```
//!
//! A name is resolved once, by the guard's own resolver, and the connection goes to an address that
//! was checked: a name that answers something else a moment later gains nothing. Redirects are not
//! followed, and no proxy of the environment is used, since it would resolve names by itself.
//!
//! **Invariant:** addresses under which clouds give out a machine's credentials are refused in every
//! mode, however they are written.

mod address;
mod network;
mod policy;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Url, redirect};

pub use network::{Network, NetworkError};
pub use policy::{Policy, RuleError};

/// Longest look-up of a name: system resolvers try each server for 5 s.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(6);

/// Why a call is not made. Never says what the name resolved to: a tenant could map a network by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The text is no address of the web.
    #[error("the address must begin with https:// or http:// and name a host")]
    Malformed,
    /// A name and password in the address end up in logs.
    #[error("the address must not hold a user name or password")]
    Credentials,
    /// Neither the name nor what it resolves to may be called.
    #[error(
        "the address is not one that this server may call (see egress.allow, and for webhooks egress.webhooks)"
    )]
    Refused,
    /// The name is not known, or its servers do not answer.
    #[error("the host's name cannot be resolved")]
    Unresolved,
}

/// Decides what may be called. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Egress {
    policy: Arc<Policy>,
}

impl Egress {
    /// A guard with this policy.
    pub fn new(policy: Policy) -> Self {
        Self { policy: Arc::new(policy) }
    }

    /// The one for documents and webhooks, whatever the operator allows models: public addresses.
    pub fn strict() -> Self {
        Self::new(Policy::strict())
    }

    /// Whether a URL may be called, as far as can be said before its name is resolved.
    pub fn check(&self, url: &str) -> Result<Url, EgressError> {
        let url = Url::parse(url).map_err(|_| EgressError::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(EgressError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Credentials);
        }
        let host = url.host_str().ok_or(EgressError::Malformed)?;
        match literal(host) {
            Some(address) if !self.policy.admits(host, address) => Err(EgressError::Refused),
            Some(_) | None => Ok(url),
        }
    }

    /// Whether `host` may be entered at an address that it was resolved to: for databases, whose
    /// sockets are opened elsewhere.
    pub fn admits(&self, host: &str, address: IpAddr) -> bool {
        self.policy.admits(host, address)
    }

    /// The addresses of a host that may be connected to; the port is put into each.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, EgressError> {
        let found: Vec<SocketAddr> = if let Some(address) = literal(host) {
            vec![SocketAddr::new(address, port)]
        } else {
            let lookup = tokio::net::lookup_host((host, port));
            let found = tokio::time::timeout(LOOKUP_TIMEOUT, lookup).await;
            found.ok().and_then(Result::ok).ok_or(EgressError::Unresolved)?.collect()
        };
        self.admitted(host, found)
    }

    fn admitted(&self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, EgressError> {
        if found.is_empty() {
            return Err(EgressError::Unresolved);
        }
        let admitted: Vec<SocketAddr> =
            found.into_iter().filter(|found| self.policy.admits(host, found.ip())).collect();
        if admitted.is_empty() { Err(EgressError::Refused) } else { Ok(admitted) }
    }

    /// What HTTP clients for tenants' addresses are built from. A URL still has to be checked
    /// before it is called: a literal address is never resolved.
    pub fn client(&self) -> ClientBuilder {
        Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .dns_resolver(self.clone())
    }
}

impl Resolve for Egress {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            // The client puts the URL's own port in place of 0.
            let found = Self::resolve(&guard, name.as_str(), 0).await?;
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

/// Whether clouds give out a machine's credentials at an address: nobody's connection leads there.
pub fn is_metadata(address: IpAddr) -> bool {
    address::place(address) == address::Place::Metadata
}

/// A host that is an address already, with or without the brackets of a URL.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests;
