//! What admins, people and strangers may do with people, invitations and tokens.

use super::*;
use starling_actors::domain::OrgRole;

#[tokio::test]
async fn another_organizations_people_are_not_found() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let eve = world.with_own_org("eve", "Other").await;
    let accounts = &world.accounts;
    let looked_up = accounts.user(eve.caller.org, alice.user.id).await;
    assert_eq!(looked_up.err(), Some(AccountError::NotFound("user")));
    let off = UserChange { is_active: Some(false), ..UserChange::default() };
    let changed = accounts.change_user(&eve.caller, alice.user.id, off).await;
    assert_eq!(changed.err(), Some(AccountError::NotFound("user")));
    let page = accounts.users(&eve.caller, "", None, 100).await.expect("lists");
    let ids: Vec<UserId> = page.users.iter().map(|user| user.id).collect();
    assert_eq!(ids, [eve.user.id]);
}

#[tokio::test]
async fn an_invitation_lets_one_person_in_once() {
    let world = World::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let admin = world.with_own_org("founder", "Acme").await;
    let change = OrganizationChange {
        registration: Some(RegistrationMode::Closed),
        ..OrganizationChange::default()
    };
    world.accounts.change_organization(&admin.caller, change).await.expect("closes");
    let new = NewInvitation { email: None, role: OrgRole::Viewer };
    let invitation = world.accounts.invite(&admin.caller, new).await.expect("invites");
    let by_token =
        |name| Application { invite_token: Some(invitation.token.clone()), ..application(name) };
    let joined = world.register(by_token("bob")).await.expect("joins");
    assert_eq!((joined.caller.org, joined.caller.role), (admin.caller.org, OrgRole::Viewer));
    let second = world.register(by_token("carol")).await;
    assert_eq!(second.err(), Some(AccountError::InvalidInvitation));
}

#[tokio::test]
async fn an_invitation_for_another_email_withdrawn_or_expired_does_not_count() {
    let world = World::new().await;
    let admin = world.with_own_org("founder", "Acme").await;
    let invite = |email: Option<&str>| {
        let new = NewInvitation { email: email.map(str::to_owned), role: OrgRole::Analyst };
        world.accounts.invite(&admin.caller, new)
    };
    let foreign = invite(Some("carol@example.org")).await.expect("invites");
    let withdrawn = invite(None).await.expect("invites");
    world.accounts.withdraw(&admin.caller, withdrawn.invitation.id).await.expect("withdraws");
    let late = invite(None).await.expect("invites");
    for (invitation, waits_ms) in [(foreign, 0), (withdrawn, 0), (late, 7 * 24 * 3600 * 1000)] {
        world.clock.advance_ms(waits_ms);
        let invite_token = Some(invitation.token);
        let answer = world.register(Application { invite_token, ..application("bob") }).await;
        assert_eq!(answer.err(), Some(AccountError::InvalidInvitation));
    }
}

#[tokio::test]
async fn only_admins_govern_and_nobody_governs_themselves() {
    let world = World::new().await;
    let admin = world.with_own_org("founder", "Acme").await;
    let slug = Some("acme".to_owned());
    let bob = Application { org_slug: slug, ..application("bob") };
    let bob = world.register(bob).await.expect("joins");
    let accounts = &world.accounts;
    let off = || UserChange { is_active: Some(false), ..UserChange::default() };
    let role = || UserChange { role: Some(OrgRole::Admin), ..UserChange::default() };
    for (caller, user, change) in
        [(&bob, &admin, off()), (&bob, &bob, role()), (&admin, &admin, off())]
    {
        let answer = accounts.change_user(&caller.caller, user.user.id, change).await;
        assert!(matches!(answer, Err(AccountError::Forbidden(_))), "{answer:?}");
    }
    let new = NewInvitation { email: None, role: OrgRole::Admin };
    let invited = accounts.invite(&bob.caller, new).await;
    assert!(matches!(invited.err(), Some(AccountError::Forbidden(_))));
    accounts.authenticate(&bob.access_token).await.expect("is cached now");
    accounts.change_user(&admin.caller, bob.user.id, off()).await.expect("switches off");
    assert_eq!(accounts.authenticate(&bob.access_token).await, Err(TokenError::Revoked));
    assert_eq!(
        world.log_in("bob@example.org", PASSWORD).await.err(),
        Some(AccountError::InvalidCredentials)
    );
}

#[tokio::test]
async fn a_changed_user_name_frees_the_old_one() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    world.sign_up("bob").await;
    let rename = |name: &str| {
        let change = UserChange { username: Some(name.to_owned()), ..UserChange::default() };
        world.accounts.change_user(&alice.caller, alice.user.id, change)
    };
    assert_eq!(rename("BOB").await.err(), Some(AccountError::UsernameTaken));
    assert_eq!(rename("Alice").await.expect("another case").username, "Alice");
    assert_eq!(rename("carol").await.expect("renames").username, "carol");
    let caller = world.accounts.authenticate(&alice.access_token).await.expect("opens");
    assert_eq!(caller.byline.username, "carol");
    let username = Some("alice".to_owned());
    assert!(world.register(Application { username, ..application("dave") }).await.is_ok());
}

#[tokio::test]
async fn a_personal_token_opens_until_it_is_deleted_or_expires() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let accounts = &world.accounts;
    let kept = accounts.make_personal_token(&alice.caller, "script", None).await.expect("makes");
    let short = accounts.make_personal_token(&alice.caller, "short", Some(1)).await.expect("makes");
    assert!(kept.token.starts_with("stp_") && !kept.kept.token_hash.contains(&kept.token));
    let caller = accounts.authenticate(&kept.token).await.expect("opens");
    assert_eq!((caller.user(), caller.login), (alice.user.id, None));
    world.clock.advance_ms(24 * 3600 * 1000);
    assert_eq!(accounts.authenticate(&short.token).await, Err(TokenError::Expired));
    accounts.delete_personal_token(&alice.caller, kept.kept.id).await.expect("deletes");
    assert_eq!(accounts.authenticate(&kept.token).await, Err(TokenError::Invalid));
}

#[tokio::test]
async fn a_token_made_by_a_token_ends_with_it_at_the_latest() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let accounts = &world.accounts;
    let short = accounts.make_personal_token(&alice.caller, "short", Some(1)).await.expect("makes");
    let script = accounts.authenticate(&short.token).await.expect("opens");
    for days in [None, Some(30)] {
        let made = accounts.make_personal_token(&script, "longer", days).await.expect("makes");
        assert_eq!(made.kept.expires_at, short.kept.expires_at);
    }
    let endless = accounts.make_personal_token(&alice.caller, "script", None).await.expect("makes");
    assert_eq!(endless.kept.expires_at, None);
    accounts.delete_personal_token(&alice.caller, short.kept.id).await.expect("deletes");
    let made = accounts.make_personal_token(&script, "late", None).await;
    assert_eq!(made.err(), Some(AccountError::Token(TokenError::Invalid)));
}

#[tokio::test]
async fn of_two_admins_who_demote_each_other_one_stays() {
    let world = World::new().await;
    let ann = world.with_own_org("ann", "Acme").await;
    let slug = Some("acme".to_owned());
    let bob = Application { org_slug: slug, ..application("bob") };
    let bob = world.register(bob).await.expect("joins");
    let accounts = &world.accounts;
    let to_be = |role| UserChange { role: Some(role), ..UserChange::default() };
    let (ann_id, bob_id) = (ann.user.id, bob.user.id);
    accounts.change_user(&ann.caller, bob_id, to_be(OrgRole::Admin)).await.expect("promotes");
    let bob = accounts.authenticate(&bob.access_token).await.expect("opens");
    // Both requests were let in as an admin's.
    let (one, other) = tokio::join!(
        accounts.change_user(&ann.caller, bob_id, to_be(OrgRole::Viewer)),
        accounts.change_user(&bob, ann_id, to_be(OrgRole::Viewer)),
    );
    assert_eq!(one.expect("demotes").role, OrgRole::Viewer);
    assert!(matches!(other.err(), Some(AccountError::Forbidden(_))));
    let ann = accounts.user(ann.caller.org, ann_id).await.expect("is there");
    assert_eq!(ann.role, OrgRole::Admin);
}

#[tokio::test]
async fn rights_that_are_given_back_are_as_before_unless_somebody_changed_them_since() {
    let world = World::new().await;
    let ann = world.with_own_org("ann", "Acme").await;
    let bob = Application { org_slug: Some("acme".to_owned()), ..application("bob") };
    let bob = world.register(bob).await.expect("joins").user;
    let accounts = &world.accounts;
    let to_be = |role| UserChange { role: Some(role), ..UserChange::default() };
    let (heard, _following) = world.heard(bob.id);
    for (since, role) in [(None, OrgRole::Analyst), (Some(OrgRole::Admin), OrgRole::Admin)] {
        let stored = accounts.store_change(&ann.caller, bob.id, to_be(OrgRole::Viewer)).await;
        let (before, after) = stored.expect("demotes");
        if let Some(role) = since {
            accounts.change_user(&ann.caller, bob.id, to_be(role)).await.expect("promotes");
        }
        accounts.restore_rights(&before, &after).await.expect("gives back");
        assert_eq!(accounts.user(bob.org, bob.id).await.expect("is there").role, role);
    }
    assert_eq!(heard.changes(), 3, "each change that stays is told");
}

#[tokio::test]
async fn a_list_of_people_goes_on_where_the_page_ended() {
    let world = World::new().await;
    let admin = world.with_own_org("founder", "Acme").await;
    for name in ["ann", "anna", "bob"] {
        let slug = Some("acme".to_owned());
        world.clock.advance_ms(1);
        world.register(Application { org_slug: slug, ..application(name) }).await.expect(name);
    }
    let names =
        |page: &UserPage| page.users.iter().map(|user| user.username.clone()).collect::<Vec<_>>();
    let first = world.accounts.users(&admin.caller, "AN", None, 1).await.expect("lists");
    assert_eq!(names(&first), ["ann"]);
    let second = world.accounts.users(&admin.caller, "AN", first.next, 5).await.expect("lists");
    assert_eq!((names(&second), second.next), (vec!["anna".to_owned()], None));
}

#[tokio::test]
async fn a_deleted_personal_token_is_announced_and_its_callers_are_welcome_no_more() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let made = world.accounts.make_personal_token(&alice.caller, "script", Some(1)).await;
    let made = made.expect("makes one");
    let script = world.accounts.authenticate(&made.token).await.expect("speaks for alice");
    assert_eq!((script.login, script.token), (None, Some(made.kept.id)));
    assert_eq!(world.accounts.still_valid(&script).await, Ok(script.clone()));
    let (heard, _subscription) = world.heard(alice.user.id);
    world.accounts.delete_personal_token(&alice.caller, made.kept.id).await.expect("deletes");
    assert_eq!(*heard.0.lock(), [script.grant()]);
    assert_eq!(world.accounts.still_valid(&script).await, Err(TokenError::Invalid));
}

#[tokio::test]
async fn a_socket_of_a_personal_token_ends_when_that_does_by_whatever_way_it_was_opened() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let accounts = &world.accounts;
    let end = world.accounts.now().plus_ms(24 * 3600 * 1000);
    for (days, end) in [(Some(1), Some(end)), (None, None)] {
        let made = accounts.make_personal_token(&alice.caller, "script", days).await;
        let admission = accounts.admit(&made.expect("makes one").token).await.expect("opens");
        assert_eq!(admission.expires_at, end);
        let ticket = accounts.make_ticket(&admission).expect("is signed");
        assert_eq!(accounts.redeem_ticket(&ticket).await.expect("opens").expires_at, end);
    }
}

#[tokio::test]
async fn an_expired_personal_token_is_not_welcome_any_more() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let made = world.accounts.make_personal_token(&alice.caller, "script", Some(1)).await;
    let made = made.expect("makes one");
    let script = world.accounts.authenticate(&made.token).await.expect("speaks for alice");
    world.clock.advance_ms(24 * 3600 * 1000);
    assert_eq!(world.accounts.still_valid(&script).await, Err(TokenError::Expired));
}
