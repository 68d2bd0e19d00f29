//! Who is erased: what is gone, who stays, and what a break leaves.

use super::*;
use starling_actors::domain::OrgRole;

/// An organization with an admin and somebody else.
async fn pair(world: &World) -> (SignedIn, SignedIn) {
    let admin = world.with_own_org("founder", "Acme").await;
    let bob = world.register(bob()).await.expect("joins");
    (admin, bob)
}

fn bob() -> Application {
    Application { org_slug: Some("acme".to_owned()), ..application("bob") }
}

fn is_forbidden<T>(outcome: &Result<T, AccountError>) -> bool {
    matches!(outcome, Err(AccountError::Forbidden(_)))
}

#[tokio::test]
async fn who_is_erased_is_known_by_nothing_and_cannot_come_back() {
    let world = World::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let (admin, bob_before) = pair(&world).await;
    let (org, id, accounts) = (admin.caller.org, bob_before.user.id, &world.accounts);
    let token = accounts.make_personal_token(&bob_before.caller, "script", None).await;
    let token = token.expect("is made").token;
    let flock = GroupChange {
        handle: Some("flock".to_owned()),
        members: Some(vec![admin.user.id, id]),
        ..GroupChange::default()
    };
    accounts.make_group(&admin.caller, flock).await.expect("is made");
    let invite = NewInvitation { email: Some("bob@example.org".to_owned()), role: OrgRole::Viewer };
    accounts.invite(&admin.caller, invite).await.expect("invites");
    let (heard, _subscription) = world.heard(id);

    let shown = accounts.erase(org, id).await.expect("is erased");
    assert_eq!((shown.user, shown.full_name.as_str()), (id, "Deleted person"));
    assert!(shown.username.starts_with("deleted-"), "{shown:?}");
    assert!(!heard.0.lock().is_empty(), "their sockets are closed");
    assert!(accounts.authenticate(&bob_before.access_token).await.is_err());
    assert!(accounts.authenticate(&token).await.is_err());
    let kept = accounts.profile(org, id).await.expect("reads").expect("is there");
    assert!(kept.is_erased && !kept.is_active && kept.email.is_empty());
    assert!(kept.password_hash.is_empty() && kept.role == OrgRole::Viewer);
    let groups = accounts.groups(&admin.caller).await.expect("lists");
    assert_eq!(groups[0].people().collect::<Vec<_>>(), [admin.user.id]);
    assert!(accounts.invitations(&admin.caller).await.expect("lists").is_empty());
    let on = UserChange { is_active: Some(true), ..UserChange::default() };
    assert!(is_forbidden(&accounts.change_user(&admin.caller, id, on).await));

    let again = world.register(bob()).await.expect("name and e-mail are free");
    assert_ne!(again.user.id, id);
    assert_eq!(accounts.erase(org, id).await, Ok(shown), "twice is as once");
    assert!(world.log_in("bob@example.org", PASSWORD).await.is_ok(), "the new one stays");
}

#[tokio::test]
async fn the_last_who_governs_is_not_erased() {
    let world = World::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let (admin, bob) = pair(&world).await;
    let (org, accounts) = (admin.caller.org, &world.accounts);
    assert!(is_forbidden(&accounts.erase(org, admin.user.id).await));
    let role = UserChange { role: Some(OrgRole::Admin), ..UserChange::default() };
    accounts.change_user(&admin.caller, bob.user.id, role).await.expect("is changed");
    accounts.erase(org, admin.user.id).await.expect("another one is left");
    assert!(is_forbidden(&accounts.erase(org, bob.user.id).await));
    let kept = accounts.profile(org, bob.user.id).await.expect("reads").expect("is there");
    assert!(kept.is_active && kept.role == OrgRole::Admin);
}

#[tokio::test]
async fn two_admins_who_erase_each_other_on_two_nodes_leave_one() {
    let world = World::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
    let (admin, bob) = pair(&world).await;
    let (org, one, other) = (admin.caller.org, admin.user.id, bob.user.id);
    let role = UserChange { role: Some(OrgRole::Admin), ..UserChange::default() };
    world.accounts.change_user(&admin.caller, other, role).await.expect("is changed");
    let elsewhere = world.restarted(|_| ());
    let erases = async move {
        elsewhere.erase(org, one).await.ok();
    };
    let here = world.unlucky("user", Mishap::Interrupted(Box::pin(erases)));
    here.erase(org, other).await.ok();
    let fresh = world.restarted(|_| ());
    let mut governing = 0;
    for id in [one, other] {
        let kept = fresh.profile(org, id).await.expect("reads").expect("is there");
        governing += usize::from(kept.is_active && kept.role == OrgRole::Admin);
    }
    assert!(governing >= 1, "somebody governs");
}

#[tokio::test]
async fn what_a_break_left_is_erased_by_the_next_try() {
    for (kind, mishap) in [
        ("user", Mishap::Refused),
        ("user", Mishap::Unheard),
        ("login", Mishap::Refused),
        ("email_index", Mishap::Refused),
        ("user_group", Mishap::Unheard),
    ] {
        let world =
            World::with(|settings| settings.registration.mode = RegistrationMode::Open).await;
        let (admin, before) = pair(&world).await;
        let members = Some(vec![before.user.id]);
        let flock =
            GroupChange { handle: Some("flock".to_owned()), members, ..GroupChange::default() };
        world.accounts.make_group(&admin.caller, flock).await.expect("is made");
        let (org, id) = (admin.caller.org, before.user.id);
        let unlucky = world.unlucky(kind, mishap);
        assert!(unlucky.erase(org, id).await.is_err(), "{kind}");
        let next = world.restarted(|_| ());
        let shown = next.erase(org, id).await.expect(kind);
        assert_eq!(shown.full_name, "Deleted person", "{kind}");
        assert!(next.authenticate(&before.access_token).await.is_err(), "{kind}");
        assert!(next.register(bob(), Origin::default()).await.is_ok(), "{kind}: all is free");
    }
}
