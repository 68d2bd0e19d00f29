//! A person who sends messages to whatever node, and again until there is a receipt.

use std::sync::Arc;
use std::time::Duration;

use super::checker::Checker;
use crate::channel::world::{CHANNEL, message};
use crate::channel::{Channels, PostError};
use crate::memory::ManualClock;
use crate::ports::Clock;

/// Messages that each client sends.
const MESSAGES: u64 = 8;
/// Sends of one message; the log is whole again long before.
const ATTEMPTS_MAX: usize = 200;

pub(super) struct Client {
    pub(super) number: u128,
    pub(super) nodes: Vec<Channels>,
    pub(super) dice: Arc<ManualClock>,
    pub(super) checker: Arc<Checker>,
}

impl Client {
    pub(super) async fn run(self) {
        for number in 0..MESSAGES {
            self.pause(800).await;
            self.send(&number.to_string()).await;
        }
    }

    async fn pause(&self, ms_max: u128) {
        let wait_ms = u64::try_from(self.dice.random() % ms_max).unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }

    /// Sends one message until it has a receipt, and sometimes once more after that.
    async fn send(&self, key: &str) {
        let mut post = message(self.number, key, key);
        if !self.dice.random().is_multiple_of(3) {
            post.after_seq = Some(self.checker.head().await);
        }
        let mut first = None;
        let mut is_open = false;
        for _ in 0..ATTEMPTS_MAX {
            let node = &self.nodes[usize::from(self.dice.random().is_multiple_of(2))];
            let answer = match node.post(CHANNEL, post.clone()).await {
                Ok(pending) => pending.receipt().await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(receipt) => {
                    self.checker.acknowledged(&post, &receipt).await;
                    if first.is_some() || self.dice.random().is_multiple_of(2) {
                        return;
                    }
                    first = Some(receipt);
                    is_open = true;
                }
                Err(PostError::Unavailable | PostError::Overloaded) if !is_open => {
                    self.checker.refused(&post).await;
                }
                Err(_) => is_open = true,
            }
            self.pause(300).await;
        }
        assert!(first.is_some(), "no receipt in {ATTEMPTS_MAX} attempts");
    }
}
