//! What the suites cannot see: buckets' ends in small, crashes between an append's writes, and the
//! rows themselves.

use starling_actors::domain::{
    Bucket, Byline, ChannelId, ClientMessageId, Entry, Epoch, Event, MessageId, MessageKind,
    Posted, Seq, ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{
    Append, AppendOutcome, Around, Claim, ClaimOutcome, History, IdempotencyKey, MessageLog,
    SoughtKey,
};

use super::shared_store;
use crate::adapters::scylla::{ScyllaLog, Statement, uuid};

/// Entries in a bucket of these tests.
const BUCKET_ENTRIES: u64 = 4;
const ANN: UserId = UserId::from_u128(1);
const BOB: UserId = UserId::from_u128(2);

const ROW: Statement = Statement::read(
    "test",
    "SELECT body FROM messages WHERE channel = ? AND bucket = ? AND kind = 0 AND cmid = ''
     AND seq = ?",
);
const ERASURES: Statement =
    Statement::read("test", "SELECT seq, target FROM erasures WHERE channel = ?");
const MISLEAD: Statement = Statement::write(
    "test",
    "INSERT INTO heads (channel, seq, ordinal) VALUES (?, ?, 0) USING TIMESTAMP ?",
);

/// A channel of its own, whose owner has epoch 1.
struct Channel {
    log: ScyllaLog,
    id: ChannelId,
    salt: u128,
    last: u64,
    ordinal: u64,
}

impl Channel {
    async fn new() -> Self {
        let salt = rand::random::<u128>() << 32;
        let log = shared_store().log().with_buckets(BUCKET_ENTRIES);
        let channel = Self { log, id: ChannelId::from_u128(salt), salt, last: 0, ordinal: 0 };
        channel.open(0, 0).await;
        channel
    }

    async fn open(&self, bucket: u64, end: u64) {
        let claim = Claim {
            channel: self.id,
            bucket: Bucket(bucket),
            expected: None,
            epoch: Epoch(1),
            opening_seq: Seq(end),
        };
        assert_eq!(self.log.claim(claim).await, Ok(ClaimOutcome::Applied));
    }

    fn message(&self, seq: u64) -> MessageId {
        MessageId::from_u128(self.salt | u128::from(seq))
    }

    /// The next append with events of people, each at the next position.
    fn next(&mut self, events: Vec<(UserId, Event)>) -> Append {
        let last_seq = Seq(self.last);
        let bucket = Bucket(self.last / BUCKET_ENTRIES);
        let entries = events.into_iter().map(|(user, event)| {
            self.last += 1;
            self.ordinal += u64::from(matches!(event, Event::Posted(_)));
            Entry {
                channel: self.id,
                seq: Seq(self.last),
                ordinal: self.ordinal,
                by: byline(user),
                at: Timestamp(self.last.cast_signed()),
                event,
            }
        });
        let entries = entries.collect();
        Append { channel: self.id, bucket, epoch: Epoch(1), last_seq, entries }
    }

    /// Appends, opening the next bucket when this one is full.
    async fn write(&mut self, events: Vec<(UserId, Event)>) {
        if self.last > 0 && self.last.is_multiple_of(BUCKET_ENTRIES) {
            self.open(self.last / BUCKET_ENTRIES, self.last).await;
        }
        let append = self.next(events);
        assert_eq!(self.log.append(append).await, Ok(AppendOutcome::Applied));
    }

    /// What a message says; its id follows from its position.
    fn post(&self, seq: u64, thread: Option<ThreadId>, mentions: &[UserId]) -> Event {
        Event::Posted(Posted {
            id: self.message(seq),
            kind: MessageKind::Text,
            content: format!("secret {seq}"),
            thread,
            parent: None,
            mentions: mentions.to_vec(),
            attachments: Vec::new(),
            client_message_id: Some(ClientMessageId::new(format!("key-{seq}")).unwrap()),
        })
    }

    fn edit(&self, target: u64, mentions: &[UserId]) -> Event {
        let (message, target) = (self.message(target), Seq(target));
        Event::Edited {
            message,
            target,
            content: "secret edit".to_owned(),
            mentions: mentions.to_vec(),
        }
    }

    fn delete(&self, target: u64) -> Event {
        Event::Deleted { message: self.message(target), target: Seq(target) }
    }

    fn react(&self, target: u64) -> Event {
        let (message, target) = (self.message(target), Seq(target));
        Event::Reacted { message, target, emoji: "+".to_owned(), added: true }
    }

    /// Fills the first bucket with Ann's messages, of which 2 and 4 name Bob.
    async fn filled(&mut self) {
        let posts = (1..=4).map(|seq| {
            let mentions = if seq % 2 == 0 { vec![BOB] } else { Vec::new() };
            (ANN, self.post(seq, None, &mentions))
        });
        let posts = posts.collect();
        self.write(posts).await;
    }

    async fn has_words(&self, seq: u64) -> bool {
        let bucket = ((seq - 1) / BUCKET_ENTRIES).cast_signed();
        let place = (uuid(self.id.as_u128()), bucket, seq.cast_signed());
        let row: Option<(Vec<u8>,)> = self.log.session.row(&ROW, place).await.unwrap();
        row.unwrap().0.windows(6).any(|part| part == b"secret")
    }

    async fn erasures(&self) -> Vec<(i64, i64)> {
        self.log.session.rows(&ERASURES, (uuid(self.id.as_u128()),)).await.unwrap()
    }

    /// Keeps another head; `turn` makes it newer than what is kept.
    async fn mislead(&self, seq: u64, turn: i64) {
        let head = (uuid(self.id.as_u128()), seq.cast_signed(), 1000 + turn);
        self.log.session.write(&MISLEAD, head).await.unwrap();
    }
}

fn byline(user: UserId) -> Byline {
    Byline { user, username: String::new(), full_name: String::new(), avatar_url: String::new() }
}

#[tokio::test]
async fn changes_in_later_buckets_are_laid_over_messages() {
    let mut channel = Channel::new().await;
    channel.filled().await;
    let changes = vec![
        (ANN, channel.edit(2, &[])),
        (BOB, channel.react(2)),
        (ANN, channel.edit(3, &[BOB])),
        (ANN, channel.delete(4)),
    ];
    channel.write(changes).await;

    let log = &channel.log;
    let page = log.page(channel.id, None, Around::Newest, false, 10).await.unwrap();
    let seen: Vec<_> = page.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(seen, ["secret 1", "secret edit", "secret edit", ""]);
    assert_eq!(page.messages[1].reactions.len(), 1);
    let entries = log.entries(channel.id, Seq(1), 10).await.unwrap();
    assert_eq!(entries.len(), 7, "over the bucket's end");
    let words = |place: usize| entries[place].posted().map(|posted| posted.content.as_str());
    assert_eq!((words(0), words(2)), (Some("secret edit"), Some("")));
    let versions = log.versions(channel.message(2)).await.unwrap();
    assert_eq!(versions.iter().map(|old| old.content.as_str()).collect::<Vec<_>>(), ["secret 2"]);
    // Of those that named Bob one was edited and one deleted; an edit of a third names him now.
    let unread = log.unread(BOB, &[(channel.id, Seq(0)), (channel.id, Seq(3))]).await.unwrap();
    assert_eq!((unread[0].messages, unread[0].mentions), (4, 1));
    assert_eq!((unread[1].messages, unread[1].mentions), (1, 0));
}

#[tokio::test]
async fn a_deletion_empties_the_rows_of_older_buckets() {
    let mut channel = Channel::new().await;
    channel.filled().await;
    let changes = vec![(ANN, channel.edit(2, &[])), (ANN, channel.delete(2))];
    channel.write(changes).await;

    assert!(!channel.has_words(2).await && !channel.has_words(5).await);
    assert!(channel.has_words(1).await && channel.has_words(3).await);
    assert!(channel.erasures().await.is_empty());
}

#[tokio::test]
async fn what_a_crash_leaves_after_the_batch_is_done_by_the_next_read_of_the_fence() {
    let mut channel = Channel::new().await;
    channel.filled().await;
    channel.open(1, 4).await;
    let events = vec![(ANN, channel.delete(2)), (ANN, channel.post(6, None, &[]))];
    let append = channel.next(events);
    // The owner dies right after its conditional write.
    assert_eq!(channel.log.commit(&append).await.map(|(is_applied, _)| is_applied), Ok(true));
    assert!(channel.has_words(2).await);
    assert_eq!(channel.log.heads(&[channel.id]).await.unwrap()[0].seq, Seq(4));

    let log = &channel.log;
    let deleted = History::message(log, channel.message(2)).await.unwrap().unwrap();
    assert!(deleted.is_deleted, "readers see it already");
    let head = log.head(channel.id).await.unwrap();
    assert_eq!((head.seq, head.ordinal), (Seq(6), 5), "and the head");

    let fence = log.bucket(channel.id, Bucket(1)).await.unwrap().unwrap();
    assert_eq!(fence.last_seq, Seq(6));
    assert!(!channel.has_words(2).await);
    assert!(channel.erasures().await.is_empty());
    assert_eq!(log.heads(&[channel.id]).await.unwrap()[0], head);
}

#[tokio::test]
async fn a_refused_deletion_destroys_nothing() {
    let mut channel = Channel::new().await;
    channel.filled().await;
    channel.open(1, 4).await;
    let events = vec![(ANN, channel.delete(2))];
    let deposed = Append { epoch: Epoch(9), ..channel.next(events) };
    let refused = channel.log.append(deposed).await;
    assert!(matches!(refused, Ok(AppendOutcome::Refused(Some(_)))));
    assert_eq!(channel.erasures().await, [(5, 2)], "it may still be under way");

    channel.last = 4;
    let events = vec![(ANN, channel.post(5, None, &[]))];
    let append = channel.next(events);
    assert_eq!(channel.log.append(append).await, Ok(AppendOutcome::Applied));
    channel.log.bucket(channel.id, Bucket(1)).await.unwrap();

    assert!(channel.has_words(2).await);
    assert!(channel.erasures().await.is_empty(), "its position is taken");
    let kept = History::message(&channel.log, channel.message(2)).await.unwrap().unwrap();
    assert!(!kept.is_deleted);
}

#[tokio::test]
async fn a_place_that_was_never_appended_to_holds_no_message() {
    let mut channel = Channel::new().await;
    let events = vec![(ANN, channel.post(7, None, &[]))];
    let refused = Append { epoch: Epoch(9), ..channel.next(events) };
    channel.log.append(refused).await.unwrap();
    channel.last = 0;
    let events = vec![(ANN, channel.post(1, None, &[]))];
    channel.write(events).await;

    let log = &channel.log;
    assert_eq!(History::message(log, channel.message(7)).await, Ok(None));
    assert!(History::message(log, channel.message(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_wrong_hint_leads_to_the_newest_bucket() {
    let mut channel = Channel::new().await;
    channel.filled().await;
    let events = vec![(ANN, channel.post(5, None, &[]))];
    channel.write(events).await;
    let of = |seq: u64, after| {
        let client_message_id = ClientMessageId::new(format!("key-{seq}")).unwrap();
        let key = IdempotencyKey { author: ANN, client_message_id };
        SoughtKey { key, after }
    };

    for (turn, hint) in (0..).zip([1, 90, 5]) {
        channel.mislead(hint, turn).await;
        let head = channel.log.head(channel.id).await.unwrap();
        assert_eq!((head.seq, head.ordinal), (Seq(5), 5), "from {hint}");
        let keys = [of(1, None), of(5, None), of(6, None)];
        let stored = channel.log.stored_keys(channel.id, &keys).await.unwrap();
        let mut seqs: Vec<_> = stored.iter().map(|key| key.seq.0).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, [1, 5], "from {hint}");
    }
}

#[tokio::test]
async fn each_key_is_sought_above_its_own_position_over_many_buckets() {
    let mut channel = Channel::new().await;
    for seq in 1..=18 {
        let events = vec![(ANN, channel.post(seq, None, &[]))];
        channel.write(events).await;
    }
    let of = |seq: u64, after: Option<u64>| {
        let client_message_id = ClientMessageId::new(format!("key-{seq}")).unwrap();
        let key = IdempotencyKey { author: ANN, client_message_id };
        SoughtKey { key, after: after.map(Seq) }
    };

    let keys = [of(1, Some(0)), of(2, None), of(6, Some(5)), of(7, Some(7)), of(13, None)];
    let stored = channel.log.stored_keys(channel.id, &keys).await.unwrap();

    let mut seqs: Vec<_> = stored.iter().map(|key| key.seq.0).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, [1, 6, 13], "2 is two buckets back, 7 is not above its position");
}

#[tokio::test]
async fn a_thread_is_read_and_counted_over_buckets_ends() {
    let thread = ThreadId::from_u128(7);
    let mut channel = Channel::new().await;
    for round in 0..3 {
        let first = round * 4 + 1;
        let mut events = vec![(ANN, channel.post(first, Some(thread), &[]))];
        events.extend((1..4).map(|more| (BOB, channel.post(first + more, None, &[]))));
        channel.write(events).await;
    }
    let deletion = vec![(ANN, channel.delete(5)), (BOB, channel.post(14, Some(thread), &[]))];
    channel.write(deletion).await;

    let log = &channel.log;
    let of = |around| log.page(channel.id, Some(thread), around, false, 2);
    let seqs = |messages: Vec<starling_actors::domain::Message>| {
        messages.iter().map(|message| message.seq.0).collect::<Vec<_>>()
    };
    let newest = of(Around::Newest).await.unwrap();
    assert_eq!((seqs(newest.messages), newest.has_more), (vec![9, 14], true));
    let before = of(Around::Before(Seq(9))).await.unwrap();
    assert_eq!((seqs(before.messages), before.has_more), (vec![1, 5], false));
    let after = of(Around::After(Seq(1))).await.unwrap();
    assert_eq!((seqs(after.messages), after.has_more), (vec![5, 9], true));
    let counts = log.thread_counts(channel.id, thread).await.unwrap();
    assert_eq!((counts.participants, counts.messages), (2, 3));
    let outside = log.page(channel.id, None, Around::After(Seq(3)), false, 4).await.unwrap();
    assert_eq!(seqs(outside.messages), [4, 6, 7, 8]);
    let all = log.page(channel.id, None, Around::Before(Seq(7)), true, 3).await.unwrap();
    assert_eq!(seqs(all.messages), [4, 5, 6]);
}
