//! What came from Redis and was not handed on yet: bounded in bytes, where the driver's own queue has
//! no bound. Whoever fills it waits for nobody, so that nothing piles up at the driver.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Bytes that may wait: some 15,000 usual messages, more than a node decodes in a second. A node that
/// is so far behind finds what it missed sooner in the log.
const INBOX_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes that a waiting message costs beside its own.
const MESSAGE_BYTES: usize = 256;

/// Messages that wait.
#[derive(Debug)]
pub(super) struct Inbox<M> {
    waiting: Mutex<Waiting<M>>,
    filled: Notify,
}

#[derive(Debug)]
struct Waiting<M> {
    messages: VecDeque<(M, usize)>,
    bytes: usize,
}

impl<M> Default for Inbox<M> {
    fn default() -> Self {
        let waiting = Mutex::new(Waiting { messages: VecDeque::new(), bytes: 0 });
        Self { waiting, filled: Notify::new() }
    }
}

impl<M> Inbox<M> {
    /// Puts a message of so many bytes behind the others; `false` if there is no room for it.
    pub(super) fn put(&self, message: M, bytes: usize) -> bool {
        let mut waiting = self.waiting.lock();
        let cost = bytes + MESSAGE_BYTES;
        if !waiting.messages.is_empty() && waiting.bytes + cost > INBOX_BYTES_MAX {
            return false;
        }
        waiting.bytes += cost;
        waiting.messages.push_back((message, cost));
        self.filled.notify_one();
        true
    }

    /// The next message; waits while there is none.
    pub(super) async fn take(&self) -> M {
        loop {
            // Whoever works through a full inbox lets others of its task have their turn.
            tokio::task::coop::consume_budget().await;
            if let Some(message) = self.take_now() {
                return message;
            }
            self.filled.notified().await;
        }
    }

    fn take_now(&self) -> Option<M> {
        let mut waiting = self.waiting.lock();
        let (message, cost) = waiting.messages.pop_front()?;
        waiting.bytes -= cost;
        Some(message)
    }

    /// How many wait.
    pub(super) fn count(&self) -> u64 {
        self.waiting.lock().messages.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_came_is_taken_in_order_and_no_more_waits_than_may() {
        let inbox = Inbox::default();
        let mut count = 0_usize;
        while inbox.put(count, 100_000) {
            count += 1;
        }
        assert_eq!(count, INBOX_BYTES_MAX / (100_000 + MESSAGE_BYTES));
        assert_eq!(inbox.count(), count as u64);

        for expected in 0..count {
            assert_eq!(inbox.take().await, expected);
        }
        assert!(inbox.put(count, 2 * INBOX_BYTES_MAX), "one alone always has room");
        assert!(!inbox.put(count, 0));
        assert_eq!(inbox.take().await, count);
        assert!(inbox.put(count, 0), "there is room again");
    }
}
