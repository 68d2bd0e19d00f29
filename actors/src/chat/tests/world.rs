//! One organization's people and a chat over memory, owned by one test.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::channel::{ChannelPorts, ChannelSettings, Channels, Planted, Receipt};
use crate::chat::gate::Gate;
use crate::chat::{
    Caller, ChannelDraft, Chat, ChatError, ChatLimits, ChatPorts, Draft, FilesError, MessageFiles,
    People, PeopleError, SentFiles,
};
use crate::domain::{
    Attachment, Byline, ChannelId, ChannelKind, ClientMessageId, FileId, OrgId, OrgRole, UserId,
};
use crate::memory::{FaultPlan, FaultyLog, LocalBus, ManualClock, MemoryDirectory, MemoryLog};
use crate::session::{Refused, Viewer};

pub(super) const HOME: OrgId = OrgId::from_u128(1);
pub(super) const ABROAD: OrgId = OrgId::from_u128(2);

/// A chat with everything it needs.
pub(super) struct World {
    pub(super) chat: Chat,
    pub(super) gate: Arc<Turnstile>,
    /// What becomes of what channels write.
    pub(super) writes: Arc<FaultyLog>,
    pub(super) bus: Arc<LocalBus>,
    pub(super) files: Arc<Cabinet>,
}

/// Lets everyone in until it is shut.
#[derive(Default)]
pub(super) struct Turnstile {
    pub(super) is_shut: Mutex<bool>,
}

impl Gate for Turnstile {
    fn admit(&self, _: &Viewer) -> Result<(), Refused> {
        if *self.is_shut.lock() { Err(Refused { retry_after_ms: 2_000 }) } else { Ok(()) }
    }

    fn admit_change(&self, viewer: &Viewer) -> Result<(), Refused> {
        self.admit(viewer)
    }
}

/// Ten people in each organization, `user1@HOME` … with ids that tell where they are.
struct Crowd;

const PEOPLE: u128 = 10;

fn person(org: OrgId, number: u128) -> Byline {
    Byline {
        user: UserId::from_u128(org.as_u128() * 1_000 + number),
        username: format!("user{number}"),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

#[async_trait]
impl People for Crowd {
    async fn by_usernames(
        &self,
        org: OrgId,
        usernames: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        let all = (1..=PEOPLE).map(|number| person(org, number));
        let named = all.filter(|byline| usernames.contains(&byline.username));
        Ok(named.map(|byline| (byline.username, byline.user)).collect())
    }

    /// `flock` holds the first three.
    async fn of_groups(&self, org: OrgId, handles: &[String]) -> Result<Vec<UserId>, PeopleError> {
        let flocks = handles.iter().filter(|handle| *handle == "flock");
        Ok(flocks.flat_map(|_| (1..=3).map(|number| person(org, number).user)).collect())
    }

    async fn bylines(&self, org: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        let all = (1..=PEOPLE).map(|number| person(org, number));
        Ok(all.filter(|byline| users.contains(&byline.user)).collect())
    }
}

/// Files that the first person of [`HOME`] gave: those with ids below 100.
#[derive(Default)]
pub(super) struct Cabinet {
    taken: Mutex<Vec<(FileId, ClientMessageId)>>,
    /// What was removed, in order.
    pub(super) removed: Mutex<Vec<FileId>>,
}

#[async_trait]
impl MessageFiles for Cabinet {
    async fn take(&self, sent: &SentFiles) -> Result<Vec<Attachment>, FilesError> {
        let mut taken = self.taken.lock();
        let mut attachments = Vec::new();
        for file in &sent.files {
            if sent.by != caller(HOME, 1).user() || file.as_u128() >= 100 {
                return Err(FilesError::Missing);
            }
            if taken.iter().any(|(other, key)| other == file && *key != sent.key) {
                return Err(FilesError::Taken);
            }
            taken.push((*file, sent.key.clone()));
            attachments.push(Attachment {
                id: *file,
                name: "a.txt".to_owned(),
                mime_type: "text/plain".to_owned(),
                bytes: 1,
                pixels: None,
            });
        }
        Ok(attachments)
    }

    async fn loosen(&self, _: OrgId, _: &[FileId]) -> Result<(), FilesError> {
        Ok(())
    }

    async fn remove(&self, _: OrgId, files: &[FileId]) {
        self.removed.lock().extend(files);
    }
}

/// Someone of an organization.
pub(super) fn caller(org: OrgId, number: u128) -> Caller {
    Caller {
        org,
        byline: person(org, number),
        role: OrgRole::Analyst,
        is_superuser: false,
        login: None,
        token: None,
    }
}

/// Someone who came by a name alone.
pub(super) fn guest(number: u128) -> Caller {
    Caller { role: OrgRole::Guest, ..caller(HOME, number) }
}

/// A channel with a name, of its maker alone.
pub(super) fn named(kind: ChannelKind, name: &str) -> ChannelDraft {
    ChannelDraft {
        kind,
        name: name.to_owned(),
        description: String::new(),
        topic: String::new(),
        members: Vec::new(),
    }
}

/// A message of words alone.
pub(super) fn words(content: &str) -> Draft {
    Draft { content: content.to_owned(), ..Draft::default() }
}

impl World {
    pub(super) async fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let log = Arc::new(MemoryLog::default());
        let bus = Arc::new(LocalBus::new());
        let writes = Arc::new(FaultyLog::new(log.clone(), FaultPlan::default(), 1));
        let channels = Channels::start(ChannelPorts {
            log: writes.clone(),
            history: log.clone(),
            bus: bus.clone(),
            clock: clock.clone(),
            settings: ChannelSettings::default(),
            planted: Planted::Nothing,
        });
        let channels = channels.await;
        let files = Arc::<Cabinet>::default();
        let ports = ChatPorts {
            clock,
            history: log.clone(),
            log,
            directory: Arc::new(MemoryDirectory::default()),
            bus: bus.clone(),
            people: Arc::new(Crowd),
            files: files.clone(),
        };
        let gate = Arc::new(Turnstile::default());
        let limits = ChatLimits { content_chars: 100 };
        let chat = Chat::with_gate(ports, channels, gate.clone(), limits);
        Self { chat, gate, writes, bus, files }
    }

    /// A channel that `owner` has just made.
    pub(super) async fn channel(&self, owner: &Caller, kind: ChannelKind, name: &str) -> ChannelId {
        let (seen, is_new) =
            self.chat.create_channel(owner, named(kind, name)).await.expect("is made");
        assert!(is_new);
        seen.standing.channel.id
    }

    /// Writes a message and waits for its receipt.
    pub(super) async fn post(
        &self,
        caller: &Caller,
        channel: ChannelId,
        draft: Draft,
    ) -> Result<Receipt, ChatError> {
        Ok(self.chat.post(caller, channel, draft).await?.receipt().await?)
    }
}

/// The code of a refusal, or `ok`.
pub(super) fn code<T>(outcome: Result<T, ChatError>) -> &'static str {
    outcome.err().map_or("ok", |error| error.code())
}
