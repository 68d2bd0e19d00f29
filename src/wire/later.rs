//! Drafts, messages to be sent later and reminders, as their author sees them.

use serde::Serialize;
use starling_actors::domain::{ChannelId, ThreadId, Timestamp};
use starling_actors::ports::OwnNews;

use super::frame::ServerFrame;
use super::time::rfc3339;
use crate::later::{Draft, Plan, PlanState};

/// What somebody has written and not sent.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DraftView {
    /// Where.
    pub channel_id: String,
    /// In which thread of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<String>,
    /// The words; empty when they were sent or thrown away.
    pub content: String,
    /// Since when they stand.
    pub updated_at: String,
}

impl DraftView {
    /// A draft of a place.
    pub fn new(
        channel: ChannelId,
        thread: Option<ThreadId>,
        content: String,
        at: Timestamp,
    ) -> Self {
        Self {
            channel_id: channel.to_string(),
            thread_id: thread.map(|id| id.to_string()),
            content,
            updated_at: rfc3339(at),
        }
    }
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        Self::new(draft.channel, draft.thread, draft.content, draft.at)
    }
}

impl ServerFrame {
    /// What of a person's own has changed.
    pub(super) fn own(news: &OwnNews) -> Self {
        match news {
            OwnNews::Draft { channel, thread, content, at } => {
                Self::DraftChanged(DraftView::new(*channel, *thread, content.clone(), *at))
            }
            OwnNews::Plans { are_reminders: true } => Self::PlansChanged { kind: "reminders" },
            OwnNews::Plans { are_reminders: false } => Self::PlansChanged { kind: "scheduled" },
        }
    }
}

/// A message to be sent later.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduledView {
    /// Its id; the `client_message_id` of the message that comes of it.
    pub id: String,
    /// Where.
    pub channel_id: Option<String>,
    /// In which thread.
    pub thread_id: Option<String>,
    /// The words.
    pub content: String,
    /// When.
    pub send_at: String,
    /// `pending`, `sending` or `failed`; one that was sent is gone from the list.
    pub state: &'static str,
    /// Why it failed, in a sentence.
    pub error: Option<String>,
    /// Since when it is planned.
    pub created_at: String,
}

/// A reminder.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReminderView {
    /// Its id; the `client_message_id` of the message that comes of it.
    pub id: String,
    /// What of; may be empty when it is of a message.
    pub text: String,
    /// The message that it reminds of.
    pub message_id: Option<String>,
    /// Where it is said; `null`: to its author alone.
    pub channel_id: Option<String>,
    /// When.
    pub remind_at: String,
    /// `pending`, `sending` or `failed`; one that was said is gone from the list.
    pub state: &'static str,
    /// Why it failed, in a sentence.
    pub error: Option<String>,
    /// Since when it is planned.
    pub created_at: String,
}

const fn word(state: PlanState) -> &'static str {
    match state {
        PlanState::Pending => "pending",
        PlanState::Sending => "sending",
        PlanState::Failed => "failed",
    }
}

impl From<Plan> for ScheduledView {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            channel_id: plan.channel.map(|id| id.to_string()),
            thread_id: plan.thread.map(|id| id.to_string()),
            content: plan.content,
            send_at: rfc3339(plan.at),
            state: word(plan.state),
            error: plan.error,
            created_at: rfc3339(plan.created_at),
        }
    }
}

impl From<Plan> for ReminderView {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            text: plan.content,
            message_id: plan.message.map(|id| id.to_string()),
            channel_id: plan.channel.map(|id| id.to_string()),
            remind_at: rfc3339(plan.at),
            state: word(plan.state),
            error: plan.error,
            created_at: rfc3339(plan.created_at),
        }
    }
}
