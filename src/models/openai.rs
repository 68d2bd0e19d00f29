//! Chat completions as OpenAI has them, and as Azure, Ollama, vLLM and many others speak them.
//!
//! Shapes: OpenAI's API reference, "Create chat completion" and "chat completion chunk"; Azure's
//! `api-version` and `api-key` from its "REST API reference". Unknown fields are left alone.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};
use serde::Deserialize;
use serde_json::{Value, json};
use starling_actors::domain::TokenUsage;

use super::call::{CallError, Parameter, Prompt, Trouble};
use super::client::{Omitted, secret_header};
use super::config::ModelConfig;
use super::gathering::Gathering;

/// What a stream's last event holds.
const DONE: &str = "[DONE]";

/// Where completions are asked for.
pub(super) fn url(config: &ModelConfig) -> String {
    let address = config.address();
    let Some(version) = &config.api_version else {
        return if address.ends_with("/chat/completions") {
            address.to_owned()
        } else if has_path(address) {
            format!("{address}/chat/completions")
        } else {
            format!("{address}/v1/chat/completions")
        };
    };
    let path = if address.contains("/openai/") {
        format!("{}/chat/completions", address.trim_end_matches("/chat/completions"))
    } else {
        format!("{address}/openai/deployments/{}/chat/completions", config.model)
    };
    format!("{path}?api-version={version}")
}

fn has_path(address: &str) -> bool {
    address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

/// The key, where Azure or everyone else looks for it.
pub(super) fn headers(config: &ModelConfig) -> Result<HeaderMap, CallError> {
    let key = config.api_key.exposed();
    if key.is_empty() {
        return Ok(HeaderMap::new());
    }
    if config.api_version.is_some() {
        return secret_header(HeaderName::from_static("api-key"), key);
    }
    secret_header(AUTHORIZATION, &format!("Bearer {key}"))
}

/// The request.
pub(super) fn body(config: &ModelConfig, prompt: &Prompt, omitted: Omitted) -> Value {
    let mut body = json!({
        "model": config.model,
        "messages": [
            {"role": "system", "content": prompt.system},
            {"role": "user", "content": prompt.user},
        ],
        "stream": true,
    });
    let limit = if omitted.max_tokens { "max_completion_tokens" } else { "max_tokens" };
    body[limit] = json!(prompt.tokens_max);
    if !omitted.temperature {
        body["temperature"] = json!(config.temperature);
    }
    if !omitted.stream_options {
        body["stream_options"] = json!({"include_usage": true});
    }
    body
}

/// A piece of a stream, or a whole answer: `delta` or `message`.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<Content>,
    #[serde(default)]
    tool_calls: Option<Vec<ToolCall>>,
}

/// Text, or parts with text among them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct ToolCall {
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    #[serde(default)]
    arguments: String,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

/// Takes one event of a stream.
pub(super) fn event(data: &str, gathering: &mut Gathering) -> Result<(), CallError> {
    if data.trim() == DONE {
        gathering.is_over = true;
        return Ok(());
    }
    take(serde_json::from_str(data).map_err(|_| CallError::Shape)?, gathering)
}

/// Takes a whole answer, of a server that does not stream.
pub(super) fn whole(body: &[u8], gathering: &mut Gathering) -> Result<(), CallError> {
    let chunk: Chunk = serde_json::from_slice(body).map_err(|_| CallError::Shape)?;
    if chunk.choices.is_empty() && chunk.error.is_none() {
        return Err(CallError::Shape);
    }
    take(chunk, gathering)?;
    gathering.is_done = true;
    Ok(())
}

fn take(chunk: Chunk, gathering: &mut Gathering) -> Result<(), CallError> {
    if let Some(error) = chunk.error {
        return Err(CallError::Status { code: 0, trouble: trouble_in(&error), retry_after: None });
    }
    if let Some(usage) = chunk.usage {
        gathering.usage =
            TokenUsage { input: usage.prompt_tokens, output: usage.completion_tokens };
    }
    // One answer is asked for; more would be run together.
    let Some(choice) = chunk.choices.into_iter().next() else { return Ok(()) };
    if let Some(delta) = choice.delta {
        match delta.content {
            Some(Content::Text(text)) => gathering.add_text(&text)?,
            Some(Content::Parts(parts)) => {
                parts.iter().try_for_each(|part| gathering.add_text(&part.text))?;
            }
            None => {}
        }
        let calls = delta.tool_calls.into_iter().flatten();
        for function in calls.filter_map(|call| call.function) {
            gathering.add_arguments(&function.arguments)?;
        }
    }
    if let Some(reason) = choice.finish_reason {
        gathering.is_cut = reason == "length";
        // Some servers send no last event; what is missing after this is the count of tokens.
        gathering.is_done = true;
    }
    Ok(())
}

/// What an error's body says, as far as we know its words.
pub(super) fn trouble(body: &[u8]) -> Option<Trouble> {
    let body: Value = serde_json::from_slice(body).ok()?;
    trouble_in(body.get("error").unwrap_or(&body))
}

fn trouble_in(error: &Value) -> Option<Trouble> {
    let word = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    match word("param") {
        "max_tokens" => return Some(Trouble::Parameter(Parameter::MaxTokens)),
        "temperature" => return Some(Trouble::Parameter(Parameter::Temperature)),
        "stream_options" | "stream_options.include_usage" => {
            return Some(Trouble::Parameter(Parameter::StreamOptions));
        }
        _ => {}
    }
    [word("code"), word("type")].into_iter().find_map(|word| match word {
        "insufficient_quota" | "billing_hard_limit_reached" => Some(Trouble::Quota),
        "context_length_exceeded" => Some(Trouble::PromptTooLong),
        "model_not_found" | "DeploymentNotFound" => Some(Trouble::UnknownModel),
        "content_filter" => Some(Trouble::Filtered),
        "server_error" | "overloaded" => Some(Trouble::Overloaded),
        _ => None,
    })
}
