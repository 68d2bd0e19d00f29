//! Tokens that another server signed: who the issuer says that someone is.
//!
//! ```text
//!   token ─▶ algorithm as configured ─▶ key (PEM, or JWKS by kid) ─▶ issuer, audience, time
//!                                                                        └▶ claims ─▶ person
//! ```
//!
//! **Invariant:** algorithm, issuer and audience come from the settings; a token only agrees.

mod claims;
mod keys;

use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::{Map, Value};
use starling_actors::domain::Timestamp;

use super::error::TokenError;
use super::jwt::TOKEN_BYTES_MAX;
use crate::config::{Outside, OutsideAlgorithm};

pub(super) use self::claims::{ClaimNames, OutsidePerson};
pub(super) use self::keys::{Jwks, Keys};

/// How far another server's clock may be ahead of ours, in seconds.
const CLOCK_LEEWAY_S: i64 = 60;

/// Why outside tokens cannot be taken as the settings want it.
#[derive(Debug, thiserror::Error)]
pub enum FederationError {
    /// The PEM holds no key of the algorithm.
    #[error("outside.public_key is not a public key for {algorithm:?} in PEM: {cause}")]
    PublicKey {
        /// What it should be for.
        algorithm: OutsideAlgorithm,
        /// Why not.
        cause: jsonwebtoken::errors::Error,
    },
    /// No HTTPS client can be made.
    #[error("cannot speak HTTPS to issuers: {0}")]
    Client(String),
}

/// What the library calls it.
const fn algorithm_of(configured: OutsideAlgorithm) -> Algorithm {
    match configured {
        OutsideAlgorithm::RS256 => Algorithm::RS256,
        OutsideAlgorithm::ES256 => Algorithm::ES256,
    }
}

/// Checks tokens of one issuer for one audience.
pub(super) struct Verifier {
    issuer: String,
    algorithm: Algorithm,
    validation: Validation,
    keys: Keys,
    names: ClaimNames,
}

/// What a token says, once it was checked.
pub(super) struct Verified {
    /// All of its claims.
    pub(super) claims: Map<String, Value>,
    /// Whom they speak of.
    pub(super) person: OutsidePerson,
}

impl Verifier {
    pub(super) fn new(
        issuer: &str,
        audience: &str,
        algorithm: OutsideAlgorithm,
        keys: Keys,
        mapping: &Outside,
    ) -> Self {
        let algorithm = algorithm_of(algorithm);
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The time is compared below, with the clock of the server's port.
        validation.validate_exp = false;
        let names = ClaimNames::new(mapping);
        Self { issuer: issuer.to_owned(), algorithm, validation, keys, names }
    }

    /// Whether a token can be of this issuer at all, by how it says it was signed.
    pub(super) fn is_for(&self, token: &str) -> bool {
        token.len() <= TOKEN_BYTES_MAX
            && decode_header(token).is_ok_and(|header| header.alg == self.algorithm)
    }

    /// Checks a token that must count now.
    pub(super) async fn verify(&self, token: &str, now: Timestamp) -> Result<Verified, TokenError> {
        if !self.is_for(token) {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let key = self.keys.key(header.kid.as_deref(), now).await?;
        let decoded = decode::<Map<String, Value>>(token, &key, &self.validation);
        let claims = decoded.map_err(|_| TokenError::Invalid)?.claims;
        let now_s = now.0.div_euclid(1000);
        let seconds = |name: &str| claims.get(name).and_then(claims::seconds);
        let exp = seconds("exp").ok_or(TokenError::Invalid)?;
        if exp <= now_s {
            return Err(TokenError::Expired);
        }
        if seconds("nbf").is_some_and(|from| from > now_s + CLOCK_LEEWAY_S) {
            return Err(TokenError::Invalid);
        }
        if claims.get("type").and_then(Value::as_str) == Some("refresh") {
            return Err(TokenError::WrongType);
        }
        let until = Timestamp(exp.saturating_mul(1000));
        let person = self.names.person(&self.issuer, &claims, until).ok_or(TokenError::Invalid)?;
        Ok(Verified { claims, person })
    }
}
