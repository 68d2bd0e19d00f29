//! Local accounts that someone takes over whom another server vouches for.

use super::outside::{Issuer, bare};
use super::*;

fn adopting(settings: &mut Settings) {
    settings.outside.adopt_by_email = true;
    settings.outside.create_users = true;
}

/// The word of the issuer for the owner of the e-mail that "victim" signs up with.
fn victims_word(issuer: &Issuer, world: &World) -> String {
    let mut claims = bare("victim", world.accounts.now());
    claims["email"] = "victim@example.org".into();
    claims["email_verified"] = true.into();
    issuer.sign(&claims)
}

#[tokio::test]
async fn an_adopted_account_keeps_no_key_of_whoever_made_it() {
    let issuer = Issuer::new();
    let world = World::with(|settings| issuer.trusted_in(settings, adopting)).await;
    let accounts = &world.accounts;
    let mallory = world.sign_up("victim").await;
    let scripts =
        [None, Some(1)].map(|days| accounts.make_personal_token(&mallory.caller, "s", days));
    let scripts = futures_util::future::join_all(scripts).await;
    let scripts = scripts.into_iter().map(|made| made.expect("makes").token).collect::<Vec<_>>();
    accounts.authenticate(&mallory.access_token).await.expect("is cached now");
    let (heard, _following) = world.heard(mallory.user.id);

    let victim = accounts.admit(&victims_word(&issuer, &world)).await.expect("adopts");
    assert_eq!(victim.caller.user(), mallory.user.id);
    for token in scripts.iter().chain([&mallory.access_token]) {
        assert!(accounts.authenticate(token).await.is_err(), "{token}");
    }
    assert_eq!(accounts.still_valid(&mallory.caller).await, Err(TokenError::Revoked));
    let refreshed = accounts.refresh(&mallory.refresh_token).await;
    assert_eq!(refreshed.err(), Some(AccountError::Token(TokenError::Revoked)));
    let entered = world.log_in("victim@example.org", PASSWORD).await;
    assert_eq!(entered.err(), Some(AccountError::InvalidCredentials));
    assert!(heard.0.lock().contains(&None), "all sockets are told to go");
}

#[tokio::test]
async fn who_was_on_the_way_in_when_the_account_was_adopted_comes_too_late() {
    let issuer = Issuer::new();
    let world = World::with(|settings| issuer.trusted_in(settings, adopting)).await;
    let accounts = &world.accounts;
    let mallory = world.sign_up("victim").await;
    accounts.admit(&victims_word(&issuer, &world)).await.expect("adopts");
    // The password was found right, and the token to make another with, just before.
    let entered = accounts.sign_in(mallory.user.clone(), Origin::default()).await;
    assert_eq!(entered.err(), Some(AccountError::InvalidCredentials));
    assert_eq!(accounts.logins(&mallory.caller).await.expect("lists").len(), 0);
    let made = accounts.make_personal_token(&mallory.caller, "script", None).await;
    assert_eq!(made.err(), Some(AccountError::Token(TokenError::Revoked)));
    assert_eq!(accounts.personal_tokens(&mallory.caller).await.expect("lists").len(), 0);
}

#[tokio::test]
async fn a_link_to_an_account_that_was_never_stored_does_not_bar_an_adoption() {
    let issuer = Issuer::new();
    let world = World::with(|settings| issuer.trusted_in(settings, adopting)).await;
    let org = world.accounts.org_by_slug("default").await.expect("reads").expect("is there").id;
    let make_room_for = async |users_max| {
        let store = &world.accounts.inner.store;
        let Versioned { version, value, .. } =
            store.organization(org).await.expect("reads").expect("is");
        let changed = Organization { users_max, ..value };
        store.replace(&changed, version).await.expect("stores");
    };
    // The organization was full when they first came: the link was made, the account was not.
    make_room_for(Some(0)).await;
    let token = victims_word(&issuer, &world);
    assert_eq!(world.accounts.admit(&token).await, Err(TokenError::NoAccount));
    make_room_for(None).await;
    let local = world.sign_up("victim").await;
    let adopted = world.accounts.admit(&token).await.expect("adopts");
    assert_eq!((adopted.caller.user(), adopted.is_new), (local.user.id, false));
}
