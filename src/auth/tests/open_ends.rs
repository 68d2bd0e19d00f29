//! Orders whose storing fails, or of which nobody learns whether it did.

use super::*;

async fn register(accounts: &Accounts, application: Application) -> Result<SignedIn, AccountError> {
    accounts.register(application, Origin::default()).await
}

#[tokio::test]
async fn an_account_whose_storing_is_open_keeps_its_email_and_name() {
    let world = World::new().await;
    let unlucky = world.unlucky("user", Mishap::Unheard);
    let alice = || Application { username: Some("alice".to_owned()), ..application("alice") };
    assert_eq!(register(&unlucky, alice()).await.err(), Some(AccountError::Unavailable));

    assert_eq!(world.register(alice()).await.err(), Some(AccountError::EmailTaken));
    let other = Application { username: Some("alice".to_owned()), ..application("other") };
    assert_eq!(world.register(other).await.err(), Some(AccountError::UsernameTaken));
    world.log_in("alice@example.org", PASSWORD).await.expect("she is there");
}

#[tokio::test]
async fn an_account_that_is_not_stored_gives_its_email_and_name_back() {
    let world = World::new().await;
    for (kind, name) in [("user", "alice"), ("email_index", "bob")] {
        let unlucky = world.unlucky(kind, Mishap::Refused);
        let refused = register(&unlucky, application(name)).await;
        assert_eq!(refused.err(), Some(AccountError::Unavailable), "{kind}");

        let again = world.register(application(name)).await.expect(kind);
        assert_eq!(again.user.username, name);
        let found = world.log_in(&format!("{name}@example.org"), PASSWORD).await.expect(kind);
        assert_eq!(found.user.id, again.user.id);
    }
}

#[tokio::test]
async fn an_index_that_leads_to_nobody_hides_no_other_account() {
    let world = World::new().await;
    let unlucky = world.unlucky("user", Mishap::Refused);
    register(&unlucky, application("alice")).await.expect_err("it is not stored");
    let founder = world.with_own_org("alice", "Acme").await;

    let found = world.log_in("alice@example.org", PASSWORD).await.expect("there is one");
    assert_eq!(found.user.id, founder.user.id);
}

#[tokio::test]
async fn an_organization_whose_storing_is_open_keeps_its_slug() {
    let world = World::new().await;
    let founding = |name| Application { org_name: Some("Acme".to_owned()), ..application(name) };
    let unlucky = world.unlucky("organization", Mishap::Unheard);
    assert_eq!(register(&unlucky, founding("a")).await.err(), Some(AccountError::Unavailable));
    assert_eq!(world.register(founding("b")).await.err(), Some(AccountError::SlugTaken));
}

#[tokio::test]
async fn a_new_name_whose_storing_is_open_is_nobody_elses() {
    let world = World::new().await;
    let alice = world.sign_up("alice").await;
    let renaming =
        |name: &str| UserChange { username: Some(name.to_owned()), ..Default::default() };
    let unlucky = world.unlucky("user", Mishap::Unheard);
    let renamed = unlucky.change_user(&alice.caller, alice.user.id, renaming("alicia")).await;
    assert_eq!(renamed.err(), Some(AccountError::Unavailable));

    for name in ["alice", "alicia"] {
        let other = Application { username: Some(name.to_owned()), ..application("other") };
        let refused = world.register(other).await.err();
        assert_eq!(refused, Some(AccountError::UsernameTaken), "{name}");
    }
    world.log_in("alicia", PASSWORD).await.expect("it was stored");
}
