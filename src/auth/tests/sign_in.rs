//! Signing in, refreshing, ending.

use starling_actors::domain::OrgRole;
use starling_actors::memory::LocalLimits;

use super::*;

#[tokio::test]
async fn refreshing_spends_the_token_and_gives_a_new_pair() {
    let world = World::new().await;
    let first = world.sign_up("alice").await;
    let second = world.accounts.refresh(&first.refresh_token).await.expect("a new pair");
    assert_ne!(first.refresh_token, second.refresh_token);
    let third = world.accounts.refresh(&second.refresh_token).await.expect("another pair");
    let caller = world.accounts.authenticate(&third.access_token).await.expect("opens");
    assert_eq!(caller, first.caller);
}

#[tokio::test]
async fn a_spent_token_that_comes_again_ends_the_whole_family() {
    let world = World::new().await;
    let first = world.sign_up("alice").await;
    let (heard, _following) = world.heard(first.user.id);
    let second = world.accounts.refresh(&first.refresh_token).await.expect("a new pair");
    let refused = Some(AccountError::Token(TokenError::Revoked));
    assert_eq!(world.accounts.refresh(&first.refresh_token).await.err(), refused);
    assert_eq!(world.accounts.refresh(&second.refresh_token).await.err(), refused);
    let opened = world.accounts.authenticate(&second.access_token).await;
    assert_eq!(opened, Err(TokenError::Revoked));
    assert_eq!(*heard.0.lock(), [first.caller.login]);
}

#[tokio::test]
async fn of_two_refreshes_at_once_at_most_one_gets_a_pair() {
    let world = World::new().await;
    let first = world.sign_up("alice").await;
    let refresh = || world.accounts.refresh(&first.refresh_token);
    let (one, other) = tokio::join!(refresh(), refresh());
    assert_eq!([one, other].iter().filter(|answer| answer.is_ok()).count(), 1);
}

#[tokio::test]
async fn the_kind_and_the_time_of_a_token_are_told_apart() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let accounts = &world.accounts;
    let mut forged = alice.access_token.clone();
    forged.truncate(forged.len() - 2);
    forged.push_str("xx");
    for token in ["", "a.b.c", "stp_unknown", &forged] {
        assert_eq!(accounts.authenticate(token).await, Err(TokenError::Invalid), "{token}");
    }
    assert_eq!(accounts.authenticate(&alice.refresh_token).await, Err(TokenError::WrongType));
    let refreshed = accounts.refresh(&alice.access_token).await;
    assert_eq!(refreshed.err(), Some(AccountError::Token(TokenError::WrongType)));
    world.clock.advance_ms(30 * 60 * 1000);
    assert_eq!(accounts.authenticate(&alice.access_token).await, Err(TokenError::Expired));
    assert_eq!(accounts.still_valid(&alice.caller).await, Ok(alice.caller.clone()));
    world.clock.advance_ms(7 * 24 * 3600 * 1000);
    assert_eq!(accounts.still_valid(&alice.caller).await, Err(TokenError::Revoked));
    let refreshed = accounts.refresh(&alice.refresh_token).await;
    assert_eq!(refreshed.err(), Some(AccountError::Token(TokenError::Expired)));
}

#[tokio::test]
async fn logging_out_ends_this_sign_in_and_no_other() {
    let world = World::new().await;
    let one = world.sign_up("alice").await;
    let other = world.log_in("ALICE@example.org", PASSWORD).await.expect("signs in");
    world.accounts.authenticate(&one.access_token).await.expect("is cached now");
    let (heard, _following) = world.heard(one.user.id);
    world.accounts.log_out(&one.caller).await.expect("ends");
    assert_eq!(world.accounts.authenticate(&one.access_token).await, Err(TokenError::Revoked));
    assert!(world.accounts.authenticate(&other.access_token).await.is_ok());
    assert_eq!(*heard.0.lock(), [one.caller.login]);
    let listed = world.accounts.logins(&other.caller).await.expect("lists");
    assert_eq!(listed.iter().map(|login| Some(login.id)).collect::<Vec<_>>(), [other.caller.login]);
}

#[tokio::test]
async fn an_unknown_email_gets_the_same_answer_for_the_same_work() {
    let world = World::new().await;
    world.sign_up("alice").await;
    let mut seen = Vec::new();
    for identifier in ["alice@example.org", "nobody@example.org", "alice", "nobody", "", "@"] {
        let before = world.accounts.inner.hasher.done();
        let answer = world.log_in(identifier, "not the password").await;
        seen.push((answer.err(), world.accounts.inner.hasher.done() - before));
    }
    assert!(seen.iter().all(|it| *it == (Some(AccountError::InvalidCredentials), 1)), "{seen:?}");
}

#[tokio::test]
async fn after_too_many_failures_even_the_right_password_waits() {
    let world = World::with(|settings| settings.limits.login_failures = 2).await;
    world.sign_up("alice").await;
    for _ in 0..2 {
        let answer = world.log_in("alice", "not the password").await;
        assert_eq!(answer.err(), Some(AccountError::InvalidCredentials));
    }
    let throttled = world.log_in("alice", PASSWORD).await.err();
    assert_eq!(throttled, Some(AccountError::Throttled { retry_after_ms: 15 * 60 * 1000 }));
    world.clock.advance_ms(15 * 60 * 1000);
    assert!(world.log_in("alice", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_ticket_counts_once_and_for_half_a_minute() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let admission = world.accounts.admit(&alice.access_token).await.expect("alice");
    let ticket = world.accounts.make_ticket(&admission).expect("is signed");
    assert_eq!(world.accounts.redeem_ticket(&ticket).await, Ok(admission.clone()));
    assert_eq!(world.accounts.redeem_ticket(&ticket).await, Err(TokenError::Invalid));
    let late = world.accounts.make_ticket(&admission).expect("is signed");
    world.clock.advance_ms(30_000);
    assert_eq!(world.accounts.redeem_ticket(&late).await, Err(TokenError::Expired));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sign_ins() {
    let world = World::new().await;
    let old = world.sign_up("alice").await;
    let here = world.log_in("alice", PASSWORD).await.expect("signs in");
    let change = world.accounts.change_password(&here.caller, PASSWORD, "another good one").await;
    assert_eq!(change, Ok(()));
    assert_eq!(world.accounts.authenticate(&old.access_token).await, Err(TokenError::Revoked));
    assert!(world.accounts.authenticate(&here.access_token).await.is_ok());
    assert!(world.log_in("alice", PASSWORD).await.is_err());
    assert!(world.log_in("alice", "another good one").await.is_ok());
}

#[tokio::test]
async fn a_changed_secret_signs_what_is_new_and_the_old_one_still_verifies() {
    let before = World::new().await;
    let alice = before.sign_up("alice").await;
    let change = |previous: bool| {
        move |settings: &mut Settings| {
            let tokens = &mut settings.tokens;
            let access = std::mem::replace(&mut tokens.access_secret, "newer access".to_owned());
            let refresh = std::mem::replace(&mut tokens.refresh_secret, "newer refresh".to_owned());
            if previous {
                tokens.previous_access_secrets = vec![access];
                tokens.previous_refresh_secrets = vec![refresh];
            }
        }
    };
    let after = before.restarted(change(true));
    assert!(after.authenticate(&alice.access_token).await.is_ok());
    let newer = after.refresh(&alice.refresh_token).await.expect("a new pair");
    let kid = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid;
    assert_ne!(kid(&newer.access_token), kid(&alice.access_token));

    let without = before.restarted(change(false));
    assert!(without.authenticate(&newer.access_token).await.is_ok());
    let refused = without.authenticate(&alice.access_token).await;
    assert_eq!(refused, Err(TokenError::Invalid));
}

#[tokio::test]
async fn however_many_sign_ins_there_are_all_of_them_end() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let mut newest = alice.clone();
    for _ in 0..1_000 {
        world.clock.advance_ms(1);
        let signed_in = world.accounts.sign_in(alice.user.clone(), Origin::default()).await;
        newest = signed_in.expect("signs in");
    }
    assert_eq!(world.accounts.logins(&alice.caller).await.expect("lists").len(), 1_001);
    let ended = world.accounts.end_logins(alice.user.org, alice.user.id, alice.caller.login).await;
    assert_eq!(ended, Ok(()));
    let opened = world.accounts.authenticate(&newest.access_token).await;
    assert_eq!(opened, Err(TokenError::Revoked));
    assert!(world.accounts.authenticate(&alice.access_token).await.is_ok());
}

#[tokio::test]
async fn looking_again_finds_who_is_signed_out_or_has_another_role_whatever_is_remembered() {
    let world = World::new().await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    let boss = world.with_own_org("boss", "boss").await;
    // Another node over the same records, which has seen them all a moment ago.
    let other = world.restarted(|_| ());
    for person in [&alice, &bob, &boss] {
        assert!(other.still_valid(&person.caller).await.is_ok());
    }
    let nobody = Caller { login: Some(LoginId::from_u128(7)), ..alice.caller.clone() };
    world.accounts.log_out(&bob.caller).await.expect("signed out");
    let viewer = |user: &User| Some(User { role: OrgRole::Viewer, ..user.clone() });
    let demoted = world.accounts.rewrite_user(boss.user.org, boss.user.id, viewer).await;
    assert!(demoted.is_ok());

    let found = other.look_again(&[&alice.caller, &bob.caller, &nobody, &boss.caller]).await;

    let demoted = Caller { role: OrgRole::Viewer, ..boss.caller.clone() };
    let revoked = || Err(TokenError::Revoked);
    assert_eq!(found, [Ok(alice.caller.clone()), revoked(), revoked(), Ok(demoted)]);
    assert_eq!(other.still_valid(&bob.caller).await, revoked(), "and remembers it");
}

#[tokio::test]
async fn a_ticket_of_one_node_opens_another_once() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let shared: Arc<dyn SharedLimits> = Arc::new(LocalLimits::default());
    let other = world.restarted(|_| ());
    world.accounts.share_limits(&shared);
    other.share_limits(&shared);
    let admission = world.accounts.admit(&alice.access_token).await.expect("alice");

    let ticket = world.accounts.make_ticket(&admission).expect("is signed");
    assert_eq!(other.redeem_ticket(&ticket).await, Ok(admission.clone()));
    assert_eq!(world.accounts.redeem_ticket(&ticket).await, Err(TokenError::Invalid));

    let late = world.accounts.make_ticket(&admission).expect("is signed");
    world.accounts.log_out(&alice.caller).await.expect("signed out");
    assert_eq!(other.look_again(&[&alice.caller]).await, [Err(TokenError::Revoked)]);
    assert_eq!(other.redeem_ticket(&late).await, Err(TokenError::Revoked));
}

#[tokio::test]
async fn what_ended_or_changed_lately_is_said_again() {
    let world = World::new().await;
    let (alice, bob) = (world.sign_up("alice").await, world.sign_up("bob").await);
    world.accounts.log_out(&alice.caller).await.expect("signed out");
    let ears = [world.heard(alice.user.id), world.heard(bob.user.id)];
    let changes = || ears.each_ref().map(|(heard, _)| heard.changes());

    world.accounts.announce_again().await;
    assert_eq!(changes(), [1, 0]);
    world.clock.advance_ms(61_000);
    world.accounts.announce_again().await;
    assert_eq!(changes(), [1, 0]);
}
