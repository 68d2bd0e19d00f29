//! Which orders go into the next append, and as which entries.
//!
//! **Invariant:** orders board in the order in which they came; when one has to wait for the next
//! round, all after it wait too.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::amend::decide;
use super::message::Order;
use super::owner::{Owner, ask};
use super::settings::ChannelPorts;
#[cfg(test)]
use super::simulation::Planted;
use super::state::BATCH_MAX;
use super::tail::Known;
#[cfg(test)]
use crate::domain::Seq;
use crate::domain::{Byline, ChannelId, Entry, Event, Message, MessageId, Posted};
use crate::ports::{AmendError, Amended, MemberChange, Post, Receipt};
use crate::ports::{IdempotencyKey, PostError, StoredKey};

/// Text in one batch, unless a single entry has more: the store's batch limit (ordering.md).
const BATCH_TEXT_BYTES_MAX: usize = 32 * 1024;

/// An order of this round and the entry that it became.
pub(super) struct Boarded {
    pub(super) order: Order,
    pub(super) entry: Entry,
}

/// What look-ups told before a round. What could not be read keeps back only the orders that need it.
#[derive(Default)]
pub(super) struct Found {
    keys: HashMap<IdempotencyKey, StoredKey>,
    are_keys_unread: bool,
    messages: HashMap<MessageId, Message>,
    unread: HashSet<MessageId>,
}

impl Found {
    /// Reads messages, all at once: nobody waits for a slow one longer than for itself.
    async fn read(&mut self, ports: &ChannelPorts, messages: HashSet<MessageId>) {
        let mut reads = JoinSet::new();
        for message in &messages {
            let (history, message) = (Arc::clone(&ports.history), *message);
            reads.spawn(async move { (message, ask(history.message(message)).await) });
        }
        self.unread = messages;
        while let Some(read) = reads.join_next().await {
            if let Ok((id, Ok(message))) = read {
                self.unread.remove(&id);
                self.messages.extend(message.map(|message| (id, message)));
            }
        }
    }
}

/// What becomes of an order in this round.
enum Step {
    /// It becomes an entry.
    Append(Box<(Byline, Event)>),
    /// It is in the log already.
    Stored(StoredKey),
    /// It changes nothing.
    Unchanged(Amended),
    /// It may not be carried out.
    Refused(AmendError),
    /// What it needs to know could not be read.
    Unread,
    /// It must see the entries of this round first.
    Later,
}

/// What this round has seen so far.
#[derive(Default)]
struct Seen {
    /// Messages changed: the next change is judged from the message as it stands then.
    changed: HashSet<MessageId>,
    /// Messages sent: the same one again is a repeat once the first is stored.
    sent: HashSet<(crate::domain::UserId, crate::domain::ClientMessageId)>,
}

/// Asks the log for keys that are not remembered, and for the messages to be changed.
pub(super) async fn look_up(
    ports: &ChannelPorts,
    channel: ChannelId,
    owner: &Owner,
    orders: &VecDeque<Order>,
) -> Found {
    let mut found = Found::default();
    let (mut keys, mut messages) = (Vec::new(), HashSet::new());
    for order in orders {
        match order {
            Order::Post { post, .. } => {
                if let Known::LookUp(sought) = owner.tail().recall(post) {
                    keys.push(sought);
                }
            }
            Order::Amend { amend, .. } => _ = messages.insert(amend.message),
            Order::Member { .. } => {}
        }
    }
    if !messages.is_empty() {
        found.read(ports, messages).await;
    }
    #[cfg(test)]
    if ports.planted == Planted::OnePositionForAll && keys.iter().any(|key| key.after.is_none()) {
        keys.iter_mut().for_each(|key| key.after = None);
    }
    if !keys.is_empty() {
        let stored = ask(ports.log.stored_keys(channel, &keys)).await;
        found.are_keys_unread = stored.is_err();
        let stored = stored.into_iter().flatten();
        found.keys = stored.map(|stored| (stored.key.clone(), stored)).collect();
    }
    found
}

/// Takes orders into a batch until one has to wait for the next round; answers those that need no
/// entry.
pub(super) fn board(
    ports: &ChannelPorts,
    channel: ChannelId,
    owner: &Owner,
    orders: &mut VecDeque<Order>,
    found: &Found,
) -> Vec<Boarded> {
    let room = usize::try_from(owner.room(ports)).unwrap_or(BATCH_MAX).min(BATCH_MAX);
    #[cfg(test)]
    let room = if ports.planted == Planted::OverBucketEnd { BATCH_MAX } else { room };
    let mut batch = owner.tail().compose(ports.clock.now());
    let mut text_bytes = 0;
    let mut seen = Seen::default();
    let mut boarded: Vec<Boarded> = Vec::new();
    while boarded.len() < room {
        let Some(order) = orders.pop_front() else { break };
        match (step(ports, channel, owner, &order, found, &mut seen), order) {
            (Step::Append(change), order) => {
                let (by, event) = *change;
                text_bytes += event.text_bytes();
                if text_bytes > BATCH_TEXT_BYTES_MAX && !boarded.is_empty() {
                    orders.push_front(order);
                    break;
                }
                let entry = batch.next(by, event, order.written());
                boarded.push(Boarded { order, entry });
            }
            (Step::Stored(stored), Order::Post { reply, .. }) => {
                let StoredKey { seq, message, at, .. } = stored;
                reply.answer(Ok(Receipt { message, seq, at, duplicate: true }));
            }
            (Step::Unchanged(amended), Order::Amend { reply, .. }) => reply.answer(Ok(amended)),
            (Step::Refused(why), Order::Amend { reply, .. }) => reply.answer(Err(why)),
            (Step::Unread, order) => order.refuse(PostError::Unavailable),
            (Step::Later, order) => {
                orders.push_front(order);
                break;
            }
            // A step answers the kind of order that it was made for.
            (Step::Stored(_) | Step::Unchanged(_) | Step::Refused(_), _) => {}
        }
    }
    boarded
}

fn step(
    ports: &ChannelPorts,
    channel: ChannelId,
    owner: &Owner,
    order: &Order,
    found: &Found,
    seen: &mut Seen,
) -> Step {
    match order {
        Order::Post { post, .. } => {
            let stored = match owner.tail().recall(post) {
                Known::Stored(stored) => Some(stored),
                Known::LookUp(_) if found.are_keys_unread => return Step::Unread,
                Known::LookUp(sought) => found.keys.get(&sought.key).cloned(),
                Known::Fresh => None,
            };
            if let Some(stored) = stored {
                return Step::Stored(stored);
            }
            let key = post.client_message_id.clone().map(|id| (post.by.user, id));
            if key.is_some_and(|key| !seen.sent.insert(key)) {
                return Step::Later;
            }
            let id = MessageId::from_u128(ports.clock.fresh_id());
            Step::Append(Box::new((post.by.clone(), Event::Posted(posted(id, post)))))
        }
        Order::Amend { amend, .. } => {
            if seen.changed.contains(&amend.message) {
                return Step::Later;
            }
            if found.unread.contains(&amend.message) {
                return Step::Unread;
            }
            let message = found.messages.get(&amend.message);
            match decide(channel, amend, message) {
                #[cfg(test)]
                Ok(Some(_)) if ports.planted == Planted::ChangeNotStored => {
                    Step::Unchanged(Amended { message: amend.message, seq: Seq(0) })
                }
                Ok(Some(event)) => {
                    seen.changed.insert(amend.message);
                    Step::Append(Box::new((amend.by.clone(), event)))
                }
                Ok(None) => {
                    let seq = message.map(|message| message.seq).unwrap_or_default();
                    Step::Unchanged(Amended { message: amend.message, seq })
                }
                Err(why) => Step::Refused(why),
            }
        }
        Order::Member { by, change, .. } => {
            Step::Append(Box::new((by.clone(), member_event(change))))
        }
    }
}

fn posted(id: MessageId, post: &Post) -> Posted {
    Posted {
        id,
        kind: post.kind,
        content: post.content.clone(),
        thread: post.thread,
        parent: post.parent,
        mentions: post.mentions.clone(),
        attachments: post.attachments.clone(),
        client_message_id: post.client_message_id.clone(),
    }
}

fn member_event(change: &MemberChange) -> Event {
    match change {
        MemberChange::Joined(member) => Event::Joined { member: member.clone() },
        MemberChange::Left(member) => Event::Left { member: member.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Channels;
    use crate::channel::world::{CHANNEL, Mute, NOW, RecordingBus, message, person, settings};
    use crate::memory::{ManualClock, MemoryLog};
    use crate::ports::{Amend, Change};

    #[tokio::test(start_paused = true)]
    async fn a_message_that_cannot_be_read_holds_up_its_own_changes_only() {
        let ports = ChannelPorts {
            log: Arc::new(MemoryLog::with_buckets(50)),
            history: Arc::new(Mute { speaks_of: MessageId::from_u128(2) }),
            bus: Arc::<RecordingBus>::default(),
            clock: Arc::new(ManualClock::new(NOW, 1)),
            settings: settings(50),
            planted: Planted::Nothing,
        };
        let channels = Channels::start(ports).await;
        let change = |number| Amend {
            by: person(1),
            message: MessageId::from_u128(number),
            may_moderate: false,
            change: Change::Delete,
            written: None,
        };
        let send = async |key| channels.post(CHANNEL, message(1, key, "x")).await?.receipt().await;

        let (one, sent, other, again) = tokio::join!(
            channels.amend(CHANNEL, change(1)),
            send("a"),
            channels.amend(CHANNEL, change(2)),
            send("b"),
        );

        assert_eq!(one, Err(PostError::Unavailable.into()));
        assert_eq!(other, Err(AmendError::NotFound), "it was read, and is not there");
        assert_eq!((sent.unwrap().seq, again.unwrap().seq), (Seq(1), Seq(2)));
    }
}
