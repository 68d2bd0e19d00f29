//! The key of the vault: refused, rotated, and what it keeps closed.

use starling_actors::domain::OrgId;
use starling_actors::ports::{RecordKey, Records};

use super::*;
use crate::data::{LoginError, ModelForm, Rotated, VaultError};

#[tokio::test]
async fn a_server_with_another_key_is_refused_with_its_name() {
    let world = World::new();
    world.data().await;
    let refused = world.open(&["second"]).await.err();
    assert!(matches!(refused, Some(KeyError::Other(_))), "{refused:?}");
    assert!(world.open(&["second", "first"]).await.is_ok());
    assert!(matches!(world.open(&[]).await.err(), Some(KeyError::Other(_))));
}

#[tokio::test]
async fn of_two_nodes_that_start_at_once_with_different_keys_one_is_refused() {
    let world = World::new();
    let second = world.open(&["second"]).await.unwrap();
    // As if it had seen no check value yet when the other node left its own.
    let check = RecordKey {
        org: OrgId::from_u128(0),
        kind: "vault_check".to_owned(),
        parent: String::new(),
        id: "check".to_owned(),
    };
    assert_eq!(world.records.delete(&check).await, Ok(true));
    let first = world.data().await;
    assert!(matches!(second.leave_check().await, Err(KeyError::Other(_))));
    assert_eq!(first.leave_check().await, Ok(()));
}

#[tokio::test]
async fn a_server_without_a_key_keeps_no_secret_and_says_why() {
    let data = World::new().open(&[]).await.unwrap();
    let refused = data.create_connection(&admin(), &postgres("Shop")).await.err();
    assert_eq!(refused, Some(VaultError::NoKey.into()));
    let mut open = postgres("Open");
    open.password = None;
    assert!(data.create_connection(&admin(), &open).await.is_ok());
}

#[tokio::test]
async fn a_rotation_puts_every_secret_under_the_newest_key() {
    let world = World::new();
    let data = world.data().await;
    let id = connected(&data, "Shop").await;
    let model = ModelForm {
        provider: Some("openai".to_owned()),
        model: Some("small".to_owned()),
        api_key: Some(SecretText::new("sk-planted")),
        ..ModelForm::default()
    };
    data.change_model(&admin(), &model).await.unwrap();

    let data = world.open(&["second", "first"]).await.unwrap();
    let rotated = data.rotate_keys().await.unwrap();
    assert_eq!(rotated, Rotated { renewed: 2, unreadable: 0 });
    assert_eq!(data.rotate_keys().await.unwrap().renewed, 0);

    let data = world.open(&["second"]).await.unwrap();
    assert_eq!(data.login(ORG, id).await.unwrap().password.as_deref(), Some(PASSWORD));
    assert_eq!(data.model_login(ORG).await.unwrap().unwrap().api_key, "sk-planted");
    assert!(matches!(world.open(&["first"]).await.err(), Some(KeyError::Other(_))));
}

#[tokio::test]
async fn a_secret_that_was_copied_to_another_connection_does_not_open() {
    let world = World::new();
    let data = world.data().await;
    let mine = connected(&data, "Shop").await;
    let other = connected(&data, "Other").await;
    let records = &world.records;
    let all = records.list(ORG, "connection", "", None, 10).await.unwrap();
    let body = |id: ConnectionId| {
        let found = all.iter().find(|record| record.key.id == id.to_string()).unwrap();
        (found.key.clone(), serde_json::from_slice::<serde_json::Value>(&found.body).unwrap())
    };
    let (_, from) = body(mine);
    let (key, mut to) = body(other);
    to["secrets"] = from["secrets"].clone();
    let body = serde_json::to_vec(&to).unwrap();
    records.put(&key, body, starling_actors::ports::Precondition::Any).await.unwrap();

    let refused = data.login(ORG, other).await.err();
    assert_eq!(refused, Some(LoginError::Sealed(VaultError::Broken)));
}

#[tokio::test]
async fn no_secret_is_in_any_record() {
    let world = World::new();
    let data = world.data().await;
    let mut form = postgres("Shop");
    form.private_key = Some(SecretText::new("hunter3-key"));
    form.extra_config = serde_json::json!({ "token": "hunter4-extra" }).as_object().cloned();
    let id = data.create_connection(&admin(), &form).await.unwrap().connection.id;
    let login = data.login(ORG, id).await.unwrap();
    assert_eq!(login.extra.get("token").map(String::as_str), Some("hunter4-extra"));
    for org in [ORG, OrgId::from_u128(0)] {
        for kind in ["connection", "connection_index", "vault_check"] {
            for record in world.records.list(org, kind, "", None, 100).await.unwrap() {
                let text = String::from_utf8_lossy(&record.body).into_owned();
                assert!(!text.contains("hunter"), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_models_key_does_not_follow_it_to_another_server() {
    let data = World::new().data().await;
    let mut form = ModelForm {
        provider: Some("openai".to_owned()),
        base_url: Some("https://models.example/v1".to_owned()),
        model: Some("small".to_owned()),
        api_key: Some(SecretText::new("sk-planted")),
        ..ModelForm::default()
    };
    let details = data.change_model(&admin(), &form).await.unwrap();
    assert!(details.has_api_key && !format!("{details:?}").contains("planted"));
    form.api_key = None;
    assert!(data.change_model(&admin(), &form).await.is_ok(), "the same server keeps its key");
    form.base_url = Some("https://evil.example".to_owned());
    assert!(data.change_model(&admin(), &form).await.is_err());
    assert!(data.change_model(&analyst(), &form).await.is_err());
}
