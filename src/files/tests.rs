//! Files over memory, with a chat whose messages take them.

#![allow(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use parking_lot::Mutex;
use starling_actors::chat::{
    Caller, ChannelDraft, Chat, ChatError, ChatLimits, ChatPorts, Draft, MessageFiles, People,
    PeopleError,
};
use starling_actors::domain::{
    Attachment, Byline, ChannelId, ChannelKind, FileId, OrgId, OrgRole, UserId,
};
use starling_actors::memory::{
    LocalBus, ManualClock, MemoryDirectory, MemoryLog, MemoryRecords, Nobody,
};
use starling_actors::ports::FileKey;
use starling_actors::system::{Core, CoreLimits, Ports};
use tempfile::TempDir;

use super::stored::NOTES;
use super::*;
use crate::records::SERVER;

const HOME: OrgId = OrgId::from_u128(1);
const DAY_MS: i64 = 24 * 3600 * 1000;
/// What the store may hold for one organization in these tests.
const ROOM_BYTES: u64 = 100;

/// Bytes in memory.
#[derive(Default)]
struct MemoryStore {
    parts: Mutex<BTreeMap<(FileKey, bool), Vec<u8>>>,
    is_gone: Mutex<bool>,
}

#[async_trait]
impl FileStore for MemoryStore {
    async fn put(&self, key: FileKey, part: FilePart, from: &Path) -> Result<(), StoreError> {
        if *self.is_gone.lock() {
            return Err(StoreError);
        }
        let bytes = std::fs::read(from).unwrap();
        self.parts.lock().insert((key, part == FilePart::Whole), bytes);
        Ok(())
    }

    async fn read(
        &self,
        key: FileKey,
        part: FilePart,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let parts = self.parts.lock();
        let found = parts.get(&(key, part == FilePart::Whole));
        Ok(found.map(|bytes| Bytes::copy_from_slice(&bytes[range])))
    }

    async fn remove(&self, key: FileKey) -> Result<(), StoreError> {
        if *self.is_gone.lock() {
            return Err(StoreError);
        }
        self.parts.lock().retain(|(other, _), _| *other != key);
        Ok(())
    }
}

/// Believes that every picture has one pixel.
struct OnePixel;

#[async_trait]
impl Pictures for OnePixel {
    async fn look(&self, _: &Path) -> Option<LookedAt> {
        Some(LookedAt { pixels: (1, 1), thumbnail: vec![7], thumbnail_type: "image/png" })
    }
}

/// Finds harm where it is spelled.
struct Speller;

#[async_trait]
impl Scanner for Speller {
    async fn ask(&self, file: &Path) -> Verdict {
        match std::fs::read(file).unwrap().as_slice() {
            b"harm" => Verdict::Refused,
            b"hm" => Verdict::Unknown,
            _ => Verdict::Harmless,
        }
    }
}

struct Crowd;

#[async_trait]
impl People for Crowd {
    async fn by_usernames(
        &self,
        _: OrgId,
        _: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        Ok(Vec::new())
    }

    async fn bylines(&self, _: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        Ok(users.iter().map(|user| byline(*user)).collect())
    }
}

fn byline(user: UserId) -> Byline {
    Byline {
        user,
        username: format!("user{}", user.as_u128()),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

fn caller(org: OrgId, number: u128) -> Caller {
    Caller {
        org,
        byline: byline(UserId::from_u128(number)),
        role: OrgRole::Analyst,
        is_superuser: false,
        login: None,
        token: None,
    }
}

struct World {
    files: Files,
    chat: Chat,
    clock: Arc<ManualClock>,
    store: Arc<MemoryStore>,
    folder: TempDir,
    channel: ChannelId,
    _core: Core,
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let (log, store) = (Arc::new(MemoryLog::default()), Arc::<MemoryStore>::default());
        let (directory, bus) = (Arc::new(MemoryDirectory::default()), Arc::new(LocalBus::new()));
        let folder = tempfile::tempdir().unwrap();
        let ports = FilesPorts {
            records: Arc::new(MemoryRecords::default()),
            clock: clock.clone(),
            log: log.clone(),
            history: log.clone(),
            store: store.clone(),
            pictures: Arc::new(OnePixel),
            scanner: Some(Arc::new(Speller)),
        };
        let settings = FilesSettings {
            upload_bytes_max: 60,
            org_bytes_max: ROOM_BYTES,
            blocked: vec![".exe".to_owned()],
            coming_dir: folder.path().join("coming"),
        };
        let files = Files::open(ports, settings).unwrap();
        let ports = Ports {
            clock: clock.clone(),
            log: log.clone(),
            history: log.clone(),
            directory: directory.clone(),
            bus: bus.clone(),
            asking: Nobody::asking(),
        };
        let limits = CoreLimits { messages_per_second: 0, ..CoreLimits::default() };
        let core = Core::start(ports, limits).await.unwrap();
        let ports = ChatPorts {
            clock: clock.clone(),
            history: log.clone(),
            log,
            directory,
            bus,
            people: Arc::new(Crowd),
            files: Arc::new(files.clone()),
        };
        let limits = ChatLimits { content_chars: 100 };
        let chat = Chat::new(ports, core.channels.clone(), core.sessions.clone(), limits);
        let draft = ChannelDraft {
            kind: ChannelKind::Private,
            name: "birds".to_owned(),
            description: String::new(),
            topic: String::new(),
            members: Vec::new(),
        };
        let (seen, _) = chat.create_channel(&caller(HOME, 1), draft).await.unwrap();
        let channel = seen.standing.channel.id;
        Self { files, chat, clock, store, folder, channel, _core: core }
    }

    async fn give(&self, name: &str, bytes: &[u8]) -> Result<Attachment, FileError> {
        let mut coming = self.files.begin(&caller(HOME, 1), name).await?;
        for piece in bytes.chunks(7) {
            coming.write(piece).await?;
        }
        self.files.finish(coming).await
    }

    async fn send(&self, file: FileId, key: Option<&str>) -> Result<(), ChatError> {
        let client_message_id = key.map(str::to_owned);
        let draft = Draft { attachments: vec![file], client_message_id, ..Draft::default() };
        let pending = self.chat.post(&caller(HOME, 1), self.channel, draft).await?;
        pending.receipt().await?;
        Ok(())
    }

    async fn reads(&self, number: u128, file: FileId) -> Result<FileDetails, FileError> {
        self.files.readable(&self.chat, &caller(HOME, number), file).await
    }

    async fn notes(&self) -> usize {
        self.files.inner.shelves.list(&NOTES, SERVER, "", 100).await.unwrap().len()
    }

    fn stored(&self) -> usize {
        self.store.parts.lock().len()
    }

    /// Files of the node's disk that are on their way.
    fn coming(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("coming")).unwrap().count()
    }
}

#[tokio::test]
async fn a_file_is_its_givers_until_a_message_has_it_and_then_the_channels() {
    let world = World::new().await;
    let words = b"a,b\n1,2\n";
    let file = world.give("../a\u{202e}b.csv", words).await.unwrap();
    assert_eq!(
        (file.name.as_str(), file.mime_type.as_str(), file.bytes),
        ("ab.csv", "text/csv", 8)
    );
    assert_eq!(world.coming(), 0);

    let details = world.reads(1, file.id).await.unwrap();
    let all = world.files.read(details.key, FilePart::Whole, 0..8).await.unwrap();
    let all: Vec<Bytes> = all.try_collect().await.unwrap();
    assert_eq!(all.concat(), words);
    assert_eq!(world.reads(2, file.id).await.unwrap_err(), FileError::NotFound);

    world.send(file.id, None).await.unwrap();
    assert_eq!(world.reads(2, file.id).await.unwrap_err(), FileError::NotFound);
    let ada = caller(HOME, 1);
    world.chat.add_member(&ada, world.channel, UserId::from_u128(2), None).await.unwrap();
    world.reads(2, file.id).await.unwrap();
    let abroad = caller(OrgId::from_u128(2), 1);
    let elsewhere = world.files.readable(&world.chat, &abroad, file.id).await;
    assert_eq!(elsewhere.unwrap_err(), FileError::NotFound);
}

#[tokio::test]
async fn what_is_not_taken_leaves_nothing_behind() {
    let world = World::new().await;
    for (name, bytes, expected) in [
        ("a.txt", &b""[..], FileError::Empty),
        ("a.txt", &[b'x'; 61], FileError::TooLarge { bytes_max: 60 }),
        ("a.exe", b"words", FileError::Blocked { mime_type: "text/plain" }),
        ("a.txt", b"harm", FileError::Refused),
        ("a.txt", b"hm", FileError::Unavailable),
    ] {
        assert_eq!(world.give(name, bytes).await.unwrap_err(), expected, "{name}");
    }
    let cut_off = world.files.begin(&caller(HOME, 1), "a.txt").await.unwrap();
    assert_eq!(world.coming(), 1);
    drop(cut_off);
    *world.store.is_gone.lock() = true;
    assert_eq!(world.give("a.txt", b"words").await.unwrap_err(), FileError::Unavailable);
    assert_eq!((world.coming(), world.stored()), (0, 0));
    *world.store.is_gone.lock() = false;
    world.give("a.txt", &[b'x'; 60]).await.unwrap();
}

#[tokio::test]
async fn a_picture_has_a_small_one_and_goes_with_it() {
    let world = World::new().await;
    let file = world.give("a.txt", b"\x89PNG\r\n\x1a\n").await.unwrap();
    assert_eq!((file.mime_type.as_str(), file.pixels), ("image/png", Some((1, 1))));
    assert_eq!(world.stored(), 2);
    let details = world.reads(1, file.id).await.unwrap();
    assert_eq!(details.thumbnail.map(|small| small.bytes), Some(1));
    world.files.remove(HOME, &[file.id]).await;
    assert_eq!((world.stored(), world.notes().await), (0, 0));
}

#[tokio::test]
async fn files_of_a_deleted_message_are_gone_for_everybody() {
    let world = World::new().await;
    let file = world.give("a.txt", b"words").await.unwrap();
    world.send(file.id, Some("one")).await.unwrap();
    world.reads(1, file.id).await.unwrap();

    let key = world.reads(1, file.id).await.unwrap().key;
    let found = world.files.stored(key).await.unwrap().unwrap();
    let message = world.files.message_of(key, &found).await.unwrap().unwrap();
    world.chat.delete(&caller(HOME, 1), message).await.unwrap();
    assert_eq!(world.reads(1, file.id).await.unwrap_err(), FileError::NotFound);
    assert_eq!((world.stored(), world.notes().await), (0, 0));
}

#[tokio::test]
async fn what_no_message_took_goes_after_a_day_and_what_one_took_stays() {
    let world = World::new().await;
    let (free, taken) =
        (world.give("a.txt", b"free").await.unwrap(), world.give("b.txt", b"taken").await.unwrap());
    world.send(taken.id, None).await.unwrap();
    world.clock.advance_ms(DAY_MS - 1);
    world.files.sweep().await.unwrap();
    assert_eq!((world.stored(), world.notes().await), (2, 2));

    world.clock.advance_ms(1);
    world.files.sweep().await.unwrap();
    assert_eq!((world.stored(), world.notes().await), (1, 0));
    assert_eq!(world.reads(1, free.id).await.unwrap_err(), FileError::NotFound);
    world.reads(1, taken.id).await.unwrap();
}

#[tokio::test]
async fn a_file_whose_message_was_to_be_deleted_and_was_not_stays() {
    let world = World::new().await;
    let file = world.give("a.txt", b"words").await.unwrap();
    world.send(file.id, None).await.unwrap();
    world.files.loosen(HOME, &[file.id]).await.unwrap();
    world.clock.advance_ms(DAY_MS / 24);
    world.files.sweep().await.unwrap();
    world.reads(1, file.id).await.unwrap();
    assert_eq!(world.notes().await, 0);
}

#[tokio::test]
async fn a_removal_that_fails_is_done_later() {
    let world = World::new().await;
    let file = world.give("a.txt", b"words").await.unwrap();
    *world.store.is_gone.lock() = true;
    world.files.remove(HOME, &[file.id]).await;
    assert_eq!(world.reads(1, file.id).await.unwrap_err(), FileError::NotFound);
    assert_eq!((world.stored(), world.notes().await), (1, 1));

    *world.store.is_gone.lock() = false;
    world.clock.advance_ms(DAY_MS);
    world.files.sweep().await.unwrap();
    assert_eq!((world.stored(), world.notes().await), (0, 0));
}

#[tokio::test]
async fn an_organization_has_so_much_room_and_gets_back_what_goes() {
    let world = World::new().await;
    let first = world.give("a.txt", &[b'x'; 60]).await.unwrap();
    let second = world.give("b.txt", &[b'x'; 40]).await.unwrap();
    let full = FileError::NoRoom { bytes_max: ROOM_BYTES };
    assert_eq!(world.give("c.txt", b"x").await.unwrap_err(), full);
    world.files.remove(HOME, &[second.id]).await;
    world.give("c.txt", &[b'x'; 40]).await.unwrap();

    // A count that a crash left too high is put right before anybody is refused.
    world.files.remove(HOME, &[first.id]).await;
    world.files.take_room(HOME, 60).await.unwrap();
    world.give("d.txt", &[b'x'; 60]).await.unwrap();
}

#[tokio::test]
async fn a_file_of_a_message_that_never_came_can_be_sent_with_another_one() {
    let world = World::new().await;
    let file = world.give("a.txt", b"words").await.unwrap();
    let sent = starling_actors::chat::SentFiles {
        org: HOME,
        by: UserId::from_u128(1),
        channel: world.channel,
        key: starling_actors::domain::ClientMessageId::new("lost".to_owned()).unwrap(),
        files: vec![file.id],
    };
    world.files.take(&sent).await.unwrap();
    world.files.take(&sent).await.unwrap();
    assert!(world.send(file.id, Some("other")).await.is_err(), "the first may be under way");
    world.clock.advance_ms(10 * 60 * 1000);
    world.send(file.id, Some("other")).await.unwrap();
    world.clock.advance_ms(10 * 60 * 1000);
    assert!(world.send(file.id, Some("third")).await.is_err(), "it is in a message");
}

/// Keeps a file that the server made, for the first person.
async fn make(world: &World, is_for_admins: bool) -> FileId {
    let path = world.folder.path().join("made");
    std::fs::write(&path, b"all of it").unwrap();
    let made = OwnFile { name: "all.zip", path: &path, kept_ms: DAY_MS, is_for_admins };
    world.files.keep_own(&caller(HOME, 1), made).await.unwrap().id
}

#[tokio::test]
async fn what_tells_of_others_is_read_as_long_as_its_asker_governs() {
    let world = World::new().await;
    let file = make(&world, true).await;
    let admin = Caller { role: OrgRole::Admin, ..caller(HOME, 1) };
    world.files.readable(&world.chat, &admin, file).await.unwrap();
    assert_eq!(world.reads(1, file).await.unwrap_err(), FileError::NotFound, "demoted");
    let other = Caller { role: OrgRole::Admin, ..caller(HOME, 2) };
    let foreign = world.files.readable(&world.chat, &other, file).await;
    assert_eq!(foreign.unwrap_err(), FileError::NotFound);
    let own = make(&world, false).await;
    world.reads(1, own).await.unwrap();
}

#[tokio::test]
async fn no_message_takes_what_the_server_made_for_one_person() {
    let world = World::new().await;
    for is_for_admins in [false, true] {
        let file = make(&world, is_for_admins).await;
        assert!(world.send(file, None).await.is_err(), "else it would never go");
    }
}

#[tokio::test]
async fn what_the_store_has_lost_is_told_apart_from_a_store_that_is_away() {
    let world = World::new().await;
    let file = world.give("a.txt", b"words").await.unwrap();
    let mut bytes = world.files.own_bytes(&caller(HOME, 1), file.id).await.unwrap();
    assert_eq!(bytes.next().await.unwrap().unwrap(), &b"words"[..]);
    assert_eq!(bytes.next().await, Ok(None));
    world.store.parts.lock().clear();
    let mut bytes = world.files.own_bytes(&caller(HOME, 1), file.id).await.unwrap();
    assert_eq!(bytes.next().await, Err(FileError::NotFound));
    let others = world.files.own_bytes(&caller(HOME, 2), file.id).await;
    assert_eq!(others.unwrap_err(), FileError::NotFound);
}

#[tokio::test]
async fn room_is_asked_for_without_taking_it() {
    let world = World::new().await;
    let first = world.give("a.txt", &[b'x'; 60]).await.unwrap();
    for _ in 0..2 {
        world.files.expect_room(HOME, 40).await.unwrap();
    }
    let full = Err(FileError::NoRoom { bytes_max: ROOM_BYTES });
    assert_eq!(world.files.expect_room(HOME, 41).await, full);
    // A count that a crash left too high refuses nobody.
    world.files.remove(HOME, &[first.id]).await;
    world.files.take_room(HOME, 60).await.unwrap();
    world.files.expect_room(HOME, 100).await.unwrap();
}
