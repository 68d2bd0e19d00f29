//! The contract of [`History`], line by line, over the log that it is kept beside.

use std::sync::Arc;

use super::fixtures::{
    ADA, BEN, CHANNEL, ELSEWHERE, append, by, byline, claim, deleted, edited, id, joined, message,
    naming, posted, reacted, reply, with_file, written,
};
use crate::domain::{
    Entry, Event, Message, Posted, Reaction, Seq, ThreadId, Timestamp, UserId, Version,
};
use crate::ports::{AppendOutcome, Around, Claim, ClaimOutcome, History, MessageLog, ThreadCounts};

const THREAD: ThreadId = ThreadId::from_u128(5);

/// A history and the log beside which it is kept.
pub type Adapter = (Arc<dyn MessageLog>, Arc<dyn History>);

async fn page(
    history: &Arc<dyn History>,
    thread: Option<ThreadId>,
    around: Around,
    include_threads: bool,
    limit: usize,
) -> (Vec<u64>, bool) {
    let page = history.page(CHANNEL, thread, around, include_threads, limit).await.unwrap();
    (page.messages.iter().map(|message| message.seq.0).collect(), page.has_more)
}

async fn stored(history: &Arc<dyn History>, seq: u64) -> Message {
    history.message(id(seq)).await.unwrap().unwrap()
}

async fn unread(history: &Arc<dyn History>, reader: UserId, after: u64) -> (u64, u64) {
    let counts = history.unread(reader, &[(CHANNEL, Seq(after))]).await.unwrap();
    assert_eq!(counts.len(), 1);
    (counts[0].messages, counts[0].mentions)
}

/// Entries with the ordinals that their owner gives them: messages up to and with each.
fn counted(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut ordinal = 0;
    for entry in &mut entries {
        ordinal += u64::from(entry.posted().is_some());
        entry.ordinal = ordinal;
    }
    entries
}

fn reaction(emoji: &str, users: &[UserId]) -> Reaction {
    Reaction { emoji: emoji.to_owned(), users: users.to_vec() }
}

/// A message is there with all it was written with, and one that never was is not found.
pub async fn a_message_is_there_as_it_was_written((log, history): Adapter) {
    let posted = Posted { thread: Some(THREAD), parent: Some(id(9)), ..posted(1) };
    let entry = by(ADA, 1, Event::Posted(posted.clone()));
    written(&log, vec![entry.clone()]).await;
    assert_eq!(history.message(id(1)).await, Ok(Some(Message::posted(&entry, &posted))));
    assert_eq!(history.message(id(2)).await, Ok(None));
}

/// A page is in the order of the log, oldest first, and holds messages only.
pub async fn a_page_is_in_the_order_of_the_log_and_holds_messages_only((log, history): Adapter) {
    written(&log, vec![message(1), joined(2, BEN), message(3), edited(4, 1, "new", &[])]).await;
    assert_eq!(page(&history, None, Around::Newest, false, 10).await, (vec![1, 3], false));
    let elsewhere = history.page(ELSEWHERE, None, Around::Newest, true, 10).await.unwrap();
    assert_eq!((elsewhere.messages, elsewhere.has_more), (Vec::new(), false));
}

/// A page is beside the position asked for, and says whether there is more in its direction.
pub async fn a_page_says_whether_there_is_more_in_its_direction((log, history): Adapter) {
    written(&log, (1..=9).map(message).collect()).await;
    for (around, limit, expected) in [
        (Around::Newest, 3, (vec![7, 8, 9], true)),
        (Around::Newest, 9, ((1..=9).collect(), false)),
        (Around::Before(Seq(4)), 3, (vec![1, 2, 3], false)),
        (Around::Before(Seq(5)), 3, (vec![2, 3, 4], true)),
        (Around::Before(Seq(1)), 3, (vec![], false)),
        (Around::After(Seq(3)), 3, (vec![4, 5, 6], true)),
        (Around::After(Seq(6)), 3, (vec![7, 8, 9], false)),
        (Around::After(Seq(9)), 3, (vec![], false)),
        (Around::Around(Seq(5)), 4, (vec![3, 4, 5, 6], true)),
        (Around::Around(Seq(2)), 4, (vec![1, 2, 3], false)),
        (Around::Around(Seq(5)), 1, (vec![5], true)),
        (Around::Around(Seq(9)), 4, (vec![7, 8, 9], true)),
    ] {
        assert_eq!(page(&history, None, around, false, limit).await, expected, "{around:?}");
    }
}

/// Messages of threads are left out of the channel's pages unless asked for, and a thread's page
/// holds its own only.
pub async fn messages_of_threads_are_left_out_unless_asked_for((log, history): Adapter) {
    let other = ThreadId::from_u128(6);
    written(&log, vec![message(1), reply(BEN, 2, THREAD), reply(ADA, 3, other), message(4)]).await;
    assert_eq!(page(&history, None, Around::Newest, false, 10).await.0, [1, 4]);
    assert_eq!(page(&history, None, Around::Newest, true, 10).await.0, [1, 2, 3, 4]);
    assert_eq!(page(&history, Some(THREAD), Around::Newest, false, 10).await.0, [2]);
    assert_eq!(page(&history, Some(other), Around::After(Seq(0)), true, 10).await.0, [3]);
}

/// Every applied append is visible in all of it before the append returns.
pub async fn an_edit_is_visible_at_once_and_keeps_the_earlier_text((log, history): Adapter) {
    written(&log, vec![message(1), edited(2, 1, "two", &[BEN]), edited(3, 1, "three", &[])]).await;
    let message = stored(&history, 1).await;
    assert_eq!((message.content.as_str(), message.is_edited), ("three", true));
    assert_eq!((message.created_at, message.updated_at), (Timestamp(1), Timestamp(3)));
    assert!(message.mentions.is_empty());
    let version = |content: &str, at| Version { content: content.to_owned(), by: ADA, at };
    let versions = vec![version("words 1", Timestamp(1)), version("two", Timestamp(2))];
    assert_eq!(history.versions(id(1)).await, Ok(versions));
    assert_eq!(history.versions(id(2)).await, Ok(Vec::new()));
}

/// Reactions are in the order of their first use, and people in theirs; one that nobody has any
/// more is gone, and comes last when it is used again.
pub async fn reactions_keep_the_order_of_their_first_use((log, history): Adapter) {
    let react = |user, seq, emoji, added| reacted(user, seq, 1, emoji, added);
    let entries = vec![
        message(1),
        react(BEN, 2, "a", true),
        react(BEN, 3, "b", true),
        react(ADA, 4, "a", true),
        react(ADA, 5, "a", true),
        react(BEN, 6, "a", false),
        react(BEN, 7, "b", false),
        react(BEN, 8, "b", false),
        react(ADA, 9, "c", true),
        react(ADA, 10, "b", true),
    ];
    written(&log, entries).await;
    let expected = [reaction("a", &[ADA]), reaction("c", &[ADA]), reaction("b", &[ADA])];
    assert_eq!(stored(&history, 1).await.reactions, expected);
    let page = history.page(CHANNEL, None, Around::Newest, false, 10).await.unwrap();
    assert_eq!(page.messages[0].reactions, expected, "a page shows the same");
}

/// A deleted message keeps its place without words, files, reactions or earlier versions.
pub async fn a_deleted_message_keeps_its_place_and_nothing_else((log, history): Adapter) {
    let edit = edited(2, 1, "new", &[BEN]);
    written(&log, vec![with_file(1), edit, reacted(BEN, 3, 1, "a", true), deleted(4, 1)]).await;
    let message = stored(&history, 1).await;
    assert!(message.is_deleted && message.content.is_empty() && message.mentions.is_empty());
    assert!(message.attachments.is_empty() && message.reactions.is_empty());
    assert_eq!((message.seq, message.author.user), (Seq(1), ADA));
    assert_eq!(history.versions(id(1)).await, Ok(Vec::new()));
    assert_eq!(page(&history, None, Around::Newest, false, 10).await.0, [1]);
}

/// Nothing changes a deleted message.
pub async fn nothing_changes_a_deleted_message((log, history): Adapter) {
    let late = vec![edited(3, 1, "late", &[BEN]), reacted(BEN, 4, 1, "a", true), deleted(5, 1)];
    written(&log, counted([vec![message(1), deleted(2, 1)], late].concat())).await;
    let message = stored(&history, 1).await;
    assert_eq!((message.content.as_str(), message.reactions.len()), ("", 0));
    assert_eq!(message.updated_at, Timestamp(2));
    assert_eq!(history.versions(id(1)).await, Ok(Vec::new()));
    assert_eq!(unread(&history, BEN, 0).await, (1, 0));
}

/// An entry changes messages of its own channel only.
pub async fn an_entry_changes_no_message_of_another_channel((log, history): Adapter) {
    written(&log, vec![message(1)]).await;
    let opening = Claim { channel: ELSEWHERE, ..claim(None, 1) };
    assert_eq!(log.claim(opening).await, Ok(ClaimOutcome::Applied));
    let entries = [edited(1, 1, "new", &[]), reacted(BEN, 2, 1, "a", true), deleted(3, 1)];
    let entries = entries.map(|entry| Entry { channel: ELSEWHERE, ..entry }).to_vec();
    assert_eq!(log.append(append(1, 0, entries)).await, Ok(AppendOutcome::Applied));
    assert_eq!(stored(&history, 1).await, Message::posted(&message(1), &posted(1)));
}

/// Unread are messages of others above the position; mentions those of them that name the reader.
pub async fn unread_counts_messages_of_others_above_a_position((log, history): Adapter) {
    let own = by(BEN, 2, Event::Posted(Posted { mentions: vec![BEN], ..posted(2) }));
    let entries = vec![naming(1, &[BEN, ADA]), own, joined(3, BEN), naming(4, &[BEN]), message(5)];
    written(&log, counted(entries)).await;
    for (reader, after, expected) in [
        (BEN, 0, (3, 2)),
        (BEN, 1, (2, 1)),
        (BEN, 4, (1, 0)),
        (BEN, 5, (0, 0)),
        (BEN, u64::MAX, (0, 0)),
        (ADA, 0, (1, 0)),
    ] {
        let counts = unread(&history, reader, after).await;
        assert_eq!(counts, expected, "{reader:?} after {after}");
    }
}

/// Several channels are counted at once, in the order asked for.
pub async fn unread_of_several_channels_comes_in_the_order_asked_for((log, history): Adapter) {
    written(&log, vec![message(1), naming(2, &[BEN])]).await;
    let places = [(ELSEWHERE, Seq(0)), (CHANNEL, Seq(1)), (CHANNEL, Seq(0))];
    let counts = history.unread(BEN, &places).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|count| (count.messages, count.mentions)).collect();
    assert_eq!(counts, [(0, 0), (1, 1), (2, 1)]);
    assert_eq!(history.unread(BEN, &[]).await, Ok(Vec::new()));
}

/// An edit calls those whom the new words name, and no others.
pub async fn an_edit_moves_mentions_to_whom_the_new_words_name((log, history): Adapter) {
    let carl = UserId::from_u128(3);
    written(&log, counted(vec![naming(1, &[BEN]), edited(2, 1, "new", &[carl])])).await;
    assert_eq!(unread(&history, BEN, 0).await, (1, 0));
    assert_eq!(unread(&history, carl, 0).await, (1, 1));
}

/// A thread counts who wrote in it and its messages, deleted ones apart.
pub async fn a_thread_counts_its_writers_and_messages((log, history): Adapter) {
    let none = ThreadCounts::default();
    assert_eq!(history.thread_counts(CHANNEL, THREAD).await, Ok(none.clone()));
    let replies = [reply(ADA, 1, THREAD), reply(BEN, 2, THREAD), reply(ADA, 3, THREAD)];
    let others = [message(4), reply(BEN, 5, ThreadId::from_u128(6)), deleted(6, 2)];
    written(&log, [replies, others].concat()).await;
    let counts = ThreadCounts { participants: 1, messages: 2, recent: vec![ADA] };
    assert_eq!(history.thread_counts(CHANNEL, THREAD).await, Ok(counts));
    assert_eq!(history.thread_counts(ELSEWHERE, THREAD).await, Ok(none));
}

/// A thread names the three who wrote last, by their newest messages that are there.
pub async fn a_thread_names_who_wrote_last((log, history): Adapter) {
    let ([carl, dora], other) = ([3, 4].map(UserId::from_u128), ThreadId::from_u128(6));
    let replies = |thread, from: u64, writers: &[UserId]| {
        let places = writers.iter().zip(from..);
        places.map(|(writer, seq)| reply(*writer, seq, thread)).collect::<Vec<Entry>>()
    };
    let here = replies(THREAD, 1, &[carl, ADA, BEN, ADA, dora, BEN]);
    let elsewhere = replies(other, 7, &[carl, ADA, dora, BEN]);
    let gone = vec![deleted(11, 5), deleted(12, 6)];
    written(&log, [here, elsewhere, gone].concat()).await;
    let counts = ThreadCounts { participants: 3, messages: 4, recent: vec![ADA, BEN, carl] };
    assert_eq!(history.thread_counts(CHANNEL, THREAD).await, Ok(counts));
    let counts = ThreadCounts { participants: 4, messages: 4, recent: vec![BEN, dora, ADA] };
    assert_eq!(history.thread_counts(CHANNEL, other).await, Ok(counts));
}

/// The author is shown as they were when they wrote.
pub async fn the_author_stays_as_they_were_when_they_wrote((log, history): Adapter) {
    let renamed = crate::domain::Byline { username: "other".to_owned(), ..byline(ADA) };
    let later = Entry { by: renamed, ..edited(2, 1, "new", &[]) };
    written(&log, vec![message(1), later]).await;
    assert_eq!(stored(&history, 1).await.author, byline(ADA));
}
