//! New passwords by mail: who gets a link, and for how long it counts.

use super::*;

const NEW: &str = "a long walk by the sea";
const HALF_AN_HOUR_MS: i64 = 30 * 60 * 1000;

async fn token(world: &World, name: &str) -> String {
    let links = world.accounts.begin_reset(&format!("{name}@example.org"), None).await;
    links.expect("links").pop().expect("a link").token
}

fn is_refused(finished: &Result<Caller, AccountError>) -> bool {
    matches!(finished, Err(AccountError::Field { field: "token", .. }))
}

#[tokio::test]
async fn a_link_gives_a_new_password_once_and_ends_all_sign_ins() {
    let world = World::new().await;
    let ada = world.sign_up("ada").await;
    let (heard, _subscription) = world.heard(ada.user.id);
    let token = token(&world, "ada").await;
    let weak = world.accounts.finish_reset(&token, "password").await;
    assert!(matches!(weak, Err(AccountError::WeakPassword(_))), "{weak:?}");
    world.accounts.finish_reset(&token, NEW).await.expect("is set");
    assert_eq!(heard.0.lock().len(), 1, "its socket is closed");
    assert!(world.accounts.authenticate(&ada.access_token).await.is_err());
    assert!(world.log_in("ada@example.org", PASSWORD).await.is_err());
    assert!(world.log_in("ada@example.org", NEW).await.is_ok());
    assert!(is_refused(&world.accounts.finish_reset(&token, PASSWORD).await));
}

#[tokio::test]
async fn a_link_is_over_after_half_an_hour_or_another_link_or_another_password() {
    let world = World::new().await;
    let ada = world.sign_up("ada").await;
    let late = token(&world, "ada").await;
    world.clock.advance_ms(HALF_AN_HOUR_MS);
    assert!(is_refused(&world.accounts.finish_reset(&late, NEW).await));
    let first = token(&world, "ada").await;
    let second = token(&world, "ada").await;
    assert!(is_refused(&world.accounts.finish_reset(&first, NEW).await));
    world.accounts.change_password(&ada.caller, PASSWORD, NEW).await.expect("is changed");
    assert!(is_refused(&world.accounts.finish_reset(&second, "yet another one").await));
}

#[tokio::test]
async fn a_link_counts_for_its_own_account_only() {
    let world = World::new().await;
    world.sign_up("ada").await;
    let ben = world.sign_up("ben").await;
    let ada = token(&world, "ada").await;
    let (secret, _) = ada.split_once('.').expect("parts");
    let of_ben = format!("{secret}.{}.{}", ben.user.org, ben.user.id);
    assert!(is_refused(&world.accounts.finish_reset(&of_ben, NEW).await));
    for odd in ["", "x", "a.b.c", &format!("{secret}..")] {
        assert!(is_refused(&world.accounts.finish_reset(odd, NEW).await), "{odd}");
    }
}

#[tokio::test]
async fn every_organization_of_an_address_has_a_link_and_strangers_have_none() {
    let world = World::new().await;
    world.sign_up("ada").await;
    world.with_own_org("ada", "Birds").await;
    let links = world.accounts.begin_reset("ADA@example.org", None).await.expect("links");
    assert_eq!(links.len(), 2);
    let one = world.accounts.begin_reset("ada@example.org", Some("birds".to_owned())).await;
    assert_eq!(one.expect("a link")[0].organization, "Birds");
    for nobody in ["nobody@example.org", "ada", ""] {
        assert!(world.accounts.begin_reset(nobody, None).await.expect("an answer").is_empty());
    }
}

#[tokio::test]
async fn who_asks_again_and_again_has_to_wait() {
    let world = World::with(|settings| settings.limits.login_failures = 2).await;
    for _ in 0..2 {
        world.accounts.admit_reset("ada@example.org", "192.0.2.1").await.expect("is admitted");
    }
    let refused = world.accounts.admit_reset("Ada@example.org", "192.0.2.2").await;
    assert!(matches!(refused, Err(AccountError::Throttled { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_ended_keeps_the_password_and_the_link() {
    let world = World::new().await;
    let ada = world.sign_up("ada").await;
    let token = token(&world, "ada").await;
    let unlucky = world.unlucky("login", Mishap::Refused);
    assert_eq!(unlucky.finish_reset(&token, NEW).await.err(), Some(AccountError::Unavailable));
    assert!(world.log_in("ada@example.org", NEW).await.is_err());

    world.accounts.finish_reset(&token, NEW).await.expect("the link still counts");
    assert!(world.accounts.authenticate(&ada.access_token).await.is_err());
    assert!(world.log_in("ada@example.org", NEW).await.is_ok());
}

#[tokio::test]
async fn what_failed_behind_the_new_password_is_done_again_by_the_same_link() {
    for (kind, mishap) in [("user", Mishap::Unheard), ("password_reset", Mishap::Unheard)] {
        let world = World::new().await;
        let ada = world.sign_up("ada").await;
        let token = token(&world, "ada").await;
        let unlucky = world.unlucky(kind, mishap);
        let failed = unlucky.finish_reset(&token, NEW).await;
        assert_eq!(failed.err(), Some(AccountError::Unavailable), "{kind}");
        world.accounts.finish_reset(&token, NEW).await.expect(kind);
        // As a node sees it that remembers nothing.
        let fresh = world.restarted(|_| ());
        assert!(fresh.authenticate(&ada.access_token).await.is_err(), "{kind}");
        assert!(world.log_in("ada@example.org", NEW).await.is_ok(), "{kind}");
        assert!(is_refused(&world.accounts.finish_reset(&token, NEW).await), "{kind}");
    }
}

#[tokio::test]
async fn who_comes_in_by_the_old_password_meanwhile_does_not_stay() {
    let world = World::new().await;
    let ada = world.sign_up("ada").await;
    let token = token(&world, "ada").await;
    let (late, late_too) = (Arc::new(Mutex::new(None)), world.restarted(|_| ()));
    let (kept, user) = (Arc::clone(&late), ada.user.clone());
    let comes = async move {
        *kept.lock() = late_too.sign_in(user, Origin::default()).await.ok();
    };
    let unlucky = world.unlucky("user", Mishap::Interrupted(Box::pin(comes)));
    unlucky.finish_reset(&token, NEW).await.expect("is set");
    let late = late.lock().take().expect("came in");
    assert!(world.accounts.authenticate(&late.access_token).await.is_err());
}
