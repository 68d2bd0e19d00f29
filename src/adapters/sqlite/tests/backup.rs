//! Copies taken while others write, and put back.

use std::path::PathBuf;

use super::*;
use crate::adapters::sqlite::{BackupError, backup, restore};

impl World {
    fn copy_path(&self) -> PathBuf {
        self.dir.path().join("copy.db")
    }
}

#[tokio::test]
async fn a_backup_taken_while_serving_restores_what_it_held_in_another_generation() {
    let world = World::new();
    let log = world.claimed().await;
    append(&log, 0, vec![posted(1, ANN, "kept", &[])]).await.unwrap();

    backup(world.dir.path(), &world.copy_path()).unwrap();
    append(&log, 1, vec![posted(2, ANN, "after the backup", &[])]).await.unwrap();

    let generation = world.store.generation();
    drop(log);
    let World { dir, store } = world;
    drop(store);
    let restored =
        restore(&dir.path().join("copy.db"), dir.path(), true, &ManualClock::default()).unwrap();
    let store = Store::open(dir.path(), &ManualClock::default()).unwrap();
    let entries = store.log().entries(CHANNEL, Seq(0), 10).await.unwrap();
    assert_eq!(entries, [posted(1, ANN, "kept", &[])]);
    assert_eq!(store.generation(), restored);
    assert_ne!(restored, generation);
}

#[tokio::test]
async fn a_backup_can_be_restored_into_an_empty_folder() {
    let world = World::new();
    backup(world.dir.path(), &world.copy_path()).unwrap();
    let empty = tempfile::tempdir().unwrap();

    restore(&world.copy_path(), empty.path(), false, &ManualClock::default()).unwrap();

    assert_eq!(Store::open(empty.path(), &ManualClock::default()).unwrap().check().await, Ok(()));
}

#[tokio::test]
async fn a_folder_in_use_or_with_data_is_not_restored_into() {
    let world = World::new();
    let copy = world.copy_path();
    backup(world.dir.path(), &copy).unwrap();

    let while_serving = restore(&copy, world.dir.path(), true, &ManualClock::default());
    let World { dir, store } = world;
    drop(store);
    let unforced = restore(&copy, dir.path(), false, &ManualClock::default());

    assert!(matches!(while_serving, Err(BackupError::Folder(_))));
    assert!(matches!(unforced, Err(BackupError::Occupied(_))));
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    let world = World::new();
    let World { dir, store } = world;
    let generation = store.generation();
    drop(store);
    let text = dir.path().join("text.db");
    std::fs::write(&text, "not a database".repeat(1_000)).unwrap();

    assert!(restore(&text, dir.path(), true, &ManualClock::default()).is_err());
    let missing = restore(&dir.path().join("none.db"), dir.path(), true, &ManualClock::default());

    assert!(matches!(missing, Err(BackupError::Missing(_))));
    assert_eq!(Store::open(dir.path(), &ManualClock::default()).unwrap().generation(), generation);
}

#[cfg(unix)]
#[tokio::test]
async fn database_and_backup_are_for_the_owner_of_the_process_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    backup(world.dir.path(), &world.copy_path()).unwrap();

    for name in ["starling.db", "starling.db-wal", "copy.db"] {
        let mode = std::fs::metadata(world.dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
