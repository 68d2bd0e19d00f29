//! The AsyncAPI document of the sockets.

use serde_json::{Map, Value, json};

/// Frames that clients send, with their fields (`?` behind a name: may be missing).
const FROM_CLIENT: &[(&str, &str)] = &[
    ("join_channel", "channel_id after_seq? gen?"),
    ("leave_channel", "channel_id"),
    ("resume", "channels"),
    (
        "send_message",
        "channel_id content client_message_id? after_seq? thread_id? parent_message_id? \
         mentions? attachments?",
    ),
    ("edit_message", "message_id content"),
    ("delete_message", "message_id"),
    ("react", "message_id emoji remove?"),
    ("typing", "channel_id is_typing"),
    ("mark_read", "channel_id seq"),
    ("presence", "status"),
    ("ask", "query channel_id? thread_id? connection_id?"),
    ("cancel_query", "job_id?"),
    ("ping", ""),
    ("user_message", "text"),
    ("ai_request", "text"),
];

/// Frames that the server sends, with their fields.
const FROM_SERVER: &[(&str, &str)] = &[
    ("hello", "session_id user heartbeat_ms limits server_time"),
    ("history", "channel_id messages has_more"),
    (
        "ack",
        "id? channel_id? message_id? seq? head_seq? gen? client_message_id? created_at? duplicate?",
    ),
    ("error", "id? code message retry retry_after_ms?"),
    ("new_message", "channel_id seq gen message"),
    ("message_edited", "channel_id seq gen message_id message user_id"),
    ("message_deleted", "channel_id seq gen message_id user_id"),
    ("reaction", "channel_id seq gen message_id emoji user_id added"),
    ("typing_indicator", "channel_id user_id username is_typing"),
    ("user_status", "user_id status"),
    ("read_receipt", "channel_id user_id seq"),
    ("channel_created", "channel_id channel"),
    ("channel_updated", "channel_id channel"),
    ("member_joined", "channel_id seq gen user"),
    ("member_left", "channel_id seq gen user"),
    ("resumed", "channel_id head_seq gen"),
    ("resync", "channel_id head_seq gen"),
    ("pong", ""),
];

/// Builds the document.
pub(super) fn document() -> Value {
    let mut messages = Map::new();
    for (kind, fields) in FROM_CLIENT.iter().chain(FROM_SERVER) {
        messages.insert((*kind).to_owned(), message(kind, fields));
    }
    let operation = |action: &str, kinds: &[(&str, &str)]| {
        let references: Vec<Value> = kinds
            .iter()
            .map(|(kind, _)| json!({ "$ref": format!("#/channels/socket/messages/{kind}") }))
            .collect();
        json!({ "action": action, "channel": { "$ref": "#/channels/socket" }, "messages": references })
    };
    json!({
        "asyncapi": "3.1.0",
        "info": { "title": "Starling sockets", "version": env!("CARGO_PKG_VERSION") },
        "defaultContentType": "application/json",
        "channels": { "socket": { "address": "/ws", "messages": messages } },
        "operations": {
            "fromClient": operation("receive", FROM_CLIENT),
            "fromServer": operation("send", FROM_SERVER),
        },
    })
}

fn message(kind: &str, fields: &str) -> Value {
    let mut properties = Map::new();
    properties.insert("type".to_owned(), json!({ "const": kind }));
    let mut required = vec!["type"];
    for field in fields.split_whitespace() {
        let name = field.trim_end_matches('?');
        properties.insert(name.to_owned(), schema(name));
        if name == field {
            required.push(name);
        }
    }
    json!({
        "name": kind,
        "payload": { "type": "object", "properties": properties, "required": required },
    })
}

/// What a field of this name is, wherever it stands.
fn schema(name: &str) -> Value {
    match name {
        "id" => json!({ "type": ["string", "integer"] }),
        "seq" | "head_seq" | "after_seq" | "gen" | "retry_after_ms" | "heartbeat_ms" => {
            json!({ "type": "integer" })
        }
        "remove" | "added" | "is_typing" | "retry" | "duplicate" | "has_more" => {
            json!({ "type": "boolean" })
        }
        "mentions" | "attachments" => json!({ "type": "array", "items": { "type": "string" } }),
        "channels" | "messages" => json!({ "type": "array", "items": { "type": "object" } }),
        "user" | "limits" | "channel" => json!({ "type": "object" }),
        "message" => json!({ "description": "an object, or the sentence of an error" }),
        "status" => json!({ "enum": ["online", "away", "dnd", "offline"] }),
        "server_time" | "created_at" => json!({ "type": "string", "format": "date-time" }),
        _ => json!({ "type": "string" }),
    }
}
