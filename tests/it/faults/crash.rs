//! kill -9 at random moments under load.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use starling_load::checker;
use tokio::sync::watch;
use tokio::task::block_in_place;

use super::clients::{History, follow, write};
use crate::world::{PATIENCE, Server};

/// Times the server is killed.
const KILLS: usize = 20;
/// From one restart to the next kill: from "nobody is back yet" to "all write at full speed".
const ALIVE_MS: std::ops::Range<u64> = 0..250;
const WRITERS: usize = 3;
const FOLLOWERS: usize = 2;

/// Everyone who may read or write in the test.
const NAMES: [&str; 3] = ["alice", "bob", "carol"];

/// The seed of this run: `STARLING_SEED` repeats an earlier one.
#[allow(clippy::disallowed_methods, reason = "a test's seed is no setting of the server")]
fn seed() -> u64 {
    let given = std::env::var("STARLING_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(rand::random)
}

/// Three writers repeat until acknowledged, two followers resume from where they were, and the
/// checker of the load harness (whose own tests plant every bug it must find) judges what they
/// were told against the log. Writers share a flight, so kills hit group commits too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kills_at_random_moments_once_and_in_order() {
    let seed = seed();
    println!("seed {seed}: set STARLING_SEED to repeat");
    let mut random = StdRng::seed_from_u64(seed);
    let mut server = block_in_place(|| Server::start(&[]));
    let mut people = Vec::new();
    for name in NAMES {
        people.push(server.sign_up(name).await);
    }
    let channel = people[0].channel("birds").await;
    for person in &people[1..] {
        person.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    }
    let history = History::default();
    let (stop, stopped) = watch::channel(false);
    let (level, until) = watch::channel(0);
    let seat = |index: usize| {
        (server.address.clone(), people[index % people.len()].clone(), channel.clone())
    };
    let writers: Vec<_> = (0..WRITERS)
        .map(|index| tokio::spawn(write(seat(index), history.clone(), stopped.clone())))
        .collect();
    let followers: Vec<_> = (0..FOLLOWERS)
        .map(|index| {
            let name = format!("follower {index}");
            tokio::spawn(follow(seat(index), history.clone(), name, until.clone()))
        })
        .collect();

    for _ in 0..KILLS {
        // Not a wait for something: the moment of the kill is what is random.
        tokio::time::sleep(Duration::from_millis(random.random_range(ALIVE_MS))).await;
        block_in_place(|| {
            server.kill();
            server.start_again();
        });
    }
    stop.send_replace(true);
    for writer in writers {
        writer.await.unwrap();
    }
    let head = history.read_log(&people[0], &channel).await;
    level.send_replace(head);
    let mut resumes = 0;
    for follower in followers {
        let ended = tokio::time::timeout(PATIENCE, follower).await;
        resumes +=
            ended.unwrap_or_else(|_| panic!("a follower stays behind, seed {seed}")).unwrap();
    }

    let acknowledged = history.acknowledged();
    println!("{acknowledged} receipts, {head} entries, {resumes} resumes");
    assert!(acknowledged > KILLS, "too little was written to prove anything: {acknowledged}");
    assert!(resumes as usize >= KILLS / 2, "followers resumed {resumes} times only");
    let findings: Vec<_> =
        checker::check(&history.records()).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
}
