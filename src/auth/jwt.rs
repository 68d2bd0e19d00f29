//! Access and refresh tokens: JWT (RFC 7519), HS256, each kind with its own secrets.
//!
//! A secret is named by the `kid` of the tokens it signed. The newest signs; older ones still
//! verify until the operator takes them out, so that a secret can be changed with nobody signed
//! out.
//!
//! **Invariant:** a token passes only with its kind's signature, issuer, audience, type and time.

use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::domain::{LoginId, Timestamp};

use super::error::TokenError;
use super::stored::User;
use crate::config::TokenSettings;

/// Longest token that is looked at. Ours have about 600 bytes.
pub(super) const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TokenType {
    /// Opens the API and sockets.
    Access,
    /// Gets the next pair.
    Refresh,
}

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The user's id.
    pub sub: String,
    /// Their organization's id.
    pub org_id: String,
    /// Their e-mail.
    pub email: String,
    /// Their role when it was issued; the record decides.
    pub role: String,
    /// What it is for.
    #[serde(rename = "type")]
    pub(super) kind: TokenType,
    /// Who issued it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// The sign-in it descends from.
    pub sid: String,
}

/// The secrets of one kind of token.
struct Keys {
    signing: EncodingKey,
    /// By id, the newest first.
    verifying: Vec<(String, DecodingKey)>,
    lifetime_s: i64,
}

impl Keys {
    fn new(kind: &str, newest: &str, previous: &[String], lifetime_s: u64) -> Self {
        let secrets = std::iter::once(newest).chain(previous.iter().map(String::as_str));
        let verifying = secrets
            .map(|secret| (key_id(kind, secret), DecodingKey::from_secret(secret.as_bytes())))
            .collect();
        Self {
            signing: EncodingKey::from_secret(newest.as_bytes()),
            verifying,
            lifetime_s: i64::try_from(lifetime_s).unwrap_or(i64::MAX / 2),
        }
    }

    fn newest_id(&self) -> Option<String> {
        self.verifying.first().map(|(id, _)| id.clone())
    }

    /// The secret that signed a token; one that names none was signed by the newest or by nobody.
    fn find(&self, id: Option<&str>) -> Option<&DecodingKey> {
        let mut keys = self.verifying.iter();
        let found = match id {
            None => keys.next(),
            Some(wanted) => keys.find(|(id, _)| id == wanted),
        };
        found.map(|(_, key)| key)
    }
}

/// Names a secret without telling it: a changed secret has another id.
fn key_id(kind: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("starling key id\0{kind}\0{secret}").as_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// Issues and reads tokens. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tokens {
    inner: Arc<Inner>,
}

struct Inner {
    access: Keys,
    refresh: Keys,
    issuer: String,
    audience: String,
    validation: Validation,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// Over the secrets of the settings.
    pub(super) fn new(settings: &TokenSettings) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The time is compared below, with the clock of the server's port.
        validation.validate_exp = false;
        let access = Keys::new(
            "access",
            &settings.access_secret,
            &settings.previous_access_secrets,
            settings.access_seconds,
        );
        let refresh = Keys::new(
            "refresh",
            &settings.refresh_secret,
            &settings.previous_refresh_secrets,
            settings.refresh_seconds,
        );
        let (issuer, audience) = (settings.issuer.clone(), settings.audience.clone());
        Self { inner: Arc::new(Inner { access, refresh, issuer, audience, validation }) }
    }

    fn keys(&self, kind: TokenType) -> &Keys {
        match kind {
            TokenType::Access => &self.inner.access,
            TokenType::Refresh => &self.inner.refresh,
        }
    }

    /// Seconds for which a token of this kind counts.
    pub(super) fn lifetime_s(&self, kind: TokenType) -> i64 {
        self.keys(kind).lifetime_s
    }

    /// Signs a token for a user.
    pub(super) fn issue(
        &self,
        kind: TokenType,
        user: &User,
        login: LoginId,
        jti: &str,
        now: Timestamp,
    ) -> Result<String, TokenError> {
        let keys = self.keys(kind);
        let iat = now.0.div_euclid(1000);
        let claims = Claims {
            sub: user.id.to_string(),
            org_id: user.org.to_string(),
            email: user.email.clone(),
            role: user.role.as_str().to_owned(),
            kind,
            iss: self.inner.issuer.clone(),
            aud: self.inner.audience.clone(),
            iat,
            exp: iat + keys.lifetime_s,
            jti: jti.to_owned(),
            sid: login.to_string(),
        };
        let header = Header { kid: keys.newest_id(), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &keys.signing).map_err(|error| {
            tracing::error!(%error, "token could not be signed");
            TokenError::Unavailable
        })
    }

    /// Reads a token that must be of this kind and count now.
    pub(super) fn read(
        &self,
        kind: TokenType,
        token: &str,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::Invalid);
        }
        let other = match kind {
            TokenType::Access => TokenType::Refresh,
            TokenType::Refresh => TokenType::Access,
        };
        let claims = match self.verify(kind, token) {
            Ok(claims) => claims,
            Err(_) if self.verify(other, token).is_ok() => return Err(TokenError::WrongType),
            Err(error) => return Err(error),
        };
        if claims.kind != kind {
            return Err(TokenError::WrongType);
        }
        if claims.exp <= now.0.div_euclid(1000) {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }

    fn verify(&self, kind: TokenType, token: &str) -> Result<Claims, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let key = self.keys(kind).find(header.kid.as_deref()).ok_or(TokenError::Invalid)?;
        match decode::<Claims>(token, key, &self.inner.validation) {
            Ok(data) => Ok(data.claims),
            Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => {
                Err(TokenError::Expired)
            }
            Err(_) => Err(TokenError::Invalid),
        }
    }
}
