//! An issuer's public keys: one from the settings, or those that it publishes.
//!
//! Published keys are read when a token names one that is not known, and after an hour; those of
//! before count meanwhile, and while the issuer is down. Whatever tokens come, the issuer is asked
//! at most once in `jwks_refresh_seconds`.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use parking_lot::RwLock;
use serde::Deserialize;
use serde_json::Value;
use starling_actors::domain::Timestamp;

use super::{FederationError, TokenError};
use crate::auth::fetch::Fetcher;
use crate::config::OutsideAlgorithm;

/// Keys of one issuer that are looked at; issuers publish two or three.
const KEYS_MAX: usize = 64;
/// Shortest RSA modulus that counts, in bytes (RFC 7518, section 3.3: 2048 bits).
const RSA_BYTES_MIN: usize = 256;
/// After this time keys are read again, so that one that was withdrawn does not count for ever.
const AGE_MAX: Duration = Duration::from_secs(3600);
/// After this time a token waits for that, if nobody has tried: on a server where nobody was for a
/// day, a key that was withdrawn yesterday must not open it once more.
const AGE_WAITED_FOR: Duration = Duration::from_secs(2 * 3600);

/// Where an issuer's keys come from.
pub(in crate::auth) enum Keys {
    /// The one key of the settings.
    Fixed(Arc<DecodingKey>),
    /// Those that it publishes.
    Published(Arc<Jwks>),
}

impl Keys {
    /// The key of a PEM.
    pub(in crate::auth) fn from_pem(
        pem: &str,
        algorithm: OutsideAlgorithm,
    ) -> Result<Self, FederationError> {
        let key = match algorithm {
            OutsideAlgorithm::RS256 => DecodingKey::from_rsa_pem(pem.as_bytes()),
            OutsideAlgorithm::ES256 => DecodingKey::from_ec_pem(pem.as_bytes()),
        };
        let key = key.map_err(|cause| FederationError::PublicKey { algorithm, cause })?;
        Ok(Self::Fixed(Arc::new(key)))
    }

    /// The key that signed a token which names `kid`.
    pub(super) async fn key(
        &self,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<DecodingKey>, TokenError> {
        match self {
            Self::Fixed(key) => Ok(Arc::clone(key)),
            Self::Published(keys) => keys.key(kid, now).await,
        }
    }
}

/// Keys that an issuer publishes.
pub(in crate::auth) struct Jwks {
    url: String,
    algorithm: OutsideAlgorithm,
    refresh: Duration,
    fetcher: Fetcher,
    known: RwLock<Known>,
    /// Held while the issuer is asked: who needs an unknown key waits for the same answer.
    asking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Known {
    keys: Vec<(Option<String>, Arc<DecodingKey>)>,
    /// When the issuer was last asked, with whatever success.
    asked_at: Option<Timestamp>,
    /// When it last answered.
    read_at: Option<Timestamp>,
}

/// How far keys can be trusted to be the issuer's own still.
enum Freshness {
    Fresh,
    /// They count, and are to be read again.
    Aging,
    /// Nobody has looked for so long that they must be read first.
    Forgotten,
}

impl Known {
    fn freshness(&self, now: Timestamp) -> Freshness {
        let has_failed_since = self.read_at < self.asked_at;
        if !is_older(self.read_at, AGE_MAX, now) {
            Freshness::Fresh
        } else if has_failed_since || !is_older(self.read_at, AGE_WAITED_FOR, now) {
            Freshness::Aging
        } else {
            Freshness::Forgotten
        }
    }

    /// A token that names no key was signed by the only one, or by an unknown one.
    fn find(&self, kid: Option<&str>) -> Option<Arc<DecodingKey>> {
        let found = match (kid, self.keys.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(_), keys) => keys.iter().find(|(id, _)| id.as_deref() == kid),
        };
        found.map(|(_, key)| Arc::clone(key))
    }
}

fn is_older(at: Option<Timestamp>, age: Duration, now: Timestamp) -> bool {
    let age_ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    at.is_none_or(|at| now.0.saturating_sub(at.0) >= age_ms)
}

#[derive(Deserialize)]
struct KeySet {
    /// Each is read by itself: one that is of a kind unknown here must not hide the others.
    keys: Vec<Value>,
}

impl Jwks {
    /// Reads nothing yet.
    pub(in crate::auth) fn new(
        url: &str,
        algorithm: OutsideAlgorithm,
        refresh_seconds: u64,
        fetcher: Fetcher,
    ) -> Self {
        Self {
            url: url.to_owned(),
            algorithm,
            // Not even an operator's 0 lets each forged token become a request.
            refresh: Duration::from_secs(refresh_seconds.max(1)),
            fetcher,
            known: RwLock::default(),
            asking: Arc::default(),
        }
    }

    /// Where they are published.
    pub(in crate::auth) fn url(&self) -> &str {
        &self.url
    }

    async fn key(
        self: &Arc<Self>,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<DecodingKey>, TokenError> {
        let (found, freshness) = {
            let known = self.known.read();
            (known.find(kid), known.freshness(now))
        };
        match (found, freshness) {
            (Some(key), Freshness::Fresh) => return Ok(key),
            (Some(key), Freshness::Aging) => {
                self.refresh_behind(now);
                return Ok(key);
            }
            (Some(_), Freshness::Forgotten) | (None, _) => {}
        }
        let asking = self.asking.lock().await;
        self.refresh(now).await;
        drop(asking);
        let known = self.known.read();
        // Without an answer of the issuer nobody can say that the key is not one of its own.
        let missing = if known.read_at < known.asked_at {
            TokenError::Unavailable
        } else {
            TokenError::Invalid
        };
        known.find(kid).ok_or(missing)
    }

    /// Reads the keys again while the old ones count, unless someone does so already.
    fn refresh_behind(self: &Arc<Self>, now: Timestamp) {
        if !is_older(self.known.read().asked_at, self.refresh, now) {
            return;
        }
        let Ok(asking) = Arc::clone(&self.asking).try_lock_owned() else { return };
        let keys = Arc::clone(self);
        tokio::spawn(async move {
            keys.refresh(now).await;
            drop(asking);
        });
    }

    /// Under the lock of asking.
    async fn refresh(&self, now: Timestamp) {
        if !is_older(self.known.read().asked_at, self.refresh, now) {
            return;
        }
        let answer = self.fetcher.get::<KeySet>(&self.url).await;
        let mut known = self.known.write();
        known.asked_at = Some(now);
        match answer {
            Ok(set) => {
                let keys = set.keys.into_iter().take(KEYS_MAX);
                known.keys = keys.filter_map(|key| usable(key, self.algorithm)).collect();
                known.read_at = Some(now);
                tracing::info!(url = self.url, keys = known.keys.len(), "read an issuer's keys");
            }
            Err(error) => {
                tracing::warn!(url = self.url, %error, "an issuer's keys could not be read");
            }
        }
    }
}

/// A published key, if it is meant for signatures of this algorithm.
fn usable(key: Value, algorithm: OutsideAlgorithm) -> Option<(Option<String>, Arc<DecodingKey>)> {
    let key: Jwk = serde_json::from_value(key).ok()?;
    let is_for_signing = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let expected = match algorithm {
        OutsideAlgorithm::RS256 => KeyAlgorithm::RS256,
        OutsideAlgorithm::ES256 => KeyAlgorithm::ES256,
    };
    let is_of_algorithm = key.common.key_algorithm.is_none_or(|said| said == expected);
    let is_of_kind = match (algorithm, &key.algorithm) {
        (OutsideAlgorithm::RS256, AlgorithmParameters::RSA(rsa)) => {
            let modulus = URL_SAFE_NO_PAD.decode(rsa.n.trim_end_matches('='));
            modulus.is_ok_and(|modulus| modulus.len() >= RSA_BYTES_MIN)
        }
        (OutsideAlgorithm::ES256, AlgorithmParameters::EllipticCurve(curve)) => {
            curve.curve == EllipticCurve::P256
        }
        (OutsideAlgorithm::RS256 | OutsideAlgorithm::ES256, _) => false,
    };
    if !(is_for_signing && is_of_algorithm && is_of_kind) {
        return None;
    }
    let decoding = DecodingKey::from_jwk(&key).ok()?;
    Some((key.common.key_id, Arc::new(decoding)))
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey};
    use p256::pkcs8::{EncodePrivateKey, LineEnding};
    use serde_json::json;

    use super::*;
    use crate::auth::tests::Peer;

    const HOUR_MS: i64 = 3600 * 1000;
    const SOON: Duration = Duration::from_secs(2);

    fn published(kid: &str) -> Value {
        let secret = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
        let pem = secret.to_pkcs8_pem(LineEnding::LF).expect("a PEM");
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).expect("a key");
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).expect("a key to publish");
        jwk.common.key_id = Some(kid.to_owned());
        json!({ "keys": [jwk] })
    }

    async fn read_once(peer: &Peer) -> Arc<Jwks> {
        peer.answer_with(published("one"));
        let fetcher = Fetcher::new().expect("a client");
        let keys = Arc::new(Jwks::new(peer.url(), OutsideAlgorithm::ES256, 60, fetcher));
        keys.key(Some("one"), Timestamp(0)).await.expect("is published");
        keys
    }

    #[tokio::test]
    async fn a_known_key_counts_at_once_while_an_issuer_that_hangs_is_asked_again() {
        let peer = Peer::start().await;
        let keys = read_once(&peer).await;
        peer.hang();
        for after_ms in 0..20 {
            let key = keys.key(Some("one"), Timestamp(HOUR_MS + after_ms));
            let key = tokio::time::timeout(SOON, key).await.expect("at once");
            assert!(key.is_ok());
        }
        peer.until_asked(2).await;
        assert_eq!(peer.requests(), 2, "one asks for all");
    }

    #[tokio::test]
    async fn a_withdrawn_key_is_forgotten_after_an_hour_and_never_opens_an_idle_server() {
        let peer = Peer::start().await;
        let keys = read_once(&peer).await;
        peer.answer_with(published("two"));
        let late = keys.key(Some("one"), Timestamp(24 * HOUR_MS)).await;
        assert_eq!(late.err(), Some(TokenError::Invalid));

        let keys = read_once(&peer).await;
        let asked = peer.requests();
        peer.answer_with(published("two"));
        keys.key(Some("one"), Timestamp(HOUR_MS)).await.expect("is read again behind it");
        peer.until_asked(asked + 1).await;
        // The lock is free when the answer was taken in.
        drop(keys.asking.lock().await);
        let late = keys.key(Some("one"), Timestamp(HOUR_MS + 1)).await;
        assert_eq!(late.err(), Some(TokenError::Invalid));
    }
}
