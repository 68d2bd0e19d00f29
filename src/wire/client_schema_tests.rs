//! The description and the parser are two texts; here each is held against the other.

use std::collections::BTreeSet;

use serde_json::json;
use utoipa::OpenApi;

use super::*;
use crate::wire::client::{ClientFrame, Incoming, asked};

#[derive(OpenApi)]
#[openapi(components(schemas(ClientFrameSchema)))]
struct Described;

const ID: &str = "01890000-0000-7000-8000-000000000001";

/// Frames whose fields this version does not read.
const UNREAD: [&str; 3] = ["ask", "cancel_query", "ai_request"];

/// A described frame: its type, its fields, and which of them must be there.
struct Frame {
    kind: String,
    fields: Map<String, Value>,
    required: BTreeSet<String>,
}

fn described() -> Vec<Frame> {
    let document = serde_json::to_value(Described::openapi()).unwrap();
    let schemas = &document["components"]["schemas"];
    let mut frames = Vec::new();
    for variant in schemas["ClientFrameSchema"]["oneOf"].as_array().unwrap() {
        let [part, tag] = &variant["allOf"].as_array().unwrap()[..] else { panic!("{variant}") };
        let part =
            part["$ref"].as_str().map_or(part, |place| &schemas[place.rsplit('/').next().unwrap()]);
        let required = part["required"].as_array().cloned().unwrap_or_default();
        frames.push(Frame {
            kind: tag["properties"]["type"]["enum"][0].as_str().unwrap().to_owned(),
            fields: part["properties"].as_object().cloned().unwrap_or_default(),
            required: required.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
        });
    }
    frames
}

/// A value that a field of this name takes.
fn sample(name: &str) -> Value {
    match name {
        "id" => json!("r1"),
        "after_seq" | "seq" | "gen" => json!(3),
        "is_typing" | "remove" => json!(true),
        "mentions" | "attachments" => json!([ID]),
        "channels" => json!([{ "channel_id": ID, "after_seq": 3, "gen": 1 }]),
        "status" => json!("away"),
        name if name.ends_with("_id") => json!(ID),
        _ => json!("words"),
    }
}

fn full(frame: &Frame) -> Value {
    let mut value = json!({ "type": frame.kind });
    for name in frame.fields.keys() {
        value[name] = sample(name);
    }
    value
}

fn parse(value: &Value) -> Result<Incoming, crate::wire::frame::ErrorFrame> {
    Incoming::from_json(value.to_string().as_bytes())
}

#[test]
fn every_described_frame_with_all_its_fields_is_understood() {
    for frame in described() {
        let parsed = parse(&full(&frame));
        assert!(parsed.is_ok(), "{}: {parsed:?}", frame.kind);
    }
}

#[test]
fn what_is_described_as_required_is_and_nothing_else_is() {
    for frame in described().into_iter().filter(|frame| !UNREAD.contains(&&*frame.kind)) {
        for name in frame.fields.keys() {
            let mut value = full(&frame);
            value.as_object_mut().unwrap().remove(name);
            let refused = parse(&value).is_err();
            assert_eq!(refused, frame.required.contains(name), "{}: {name}", frame.kind);
        }
    }
}

#[test]
fn a_described_field_of_a_wrong_kind_is_refused_by_its_name() {
    for frame in described().into_iter().filter(|frame| !UNREAD.contains(&&*frame.kind)) {
        for name in frame.fields.keys() {
            let mut value = full(&frame);
            value[name] = json!({ "wrong": true });
            let error = parse(&value).unwrap_err();
            assert!(error.message.starts_with(name.as_str()), "{}: {error:?}", frame.kind);
        }
    }
}

#[test]
fn the_parser_asks_for_no_field_that_is_not_described() {
    for frame in described() {
        asked::forget();
        parse(&full(&frame)).unwrap();
        let mut known: BTreeSet<&str> = frame.fields.keys().map(String::as_str).collect();
        known.extend(["type", "id"]);
        if frame.kind == "resume" {
            known.extend(["channel_id", "after_seq", "gen"]);
        }
        for name in asked::names() {
            assert!(known.contains(&*name), "{} reads {name}, which is not described", frame.kind);
        }
    }
}

/// The wire's word for every frame that the parser can give; a new variant must be named here.
fn kind_of(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::JoinChannel { .. } => "join_channel",
        ClientFrame::LeaveChannel { .. } => "leave_channel",
        ClientFrame::Resume { .. } => "resume",
        ClientFrame::SendMessage(_) => "send_message",
        ClientFrame::EditMessage { .. } => "edit_message",
        ClientFrame::DeleteMessage { .. } => "delete_message",
        ClientFrame::React { .. } => "react",
        ClientFrame::Typing { .. } => "typing",
        ClientFrame::MarkRead { .. } => "mark_read",
        ClientFrame::Presence(_) => "presence",
        ClientFrame::Ask(_) => "ask",
        ClientFrame::CancelQuery { .. } => "cancel_query",
        ClientFrame::Ping(_) => "ping",
        ClientFrame::UserMessage { .. } => "user_message",
        ClientFrame::AiRequest { .. } => "ai_request",
    }
}

#[test]
fn each_described_frame_becomes_the_variant_of_its_name() {
    let described = described();
    assert_eq!(described.len(), 15, "a frame is described that is not in the list, or lacks");
    for frame in described {
        assert_eq!(kind_of(&parse(&full(&frame)).unwrap().frame), frame.kind);
    }
}
