//! The index in a folder of its own: the contract, restarts, damage, and what deletion leaves behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use starling_actors::domain::{ChannelId, Generation, MessageId, OrgId, Seq, Timestamp, UserId};
use starling_actors::ports::{
    IndexBatch, IndexChange, IndexPosition, IndexedMessage, SearchIndex, Sought, Words,
};
use tempfile::TempDir;

use super::SearchFiles;

const ORG: OrgId = OrgId::from_u128(1);

fn open(folder: &Path) -> SearchFiles {
    SearchFiles::open(folder, None).unwrap()
}

mod contract {
    use super::*;

    fn fresh() -> (Arc<dyn SearchIndex>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (Arc::new(open(folder.path())), folder)
    }
    starling_actors::search_index_suite!(fresh);
}

fn message(seq: u64, words: &str) -> IndexChange {
    IndexChange::Added(Box::new(IndexedMessage {
        seq: Seq(seq),
        message: MessageId::from_u128(u128::from(seq)),
        author: UserId::from_u128(1),
        at: Timestamp(1_795_311_000_000 + seq.cast_signed()),
        words: words.to_owned(),
        traits: Vec::new(),
        connection: None,
    }))
}

fn channel(number: u128) -> ChannelId {
    ChannelId::from_u128(number)
}

fn batch(number: u128, after: u64, changes: Vec<IndexChange>) -> IndexBatch {
    let up_to = Seq(after + changes.len() as u64);
    IndexBatch {
        channel: channel(number),
        generation: Generation(1),
        after: Seq(after),
        up_to,
        changes,
    }
}

fn sought(numbers: impl IntoIterator<Item = u128>, word: &str) -> Sought {
    let words = vec![Words { text: word.to_owned(), is_prefix: false }];
    Sought { channels: numbers.into_iter().map(channel).collect(), words, ..Sought::default() }
}

async fn found(index: &SearchFiles, sought: &Sought) -> Vec<u128> {
    let found = index.find(ORG, sought, None, 1_000).await.unwrap();
    found.iter().map(|found| found.message.as_u128()).collect()
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join(format!("{ORG}.db"))
}

#[tokio::test]
async fn what_was_taken_in_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    assert_eq!(index.apply(ORG, batch(1, 0, vec![message(1, "heron")])).await, Ok(true));
    drop(index);
    let index = open(folder.path());
    let position = IndexPosition { generation: Generation(1), seq: Seq(1) };
    assert_eq!(index.positions(ORG, &[channel(1)]).await, Ok(vec![Some(position)]));
    assert_eq!(found(&index, &sought([1], "heron")).await, [1]);
    assert_eq!(index.indexed(9).await, Ok(vec![(ORG, channel(1))]));
}

#[tokio::test]
async fn a_question_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    assert_eq!(found(&index, &sought([1], "heron")).await, Vec::<u128>::new());
    assert!(!file(&folder).exists());
}

#[tokio::test]
async fn a_damaged_file_is_thrown_away_and_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(file(&folder), b"this is no database, and long enough to be looked at".repeat(200))
        .unwrap();
    let index = open(folder.path());
    assert_eq!(index.positions(ORG, &[channel(1)]).await, Ok(vec![None]));
    assert_eq!(index.apply(ORG, batch(1, 0, vec![message(1, "heron")])).await, Ok(true));
    assert_eq!(found(&index, &sought([1], "heron")).await, [1]);
}

#[tokio::test]
async fn a_file_of_another_version_is_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    assert_eq!(index.apply(ORG, batch(1, 0, vec![message(1, "heron")])).await, Ok(true));
    drop(index);
    let connection = rusqlite::Connection::open(file(&folder)).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let index = open(folder.path());
    assert_eq!(index.positions(ORG, &[channel(1)]).await, Ok(vec![None]));
    assert_eq!(found(&index, &sought([1], "heron")).await, Vec::<u128>::new());
}

#[tokio::test]
async fn the_words_of_a_deleted_message_leave_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    let words = "quetzalcoatlus";
    let changes = vec![message(1, words), message(2, "heron")];
    assert_eq!(index.apply(ORG, batch(1, 0, changes)).await, Ok(true));
    let removed = vec![IndexChange::Removed { target: Seq(1) }];
    assert_eq!(index.apply(ORG, batch(1, 2, removed)).await, Ok(true));
    drop(index);
    let bytes = fs::read(file(&folder)).unwrap();
    assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()));
    assert!(bytes.windows(5).any(|window| window == b"heron"), "the others stay");
}

#[tokio::test]
async fn a_few_of_many_channels_are_found_in_by_each_of_the_ways() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    let many = 60;
    for number in 1..=many {
        let changes = (0..4).map(|place| message(number * 4 + place, "heron")).collect();
        let number = u128::from(number);
        let batch = IndexBatch { up_to: Seq(400), ..batch(number, 0, changes) };
        assert_eq!(index.apply(ORG, batch).await, Ok(true));
    }
    for wanted in [vec![7], vec![3, 50], (1..=20).collect(), (1..=59).collect(), (1..=60).collect()]
    {
        let count = wanted.len() * 4;
        let sought = sought(wanted.iter().copied(), "heron");
        let messages = found(&index, &sought).await;
        assert_eq!(messages.len(), count, "{wanted:?}");
        assert!(messages.iter().all(|message| wanted.contains(&(message / 4))), "{wanted:?}");
        assert!(messages.is_sorted_by(|a, b| a > b), "newest first");
        assert_eq!(index.count(ORG, &sought, 1_000).await, Ok(count as u64));
    }
}

#[tokio::test]
async fn thousands_of_messages_of_one_moment_have_places_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(folder.path());
    let moment = |seq| match message(seq, "heron") {
        IndexChange::Added(message) => {
            IndexChange::Added(Box::new(IndexedMessage { at: Timestamp(5_000), ..*message }))
        }
        other @ (IndexChange::Reworded { .. }
        | IndexChange::Reacted { .. }
        | IndexChange::Removed { .. }) => other,
    };
    assert_eq!(index.apply(ORG, batch(1, 0, (1..=900).map(moment).collect())).await, Ok(true));
    let all = sought([1], "heron");
    assert_eq!(found(&index, &all).await.len(), 900);
    let until = Some(Timestamp(5_000));
    assert_eq!(index.count(ORG, &Sought { until, ..all.clone() }, 1_000).await, Ok(0));
    let (since, until) = (until, Some(Timestamp(5_001)));
    assert_eq!(index.count(ORG, &Sought { since, until, ..all }, 1_000).await, Ok(900));
}
