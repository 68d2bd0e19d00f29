//! Signing up: fields, organizations, limits, guests.

use super::*;
use std::net::IpAddr;

use starling_actors::domain::OrgRole;

const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

#[tokio::test]
async fn who_joins_is_an_analyst_and_who_founds_is_the_admin() {
    let world = World::new().await;
    assert_eq!(world.sign_up("alice").await.caller.role, OrgRole::Analyst);
    let founder = world.with_own_org("founder", "Acme Corp").await;
    assert_eq!(founder.caller.role, OrgRole::Admin);
    let slug = Some("acme-corp".to_owned());
    let joiner = Application { org_slug: slug, ..application("joiner") };
    let joiner = world.register(joiner).await.expect("joins");
    assert_eq!((joiner.caller.org, joiner.caller.role), (founder.caller.org, OrgRole::Analyst));
}

#[tokio::test]
async fn a_default_user_name_is_numbered_when_it_is_taken() {
    let world = World::new().await;
    let mut names = Vec::new();
    for domain in ["one.example", "two.example", "three.example"] {
        let email = format!("Alice@{domain}");
        let signed_in = world.register(Application { email, ..application("") }).await;
        names.push(signed_in.expect(domain).user.username);
    }
    assert_eq!(names, ["Alice", "Alice2", "Alice3"]);
}

#[tokio::test]
async fn each_refusal_says_what_is_wrong() {
    let world = World::new().await;
    world.sign_up("alice").await;
    world.with_own_org("founder", "Acme").await;
    let some = |text: &str| Some(text.to_owned());
    let password = |text: &str| Application { password: text.to_owned(), ..application("x") };
    let cases = [
        (Application { email: "ALICE@example.org".to_owned(), ..application("") }, "taken"),
        (Application { username: some("Alice"), ..application("x") }, "user name is taken"),
        (Application { org_name: some("Acme"), ..application("x") }, "slug is taken"),
        (Application { org_name: some("李"), ..application("x") }, "org_slug is needed"),
        (Application { org_slug: some("Not a slug"), ..application("x") }, "org_slug must"),
        (Application { org_slug: some("nowhere"), ..application("x") }, "no such organization"),
        (Application { invite_token: some("sti_x"), ..application("x") }, "invitation does not"),
        (Application { username: some("a b"), ..application("x") }, "username may have"),
        (Application { email: "nothing".to_owned(), ..application("") }, "email is not"),
        (password("short"), "at least 8"),
        (password(&"x1".repeat(65)), "at most 128"),
        (password("Password123"), "tried first"),
        (password("zzzzzzzzzz"), "one character"),
        (password("X@example.org"), "must not be the e-mail"),
    ];
    for (application, refusal) in cases {
        let error = world.register(application.clone()).await.expect_err(refusal).to_string();
        assert!(error.contains(refusal), "{application:?}: {error}");
    }
}

#[tokio::test]
async fn what_a_refused_sign_up_took_is_free_again() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let count = || async { world.accounts.organization(&alice.caller).await.map(|org| org.users) };
    let before = count().await;
    let username = Some("alice".to_owned());
    let refused = world.register(Application { username, ..application("bob") }).await;
    assert_eq!(refused.err(), Some(AccountError::UsernameTaken));
    assert_eq!(count().await, before);
    assert!(world.register(application("bob")).await.is_ok());
}

#[tokio::test]
async fn a_full_organization_takes_nobody() {
    let world = World::new().await;
    let founder = world.with_own_org("founder", "Acme").await;
    let store = &world.accounts.inner.store;
    let read = store.organization(founder.caller.org).await.expect("reads").expect("is there");
    let full = Organization { users: 10, ..read.value };
    store.replace(&full, read.version).await.expect("stores");
    let joiner = Application { org_slug: Some("acme".to_owned()), ..application("late") };
    assert_eq!(world.register(joiner).await.err(), Some(AccountError::LimitReached));
}

#[tokio::test]
async fn a_closed_server_takes_only_the_invited() {
    let world = World::with(|settings| settings.registration.mode = RegistrationMode::Invite).await;
    let closed = Some(AccountError::RegistrationClosed);
    assert_eq!(world.register(application("alice")).await.err(), closed);
    let founder = Application { org_name: Some("Acme".to_owned()), ..application("alice") };
    assert_eq!(world.register(founder).await.err(), closed);
}

#[tokio::test]
async fn a_guest_with_the_same_name_and_browser_is_the_same_person() {
    let world = World::with(|settings| settings.guests.enabled = true).await;
    let first = world.accounts.guest("Alice", None, HOME).await.expect("comes in");
    assert_eq!(first.caller.role, OrgRole::Guest);
    let again =
        world.accounts.guest("alice ", Some(&first.resume_token), HOME).await.expect("returns");
    assert_eq!(again.caller, first.caller);
    let other = world.accounts.guest("Alice", None, HOME).await.expect("comes in");
    assert_ne!(other.caller.user(), first.caller.user());
    assert_eq!(other.caller.byline.username, "Alice2");
    let renamed =
        world.accounts.guest("Bob", Some(&first.resume_token), HOME).await.expect("comes in");
    assert_ne!(renamed.caller.user(), first.caller.user());
    for name in ["", "  ", "a\u{0}b", &"x".repeat(65)] {
        assert!(world.accounts.guest(name, None, HOME).await.is_err(), "{name:?}");
    }
}

#[tokio::test]
async fn guests_are_not_let_in_unless_the_operator_wants_them() {
    let world = World::new().await;
    assert!(matches!(
        world.accounts.guest("Alice", None, HOME).await,
        Err(AccountError::Forbidden(_))
    ));
}

#[tokio::test]
async fn an_address_makes_so_many_guests_and_those_who_come_again_are_not_counted() {
    let world = World::with(|settings| {
        settings.guests.enabled = true;
        settings.limits.new_guests = 2;
    })
    .await;
    let accounts = &world.accounts;
    let first = accounts.guest("Ann", None, HOME).await.expect("comes in");
    // A name that cannot be makes nobody, so it costs nothing.
    assert!(accounts.guest("a@b", None, HOME).await.is_err());
    accounts.guest("Bob", None, HOME).await.expect("comes in");
    let refused = accounts.guest("Cid", None, HOME).await.err();
    assert_eq!(refused, Some(AccountError::Throttled { retry_after_ms: 15 * 60 * 1000 }));
    for _ in 0..5 {
        accounts.guest("Ann", Some(&first.resume_token), HOME).await.expect("returns");
    }
    let elsewhere = accounts.guest("Cid", None, IpAddr::from([192, 0, 2, 2])).await;
    let username = elsewhere.expect("comes in").caller.byline.username;
    assert_eq!(username, "Cid", "who was refused took no name");
    world.clock.advance_ms(15 * 60 * 1000);
    accounts.guest("Cid", None, HOME).await.expect("waited");
}

#[tokio::test]
async fn all_addresses_that_one_customer_is_given_are_one() {
    let world = World::with(|settings| {
        settings.guests.enabled = true;
        settings.limits.new_guests = 1;
    })
    .await;
    let enter = async |address: &str| {
        let address = address.parse().expect("an address");
        world.accounts.guest("Ann", None, address).await.is_ok()
    };
    assert!(enter("2001:db8:0:1::1").await && !enter("2001:db8:0:1:ffff::2").await);
    assert!(enter("2001:db8:0:2::1").await);
    assert!(enter("192.0.2.9").await && !enter("::ffff:192.0.2.9").await);
}
