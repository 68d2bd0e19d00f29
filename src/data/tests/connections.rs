//! Connections: who makes, sees and changes them, and what of them is refused.

use starling_actors::ports::Catalog;

use super::*;
use crate::data::{AccessForm, DataError, LoginError};

#[tokio::test]
async fn a_connection_is_made_read_changed_and_deleted() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;

    let shown = data.show_connection(&viewer(), id).await.unwrap();
    assert!(shown.has_password && shown.connection.is_active);
    let form = ConnectionForm { name: Some("Store".to_owned()), ..ConnectionForm::default() };
    let changed = data.change_connection(&analyst(), id, &form).await.unwrap();
    assert_eq!(changed.connection.name, "Store");
    assert!(changed.connection.version > shown.connection.version);
    connected(&data, "Shop").await;

    let refused = data.delete_connection(&analyst(), id).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
    data.delete_connection(&admin(), id).await.unwrap();
    assert_eq!(data.login(ORG, id).await.err(), Some(LoginError::Missing));
    connected(&data, "store").await;
}

#[tokio::test]
async fn the_login_is_opened_for_its_organization_only() {
    let world = World::new();
    let data = world.data().await;
    let id = connected(&data, "Shop").await;

    let login = data.login(ORG, id).await.unwrap();
    assert_eq!(login.password.as_deref(), Some(PASSWORD));
    assert!(!format!("{login:?}").contains("hunter"));
    assert_eq!(data.login(OTHER, id).await.err(), Some(LoginError::Missing));
    assert_eq!(data.connection(OTHER, id).await, Ok(None));
    let stranger = person(OTHER, 10, OrgRole::Admin);
    let missing = data.show_connection(&stranger, id).await.err();
    assert_eq!(missing, Some(DataError::NotFound("connection")));
}

#[tokio::test]
async fn a_name_is_unique_whatever_its_case_and_a_failed_change_leaves_it_free() {
    let data = World::new().data().await;
    connected(&data, "Shop").await;
    let taken = data.create_connection(&admin(), &postgres("SHOP")).await;
    assert_eq!(taken.err(), Some(DataError::NameTaken("connection")));
    let stranger = person(OTHER, 10, OrgRole::Admin);
    assert!(data.create_connection(&stranger, &postgres("Shop")).await.is_ok());
}

#[tokio::test]
async fn the_limit_holds_and_a_count_that_is_too_high_heals() {
    let world = World::new();
    let data = world.data().await;
    *world.seats.used.lock() = 3;
    for name in ["a", "b", "c"] {
        connected(&data, name).await;
    }
    let refused = data.create_connection(&admin(), &postgres("d")).await;
    assert_eq!(refused.err(), Some(DataError::LimitReached("connections")));
    let first = data.connections(ORG).await.unwrap()[0].id;
    data.delete_connection(&admin(), first).await.unwrap();
    connected(&data, "d").await;
}

#[tokio::test]
async fn access_by_a_list_hides_a_connection_from_others_but_not_from_admins() {
    let data = World::new().data().await;
    let mut form = postgres("Salaries");
    let user_ids = vec![analyst().user().to_string()];
    form.access = Some(AccessForm { mode: "users".to_owned(), user_ids });
    let id = data.create_connection(&analyst(), &form).await.unwrap().connection.id;

    assert!(data.list_connections(&viewer()).await.unwrap().is_empty());
    let hidden = data.show_schema(&viewer(), id).await.err();
    assert_eq!(hidden, Some(DataError::NotFound("connection")));
    assert_eq!(data.list_connections(&admin()).await.unwrap().len(), 1);
    let closed = data.show_schema(&admin(), id).await;
    assert!(matches!(closed, Err(DataError::Forbidden(_))), "managing is not reading");
    assert!(data.show_schema(&analyst(), id).await.is_ok());
    let guest = person(ORG, 13, OrgRole::Guest);
    assert!(data.list_connections(&guest).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_viewer_makes_no_connection_and_an_analyst_changes_only_their_own() {
    let data = World::new().data().await;
    let refused = data.create_connection(&viewer(), &postgres("Shop")).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
    let id = connected(&data, "Shop").await;
    let other = person(ORG, 14, OrgRole::Analyst);
    let change = ConnectionForm { is_active: Some(false), ..ConnectionForm::default() };
    let refused = data.change_connection(&other, id, &change).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
    let mut privileged = postgres("Root");
    privileged.allow_privileged = Some(true);
    let refused = data.create_connection(&analyst(), &privileged).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
}

#[tokio::test]
async fn a_password_does_not_follow_its_connection_to_another_server() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let mut moved =
        ConnectionForm { host: Some("evil.example".to_owned()), ..ConnectionForm::default() };
    let refused = data.change_connection(&admin(), id, &moved).await;
    assert!(matches!(refused, Err(DataError::Field { field: "password", .. })), "{refused:?}");
    moved.password = Some(SecretText::new("another"));
    data.change_connection(&admin(), id, &moved).await.unwrap();
    assert_eq!(data.login(ORG, id).await.unwrap().password.as_deref(), Some("another"));
}

#[tokio::test]
async fn a_role_that_an_admin_allowed_is_allowed_for_that_role_only() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let allow = ConnectionForm { allow_privileged: Some(true), ..ConnectionForm::default() };
    let name = ConnectionForm { name: Some("Store".to_owned()), ..ConnectionForm::default() };
    let user = ConnectionForm { username: Some("root".to_owned()), ..ConnectionForm::default() };
    data.change_connection(&admin(), id, &allow).await.unwrap();

    let renamed = data.change_connection(&analyst(), id, &name).await.unwrap();
    assert!(renamed.allows_privileged);
    let changed = data.change_connection(&analyst(), id, &user).await.unwrap();

    assert!(!changed.allows_privileged);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let data = World::new().data().await;
    let some = |text: &str| Some(text.to_owned());
    let cases: [(&str, ConnectionForm); 7] = [
        ("type", ConnectionForm { kind: some("oracle"), ..postgres("x") }),
        ("type", ConnectionForm { kind: some("csv"), ..postgres("x") }),
        ("name", ConnectionForm { name: some(" "), ..postgres("x") }),
        ("host", ConnectionForm { host: some("db/../x"), ..postgres("x") }),
        ("host", ConnectionForm { host: None, ..postgres("x") }),
        ("port", ConnectionForm { port: Some(0), ..postgres("x") }),
        ("ssl_mode", ConnectionForm { ssl_mode: some("maybe"), ..postgres("x") }),
    ];
    for (expected, form) in cases {
        let refused = data.create_connection(&admin(), &form).await.err();
        let Some(DataError::Field { field, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(field, expected);
    }
    assert!(data.list_connections(&admin()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_is_connected_only_from_the_import_folder_and_only_by_a_superuser() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("import");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(inside.join("shop.db"), b"").unwrap();
    std::fs::write(folder.path().join("secret.db"), b"").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.db"), inside.join("link.db")).unwrap();
    let world = World { import_dir: inside.clone(), ..World::new() };
    let data = world.data().await;
    let form = |path: &str| ConnectionForm {
        name: Some("File".to_owned()),
        kind: Some("sqlite".to_owned()),
        file_path: Some(path.to_owned()),
        ..ConnectionForm::default()
    };
    let mut root = admin();
    let refused = data.create_connection(&root, &form("shop.db")).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
    root.caller.is_superuser = true;
    for path in ["../secret.db", "link.db", "missing.db", ".", "/etc/passwd"] {
        let refused = data.create_connection(&root, &form(path)).await;
        let is_named = matches!(refused, Err(DataError::Field { field: "file_path", .. }));
        assert!(is_named, "{path}: {refused:?}");
    }
    let made = data.create_connection(&root, &form("shop.db")).await.unwrap();
    let login = data.login(ORG, made.connection.id).await.unwrap();
    assert_eq!(login.file, Some(inside.canonicalize().unwrap().join("shop.db")));

    // Somebody puts a link in its place later.
    std::fs::remove_file(inside.join("shop.db")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.db"), inside.join("shop.db")).unwrap();
    assert_eq!(data.login(ORG, made.connection.id).await.unwrap().file, None);
}
