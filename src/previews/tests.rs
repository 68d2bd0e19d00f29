//! Previews over memory: what becomes of what is kept when the words change or go.

#![allow(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

use starling_actors::chat::{ChannelDraft, ChatLimits, ChatPorts, Draft};
use starling_actors::domain::{Byline, ChannelKind, OrgRole, UserId};
use starling_actors::memory::{
    FaultyRecords, LocalBus, ManualClock, MemoryDirectory, MemoryLog, MemoryRecords, Mishap, Nobody,
};
use starling_actors::ports::Clock;
use starling_actors::system::{Core, CoreLimits, Ports};

use super::*;
use crate::config::Settings;

const HOME: OrgId = OrgId::from_u128(1);
const NESTS: &str = "https://birds.example/nests";
const BOATS: &str = "https://boats.example/all";

struct World {
    previews: Previews,
    records: Arc<FaultyRecords>,
    chat: Chat,
    channel: ChannelId,
    alice: Caller,
    _core: Core,
}

fn caller() -> Caller {
    let byline = Byline {
        user: UserId::from_u128(1),
        username: "alice".to_owned(),
        full_name: String::new(),
        avatar_url: String::new(),
    };
    let role = OrgRole::Analyst;
    Caller { org: HOME, byline, role, is_superuser: false, login: None, token: None }
}

fn accounts(records: &Arc<dyn Records>, clock: &Arc<ManualClock>, bus: &Arc<LocalBus>) -> Accounts {
    let mut settings = Settings::default();
    settings.tokens.access_secret = "access secret of this test only".to_owned();
    settings.tokens.refresh_secret = "refresh secret of this test only".to_owned();
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    Accounts::new(Arc::clone(records), clock, Arc::clone(bus) as _, &settings).unwrap()
}

impl World {
    async fn new() -> Self {
        let records = Arc::new(FaultyRecords::new(Arc::new(MemoryRecords::default())));
        let shared = Arc::clone(&records) as Arc<dyn Records>;
        let (clock, log) = (Arc::new(ManualClock::default()), Arc::new(MemoryLog::default()));
        let (directory, bus) = (Arc::new(MemoryDirectory::default()), Arc::new(LocalBus::new()));
        let accounts = accounts(&shared, &clock, &bus);
        let ports = ChatPorts {
            clock: clock.clone(),
            history: log.clone(),
            log: log.clone(),
            directory: directory.clone(),
            bus: bus.clone(),
            people: Arc::new(accounts.clone()),
            files: Arc::new(Nobody),
        };
        let (history, asking) = (log.clone(), Nobody::asking());
        let core = Ports { clock, log, history, directory, bus, asking };
        let limits = CoreLimits { messages_per_second: 0, ..CoreLimits::default() };
        let core = Core::start(core, limits).await.unwrap();
        let limits = ChatLimits { content_chars: 500 };
        let chat = Chat::new(ports, core.channels.clone(), core.sessions.clone(), limits);
        let draft = ChannelDraft {
            kind: ChannelKind::Private,
            name: "birds".to_owned(),
            description: String::new(),
            topic: String::new(),
            members: Vec::new(),
        };
        let alice = caller();
        let (seen, _) = chat.create_channel(&alice, draft).await.unwrap();
        let channel = seen.standing.channel.id;
        let previews = Previews::start(shared, (chat.clone(), accounts), Egress::strict(), None);
        let previews = previews.unwrap();
        // Pages that were read a moment ago: nobody is called.
        for url in [NESTS, BOATS] {
            let page = LinkPreview {
                url: url.to_owned(),
                title: "all of them".to_owned(),
                description: String::new(),
                site: "a site".to_owned(),
            };
            previews.inner.pages.insert(url.to_owned(), Some(page)).await;
        }
        Self { previews, records, chat, channel, alice, _core: core }
    }

    async fn write(&self, content: &str) -> MessageId {
        let draft = Draft { content: content.to_owned(), ..Draft::default() };
        let pending = self.chat.post(&self.alice, self.channel, draft).await.unwrap();
        pending.receipt().await.unwrap().message
    }

    async fn edit(&self, message: MessageId, content: &str) {
        self.chat.edit(&self.alice, message, content.to_owned()).await.unwrap();
        self.previews.changed(&self.alice, self.channel, message, content).await;
    }

    async fn look(&self, message: MessageId, content: &str) {
        let content = content.to_owned();
        let look = Look { org: HOME, channel: self.channel, message, content };
        self.previews.look(&look).await.unwrap();
    }

    /// What is kept of a message.
    async fn kept(&self, message: MessageId) -> Option<Vec<String>> {
        let place = (HOME, self.channel.to_string(), message.to_string());
        let found = self.previews.kept(&[place]).await.unwrap().pop()?;
        Some(found.value.links.into_iter().map(|link| link.url).collect())
    }

    /// What its readers see.
    async fn shown(&self, message: MessageId) -> Vec<String> {
        let message = self.chat.message(&self.alice, message).await.unwrap();
        let shown = self.previews.of(HOME, std::slice::from_ref(&message)).await.unwrap();
        let shown = shown.into_values().flatten();
        shown.map(|link| link.url).collect()
    }
}

#[tokio::test]
async fn what_the_new_words_do_not_lead_to_is_gone_though_the_queue_is_full() {
    let world = World::new().await;
    let message = world.write(NESTS).await;
    world.look(message, NESTS).await;
    assert_eq!(world.shown(message).await, [NESTS]);
    world.previews.stop().await;
    world.edit(message, BOATS).await;
    assert_eq!(world.kept(message).await, Some(Vec::new()));
    assert!(world.shown(message).await.is_empty());
}

#[tokio::test]
async fn an_edit_in_the_moment_of_storing_leaves_nothing_of_the_words_before() {
    let world = Arc::new(World::new().await);
    let message = world.write(NESTS).await;
    let edited = Arc::clone(&world);
    let interruption = async move { edited.edit(message, "no link").await };
    world.records.at_next("link_previews", Mishap::Interrupted(Box::pin(interruption)));
    world.look(message, NESTS).await;
    assert_eq!(world.kept(message).await, Some(Vec::new()));
}

#[tokio::test]
async fn who_stores_first_does_not_keep_the_other_from_looking_again() {
    let world = Arc::new(World::new().await);
    let both = format!("{NESTS} {BOATS}");
    let message = world.write(&both).await;
    let other = Arc::clone(&world);
    let interruption = async move {
        other.previews.remove(&other.alice, message, Some(NESTS)).await.unwrap();
    };
    world.records.at_next("link_previews", Mishap::Interrupted(Box::pin(interruption)));
    world.look(message, &both).await;
    assert_eq!(world.shown(message).await, [BOATS], "taken away is taken away, the other stays");
}

#[tokio::test]
async fn what_is_kept_goes_with_the_message() {
    let world = World::new().await;
    let (one, two, three) =
        (world.write(NESTS).await, world.write(NESTS).await, world.write(NESTS).await);
    for message in [one, two, three] {
        world.look(message, NESTS).await;
    }
    world.chat.delete(&world.alice, one).await.unwrap();
    world.previews.changed(&world.alice, world.channel, one, "").await;
    world.previews.forget(HOME, world.channel, &[two]).await.unwrap();
    assert_eq!((world.kept(one).await, world.kept(two).await), (None, None));
    assert_eq!(world.kept(three).await.unwrap(), [NESTS]);
}

#[tokio::test]
async fn what_is_kept_by_mistake_is_not_shown() {
    let world = World::new().await;
    let message = world.write(NESTS).await;
    world.look(message, NESTS).await;
    // Edited on a node that could not reach the records.
    world.chat.edit(&world.alice, message, BOATS.to_owned()).await.unwrap();
    assert_eq!(world.kept(message).await.unwrap(), [NESTS]);
    assert!(world.shown(message).await.is_empty());
}
