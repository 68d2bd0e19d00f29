//! Tokens of an outside issuer against a key from the settings.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::pkcs8::EncodePublicKey;
use serde_json::json;

use super::*;
use crate::config::OutsideAlgorithm;

fn sign(algorithm: Algorithm, key: &EncodingKey, now: Timestamp) -> String {
    let claims = json!({
        "iss": "https://issuer.example", "aud": ["chat", "other"], "sub": "ann",
        "exp": now.0 / 1000 + 60,
    });
    encode(&Header::new(algorithm), &claims, key).expect("signs")
}

#[tokio::test]
async fn the_algorithm_is_the_settings_and_never_the_tokens_choice() {
    let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("a key");
    let pem = private.to_public_key().to_public_key_pem(LineEnding::LF).expect("a PEM");
    let key = private.to_pkcs1_pem(LineEnding::LF).expect("a PEM");
    let key = EncodingKey::from_rsa_pem(key.as_bytes()).expect("a key");
    let set = |settings: &mut Settings| {
        settings.outside.issuer = "https://issuer.example".to_owned();
        settings.outside.audience = "chat".to_owned();
        settings.outside.algorithm = OutsideAlgorithm::RS256;
        settings.outside.public_key.clone_from(&pem);
        settings.outside.create_users = true;
    };
    let world = World::with(set).await;
    let now = world.accounts.now();
    let admitted = world.accounts.admit(&sign(Algorithm::RS256, &key, now)).await.expect("ann");
    assert!(admitted.is_new && admitted.caller.login.is_none());
    assert_eq!(admitted.expires_at, Some(Timestamp((now.0 / 1000 + 60) * 1000)));
    let again = world.accounts.admit(&sign(Algorithm::RS256, &key, now)).await.expect("ann");
    assert_eq!((again.is_new, again.caller), (false, admitted.caller));

    // The public key, which everyone has, used as the secret of a symmetric signature.
    let confused = sign(Algorithm::HS256, &EncodingKey::from_secret(pem.as_bytes()), now);
    let longer = sign(Algorithm::RS512, &key, now);
    for token in [confused, longer] {
        assert_eq!(world.accounts.admit(&token).await, Err(TokenError::Invalid));
    }
    world.clock.advance_ms(60_000);
    let late = world.accounts.admit(&sign(Algorithm::RS256, &key, now)).await;
    assert_eq!(late, Err(TokenError::Expired));
}

#[tokio::test]
async fn two_first_requests_of_one_person_make_one_account() {
    let private = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
    let pem = private.public_key().to_public_key_pem(LineEnding::LF).expect("a PEM");
    let key = p256::pkcs8::EncodePrivateKey::to_pkcs8_pem(&private, LineEnding::LF);
    let key = EncodingKey::from_ec_pem(key.expect("a PEM").as_bytes()).expect("a key");
    let set = |settings: &mut Settings| {
        settings.outside.issuer = "https://issuer.example".to_owned();
        settings.outside.audience = "chat".to_owned();
        settings.outside.algorithm = OutsideAlgorithm::ES256;
        settings.outside.public_key.clone_from(&pem);
        settings.outside.create_users = true;
    };
    let world = World::with(set).await;
    let token = sign(Algorithm::ES256, &key, world.accounts.now());
    let (one, other) = tokio::join!(world.accounts.admit(&token), world.accounts.admit(&token));
    let (one, other) = (one.expect("ann"), other.expect("ann"));
    assert_eq!(one.caller, other.caller);
    assert_eq!(usize::from(one.is_new) + usize::from(other.is_new), 1);
    assert_eq!(one.caller.byline.username, "user");
}
