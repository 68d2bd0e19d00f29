//! What the log and the history promise, on SQLite.

use starling_actors::domain::{BUCKET_ENTRIES, Reaction};
use starling_actors::ports::{Around, BucketState, History, IdempotencyKey};

use super::*;

#[tokio::test]
async fn an_append_applies_only_under_the_stored_epoch_and_position() {
    let world = World::new();
    let log = world.claimed().await;
    let fence = BucketState { epoch: Epoch(1), last_seq: Seq(1) };

    assert_eq!(append(&log, 0, vec![posted(1, ANN, "one", &[])]).await, Ok(AppendOutcome::Applied));
    let repeated = append(&log, 0, vec![posted(1, ANN, "again", &[])]).await;
    let deposed = Append { epoch: Epoch(2), ..after(1, vec![posted(2, ANN, "two", &[])]) };

    assert_eq!(repeated, Ok(AppendOutcome::Refused(Some(fence))));
    assert_eq!(log.append(deposed).await, Ok(AppendOutcome::Refused(Some(fence))));
    assert_eq!(log.bucket(CHANNEL, Bucket(0)).await, Ok(Some(fence)));
    assert_eq!(log.head(CHANNEL).await.unwrap().seq, Seq(1));
}

#[tokio::test]
async fn an_append_never_reaches_into_another_bucket() {
    let world = World::new();
    let log = world.store.log();
    let opening_seq = Seq(BUCKET_ENTRIES - 1);
    let full = Claim { opening_seq, ..claim(CHANNEL, None, 1) };
    log.claim(full).await.unwrap();

    let entries = vec![
        posted(BUCKET_ENTRIES, ANN, "last", &[]),
        posted(BUCKET_ENTRIES + 1, ANN, "too far", &[]),
    ];
    let outcome = append(&log, BUCKET_ENTRIES - 1, entries).await;

    let fence = BucketState { epoch: Epoch(1), last_seq: opening_seq };
    assert_eq!(outcome, Ok(AppendOutcome::Refused(Some(fence))));
}

#[tokio::test]
async fn a_bucket_is_claimed_by_one_of_two() {
    let world = World::new();
    let log = world.claimed().await;

    assert_eq!(log.claim(claim(CHANNEL, None, 1)).await, Ok(ClaimOutcome::Refused));
    assert_eq!(log.claim(claim(CHANNEL, Some(1), 2)).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.claim(claim(CHANNEL, Some(1), 2)).await, Ok(ClaimOutcome::Refused));
}

#[tokio::test]
async fn two_channels_do_not_see_each_other() {
    let world = World::new();
    let log = world.claimed().await;
    let other = ChannelId::from_u128(8);
    log.claim(claim(other, None, 1)).await.unwrap();
    append(&log, 0, vec![posted(1, ANN, "here", &[])]).await.unwrap();

    let there = Entry { channel: other, ..posted(1, ANN, "there", &[]) };
    let Event::Posted(words) = there.event else { panic!("not a message") };
    let event = Event::Posted(Posted { id: MessageId::from_u128(900), ..words });
    let there = Entry { event, ..there };
    append(&log, 0, vec![there.clone()]).await.unwrap();

    assert_eq!(log.entries(other, Seq(0), 10).await, Ok(vec![there]));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_is_found_above_a_position_only() {
    let world = World::new();
    let log = world.claimed().await;
    append(&log, 0, vec![posted(1, ANN, "one", &[])]).await.unwrap();
    let client_message_id = ClientMessageId::new("c1".to_owned()).unwrap();
    let key = |author| IdempotencyKey { author, client_message_id: client_message_id.clone() };

    let found = log.stored_keys(CHANNEL, Seq(0), &[key(BOB), key(ANN)]).await.unwrap();

    assert_eq!(found.len(), 1);
    assert_eq!((found[0].seq, found[0].message), (Seq(1), message(1)));
    assert!(log.stored_keys(CHANNEL, Seq(1), &[key(ANN)]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_appended_is_there_after_a_restart() {
    let world = World::new();
    let log = world.claimed().await;
    let joined = entry(2, BOB, Event::Joined { member: byline(BOB) });
    let entries = vec![posted(1, ANN, "one", &[BOB]), joined];
    append(&log, 0, entries.clone()).await.unwrap();
    let head = log.head(CHANNEL).await.unwrap();
    drop(log);

    let world = world.reopen();
    let log = world.store.log();

    assert_eq!(log.head(CHANNEL).await, Ok(head));
    assert_eq!(log.entries(CHANNEL, Seq(0), 10).await, Ok(entries));
}

#[tokio::test]
async fn a_deleted_message_leaves_no_words_anywhere() {
    let world = World::new();
    let log = world.claimed().await;
    let edited = Event::Edited {
        message: message(1),
        target: Seq(1),
        content: "second secret".to_owned(),
        mentions: vec![BOB],
    };
    let reacted =
        Event::Reacted {
            message: message(1), target: Seq(1), emoji: "👍".to_owned(), added: true
        };
    let changes =
        vec![posted(1, ANN, "first secret", &[]), entry(2, ANN, edited), entry(3, BOB, reacted)];
    append(&log, 0, changes).await.unwrap();
    let before = log.message(message(1)).await.unwrap().unwrap();
    assert_eq!(before.reactions, [Reaction { emoji: "👍".to_owned(), users: vec![BOB] }]);
    assert_eq!(log.versions(message(1)).await.unwrap()[0].content, "first secret");
    assert_eq!(log.unread(CHANNEL, BOB, Seq(0)).await, Ok((1, 1)));

    let deleted = Event::Deleted { message: message(1), target: Seq(1) };
    append(&log, 3, vec![entry(4, ANN, deleted)]).await.unwrap();

    let after = log.message(message(1)).await.unwrap().unwrap();
    assert!(after.is_deleted && after.content.is_empty() && after.reactions.is_empty());
    assert!(log.versions(message(1)).await.unwrap().is_empty());
    assert_eq!(log.unread(CHANNEL, BOB, Seq(0)).await, Ok((1, 0)));
    let entries = format!("{:?}", log.entries(CHANNEL, Seq(0), 10).await.unwrap());
    assert!(!entries.contains("secret"), "{entries}");
}

#[tokio::test]
async fn pages_are_in_order_and_say_whether_there_is_more() {
    let world = World::new();
    let log = world.claimed().await;
    append(&log, 0, (1..=9).map(|seq| posted(seq, ANN, "hi", &[])).collect()).await.unwrap();
    let page = async |around, limit| {
        let page = log.page(CHANNEL, None, around, false, limit).await.unwrap();
        (page.messages.iter().map(|message| message.seq.0).collect::<Vec<_>>(), page.has_more)
    };

    assert_eq!(page(Around::Newest, 3).await, (vec![7, 8, 9], true));
    assert_eq!(page(Around::Before(Seq(3)), 3).await, (vec![1, 2], false));
    assert_eq!(page(Around::After(Seq(3)), 3).await, (vec![4, 5, 6], true));
    assert_eq!(page(Around::After(Seq(6)), 3).await, (vec![7, 8, 9], false));
    assert_eq!(page(Around::Around(Seq(5)), 4).await, (vec![3, 4, 5, 6], true));
}
