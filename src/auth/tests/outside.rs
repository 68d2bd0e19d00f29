//! Tokens of an outside issuer against a key from the settings.

use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use rsa::pkcs8::EncodePublicKey;
use serde_json::{Value, json};
use starling_actors::domain::OrgRole;
use starling_actors::ports::{Precondition, RecordKey};

use super::*;
use crate::config::OutsideAlgorithm;

/// Another server that signs with ES256.
pub(super) struct Issuer {
    key: EncodingKey,
    pem: String,
}

impl Issuer {
    pub(super) fn new() -> Self {
        let private = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
        let pem = private.public_key().to_public_key_pem(LineEnding::LF).expect("a PEM");
        let key = p256::pkcs8::EncodePrivateKey::to_pkcs8_pem(&private, LineEnding::LF);
        let key = EncodingKey::from_ec_pem(key.expect("a PEM").as_bytes()).expect("a key");
        Self { key, pem }
    }

    /// Makes settings that take its tokens, with more besides.
    pub(super) fn trusted_in(&self, settings: &mut Settings, more: impl FnOnce(&mut Settings)) {
        settings.outside.issuer = "https://issuer.example".to_owned();
        settings.outside.audience = "chat".to_owned();
        settings.outside.algorithm = OutsideAlgorithm::ES256;
        settings.outside.public_key.clone_from(&self.pem);
        more(settings);
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        encode(&Header::new(Algorithm::ES256), claims, &self.key).expect("signs")
    }
}

/// The least that a token says, for a minute.
pub(super) fn bare(subject: &str, now: Timestamp) -> Value {
    json!({
        "iss": "https://issuer.example", "aud": ["chat", "other"], "sub": subject,
        "exp": now.0 / 1000 + 60,
    })
}

fn creating(settings: &mut Settings) {
    settings.outside.create_users = true;
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
    let sign = |algorithm, key: &EncodingKey| {
        encode(&Header::new(algorithm), &bare("ann", now), key).expect("signs")
    };
    let admitted = world.accounts.admit(&sign(Algorithm::RS256, &key)).await.expect("ann");
    assert!(admitted.is_new && admitted.caller.login.is_none());
    assert_eq!(admitted.expires_at, Some(Timestamp((now.0 / 1000 + 60) * 1000)));
    let again = world.accounts.admit(&sign(Algorithm::RS256, &key)).await.expect("ann");
    assert_eq!(again.caller, admitted.caller);

    // The public key, which everyone has, used as the secret of a symmetric signature.
    let confused = sign(Algorithm::HS256, &EncodingKey::from_secret(pem.as_bytes()));
    let longer = sign(Algorithm::RS512, &key);
    for token in [confused, longer] {
        assert_eq!(world.accounts.admit(&token).await, Err(TokenError::Invalid));
    }
    world.clock.advance_ms(60_000);
    let late = world.accounts.admit(&sign(Algorithm::RS256, &key)).await;
    assert_eq!(late, Err(TokenError::Expired));
}

#[tokio::test]
async fn two_first_requests_of_one_person_make_one_account() {
    let issuer = Issuer::new();
    let world = World::with(|settings| issuer.trusted_in(settings, creating)).await;
    let token = issuer.sign(&bare("ann", world.accounts.now()));
    let (one, other) = tokio::join!(world.accounts.admit(&token), world.accounts.admit(&token));
    let (one, other) = (one.expect("ann"), other.expect("ann"));
    assert_eq!(one.caller, other.caller);
    assert_eq!(one.caller.byline.username, "user");
}

#[tokio::test]
async fn an_account_is_new_until_its_person_was_led_in() {
    let issuer = Issuer::new();
    let set = |settings: &mut Settings| issuer.trusted_in(settings, creating);
    let world = World::with(set).await;
    let token = issuer.sign(&bare("ann", world.accounts.now()));
    let first = world.accounts.admit(&token).await.expect("ann");
    // Whoever asked has gone, or the server was killed, before they were led anywhere.
    let restarted = world.restarted(set);
    assert!(first.is_new && restarted.admit(&token).await.expect("ann").is_new);
    restarted.was_led_in(&first.caller).await.expect("notes it");
    assert!(!restarted.admit(&token).await.expect("ann").is_new);
}

#[tokio::test]
async fn a_role_of_the_issuer_counts_also_when_an_admin_changed_it_here() {
    let issuer = Issuer::new();
    let set = |settings: &mut Settings| {
        issuer.trusted_in(settings, creating);
        settings.outside.claim_role = "role".to_owned();
    };
    let world = World::with(set).await;
    let mut claims = bare("ann", world.accounts.now());
    claims["role"] = "viewer".into();
    world.accounts.admit(&issuer.sign(&claims)).await.expect("ann");
    claims["role"] = "admin".into();
    let promoted = world.accounts.admit(&issuer.sign(&claims)).await.expect("ann").caller;
    assert_eq!(promoted.role, OrgRole::Admin);
    let kept = world.restarted(set).user(promoted.org, promoted.user()).await.expect("is stored");
    assert_eq!(kept.role, OrgRole::Admin);
}

#[tokio::test]
async fn what_another_writes_at_the_same_moment_is_read_and_kept() {
    let world = World::new().await;
    let ann = world.sign_up("ann").await.user;
    let (kind, id) = ("user".to_owned(), ann.id.to_string());
    let key = RecordKey { org: ann.org, kind, parent: String::new(), id };
    let looks = std::cell::Cell::new(0);
    let promoted = |user: &User| {
        looks.set(looks.get() + 1);
        if looks.get() == 1 {
            let renamed = User { full_name: "Ann".to_owned(), ..user.clone() };
            let body = serde_json::to_vec(&renamed).expect("is JSON");
            let put = world.records.put(&key, body, Precondition::Any).now_or_never();
            put.expect("memory does not wait").expect("stores");
        }
        Some(User { role: OrgRole::Admin, ..user.clone() })
    };
    let stored = world.accounts.rewrite_user(ann.org, ann.id, promoted).await.expect("stores");
    assert_eq!((stored.full_name.as_str(), stored.role), ("Ann", OrgRole::Admin));
    assert_eq!(looks.get(), 2);
}

#[tokio::test]
async fn another_servers_token_makes_no_personal_tokens() {
    let issuer = Issuer::new();
    let world = World::with(|settings| issuer.trusted_in(settings, creating)).await;
    let token = issuer.sign(&bare("ann", world.accounts.now()));
    let ann = world.accounts.admit(&token).await.expect("ann").caller;
    let made = world.accounts.make_personal_token(&ann, "script", Some(1)).await;
    assert!(matches!(made.err(), Some(AccountError::Forbidden(_))));
}
