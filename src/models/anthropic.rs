//! Anthropic's messages.
//!
//! Shapes: Anthropic's API reference, "Messages" and "Streaming messages" (version 2023-06-01).
//! Unknown events and fields are left alone, as that page asks.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{CallError, Parameter, Prompt, Trouble};
use super::client::{Omitted, secret_header};
use super::config::ModelConfig;
use super::gathering::Gathering;

const VERSION: &str = "2023-06-01";

/// Where messages are asked for.
pub(super) fn url(config: &ModelConfig) -> String {
    let address = config.address();
    if address.ends_with("/messages") {
        address.to_owned()
    } else if address.ends_with("/v1") {
        format!("{address}/messages")
    } else {
        format!("{address}/v1/messages")
    }
}

/// The key and the version.
pub(super) fn headers(config: &ModelConfig) -> Result<HeaderMap, CallError> {
    let key = config.api_key.exposed();
    let mut headers = if key.is_empty() {
        HeaderMap::new()
    } else {
        secret_header(HeaderName::from_static("x-api-key"), key)?
    };
    headers.insert("anthropic-version", HeaderValue::from_static(VERSION));
    Ok(headers)
}

/// The request.
pub(super) fn body(config: &ModelConfig, prompt: &Prompt, omitted: Omitted) -> Value {
    let mut body = json!({
        "model": config.model,
        "max_tokens": prompt.tokens_max,
        "system": prompt.system,
        "messages": [{"role": "user", "content": prompt.user}],
        "stream": true,
    });
    if !omitted.temperature {
        body["temperature"] = json!(config.temperature.min(1.0));
    }
    body
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Started,
    },
    ContentBlockStart {
        content_block: Block,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        #[serde(default)]
        delta: Ending,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Started {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Text {
        text: String,
    },
    ToolUse {
        input: Value,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: String },
    #[serde(other)]
    Unknown,
}

#[derive(Default, Deserialize)]
struct Ending {
    stop_reason: Option<String>,
}

/// Counts are of the whole answer, not of an event.
#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Whole {
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<Usage>,
}

/// Takes one event of a stream.
pub(super) fn event(data: &str, gathering: &mut Gathering) -> Result<(), CallError> {
    match serde_json::from_str(data).map_err(|_| CallError::Shape)? {
        Event::MessageStart { message } => count(message.usage, gathering),
        Event::ContentBlockStart { content_block: Block::Text { text } } => {
            gathering.add_text(&text)?;
        }
        Event::ContentBlockDelta { delta: Delta::Text { text } } => {
            gathering.add_text(&text)?;
        }
        Event::ContentBlockDelta { delta: Delta::InputJson { partial_json } } => {
            gathering.add_arguments(&partial_json)?;
        }
        Event::MessageDelta { delta, usage } => {
            count(usage, gathering);
            end(delta.stop_reason.as_deref(), gathering);
        }
        Event::MessageStop => gathering.is_over = true,
        Event::Error { error } => {
            let trouble = trouble_in(&error);
            return Err(CallError::Status { code: 0, trouble, retry_after: None });
        }
        Event::ContentBlockStart { .. } | Event::ContentBlockDelta { .. } | Event::Unknown => {}
    }
    Ok(())
}

/// Takes a whole answer, of a server that does not stream.
pub(super) fn whole(body: &[u8], gathering: &mut Gathering) -> Result<(), CallError> {
    let whole: Whole = serde_json::from_slice(body).map_err(|_| CallError::Shape)?;
    for block in whole.content {
        match block {
            Block::Text { text } => gathering.add_text(&text)?,
            Block::ToolUse { input } => gathering.add_arguments(&input.to_string())?,
            Block::Unknown => {}
        }
    }
    count(whole.usage, gathering);
    end(whole.stop_reason.as_deref(), gathering);
    gathering.is_done = true;
    Ok(())
}

fn end(reason: Option<&str>, gathering: &mut Gathering) {
    if let Some(reason) = reason {
        gathering.is_cut = reason == "max_tokens";
        gathering.is_done = true;
    }
}

fn count(usage: Option<Usage>, gathering: &mut Gathering) {
    let Some(usage) = usage else { return };
    if let Some(input) = usage.input_tokens {
        let cached = [usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
        gathering.usage.input = cached.into_iter().flatten().fold(input, u64::saturating_add);
    }
    if let Some(output) = usage.output_tokens {
        gathering.usage.output = output;
    }
}

/// What an error's body says, as far as we know its words.
pub(super) fn trouble(body: &[u8]) -> Option<Trouble> {
    let body: Value = serde_json::from_slice(body).ok()?;
    trouble_in(body.get("error")?)
}

fn trouble_in(error: &Value) -> Option<Trouble> {
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    match error.get("type").and_then(Value::as_str)? {
        "overloaded_error" | "api_error" | "rate_limit_error" | "timeout_error" => {
            Some(Trouble::Overloaded)
        }
        "billing_error" => Some(Trouble::Quota),
        "not_found_error" if message.starts_with("model") => Some(Trouble::UnknownModel),
        "request_too_large" => Some(Trouble::PromptTooLong),
        "invalid_request_error" if message.starts_with("prompt is too long") => {
            Some(Trouble::PromptTooLong)
        }
        "invalid_request_error" if message.contains("credit balance") => Some(Trouble::Quota),
        "invalid_request_error" if message.contains("temperature") => {
            Some(Trouble::Parameter(Parameter::Temperature))
        }
        _ => None,
    }
}
