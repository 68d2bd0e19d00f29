//! Who we are: a token signed with the user's private key, or a programmatic access token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use starling_actors::ports::WarehouseError;

use super::super::login::Login;

/// Seconds that a signed token holds: more than any statement takes.
const SECONDS: i64 = 3_000;

/// The token and what Snowflake calls its kind.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: String,
    pub(super) kind: &'static str,
}

#[derive(Serialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
}

fn unusable(words: &str) -> WarehouseError {
    WarehouseError::Unreachable(words.to_owned())
}

/// The token of a login.
pub(super) fn token(login: &Login) -> Result<Token, WarehouseError> {
    if let Some(key) = &login.private_key {
        return signed(login, key.reveal());
    }
    match login.reader() {
        (_, Some(token)) => {
            Ok(Token { value: token.to_owned(), kind: "PROGRAMMATIC_ACCESS_TOKEN" })
        }
        (_, None) => Err(unusable("it needs a private key or a programmatic access token")),
    }
}

fn signed(login: &Login, pem: &str) -> Result<Token, WarehouseError> {
    let broken = || unusable("its private key is not an unencrypted RSA key in PKCS#8");
    let key = RsaPrivateKey::from_pkcs8_pem(pem).map_err(|_| broken())?;
    let public = key.to_public_key().to_public_key_der().map_err(|_| broken())?;
    let fingerprint = STANDARD.encode(Sha256::digest(public.as_bytes()));
    let account = login.account.as_deref().unwrap_or_default();
    // The region of an account locator is not part of it; nor is its case.
    let account = account.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let subject = format!("{account}.{}", login.reader().0.to_ascii_uppercase());
    let now = Utc::now().timestamp();
    let claims = Claims {
        iss: format!("{subject}.SHA256:{fingerprint}"),
        sub: subject,
        iat: now,
        exp: now + SECONDS,
    };
    let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| broken())?;
    let value = encode(&Header::new(Algorithm::RS256), &claims, &signing).map_err(|_| broken())?;
    Ok(Token { value, kind: "KEYPAIR_JWT" })
}
