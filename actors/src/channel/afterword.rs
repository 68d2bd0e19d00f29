//! What is said of a channel once its actor is gone.
//!
//! An owner says its head each second. One that failed, was deposed, or handed its channel over says
//! nothing more; what it stored last may not have been heard, and an append whose outcome nobody knows
//! may still land. So the node says the head for it, as the log has it.
//!
//! **Invariant:** what is said was read from the log after the actor had ended.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::hub::Roster;
use super::owner::ask;
use super::settings::ChannelPorts;
use crate::domain::ChannelId;
use crate::ports::{BusEvent, Topic};

/// Pauses before the head is said. The second falls behind the time in which an owner looks after an
/// append without an answer; the others are for a log that does not answer yet.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(40),
];
/// How often it is said.
const SAID_MAX: usize = 2;
/// Channels of which it waits to be said: more end at once only when a node comes or goes, and then
/// what was stored last was said in order.
const WAITING_MAX: usize = 4_096;
/// Heads that are read at the same time: the log has better to do.
const READING_MAX: usize = 16;
/// How long the bus may take.
const SAYING_MAX: Duration = Duration::from_secs(1);

/// Says heads of channels that have ended.
pub(super) struct Afterwords {
    waiting: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

impl Default for Afterwords {
    fn default() -> Self {
        let [waiting, reading] =
            [WAITING_MAX, READING_MAX].map(|places| Arc::new(Semaphore::new(places)));
        Self { waiting, reading }
    }
}

impl Afterwords {
    /// Says a channel's head in a while, unless the channel is open here again.
    pub(super) fn say(&self, ports: &Arc<ChannelPorts>, roster: &Arc<Roster>, channel: ChannelId) {
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else { return };
        let (ports, roster) = (Arc::clone(ports), Arc::clone(roster));
        let reading = Arc::clone(&self.reading);
        tokio::spawn(async move {
            let _place = place;
            let mut said = 0;
            for pause in PAUSES {
                sleep(pause).await;
                if said == SAID_MAX || roster.door(channel).is_some() {
                    return;
                }
                let Ok(_turn) = reading.acquire().await else { return };
                said += usize::from(say_head(&ports, channel).await);
            }
        });
    }
}

async fn say_head(ports: &ChannelPorts, channel: ChannelId) -> bool {
    let Ok(head) = ask(ports.log.head(channel)).await else { return false };
    let event = BusEvent::Head { channel, seq: head.seq };
    let published = ports.bus.publish(Topic::Channel(channel), event);
    matches!(timeout(SAYING_MAX, published).await, Ok(Ok(())))
}
