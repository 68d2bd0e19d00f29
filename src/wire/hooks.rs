//! Webhooks, as those who manage them see them. A secret is shown once, when it is made.

use serde::Serialize;
use serde_json::json;
use starling_actors::domain::{Entry, Generation, MessageId, OrgId};

use super::frame::ServerFrame;
use super::message::AuthorView;
use super::time::rfc3339;
use crate::hooks::{
    Delivery, DeliveryState, IncomingHook, NewIncoming, OutgoingHook, Payload, SWEPT, event_of,
};

/// An incoming webhook.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncomingHookView {
    /// Its id, and the author's of its messages.
    pub id: String,
    /// As what it writes unless a message says otherwise.
    pub name: String,
    /// Where it writes.
    pub channel_id: String,
    /// Whether what comes is taken.
    pub is_active: bool,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// When something came last, to the minute.
    pub last_used_at: Option<String>,
    /// Its address. It holds the secret and is shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl From<IncomingHook> for IncomingHookView {
    fn from(hook: IncomingHook) -> Self {
        Self {
            id: hook.id,
            name: hook.name,
            channel_id: hook.channel.to_string(),
            is_active: hook.is_active,
            created_by: hook.created_by.to_string(),
            created_at: rfc3339(hook.created_at),
            last_used_at: hook.used_at.map(rfc3339),
            url: None,
        }
    }
}

impl IncomingHookView {
    /// One that was just made, with its address below where this server is reached.
    pub fn with_address(new: NewIncoming, origin: &str) -> Self {
        let url = Some(format!("{origin}/hooks/{}", new.secret));
        Self { url, ..Self::from(new.hook) }
    }
}

/// An outgoing webhook.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OutgoingHookView {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// Where it sends.
    pub url: String,
    /// Which channel it hears; `null`: the open ones of the organization.
    pub channel_id: Option<String>,
    /// What it is told of.
    pub events: Vec<String>,
    /// Only messages that begin with one of these, where there are any.
    pub trigger_words: Vec<String>,
    /// Whether it is told anything.
    pub is_active: bool,
    /// Why the server switched it off.
    pub disabled_reason: Option<String>,
    /// Since when no delivery has gone well.
    pub failing_since: Option<String>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: String,
    /// The secret of its signatures, shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl From<OutgoingHook> for OutgoingHookView {
    fn from(hook: OutgoingHook) -> Self {
        Self {
            id: hook.id,
            name: hook.name,
            url: hook.url,
            channel_id: hook.channel.map(|id| id.to_string()),
            events: hook.events,
            trigger_words: hook.trigger_words,
            is_active: hook.is_active,
            disabled_reason: hook.disabled_because,
            failing_since: hook.failing_since.map(rfc3339),
            created_by: hook.created_by.to_string(),
            created_at: rfc3339(hook.created_at),
            secret: None,
        }
    }
}

/// One delivery of an outgoing webhook.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryView {
    /// Its id; `webhook-id` is this after `msg_`.
    pub id: String,
    /// What it tells of.
    pub event: String,
    /// Where that happened.
    pub channel_id: Option<String>,
    /// `pending`, `delivered` or `failed`.
    pub state: &'static str,
    /// Times that it was tried.
    pub attempts: u32,
    /// The status that the receiver answered last.
    pub response_status: Option<u16>,
    /// Why it did not go well.
    pub error: Option<String>,
    /// How long the last attempt took.
    pub duration_ms: Option<u64>,
    /// When it was queued.
    pub created_at: String,
    /// When it was last tried.
    pub last_attempt_at: Option<String>,
    /// When it is tried next.
    pub next_attempt_at: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            event: delivery.event,
            channel_id: delivery.channel.map(|id| id.to_string()),
            state: match delivery.state {
                DeliveryState::Pending => "pending",
                DeliveryState::Delivered => "delivered",
                DeliveryState::Failed => "failed",
            },
            attempts: delivery.attempts,
            response_status: delivery.status,
            error: delivery.error,
            duration_ms: delivery.duration_ms,
            created_at: rfc3339(delivery.created_at),
            last_attempt_at: delivery.last_at.map(rfc3339),
            next_attempt_at: delivery.next_at.map(rfc3339),
        }
    }
}

/// What outgoing webhooks send.
pub const PAYLOAD: Payload = Payload { of_entry, of_swept };

/// What an outgoing webhook sends about an entry: its event, its time, and the fields of the frame that
/// sockets get. Of an answer that is what everyone may read in the log, never its data.
fn of_entry(org: OrgId, entry: &Entry) -> String {
    let frame = ServerFrame::logged(entry, Generation(0), None);
    let mut data = serde_json::to_value(&frame).unwrap_or_default();
    if let Some(fields) = data.as_object_mut() {
        fields.remove("type");
        fields.remove("gen");
        fields.insert("org_id".to_owned(), org.to_string().into());
        fields.insert("author".to_owned(), json!(AuthorView::new(&entry.by)));
    }
    let event = event_of(entry);
    json!({ "type": event, "timestamp": rfc3339(entry.at), "data": data }).to_string()
}

/// What it sends about messages that the server itself has deleted.
fn of_swept(org: OrgId, last: &Entry, messages: &[MessageId]) -> String {
    let ids: Vec<String> = messages.iter().map(MessageId::to_string).collect();
    let data = json!({
        "org_id": org.to_string(),
        "channel_id": last.channel.to_string(),
        "seq": last.seq.0,
        "author": AuthorView::new(&last.by),
        "message_ids": ids,
    });
    json!({ "type": SWEPT, "timestamp": rfc3339(last.at), "data": data }).to_string()
}
