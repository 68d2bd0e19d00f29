//! Searches over memory: rights, names, pages, and an index that follows the log.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{NoteCode, Search, SearchNews, SearchPage, SearchPorts, SearchSort, SearchWish};
use crate::chat::{Caller, People, PeopleError};
use crate::domain::{
    Access, Answer, Bucket, Byline, Channel, ChannelId, ChannelKind, ChannelRole, ClientMessageId,
    Connection, ConnectionId, ConnectionKind, Entry, Epoch, Event, Job, JobId, JobState, MessageId,
    MessageKind, OrgId, OrgRole, Posted, Priority, Schema, Seq, Timestamp, UserId,
};
use crate::memory::{ManualClock, MemoryDirectory, MemoryLog, MemoryQuestions, MemorySearchIndex};
use crate::ports::{
    Answers, Append, AppendOutcome, Claim, ClaimOutcome, Directory, MessageLog, NewChannel,
    SearchIndex, TappedLog,
};

const ORG: OrgId = OrgId::from_u128(1);
const ADA: UserId = UserId::from_u128(21);
const BEN: UserId = UserId::from_u128(22);
const SHOP: ConnectionId = ConnectionId::from_u128(31);

/// Ada and Ben.
struct Two;

#[async_trait]
impl People for Two {
    async fn by_usernames(
        &self,
        _: OrgId,
        usernames: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        let all = [("ada", ADA), ("ben", BEN)];
        let asked = |name: &str| usernames.iter().any(|asked| asked.eq_ignore_ascii_case(name));
        let found = all.into_iter().filter(|(name, _)| asked(name));
        Ok(found.map(|(name, user)| (name.to_owned(), user)).collect())
    }

    async fn bylines(&self, _: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        Ok(users.iter().map(|user| byline(*user)).collect())
    }
}

fn byline(user: UserId) -> Byline {
    Byline { user, username: user.to_string(), full_name: String::new(), avatar_url: String::new() }
}

fn caller(user: UserId) -> Caller {
    Caller {
        org: ORG,
        byline: byline(user),
        role: OrgRole::Analyst,
        is_superuser: false,
        login: None,
        token: None,
    }
}

struct World {
    search: Search,
    log: Arc<dyn MessageLog>,
    directory: Arc<MemoryDirectory>,
    data: Arc<MemoryQuestions>,
    index: Arc<MemorySearchIndex>,
    /// How long each channel's log is.
    written: std::collections::BTreeMap<ChannelId, u64>,
}

impl World {
    fn new() -> Self {
        let (memory, news) = (Arc::new(MemoryLog::default()), SearchNews::default());
        let log: Arc<dyn MessageLog> = Arc::new(TappedLog::new(memory.clone(), news.clone()));
        let directory = Arc::new(MemoryDirectory::default());
        let data = Arc::new(MemoryQuestions::default());
        let index = Arc::new(MemorySearchIndex::default());
        let ports = SearchPorts {
            index: index.clone(),
            log: Arc::clone(&log),
            history: memory,
            directory: directory.clone(),
            people: Arc::new(Two),
            answers: data.clone(),
            catalog: data.clone(),
            clock: Arc::new(ManualClock::default()),
        };
        let search = Search::new(ports, news);
        Self { search, log, directory, data, index, written: Default::default() }
    }

    async fn channel(&mut self, number: u128, kind: ChannelKind, members: &[UserId]) -> ChannelId {
        let id = ChannelId::from_u128(number);
        let channel = Channel {
            id,
            org: ORG,
            kind,
            name: format!("channel-{number}"),
            description: String::new(),
            topic: String::new(),
            owner: ADA,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            member_count: 0,
        };
        let members = members.iter().map(|user| (*user, ChannelRole::Member)).collect();
        self.directory.create(NewChannel { channel, members }).await.unwrap();
        let claim = Claim {
            channel: id,
            bucket: Bucket(0),
            expected: None,
            epoch: Epoch(1),
            opening_seq: Seq(0),
        };
        assert_eq!(self.log.claim(claim).await, Ok(ClaimOutcome::Applied));
        id
    }

    async fn append(&mut self, channel: ChannelId, by: UserId, event: Event) -> Seq {
        let last = self.written.entry(channel).or_default();
        let last_seq = Seq(*last);
        *last += 1;
        let seq = Seq(*last);
        let at = Timestamp(seq.0.cast_signed() * 60_000);
        let entry = Entry { channel, seq, ordinal: seq.0, by: byline(by), at, event };
        let (bucket, epoch) = (Bucket(0), Epoch(1));
        let append = Append { channel, bucket, epoch, last_seq, entries: vec![entry] };
        assert_eq!(self.log.append(append).await, Ok(AppendOutcome::Applied));
        seq
    }

    async fn says(&mut self, channel: ChannelId, by: UserId, content: &str) -> MessageId {
        let next = self.written.get(&channel).copied().unwrap_or_default() + 1;
        let id = MessageId::from_u128(channel.as_u128() << 64 | u128::from(next));
        self.append(channel, by, Event::Posted(posted(id, content))).await;
        id
    }

    async fn looks(&self, user: UserId, text: &str) -> SearchPage {
        let wish = SearchWish { text: text.to_owned(), limit: 10, ..SearchWish::default() };
        self.search.find(&caller(user), wish).await.unwrap()
    }

    async fn finds(&self, user: UserId, text: &str) -> Vec<String> {
        contents(&self.looks(user, text).await)
    }
}

fn contents(page: &SearchPage) -> Vec<String> {
    page.messages.iter().map(|message| message.content.clone()).collect()
}

fn posted(id: MessageId, content: &str) -> Posted {
    Posted {
        id,
        kind: MessageKind::Text,
        content: content.to_owned(),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: None,
    }
}

#[tokio::test]
async fn only_what_the_reader_may_read_is_found_and_counted() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    let private = world.channel(2, ChannelKind::Private, &[ADA]).await;
    world.says(open, ADA, "open heron").await;
    world.says(private, ADA, "secret heron").await;
    assert_eq!(world.looks(ADA, "heron").await.total, 2);
    let seen = world.looks(BEN, "heron").await;
    assert_eq!((contents(&seen), seen.total), (vec!["open heron".to_owned()], 1));
    assert_eq!(world.finds(BEN, "secret").await, Vec::<String>::new());

    world.directory.add_member(private, BEN, ChannelRole::Member, Timestamp(0)).await.unwrap();
    assert_eq!(world.finds(BEN, "secret").await, ["secret heron"]);
    world.directory.remove_member(private, BEN).await.unwrap();
    assert_eq!(world.finds(BEN, "secret").await, Vec::<String>::new());
    let by_name = world.looks(BEN, "heron in:channel-2").await;
    assert_eq!((by_name.messages.len(), by_name.notes[0].code), (0, NoteCode::UnknownChannel));
    let by_id = world.looks(BEN, &format!("heron in:{private}")).await;
    assert_eq!((by_id.messages.len(), by_id.notes[0].code), (0, NoteCode::UnknownChannel));
}

#[tokio::test]
async fn a_guest_finds_nothing_in_channels_that_they_are_not_in() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    world.says(open, ADA, "open heron").await;
    let guest = Caller { role: OrgRole::Guest, ..caller(BEN) };
    let wish = SearchWish { text: "heron".to_owned(), limit: 10, ..SearchWish::default() };
    assert_eq!(world.search.find(&guest, wish).await.unwrap().total, 0);
}

#[tokio::test]
async fn edits_and_deletions_are_found_as_they_are_now() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    let message = world.says(open, ADA, "old heron").await;
    assert_eq!(world.finds(ADA, "old").await, ["old heron"]);
    let content = "new egret".to_owned();
    let edited = Event::Edited { message, target: Seq(1), content, mentions: Vec::new() };
    world.append(open, ADA, edited).await;
    assert_eq!(world.finds(ADA, "old").await, Vec::<String>::new());
    assert_eq!(world.finds(ADA, "egret").await, ["new egret"]);
    world.append(open, ADA, Event::Deleted { message, target: Seq(1) }).await;
    assert_eq!(world.finds(ADA, "egret").await, Vec::<String>::new());
}

#[tokio::test]
async fn names_mean_people_and_channels_and_unknown_ones_find_nothing() {
    let mut world = World::new();
    let one = world.channel(1, ChannelKind::Public, &[ADA]).await;
    let two = world.channel(2, ChannelKind::Public, &[ADA]).await;
    world.says(one, ADA, "heron of ada").await;
    world.says(two, BEN, "heron of ben").await;
    assert_eq!(world.finds(BEN, "heron from:me").await, ["heron of ben"]);
    assert_eq!(world.finds(BEN, "from:@ADA").await, ["heron of ada"]);
    assert_eq!(world.finds(BEN, "heron in:#Channel-2").await, ["heron of ben"]);
    assert_eq!(world.finds(BEN, "heron -in:channel-2").await, ["heron of ada"]);
    assert_eq!(world.finds(BEN, &format!("in:{one}")).await, ["heron of ada"]);
    let nobody = world.looks(BEN, "heron from:carl").await;
    assert_eq!((nobody.total, nobody.notes[0].code), (0, NoteCode::UnknownPerson));
    let known = world.looks(BEN, "heron from:carl from:ada").await;
    assert_eq!(contents(&known), ["heron of ada"]);
    let only = world.looks(BEN, "-heron").await;
    assert_eq!((only.total, only.notes[0].code), (0, NoteCode::OnlyExclusions));
    assert_eq!(world.looks(BEN, "").await.notes, []);
}

fn answer(job: JobId, content: &str) -> Answer {
    let asked = Job {
        id: job,
        org: ORG,
        channel: ChannelId::from_u128(1),
        thread: None,
        message: MessageId::from_u128(1),
        asked_by: byline(ADA),
        role: OrgRole::Analyst,
        question: "how much".to_owned(),
        context: None,
        connection: Some(SHOP),
        priority: Priority::Person,
        state: JobState::Done,
        sql: None,
        is_approved: false,
        node: None,
        attempts: 1,
        answer: None,
        error: None,
        timings: Vec::new(),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        finished_at: None,
    };
    Answer {
        content: content.to_owned(),
        sql: "SELECT 1".to_owned(),
        ..Answer::blank(&asked, Timestamp(0))
    }
}

#[tokio::test]
async fn an_answer_is_found_by_those_who_may_use_its_data_now() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA, BEN]).await;
    let shop = |access| Connection {
        id: SHOP,
        org: ORG,
        name: "shop".to_owned(),
        kind: ConnectionKind::Sqlite,
        access,
        is_active: true,
        version: 1,
    };
    world.data.connect(shop(Access::Organization), Schema::default());
    let job = JobId::from_u128(5);
    Answers::put(&*world.data, &answer(job, "Bergen leads with 41")).await.unwrap();
    let posted = Posted {
        kind: MessageKind::Answer,
        client_message_id: ClientMessageId::new(job.to_string()).ok(),
        ..posted(MessageId::from_u128(9), "Bergen leads with 41")
    };
    world.append(open, UserId::from_u128(99), Event::Posted(posted)).await;
    assert_eq!(world.looks(BEN, "bergen").await.total, 1);
    assert_eq!(world.looks(BEN, "has:answer").await.total, 1);

    world.data.connect(shop(Access::Users(vec![ADA])), Schema::default());
    assert_eq!(world.looks(BEN, "bergen").await.total, 0);
    assert_eq!(world.looks(BEN, "has:answer").await.total, 0);
    assert_eq!(world.looks(ADA, "bergen").await.total, 1);
}

#[tokio::test]
async fn pages_stay_in_place_while_messages_come() {
    for sort in [SearchSort::Relevance, SearchSort::Newest] {
        let mut world = World::new();
        let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
        for number in 0..25 {
            world.says(open, ADA, &format!("heron {number}")).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let text = "heron".to_owned();
            let wish = SearchWish { text, sort, limit: 10, cursor, utc_offset_minutes: 0 };
            let page = world.search.find(&caller(ADA), wish).await.unwrap();
            seen.extend(contents(&page));
            world.says(open, ADA, "heron late").await;
            let Some(next) = page.next else { break };
            cursor = Some(next.to_string().parse().unwrap());
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 25, "{sort:?}: {seen:?}");
        assert!(!seen.contains(&"heron late".to_owned()));
    }
}

#[tokio::test]
async fn words_are_marked_where_they_stand() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    world.says(open, ADA, "the late order").await;
    let page = world.looks(ADA, "\"late order\" -draft").await;
    let marks = page.marker.marks(&page.messages[0].content);
    assert_eq!(marks.iter().map(|mark| (mark.start, mark.end)).collect::<Vec<_>>(), [(4, 14)]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_was_searched_once_is_followed_in_the_background() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    world.says(open, ADA, "heron").await;
    world.looks(ADA, "").await;
    let search = world.search.clone();
    let following = tokio::spawn(async move { match search.run().await {} });
    for _ in 0..3 {
        world.says(open, ADA, "egret").await;
    }
    let caught_up = async {
        loop {
            let position = world.index.positions(ORG, &[open]).await.unwrap()[0];
            if position.is_some_and(|position| position.seq == Seq(4)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), caught_up).await.expect("it follows");
    following.abort();
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_process_has_indexed_is_followed_from_the_start() {
    let mut world = World::new();
    let open = world.channel(1, ChannelKind::Public, &[ADA]).await;
    world.says(open, ADA, "heron").await;
    world.looks(ADA, "").await;
    world.says(open, ADA, "egret").await;
    // Another process over the same index, that has heard of nothing.
    let ports = world.search.inner.ports.clone();
    let search = Search::new(ports, SearchNews::default());
    let following = tokio::spawn(async move { match search.run().await {} });
    let caught_up = async {
        loop {
            let position = world.index.positions(ORG, &[open]).await.unwrap()[0];
            if position.is_some_and(|position| position.seq == Seq(2)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), caught_up).await.expect("it follows");
    following.abort();
}
