//! Somebody who joins a channel, writes, leaves, and tries to write again.
//!
//! A refusal after leaving must be true: the message is not in the log. That it comes at once on every
//! node is not promised, so a message that is still taken is one like any other.

use std::time::Duration;

use anyhow::{Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::authors::{Pen, Written};

/// Between two things that a guest does.
const PAUSE_MS: std::ops::Range<u64> = 20..400;
/// Messages in one stay.
const MESSAGES: std::ops::Range<u32> = 1..8;
/// A request that was not answered well for so long is a failure, as for a message.
const GIVE_UP: Duration = Duration::from_secs(330);
const AGAIN_AFTER: Duration = Duration::from_millis(50);

pub(super) struct Guest {
    pen: Pen,
    random: StdRng,
}

impl Guest {
    pub(super) fn new(pen: Pen, seed: u64, place: usize) -> Self {
        Self { pen, random: StdRng::seed_from_u64(seed.wrapping_add(500 + place as u64)) }
    }

    /// Comes and goes until told to stop.
    pub(super) async fn run(mut self, stopped: watch::Receiver<bool>) -> Result<Written> {
        while !*stopped.borrow() {
            self.ask("join").await?;
            for _ in 0..self.random.random_range(MESSAGES) {
                self.pause().await;
                self.write().await?;
            }
            self.ask("leave").await?;
            self.write().await?;
            self.pause().await;
            self.write().await?;
        }
        Ok(self.pen.written().clone())
    }

    async fn write(&mut self) -> Result<()> {
        let message = self.pen.compose(false);
        // Whichever it is, is written down.
        self.pen.place(&message).await.map(|_| ())
    }

    async fn pause(&mut self) {
        sleep(Duration::from_millis(self.random.random_range(PAUSE_MS))).await;
    }

    /// Joins or leaves; both may be repeated, on any node.
    async fn ask(&mut self, what: &str) -> Result<()> {
        let begin = Instant::now();
        loop {
            let path = format!("/api/v1/channels/{}/{what}", self.pen.channel());
            let said = match self.pen.request("POST", &path).await {
                // Who has left already is told that they cannot leave: an answer before was lost.
                Ok(answer) if answer.status < 500 && answer.status != 429 => return Ok(()),
                Ok(answer) => format!("{} {}", answer.status, answer.body),
                Err(error) => format!("{error:#}"),
            };
            let tried = begin.elapsed();
            ensure!(tried < GIVE_UP, "a guest could not {what} for {tried:?}: {said}");
            self.pen.move_on();
            sleep(AGAIN_AFTER).await;
        }
    }
}
