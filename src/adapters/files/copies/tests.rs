use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

use super::*;

const ROOM: u64 = 100;

fn hash(words: &[u8]) -> ContentHash {
    let sum: [u8; 32] = Sha256::digest(words).into();
    ContentHash::from(sum)
}

struct World {
    folder: tempfile::TempDir,
    copies: Copies,
    fetched: Arc<AtomicUsize>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::open(folder.path(), ROOM).unwrap();
        Self { folder, copies, fetched: Arc::default() }
    }

    /// Asks for a copy of `words`; the storage gives `given`.
    async fn get(&self, words: &[u8], given: &[u8]) -> Result<Arc<HeldCopy>, CopyError> {
        let (given, fetched) = (given.to_vec(), Arc::clone(&self.fetched));
        let fetch = |path: PathBuf| async move {
            fetched.fetch_add(1, Ordering::Relaxed);
            // Others may ask meanwhile.
            tokio::task::yield_now().await;
            tokio::fs::write(path, &given).await.unwrap();
            Ok(hash(&given))
        };
        self.copies.get(hash(words), words.len() as u64, fetch).await
    }

    fn files(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.filter(|file| hash_of(&file.as_ref().unwrap().path()).is_some()).count()
    }

    fn drafts(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let is_draft = |path: PathBuf| path.extension().is_some_and(|end| end == DRAFT_ENDING);
        files.filter(|file| is_draft(file.as_ref().unwrap().path())).count()
    }
}

#[tokio::test]
async fn many_who_ask_at_once_are_one_fetch_and_the_next_ones_none() {
    let world = World::new();
    let asked = (0..20).map(|_| world.get(b"words", b"words"));
    for held in futures_util::future::join_all(asked).await {
        assert_eq!(std::fs::read(held.unwrap().path()).unwrap(), b"words");
    }
    world.get(b"words", b"words").await.unwrap();
    assert_eq!(world.fetched.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn what_is_not_what_it_should_be_is_no_copy_and_leaves_nothing() {
    let world = World::new();
    assert_eq!(world.get(b"words", b"sword").await.unwrap_err(), CopyError::Damaged);
    assert_eq!((world.files(), world.drafts()), (0, 0));
    assert!(world.get(b"words", b"words").await.is_ok(), "it is asked for again");
}

#[tokio::test]
async fn a_held_copy_stays_and_others_make_room() {
    let world = World::new();
    let (first, second, third) = ([1; 50], [2; 50], [3; 50]);
    let held = world.get(&first, &first).await.unwrap();
    world.get(&second, &second).await.unwrap();
    world.get(&third, &third).await.unwrap();
    assert_eq!((world.files(), std::fs::read(held.path()).unwrap()), (2, first.to_vec()));

    let fourth = [4; 51];
    assert_eq!(world.get(&fourth, &fourth).await.unwrap_err(), CopyError::NoRoom);
    drop(held);
    assert!(world.get(&fourth, &fourth).await.is_ok());
    assert_eq!(world.files(), 1);
}

#[tokio::test]
async fn copies_outlive_the_process_and_drafts_do_not() {
    let World { folder, copies, fetched } = World::new();
    let world = World { folder, copies, fetched };
    world.get(b"words", b"words").await.unwrap();
    let World { folder, copies, fetched } = world;
    drop(copies);
    std::fs::write(folder.path().join(format!("{}.{DRAFT_ENDING}", hash(b"x"))), b"x").unwrap();

    let copies = Copies::open(folder.path(), ROOM).unwrap();
    let world = World { folder, copies, fetched };
    world.get(b"words", b"words").await.unwrap();
    assert_eq!((world.fetched.load(Ordering::Relaxed), world.drafts()), (1, 0));
}

#[tokio::test]
async fn a_second_process_has_copies_of_its_own_that_go_with_it() {
    let world = World::new();
    world.get(b"words", b"words").await.unwrap();
    let entries = || std::fs::read_dir(world.folder.path()).unwrap().count();
    let before = entries();

    let second = Copies::open(world.folder.path(), ROOM).unwrap();
    let fetch = |path: PathBuf| async move {
        tokio::fs::write(path, b"words").await.unwrap();
        Ok(hash(b"words"))
    };
    let held = second.get(hash(b"words"), 5, fetch).await.unwrap();
    assert_eq!(std::fs::read(held.path()).unwrap(), b"words");
    assert_eq!(entries(), before + 1);
    drop((second, held));
    assert_eq!(entries(), before);
}

#[tokio::test]
async fn a_file_that_is_here_already_becomes_a_copy_and_what_is_deleted_goes() {
    let world = World::new();
    let made = world.folder.path().join("made");
    std::fs::write(&made, b"words").unwrap();
    world.copies.adopt(hash(b"words"), 5, &made);
    assert!(!made.exists());
    let held = world.get(b"words", b"words").await.unwrap();
    assert_eq!(world.fetched.load(Ordering::Relaxed), 0);

    world.copies.forget(hash(b"words"));
    assert_eq!(world.files(), 1, "somebody reads it");
    drop(held);
    world.copies.forget(hash(b"words"));
    assert_eq!(world.files(), 0);
}

#[tokio::test]
async fn a_fetch_that_fails_is_told_and_gives_its_room_back() {
    let world = World::new();
    let failing = |_| async { Err(CopyError::Unavailable) };
    for _ in 0..3 {
        let failed = world.copies.get(hash(b"words"), ROOM, failing).await;
        assert_eq!(failed.unwrap_err(), CopyError::Unavailable);
    }
}
