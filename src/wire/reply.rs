//! What one socket is told of its own orders: that they were carried out, or why not.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What a client called its own frame, to find the answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum RequestId {
    /// A number, as sent.
    #[schema(value_type = f64)]
    Number(serde_json::Number),
    /// A text, as sent.
    Text(String),
}

impl RequestId {
    /// The id as it was sent.
    pub fn into_value(self) -> Value {
        match self {
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::String(text),
        }
    }
}

/// An order was carried out. Which fields there are follows from the order.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Ack {
    /// The order's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The newest position when following began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_seq: Option<u64>,
    /// The log's life.
    #[serde(rename = "gen", skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// The message written or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The place in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What the client called the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
    /// When it was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Whether it was stored before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate: Option<bool>,
    /// The question's job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    /// How many questions were called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<usize>,
    /// The command that was carried out in place of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<&'static str>,
    /// What came of it, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An order was not carried out.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ErrorFrame {
    /// The order's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<RequestId>,
    /// A stable word.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// Whether sending the same again can help.
    pub retry: bool,
    /// How long to wait before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}
