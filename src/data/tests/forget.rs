//! What a person asked, once they are erased.

use std::collections::BTreeSet;

use starling_actors::domain::{ChannelId, Job, JobId, JobState};
use starling_actors::ports::{Clock, Jobs};

use super::jobs::job;
use super::*;
use crate::data::Forgotten;

/// Long enough that no worker is at anything.
const LATER_MS: i64 = 11 * 60 * 1000;

#[tokio::test]
async fn what_was_asked_is_under_no_name_and_what_a_worker_is_at_waits() {
    let world = World::new();
    let data = world.data().await;
    let gone_channel = ChannelId::from_u128(30);
    let done = job(1, JobState::Done);
    let running = Job { updated_at: world.clock.now(), ..job(2, JobState::Running) };
    let alone = Job { channel: gone_channel, ..job(3, JobState::Done) };
    // Who asked this is not in the channel any more, or was erased before.
    let asker = Byline { user: UserId::from_u128(9), ..alone.asked_by.clone() };
    let others = Job { asked_by: asker, channel: gone_channel, ..job(4, JobState::Done) };
    for job in [&done, &running, &alone, &others] {
        Jobs::put(&data, job, 0).await.unwrap();
    }
    let by = Byline { username: "deleted-1".to_owned(), ..done.asked_by.clone() };
    let gone = BTreeSet::from([gone_channel]);
    let forgotten = Forgotten { by: &by, deletes: true, gone: &gone };
    assert!(!data.forget_questions(ORG, forgotten).await.unwrap(), "one is running");
    let read = async |number| Jobs::get(&data, ORG, JobId::from_u128(number)).await.unwrap();
    let (first, _) = read(1).await.unwrap();
    assert_eq!((first.asked_by, first.question.as_str()), (by.clone(), ""));
    assert_eq!(read(2).await.unwrap().0, running, "its worker stores it over what it read");
    assert_eq!((read(3).await, read(4).await), (None, None), "their channel is gone");

    world.clock.advance_ms(LATER_MS);
    for _ in 0..2 {
        assert!(data.forget_questions(ORG, forgotten).await.unwrap());
        assert_eq!(read(2).await.unwrap().0.asked_by, by, "no worker is at it any more");
    }
}
