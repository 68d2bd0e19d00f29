//! The frames of the sockets as an AsyncAPI 3.1 document, made from the types of `wire`.
//!
//! [`ServerFrame`] is what is encoded, so its schema cannot drift; [`ClientFrameSchema`] is held to
//! the parser by its tests. Each variant becomes one message; the document's schemas are those that
//! the variants refer to.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::wire::client_schema::ClientFrameSchema;
use crate::wire::frame::ServerFrame;

#[cfg(test)]
#[path = "asyncapi_tests.rs"]
mod tests;

/// Gathers the schemas, with everything they refer to.
#[derive(OpenApi)]
#[openapi(components(schemas(ClientFrameSchema, ServerFrame)))]
struct Frames;

/// Names of the two enums among the schemas, and who sends their variants.
const FROM_CLIENT: &str = "ClientFrameSchema";
const FROM_SERVER: &str = "ServerFrame";

/// Builds the document.
pub(super) fn document() -> Value {
    let mut schemas = match serde_json::to_value(Frames::openapi()) {
        Ok(mut document) => document["components"]["schemas"].take(),
        Err(error) => {
            tracing::error!(%error, "the schemas of the frames cannot be shown");
            Value::Null
        }
    };
    let from_client = variants(&mut schemas, FROM_CLIENT);
    let from_server = variants(&mut schemas, FROM_SERVER);
    let operation = |action: &str, kinds: &Map<String, Value>| {
        let references: Vec<Value> = kinds
            .keys()
            .map(|kind| json!({ "$ref": format!("#/channels/socket/messages/{kind}") }))
            .collect();
        json!({ "action": action, "channel": { "$ref": "#/channels/socket" }, "messages": references })
    };
    let operations = json!({
        "fromClient": operation("receive", &from_client),
        "fromServer": operation("send", &from_server),
    });
    let messages: Map<String, Value> = from_client.into_iter().chain(from_server).collect();
    json!({
        "asyncapi": "3.1.0",
        "info": { "title": "Starling sockets", "version": env!("CARGO_PKG_VERSION") },
        "defaultContentType": "application/json",
        "channels": { "socket": { "address": "/ws", "messages": messages } },
        "operations": operations,
        "components": { "schemas": schemas },
    })
}

/// Takes an enum out of the schemas, and makes a message of each of its variants.
fn variants(schemas: &mut Value, name: &str) -> Map<String, Value> {
    let Some(mut whole) = schemas.as_object_mut().and_then(|schemas| schemas.remove(name)) else {
        return Map::new();
    };
    let Value::Array(variants) = whole["oneOf"].take() else { return Map::new() };
    let mut messages = Map::new();
    for mut payload in variants {
        let Some(kind) = kind_of(&payload) else { continue };
        let words = payload.as_object_mut().and_then(|payload| payload.remove("description"));
        let mut message = json!({ "name": kind, "payload": payload });
        if let Some(words) = words {
            message["summary"] = words;
        }
        messages.insert(kind, message);
    }
    messages
}

/// The word in a variant's `type`.
fn kind_of(variant: &Value) -> Option<String> {
    let own = &variant["properties"]["type"]["enum"][0];
    let parts = variant["allOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    own.as_str().map(str::to_owned).or_else(|| parts.iter().find_map(kind_of))
}
