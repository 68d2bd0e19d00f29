//! The provider as it describes itself: read when someone first needs it, and again each hour.
//!
//! An old description counts while a new one is fetched, and for as long as none can be had.
//!
//! **Invariant:** a provider that fails is asked again after [`FAILURE_MS`] at the earliest, by one
//! request; until then who needs its first description is told at once that there is none.

use std::sync::Arc;

use parking_lot::RwLock;
use serde::Deserialize;
use starling_actors::domain::Timestamp;
use starling_actors::ports::Clock;

use super::OidcError;
use crate::auth::fetch::{FetchError, Fetcher};
use crate::auth::outside::{Jwks, Keys, Verifier};
use crate::config::{Oidc, Outside};

/// How long a description counts before it is read again.
const DISCOVERY_AGE_MS: i64 = 3600 * 1000;
/// How long a provider that failed is left alone: as long as one attempt may take.
const FAILURE_MS: i64 = 5_000;

/// The provider's description of itself (OpenID Connect Discovery, section 3).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Discovery {
    issuer: String,
    /// Where browsers are sent.
    pub(super) authorization_endpoint: String,
    /// Where codes are spent.
    pub(super) token_endpoint: String,
    jwks_uri: String,
    /// How clients may show their secret there.
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
}

/// A provider that has described itself.
pub(super) struct Provider {
    /// Its description.
    pub(super) discovery: Discovery,
    /// Of its id_tokens.
    pub(super) verifier: Verifier,
    keys: Arc<Jwks>,
}

/// What is known of the settings' provider.
pub(super) struct ProviderBook {
    settings: Oidc,
    mapping: Outside,
    fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    /// Held while the provider is asked: who needs a first description waits for the same answer.
    asking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Known {
    provider: Option<Arc<Provider>>,
    read_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

impl Known {
    /// Whether the provider is to be asked.
    fn is_due(&self, now: Timestamp) -> bool {
        let has_passed =
            |at: Option<Timestamp>, ms: i64| at.is_none_or(|at| now.0.saturating_sub(at.0) >= ms);
        has_passed(self.read_at, DISCOVERY_AGE_MS) && has_passed(self.failed_at, FAILURE_MS)
    }
}

impl ProviderBook {
    /// Asks nobody yet: a provider that is down must not keep the server from starting.
    pub(super) fn new(
        settings: &Oidc,
        mapping: &Outside,
        fetcher: Fetcher,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        Arc::new(Self {
            settings: settings.clone(),
            mapping: mapping.clone(),
            fetcher,
            clock,
            known: RwLock::default(),
            asking: Arc::default(),
        })
    }

    /// The provider; waits only for its first description.
    pub(super) async fn provider(self: &Arc<Self>) -> Result<Arc<Provider>, OidcError> {
        let (known, is_due) = {
            let known = self.known.read();
            (known.provider.clone(), known.is_due(self.clock.now()))
        };
        if let Some(provider) = known {
            if is_due {
                self.refresh_behind();
            }
            return Ok(provider);
        }
        let asking = self.asking.lock().await;
        self.refresh().await;
        drop(asking);
        self.known.read().provider.clone().ok_or(OidcError::Provider)
    }

    /// Reads the description again while the old one counts, unless someone does so already.
    fn refresh_behind(self: &Arc<Self>) {
        let Ok(asking) = Arc::clone(&self.asking).try_lock_owned() else { return };
        let book = Arc::clone(self);
        tokio::spawn(async move {
            book.refresh().await;
            drop(asking);
        });
    }

    /// Under the lock of asking.
    async fn refresh(&self) {
        if !self.known.read().is_due(self.clock.now()) {
            return;
        }
        let read = self.read().await;
        // Not the time before: an attempt may take as long as a failure counts.
        let now = self.clock.now();
        let mut known = self.known.write();
        match read {
            Ok(provider) => {
                *known = Known { provider: Some(provider), read_at: Some(now), failed_at: None };
            }
            Err(_) => known.failed_at = Some(now),
        }
    }

    async fn read(&self) -> Result<Arc<Provider>, OidcError> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let read = self.fetcher.get::<Discovery>(&url).await;
        let discovery = read.map_err(|error| provider_fault("discovery", &error))?;
        if discovery.issuer != self.settings.issuer {
            tracing::warn!(said = discovery.issuer, "a provider describes another issuer");
            return Err(OidcError::Provider);
        }
        let known = self.known.read().provider.as_ref().map(|known| Arc::clone(&known.keys));
        let keys = known.filter(|keys| keys.url() == discovery.jwks_uri).unwrap_or_else(|| {
            Arc::new(Jwks::new(
                &discovery.jwks_uri,
                self.settings.algorithm,
                self.mapping.jwks_refresh_seconds,
                self.fetcher.clone(),
            ))
        });
        let verifier = Verifier::new(
            &self.settings.issuer,
            &self.settings.client_id,
            self.settings.algorithm,
            Keys::Published(Arc::clone(&keys)),
            &self.mapping,
        );
        Ok(Arc::new(Provider { discovery, verifier, keys }))
    }
}

/// Writes down what went wrong; whoever signs in learns only that it did.
pub(super) fn provider_fault(step: &str, error: &FetchError) -> OidcError {
    tracing::warn!(step, %error, "a sign-in provider failed");
    OidcError::Provider
}

#[cfg(test)]
mod tests {
    use starling_actors::memory::ManualClock;

    use super::*;
    use crate::auth::tests::Peer;

    fn book(peer: &Peer, clock: &Arc<ManualClock>) -> Arc<ProviderBook> {
        let url = peer.url();
        peer.answer_with(serde_json::json!({
            "issuer": url, "authorization_endpoint": url, "token_endpoint": url, "jwks_uri": url,
        }));
        let settings = Oidc { issuer: url.to_owned(), ..Oidc::default() };
        let fetcher = Fetcher::new().expect("a client");
        let clock = Arc::clone(clock) as Arc<dyn Clock>;
        ProviderBook::new(&settings, &Outside::default(), fetcher, clock)
    }

    #[tokio::test]
    async fn a_provider_that_is_down_is_asked_once_in_a_while_and_the_others_are_told_at_once() {
        let (peer, clock) = (Peer::start().await, Arc::<ManualClock>::default());
        let book = book(&peer, &clock);
        peer.break_down();
        for _ in 0..20 {
            assert_eq!(book.provider().await.err(), Some(OidcError::Provider));
        }
        assert_eq!(peer.requests(), 1);
        peer.mend();
        assert!(book.provider().await.is_err());
        clock.advance_ms(FAILURE_MS);
        assert!(book.provider().await.is_ok());
        assert_eq!(peer.requests(), 2);
    }

    #[tokio::test]
    async fn an_old_description_counts_while_no_new_one_can_be_had() {
        let (peer, clock) = (Peer::start().await, Arc::<ManualClock>::default());
        let book = book(&peer, &clock);
        book.provider().await.expect("describes itself");
        clock.advance_ms(DISCOVERY_AGE_MS);
        peer.hang();
        for _ in 0..20 {
            let soon = std::time::Duration::from_secs(2);
            let known = tokio::time::timeout(soon, book.provider()).await.expect("at once");
            assert!(known.is_ok());
        }
        peer.until_asked(2).await;
        assert_eq!(peer.requests(), 2, "one asks for all");
    }
}
