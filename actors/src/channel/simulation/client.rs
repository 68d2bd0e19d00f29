//! A person who sends messages to whatever node, changes their own, reacts to others', and writes
//! down who comes and goes: each of it again until there is a receipt.

use std::sync::Arc;
use std::time::Duration;

use super::checker::Checker;
use super::fleet::Fleet;
use crate::channel::world::{CHANNEL, message, person};
use crate::channel::{Amend, AmendError, Change, Channels, MemberChange, PostError, Receipt};
use crate::domain::MessageId;
use crate::memory::ManualClock;
use crate::ports::Clock;

/// Messages that each client sends.
const MESSAGES: u64 = 8;
/// Sends of one message; the log is whole again long before.
const ATTEMPTS_MAX: usize = 200;

pub(super) struct Client {
    pub(super) number: u128,
    pub(super) fleet: Arc<Fleet>,
    pub(super) dice: Arc<ManualClock>,
    pub(super) checker: Arc<Checker>,
}

impl Client {
    pub(super) async fn run(self) {
        for number in 0..MESSAGES {
            self.pause(800).await;
            let sent = self.send(&number.to_string()).await.message;
            match self.dice.random() % 8 {
                0 | 1 => self.amend(sent, edit(&format!("{number} once more"))).await,
                2 => self.amend(sent, Change::Delete).await,
                3 => self.come_and_go(u128::from(number)).await,
                4 | 5 => self.note(&format!("{} notes {number}", self.number)).await,
                _ => {
                    let message = self.checker.pick(self.dice.random());
                    let (emoji, added) = ("👍".to_owned(), !self.dice.random().is_multiple_of(3));
                    self.amend(message, Change::React { emoji, added }).await;
                }
            }
        }
    }

    fn node(&self) -> Channels {
        self.fleet.any()
    }

    async fn pause(&self, ms_max: u128) {
        let wait_ms = u64::try_from(self.dice.random() % ms_max).unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }

    /// Sends one message until it has a receipt, and sometimes once more after that.
    pub(super) async fn send(&self, key: &str) -> Receipt {
        let mut post = message(self.number, key, key);
        if !self.dice.random().is_multiple_of(3) {
            post.after_seq = Some(self.checker.head().await);
        }
        let mut first = None;
        let mut is_open = false;
        for _ in 0..ATTEMPTS_MAX {
            let answer = match self.node().post(CHANNEL, post.clone()).await {
                Ok(pending) => pending.receipt().await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(receipt) => {
                    self.checker.acknowledged(&post, &receipt).await;
                    if first.is_some() || self.dice.random().is_multiple_of(2) {
                        return receipt;
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
        first.unwrap_or_else(|| panic!("no receipt in {ATTEMPTS_MAX} attempts"))
    }

    /// Sends something without a key: once, whatever comes of it.
    async fn note(&self, words: &str) {
        let receipt = match self.node().post(CHANNEL, message(self.number, "", words)).await {
            Ok(pending) => pending.receipt().await,
            Err(error) => Err(error),
        };
        self.checker.noted(words.to_owned(), receipt.ok().map(|receipt| receipt.seq));
    }

    /// Changes a message until that is acknowledged. A deleted one cannot be reacted to.
    async fn amend(&self, message: MessageId, change: Change) {
        let amend =
            Amend { by: person(self.number), message, may_moderate: false, change, written: None };
        for _ in 0..ATTEMPTS_MAX {
            match self.node().amend(CHANNEL, amend.clone()).await {
                Ok(amended) => return self.checker.amended(&amend, amended).await,
                Err(AmendError::Post(_)) => {}
                Err(why) => return self.checker.not_amended(&amend, why).await,
            }
            self.pause(300).await;
        }
        panic!("no answer in {ATTEMPTS_MAX} attempts");
    }

    /// Someone joins or leaves. Without a key, a repeat after "unknown" may be stored twice.
    async fn come_and_go(&self, number: u128) {
        let member = person(100 * self.number + number);
        let change = if self.dice.random().is_multiple_of(2) {
            MemberChange::Joined(member)
        } else {
            MemberChange::Left(member)
        };
        for _ in 0..ATTEMPTS_MAX {
            let node = self.node();
            let order = node.member(CHANNEL, person(self.number), change.clone());
            if let Ok(seq) = order.await {
                return self.checker.written(&change, seq).await;
            }
            self.pause(300).await;
        }
        panic!("no place in {ATTEMPTS_MAX} attempts");
    }
}

fn edit(content: &str) -> Change {
    Change::Edit { content: content.to_owned(), mentions: Vec::new() }
}
