//! What waits for Redis: bounded in bytes. What comes above is dropped, and found in the log.

use std::collections::VecDeque;

use parking_lot::Mutex;
use starling_actors::ports::Topic;
use tokio::sync::Notify;

/// Bytes that may wait: some 15,000 usual messages, so a stall of Redis of a few seconds loses
/// nothing, and an outage of hours costs no more memory than this.
const OUTBOX_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes that a waiting event costs beside its own.
const PARCEL_BYTES: usize = 64;
/// Events in one flush. Redis answers a pipeline as a whole, and others wait for it.
const FLUSH_EVENTS_MAX: usize = 1_024;
/// Bytes in one flush, unless one event alone has more.
const FLUSH_BYTES_MAX: usize = 1024 * 1024;

/// An event on its way to other nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    pub(super) topic: Topic,
    pub(super) bytes: Vec<u8>,
}

impl Parcel {
    fn cost(&self) -> usize {
        self.bytes.len() + PARCEL_BYTES
    }
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    filled: Notify,
    /// Told when a flush has ended.
    landed: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    parcels: VecDeque<Parcel>,
    bytes: usize,
    /// Taken out, and not known to have arrived.
    is_flying: bool,
}

impl Outbox {
    /// Puts a parcel behind the others; `false` if there is no room for it.
    pub(super) fn put(&self, parcel: Parcel) -> bool {
        let mut waiting = self.waiting.lock();
        let bytes = waiting.bytes + parcel.cost();
        if bytes > OUTBOX_BYTES_MAX {
            return false;
        }
        waiting.bytes = bytes;
        waiting.parcels.push_back(parcel);
        if waiting.parcels.len() == 1 {
            self.filled.notify_one();
        }
        true
    }

    /// Bytes that wait.
    pub(super) fn waiting_bytes(&self) -> u64 {
        self.waiting.lock().bytes as u64
    }

    /// Takes what goes out in one flush; waits while there is nothing.
    pub(super) async fn take(&self) -> Vec<Parcel> {
        loop {
            let parcels = self.take_now();
            if !parcels.is_empty() {
                return parcels;
            }
            self.filled.notified().await;
        }
    }

    /// What was taken out has arrived, or is lost.
    pub(super) fn land(&self) {
        self.waiting.lock().is_flying = false;
        self.landed.notify_waiters();
    }

    /// Waits until nothing waits and nothing is on its way.
    pub(super) async fn emptied(&self) {
        loop {
            let landed = self.landed.notified();
            {
                let waiting = self.waiting.lock();
                if waiting.parcels.is_empty() && !waiting.is_flying {
                    return;
                }
            }
            landed.await;
        }
    }

    fn take_now(&self) -> Vec<Parcel> {
        let mut waiting = self.waiting.lock();
        let (mut count, mut bytes) = (0, 0);
        for parcel in waiting.parcels.iter().take(FLUSH_EVENTS_MAX) {
            if count > 0 && bytes + parcel.cost() > FLUSH_BYTES_MAX {
                break;
            }
            bytes += parcel.cost();
            count += 1;
        }
        waiting.bytes -= bytes;
        waiting.is_flying |= count > 0;
        waiting.parcels.drain(..count).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use starling_actors::domain::ChannelId;
    use tokio::time::timeout;

    use super::*;

    fn parcel(number: u128, bytes: usize) -> Parcel {
        Parcel { topic: Topic::Channel(ChannelId::from_u128(number)), bytes: vec![0; bytes] }
    }

    #[tokio::test]
    async fn what_waits_goes_out_in_order_and_in_bounded_flushes() {
        let outbox = Outbox::default();
        let all: Vec<_> = (0..3_000).map(|number| parcel(number, 500)).collect();
        for parcel in &all {
            assert!(outbox.put(parcel.clone()));
        }

        let mut taken = Vec::new();
        while taken.len() < all.len() {
            let flush = outbox.take().await;
            assert!(flush.len() <= FLUSH_EVENTS_MAX);
            taken.extend(flush);
        }

        assert_eq!(taken, all);
        assert_eq!(outbox.waiting.lock().bytes, 0);
    }

    #[tokio::test]
    async fn a_full_outbox_takes_nothing_more_and_goes_on_when_there_is_room() {
        let outbox = Outbox::default();
        let mut count = 0;
        while outbox.put(parcel(count, 100_000)) {
            count += 1;
        }
        assert_eq!(count as usize, OUTBOX_BYTES_MAX / (100_000 + PARCEL_BYTES));

        assert!(!outbox.take().await.is_empty());
        assert!(outbox.put(parcel(count, 100_000)));
    }

    #[tokio::test]
    async fn it_is_empty_only_when_the_last_flush_has_landed() {
        let outbox = Outbox::default();
        outbox.emptied().await;
        outbox.put(parcel(1, 10));
        let mut emptied = std::pin::pin!(outbox.emptied());
        assert!(timeout(Duration::ZERO, &mut emptied).await.is_err(), "it waits");
        outbox.take().await;
        assert!(timeout(Duration::ZERO, &mut emptied).await.is_err(), "it is on its way");

        outbox.land();
        emptied.await;
    }

    #[tokio::test]
    async fn an_event_larger_than_a_flush_goes_alone() {
        let outbox = Outbox::default();
        outbox.put(parcel(1, 2 * FLUSH_BYTES_MAX));
        outbox.put(parcel(2, 10));

        assert_eq!(outbox.take().await.len(), 1);
        assert_eq!(outbox.take().await.len(), 1);
    }
}
