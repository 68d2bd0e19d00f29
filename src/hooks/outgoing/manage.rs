//! Who may have a webhook, and what is asked of it; its log of deliveries.

use starling_actors::chat::{Caller, ChatError};
use starling_actors::domain::{ChannelId, Seq, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::interest::{EVENTS, Listener};
use super::signature::make_secret;
use super::stored::{
    CURSORS, DELIVERIES, DeliveryState, INDEX, OUTGOING, StoredDelivery, StoredOutgoing,
    delivery_id, index_id,
};
use super::{HookError, Outgoing, secret_place};
use crate::data::VaultError;
use crate::records::{SERVER, Versioned};

/// Outgoing webhooks of an organization: each is looked at for every message.
const HOOKS_MAX: usize = 100;
const NAME_CHARS_MAX: usize = 80;
const URL_BYTES_MAX: usize = 2_000;
const TRIGGER_WORDS_MAX: usize = 20;
const TRIGGER_WORD_CHARS_MAX: usize = 50;
/// Cursors and deliveries that are removed at once with their webhook.
const REMOVED_AT_ONCE: usize = 500;
/// What is sent to see whether a receiver works.
const PING: &str = "ping";

/// An outgoing webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingHook {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// Where it sends.
    pub url: String,
    /// Which channel it hears; `None`: the open ones of the organization.
    pub channel: Option<ChannelId>,
    /// What it is told of.
    pub events: Vec<String>,
    /// Only messages that begin with one of these, where there are any.
    pub trigger_words: Vec<String>,
    /// Whether it is told anything.
    pub is_active: bool,
    /// Why the server switched it off.
    pub disabled_because: Option<String>,
    /// Since when no delivery has gone well.
    pub failing_since: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// What is written about one; when one is changed, what is missing stays.
#[derive(Clone, Debug, Default)]
pub struct OutgoingForm {
    /// As people call it.
    pub name: Option<String>,
    /// Where it sends.
    pub url: Option<String>,
    /// Which channel it hears; only when it is made.
    pub channel: Option<ChannelId>,
    /// What it is told of.
    pub events: Option<Vec<String>>,
    /// Words that a message has to begin with.
    pub trigger_words: Option<Vec<String>>,
    /// Whether it is told anything.
    pub is_active: Option<bool>,
}

/// One delivery, as the log shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id; `webhook-id` is this after `msg_`.
    pub id: String,
    /// What it tells of.
    pub event: String,
    /// Where that happened.
    pub channel: Option<ChannelId>,
    /// How it stands.
    pub state: DeliveryState,
    /// Times that it was tried.
    pub attempts: u32,
    /// What the receiver answered last.
    pub status: Option<u16>,
    /// Why it did not go well.
    pub error: Option<String>,
    /// How long the last attempt took.
    pub duration_ms: Option<u64>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was last tried.
    pub last_at: Option<Timestamp>,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
}

impl Outgoing {
    /// Those that the caller may manage: their own, and as an admin all.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<OutgoingHook>, ChatError> {
        let found = self.inner.shelves.list(&OUTGOING, caller.org, "", HOOKS_MAX).await?;
        let may = |hook: &StoredOutgoing| {
            caller.role.may_administer() || hook.created_by == caller.user()
        };
        Ok(found.into_iter().filter(|found| may(&found.value)).map(shown).collect())
    }

    /// Makes one; its secret is shown once.
    pub async fn create(
        &self,
        caller: &Caller,
        form: OutgoingForm,
    ) -> Result<(OutgoingHook, String), ChatError> {
        match form.channel {
            Some(channel) => {
                self.inner.chat.equippable(caller, channel).await?;
            }
            None if caller.role.may_administer() => {}
            None => {
                return Err(ChatError::Forbidden("only admins have all open channels told of"));
            }
        }
        let shelves = &self.inner.shelves;
        if shelves.list(&OUTGOING, caller.org, "", HOOKS_MAX).await?.len() >= HOOKS_MAX {
            let detail = "the organization has as many webhooks as it may have";
            return Err(ChatError::Conflict { code: "limit_reached", detail });
        }
        let id = UserId::of_program(self.inner.clock.fresh_id()).to_string();
        let secret = make_secret(&*self.inner.clock);
        let sealed = self.inner.vault.seal(secret_place(caller.org, &id), &secret);
        let mut value = StoredOutgoing {
            name: String::new(),
            url: String::new(),
            channel: form.channel,
            events: vec![EVENTS[0].to_owned()],
            trigger_words: Vec::new(),
            secret: sealed.map_err(closed)?,
            created_by: caller.user(),
            created_at: self.inner.clock.now().0,
            is_active: true,
            disabled_because: None,
            failing_since: None,
        };
        self.apply(form, &mut value)?;
        // First: one that nobody finds hears nothing.
        let index = index_id(caller.org, &id);
        shelves.put(&INDEX, (SERVER, "", index.as_str()), &(), Precondition::Any).await?;
        let place = (caller.org, "", id.as_str());
        let version = shelves.put(&OUTGOING, place, &value, Precondition::Absent).await?;
        if let Some(channel) = value.channel {
            let head = self.inner.log.head(channel).await.map_err(HookError::from)?;
            let (cursor, channel) = (head.seq.0, channel.to_string());
            let place = (caller.org, id.as_str(), channel.as_str());
            // The reader may have been here first: what it has read it has read.
            match shelves.put(&CURSORS, place, &cursor, Precondition::Absent).await {
                Ok(_) | Err(HookError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.inner.changed.notify_one();
        Ok((shown(Versioned { id, version, value }), secret))
    }

    /// Changes one; switching it on again forgets that it failed.
    pub async fn change(
        &self,
        caller: &Caller,
        id: &str,
        form: OutgoingForm,
    ) -> Result<OutgoingHook, ChatError> {
        let Versioned { id, version, mut value } = self.managed(caller, id).await?;
        self.apply(form, &mut value)?;
        let (place, when) = ((caller.org, "", id.as_str()), Precondition::Version(version));
        let version = self.inner.shelves.put(&OUTGOING, place, &value, when).await?;
        self.inner.changed.notify_one();
        Ok(shown(Versioned { id, version, value }))
    }

    /// Removes one with all that waits for it.
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<OutgoingHook, ChatError> {
        let found = self.managed(caller, id).await?;
        let (org, shelves) = (caller.org, &self.inner.shelves);
        shelves.delete(&OUTGOING, org, "", id).await?;
        shelves.delete(&INDEX, SERVER, "", &index_id(org, id)).await?;
        self.inner.changed.notify_one();
        for cursor in shelves.list(&CURSORS, org, id, REMOVED_AT_ONCE).await? {
            shelves.delete(&CURSORS, org, id, &cursor.id).await?;
        }
        // What is due finds no webhook, and goes by itself.
        for old in shelves.list(&DELIVERIES, org, id, REMOVED_AT_ONCE).await? {
            shelves.delete(&DELIVERIES, org, id, &old.id).await?;
        }
        Ok(shown(found))
    }

    /// The newest deliveries of one, after one of them.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        id: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Delivery>, ChatError> {
        self.managed(caller, id).await?;
        let found = self.inner.shelves.page(&DELIVERIES, (caller.org, id), after, limit).await?;
        Ok(found.into_iter().map(delivery).collect())
    }

    /// Queues a call that tells of nothing, to see whether the receiver works.
    pub async fn ping(&self, caller: &Caller, id: &str) -> Result<Delivery, ChatError> {
        let found = self.managed(caller, id).await?;
        if !found.value.is_active {
            let detail = "the webhook is switched off";
            return Err(ChatError::Conflict { code: "wrong_state", detail });
        }
        let now = self.inner.clock.now();
        let fresh = ChannelId::from_u128(self.inner.clock.fresh_id());
        let delivery_id = delivery_id(id, fresh, Seq(0), now);
        let listener = Listener::of(caller.org, &found);
        let body = format!("{{\"type\":\"{PING}\",\"timestamp_ms\":{},\"data\":{{}}}}", now.0);
        self.enqueue(&listener, &delivery_id, PING, None, body).await?;
        self.inner.queued.notify_one();
        let stored = self.inner.shelves.get(&DELIVERIES, caller.org, id, &delivery_id).await?;
        stored.map(delivery).ok_or(ChatError::Unavailable)
    }

    async fn managed(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Versioned<StoredOutgoing>, ChatError> {
        let found = self.inner.shelves.get(&OUTGOING, caller.org, "", id).await?;
        let found = found.ok_or(ChatError::NotFound("webhook"))?;
        if caller.role.may_administer() || found.value.created_by == caller.user() {
            return Ok(found);
        }
        Err(ChatError::NotFound("webhook"))
    }

    fn apply(&self, form: OutgoingForm, hook: &mut StoredOutgoing) -> Result<(), ChatError> {
        if let Some(name) = form.name {
            name.trim().clone_into(&mut hook.name);
        }
        let name = &hook.name;
        let is_long = name.chars().nth(NAME_CHARS_MAX).is_some();
        if name.is_empty() || is_long || name.chars().any(char::is_control) {
            let message = format!("must have 1 to {NAME_CHARS_MAX} printable characters");
            return Err(ChatError::invalid("name", message));
        }
        if let Some(url) = form.url {
            url.trim().clone_into(&mut hook.url);
        }
        if hook.url.len() > URL_BYTES_MAX {
            return Err(ChatError::invalid("url", "is too long"));
        }
        let checked = self.inner.egress.check(&hook.url);
        checked.map_err(|error| ChatError::invalid("url", error.to_string()))?;
        if let Some(events) = form.events {
            if events.is_empty() || !events.iter().all(|event| EVENTS.contains(&&**event)) {
                let message = format!("must name some of {}", EVENTS.join(", "));
                return Err(ChatError::invalid("events", message));
            }
            hook.events = events;
        }
        if let Some(words) = form.trigger_words {
            let is_word = |word: &String| {
                let is_long = word.chars().nth(TRIGGER_WORD_CHARS_MAX).is_some();
                !word.is_empty() && !is_long && !word.contains(char::is_whitespace)
            };
            if words.len() > TRIGGER_WORDS_MAX || !words.iter().all(is_word) {
                let message = "must be at most 20 words of at most 50 characters each";
                return Err(ChatError::invalid("trigger_words", message));
            }
            hook.trigger_words = words;
        }
        if let Some(is_active) = form.is_active {
            if is_active && !hook.is_active {
                (hook.failing_since, hook.disabled_because) = (None, None);
            }
            hook.is_active = is_active;
        }
        Ok(())
    }
}

fn closed(_: VaultError) -> ChatError {
    let detail = "this server has no key for secrets: its operator has to set vault.master_key";
    ChatError::Conflict { code: "vault_closed", detail }
}

fn shown(read: Versioned<StoredOutgoing>) -> OutgoingHook {
    let hook = read.value;
    OutgoingHook {
        id: read.id,
        name: hook.name,
        url: hook.url,
        channel: hook.channel,
        events: hook.events,
        trigger_words: hook.trigger_words,
        is_active: hook.is_active,
        disabled_because: hook.disabled_because,
        failing_since: hook.failing_since.map(Timestamp),
        created_by: hook.created_by,
        created_at: Timestamp(hook.created_at),
    }
}

fn delivery(read: Versioned<StoredDelivery>) -> Delivery {
    let kept = read.value;
    let is_pending = kept.state == DeliveryState::Pending;
    Delivery {
        id: read.id,
        event: kept.event,
        channel: kept.channel,
        state: kept.state,
        attempts: kept.attempts,
        status: kept.status,
        error: kept.error,
        duration_ms: kept.duration_ms,
        created_at: Timestamp(kept.created_at),
        last_at: kept.last_at.map(Timestamp),
        next_at: is_pending.then_some(Timestamp(kept.next_at)),
    }
}
