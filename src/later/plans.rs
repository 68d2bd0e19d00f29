//! What shall happen at a time: a message that is sent then, or a reminder.
//!
//! A plan is one record below its author, and one entry of the agenda that says when to look at it. The entry
//! is written first: one without its plan is thrown away, a plan without an entry would never happen.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::chat::{Caller, ChatError};
use starling_actors::domain::{
    ChannelId, Content, FileId, MessageId, OrgId, ThreadId, Timestamp, UserId, uuid_v7,
};
use starling_actors::ports::{OwnNews, Precondition};

use super::Later;
use crate::records::{Shelf, Versioned};

/// Plans, below their author.
pub(super) const PLANS: Shelf<StoredPlan> = Shelf::new("plan");
/// Plans of one person, of both kinds: all are read for a list.
const PLANS_MAX: usize = 500;
/// How far ahead a plan may be: a year; who plans for longer has a calendar.
const AHEAD_MS_MAX: i64 = 366 * 24 * 3600 * 1000;
/// A time up to here ago counts as now: clocks differ, and requests take a moment.
const BEHIND_MS_MAX: i64 = 60 * 1000;
/// Longest text of a reminder, in characters: a paragraph.
const REMINDER_CHARS_MAX: usize = 2_000;

/// What kind of plan it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// A message of its author.
    Message,
    /// Starling says it to its author, or in a channel.
    Reminder,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Its time has not come.
    Pending,
    /// It is being sent, or a node that was at it has ended: another one will say.
    Sending,
    /// It was not sent, and will not be.
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredPlan {
    pub(super) kind: PlanKind,
    pub(super) state: PlanState,
    #[serde(with = "crate::records::text")]
    pub(super) author: UserId,
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) channel: Option<ChannelId>,
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) thread: Option<ThreadId>,
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) message: Option<MessageId>,
    pub(super) content: String,
    pub(super) at: i64,
    pub(super) created_at: i64,
    /// Why it failed.
    #[serde(default)]
    pub(super) error: Option<String>,
}

/// Something that shall happen at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id, and the idempotency key of what comes of it.
    pub id: String,
    /// What kind it is.
    pub kind: PlanKind,
    /// How it stands.
    pub state: PlanState,
    /// Where it is said; a reminder without one is said to its author.
    pub channel: Option<ChannelId>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// The message that it reminds of.
    pub message: Option<MessageId>,
    /// The words.
    pub content: String,
    /// When.
    pub at: Timestamp,
    /// Since when it is planned.
    pub created_at: Timestamp,
    /// Why it failed.
    pub error: Option<String>,
}

/// A plan as its author wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Where it is said.
    pub channel: Option<ChannelId>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// The message that it reminds of.
    pub message: Option<MessageId>,
    /// The words.
    pub content: String,
    /// When.
    pub at: Timestamp,
    /// What the client calls it: the same again plans nothing new.
    pub key: Option<String>,
}

/// What of a plan changes; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanChange {
    /// Other words.
    pub content: Option<String>,
    /// Another time.
    pub at: Option<Timestamp>,
}

impl Plan {
    pub(super) fn of(read: Versioned<StoredPlan>) -> Self {
        let plan = read.value;
        Self {
            id: read.id,
            kind: plan.kind,
            state: plan.state,
            channel: plan.channel,
            thread: plan.thread,
            message: plan.message,
            content: plan.content,
            at: Timestamp(plan.at),
            created_at: Timestamp(plan.created_at),
            error: plan.error,
        }
    }
}

impl Later {
    /// The caller's plans of a kind, those that come first at the front.
    pub async fn plans(&self, caller: &Caller, kind: PlanKind) -> Result<Vec<Plan>, ChatError> {
        let mut plans = self.all_plans(caller).await?;
        plans.retain(|plan| plan.kind == kind);
        plans.sort_by_key(|plan| plan.at);
        Ok(plans)
    }

    /// One plan of the caller.
    pub async fn plan(&self, caller: &Caller, kind: PlanKind, id: &str) -> Result<Plan, ChatError> {
        Ok(Plan::of(self.own_plan(caller, kind, id).await?))
    }

    async fn all_plans(&self, caller: &Caller) -> Result<Vec<Plan>, ChatError> {
        let author = caller.user().to_string();
        let found = self.inner.shelves.list(&PLANS, caller.org, &author, PLANS_MAX).await?;
        Ok(found.into_iter().map(Plan::of).collect())
    }

    /// Plans something.
    pub async fn make_plan(
        &self,
        caller: &Caller,
        kind: PlanKind,
        wish: Wish,
    ) -> Result<Plan, ChatError> {
        let now = self.inner.clock.now();
        let at = time_of(kind, wish.at, now)?;
        let content = self.words(kind, wish.content, wish.message.is_some())?;
        self.check_place(caller, kind, wish.channel, wish.thread, wish.message).await?;
        let id = match &wish.key {
            Some(key) => repeated_id(caller, kind, key),
            None => FileId::from_u128(self.inner.clock.fresh_id()).to_string(),
        };
        let author = caller.user().to_string();
        let shelves = &self.inner.shelves;
        if let Some(known) = shelves.get(&PLANS, caller.org, &author, &id).await? {
            return Ok(Plan::of(known));
        }
        if self.all_plans(caller).await?.len() >= PLANS_MAX {
            let detail = "there are too many plans: take some back first";
            return Err(ChatError::Conflict { code: "limit_reached", detail });
        }
        let plan = StoredPlan {
            kind,
            state: PlanState::Pending,
            author: caller.user(),
            channel: wish.channel,
            thread: wish.thread,
            message: wish.message,
            content,
            at: at.0,
            created_at: now.0,
            error: None,
        };
        self.inner.agenda.put((at, now), (caller.org, &author, &id)).await?;
        let place = (caller.org, author.as_str(), id.as_str());
        let version = shelves.put(&PLANS, place, &plan, Precondition::Absent).await?;
        self.tell_plans(caller.user(), kind).await;
        Ok(Plan::of(Versioned { id, version, value: plan }))
    }

    /// Changes a plan whose time has not come; one that failed is planned anew by a time to come.
    pub async fn change_plan(
        &self,
        caller: &Caller,
        (kind, id): (PlanKind, &str),
        change: PlanChange,
    ) -> Result<Plan, ChatError> {
        let Versioned { id, version, value: before } = self.own_plan(caller, kind, id).await?;
        still_open(&before)?;
        let now = self.inner.clock.now();
        let is_failed = before.state == PlanState::Failed;
        let at = match change.at {
            Some(at) => time_of(kind, at, now)?,
            None if is_failed => {
                return Err(ChatError::invalid(
                    time_field(kind),
                    "is required for one that failed",
                ));
            }
            None => Timestamp(before.at),
        };
        let content = match change.content {
            Some(content) => self.words(kind, content, before.message.is_some())?,
            None => before.content.clone(),
        };
        let author = caller.user().to_string();
        let plan = StoredPlan {
            content,
            at: at.0,
            state: PlanState::Pending,
            error: None,
            ..before.clone()
        };
        let is_moved = at.0 != before.at || is_failed;
        if is_moved {
            self.inner.agenda.put((at, now), (caller.org, &author, &id)).await?;
        }
        let stored_at = (caller.org, author.as_str(), id.as_str());
        let when = Precondition::Version(version);
        let version = self.inner.shelves.put(&PLANS, stored_at, &plan, when).await?;
        if at.0 != before.at {
            let slot = self.inner.agenda.slot(Timestamp(before.at), &id);
            self.inner.agenda.done(&slot).await?;
        }
        self.tell_plans(caller.user(), kind).await;
        Ok(Plan::of(Versioned { id, version, value: plan }))
    }

    /// Takes a plan back; one that is being sent cannot be.
    pub async fn drop_plan(
        &self,
        caller: &Caller,
        kind: PlanKind,
        id: &str,
    ) -> Result<(), ChatError> {
        let found = self.own_plan(caller, kind, id).await?;
        still_open(&found.value)?;
        let author = caller.user().to_string();
        // Whoever has begun to send it in this moment has changed it, and this says so.
        let closed = StoredPlan { state: PlanState::Failed, ..found.value.clone() };
        let place = (caller.org, author.as_str(), id);
        let when = Precondition::Version(found.version);
        self.inner.shelves.put(&PLANS, place, &closed, when).await?;
        self.inner.shelves.delete(&PLANS, caller.org, &author, id).await?;
        let slot = self.inner.agenda.slot(Timestamp(found.value.at), id);
        self.inner.agenda.done(&slot).await?;
        self.tell_plans(caller.user(), kind).await;
        Ok(())
    }

    pub(super) async fn tell_plans(&self, author: UserId, kind: PlanKind) {
        let news = OwnNews::Plans { are_reminders: kind == PlanKind::Reminder };
        self.inner.chat.tell_own(author, news).await;
    }

    pub(super) async fn stored_plan(
        &self,
        org: OrgId,
        author: &str,
        id: &str,
    ) -> Result<Option<Versioned<StoredPlan>>, ChatError> {
        self.inner.shelves.get(&PLANS, org, author, id).await
    }

    async fn own_plan(
        &self,
        caller: &Caller,
        kind: PlanKind,
        id: &str,
    ) -> Result<Versioned<StoredPlan>, ChatError> {
        let found = self.stored_plan(caller.org, &caller.user().to_string(), id).await?;
        let found = found.filter(|found| found.value.kind == kind);
        found.ok_or(ChatError::NotFound(match kind {
            PlanKind::Message => "scheduled message",
            PlanKind::Reminder => "reminder",
        }))
    }

    fn words(&self, kind: PlanKind, words: String, may_be_none: bool) -> Result<String, ChatError> {
        let (field, max) = match kind {
            PlanKind::Message => ("content", self.inner.chat.limits().content_chars),
            PlanKind::Reminder => ("text", REMINDER_CHARS_MAX),
        };
        if kind == PlanKind::Reminder && may_be_none && words.trim().is_empty() {
            return Ok(String::new());
        }
        let checked = Content::new(words, max);
        Ok(checked.map_err(|error| ChatError::invalid(field, error.to_string()))?.into_string())
    }

    async fn check_place(
        &self,
        caller: &Caller,
        kind: PlanKind,
        channel: Option<ChannelId>,
        thread: Option<ThreadId>,
        message: Option<MessageId>,
    ) -> Result<(), ChatError> {
        if !caller.role.may_open_channels() {
            return Err(ChatError::Forbidden("guests plan nothing"));
        }
        match (channel, kind) {
            (Some(channel), _) => {
                self.inner.chat.writable(caller, channel, thread).await?;
            }
            (None, PlanKind::Message) => {
                return Err(ChatError::invalid("channel_id", "is required"));
            }
            (None, PlanKind::Reminder) => {}
        }
        if let Some(message) = message {
            self.inner.chat.message(caller, message).await?;
        }
        Ok(())
    }
}

const fn time_field(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::Message => "send_at",
        PlanKind::Reminder => "remind_at",
    }
}

/// When it shall happen, if that is a time that can be meant.
fn time_of(kind: PlanKind, at: Timestamp, now: Timestamp) -> Result<Timestamp, ChatError> {
    if at.0 < now.0 - BEHIND_MS_MAX {
        return Err(ChatError::invalid(time_field(kind), "is over already"));
    }
    if at.0 > now.0 + AHEAD_MS_MAX {
        return Err(ChatError::invalid(time_field(kind), "must be within a year"));
    }
    Ok(at.max(now))
}

fn still_open(plan: &StoredPlan) -> Result<(), ChatError> {
    if plan.state == PlanState::Sending {
        let detail = "it is being sent right now";
        return Err(ChatError::Conflict { code: "wrong_state", detail });
    }
    Ok(())
}

/// The id of a plan that a client names itself: the same name again is the same plan.
fn repeated_id(caller: &Caller, kind: PlanKind, key: &str) -> String {
    let mut digest = Sha256::new();
    for part in [caller.user().to_string().as_str(), time_field(kind), key] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    let number = u128::from_be_bytes(bytes);
    // In the form of all ids, though its time is none.
    let time = u64::try_from(number >> 80).unwrap_or_default();
    FileId::from_u128(uuid_v7(time, number)).to_string()
}
