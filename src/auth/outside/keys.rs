//! An issuer's public keys: one from the settings, or those that it publishes.
//!
//! Published keys are read when a token names one that is not known, and after an hour. Whatever
//! tokens come, the issuer is asked at most once in `jwks_refresh_seconds`.

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
    /// Held while the issuer is asked: the others wait for the same answer.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: Vec<(Option<String>, Arc<DecodingKey>)>,
    /// When the issuer was last asked, with whatever success.
    asked_at: Option<Timestamp>,
    /// When it last answered.
    read_at: Option<Timestamp>,
}

impl Known {
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
            asking: tokio::sync::Mutex::new(()),
        }
    }

    /// Where they are published.
    pub(in crate::auth) fn url(&self) -> &str {
        &self.url
    }

    async fn key(&self, kid: Option<&str>, now: Timestamp) -> Result<Arc<DecodingKey>, TokenError> {
        let (found, is_old) = {
            let known = self.known.read();
            (known.find(kid), is_older(known.read_at, AGE_MAX, now))
        };
        if let Some(key) = found
            && !is_old
        {
            return Ok(key);
        }
        self.refresh(now).await;
        let known = self.known.read();
        // Without an answer of the issuer nobody can say that the key is not one of its own.
        let missing = if known.read_at < known.asked_at {
            TokenError::Unavailable
        } else {
            TokenError::Invalid
        };
        known.find(kid).ok_or(missing)
    }

    async fn refresh(&self, now: Timestamp) {
        let _asking = self.asking.lock().await;
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
