use proptest::prelude::*;
use serde_json::json;

use super::*;

const ID: &str = "018bcfe5-687b-7fff-bfff-ffffffffffff";

fn parsed(frame: &Value) -> Result<Incoming, ErrorFrame> {
    let packed = Incoming::from_msgpack(&rmp_serde::to_vec_named(frame).unwrap());
    let text = Incoming::from_json(frame.to_string().as_bytes());
    assert_eq!(text, packed, "both encodings say the same");
    text
}

/// One frame of each kind, with the fields that matter.
fn good_frames() -> Vec<Value> {
    vec![
        json!({"type": "join_channel", "channel_id": ID}),
        json!({"type": "join_channel", "channel_id": ID, "after_seq": 7, "gen": 1}),
        json!({"type": "leave_channel", "channel_id": ID}),
        json!({"type": "resume", "channels": [{"channel_id": ID, "after_seq": 7, "gen": 1}]}),
        json!({"type": "send_message", "channel_id": ID, "content": "hi", "thread_id": null}),
        json!({"type": "edit_message", "message_id": ID, "content": "hi"}),
        json!({"type": "delete_message", "message_id": ID}),
        json!({"type": "react", "message_id": ID, "emoji": "👍", "remove": true}),
        json!({"type": "typing", "channel_id": ID, "is_typing": false}),
        json!({"type": "mark_read", "channel_id": ID, "seq": 3}),
        json!({"type": "presence", "status": "dnd"}),
        json!({"type": "ask", "channel_id": ID, "query": "how many?"}),
        json!({"type": "cancel_query"}),
        json!({"type": "ping", "sent": 12}),
        json!({"type": "user_message", "text": "hi"}),
        json!({"type": "ai_request", "text": "hi"}),
    ]
}

#[test]
fn every_type_of_the_table_is_understood_in_both_encodings() {
    for frame in good_frames() {
        assert!(parsed(&frame).is_ok(), "{frame}");
    }
}

#[test]
fn a_draft_keeps_every_field() {
    let frame = json!({
        "type": "send_message", "id": 4, "channel_id": ID, "content": "hi", "after_seq": 9,
        "client_message_id": "c1", "mentions": [ID], "attachments": [ID], "parent_message_id": ID,
    });
    let incoming = parsed(&frame).unwrap();
    let ClientFrame::SendMessage(draft) = incoming.frame else { panic!("a draft") };
    assert_eq!(incoming.id, Some(RequestId::Number(4.into())));
    assert_eq!(draft.after_seq, Some(Seq(9)));
    assert_eq!(draft.client_message_id.as_deref(), Some("c1"));
    assert_eq!((draft.mentions.len(), draft.attachments.len()), (1, 1));
    assert_eq!(draft.parent.unwrap().to_string(), ID);
}

#[test]
fn an_error_names_the_field_and_repeats_the_id() {
    for (frame, code, message) in [
        (json!({"type": "dance"}), "unknown_type", "there is no frame of type 'dance'"),
        (json!({}), "validation_failed", "type: is missing"),
        (json!({"type": "typing"}), "validation_failed", "channel_id: is missing"),
        (
            json!({"type": "mark_read", "channel_id": ID, "seq": -1}),
            "validation_failed",
            "seq: must be a whole number of at least 0",
        ),
        (
            json!({"type": "leave_channel", "channel_id": "x"}),
            "validation_failed",
            "channel_id: must be an id: a UUID in lower case with hyphens",
        ),
        (json!({"type": "resume"}), "validation_failed", "channels: must be a list of positions"),
    ] {
        let mut frame = frame;
        frame["id"] = json!("q");
        let error = parsed(&frame).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (code, message));
        assert_eq!(error.id, Some(RequestId::Text("q".to_owned())));
        assert!(!error.retry);
    }
}

#[test]
fn what_is_no_map_is_malformed() {
    for bytes in [&b""[..], b"{", b"[]", b"1", b"{\"type\":"] {
        assert_eq!(Incoming::from_json(bytes).unwrap_err().code, "malformed");
    }
    for bytes in [&b""[..], b"\xc1", b"\x90", b"\x81\x01\x02", b"\xdf\xff\xff\xff\xff"] {
        assert_eq!(Incoming::from_msgpack(bytes).unwrap_err().code, "malformed");
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let text = format!("{{\"type\":\"ping\",\"x\":{}", "[".repeat(60_000));
    assert!(Incoming::from_json(text.as_bytes()).is_err());
    let packed = [b"\x81\xa1x".as_slice(), &[0x91; 60_000]].concat();
    assert!(Incoming::from_msgpack(&packed).is_err());
}

/// Bytes of a frame after somebody changed a few of them.
fn damaged(mut bytes: Vec<u8>, damage: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (place, kind, byte) in damage {
        if bytes.is_empty() {
            break;
        }
        let place = place.index(bytes.len());
        match kind % 4 {
            0 => bytes[place] = *byte,
            1 => bytes.insert(place, *byte),
            2 => drop(bytes.remove(place)),
            _ => bytes.truncate(place),
        }
    }
    bytes
}

proptest! {
    #[test]
    fn a_damaged_frame_is_understood_or_refused_with_a_known_code(
        frame in prop::sample::select(good_frames()),
        damage in proptest::collection::vec(any::<(prop::sample::Index, u8, u8)>(), 1..6),
    ) {
        let text = damaged(frame.to_string().into_bytes(), &damage);
        let packed = damaged(rmp_serde::to_vec_named(&frame).unwrap(), &damage);
        for result in [Incoming::from_json(&text), Incoming::from_msgpack(&packed)] {
            if let Err(error) = result {
                let known = ["malformed", "unknown_type", "validation_failed"];
                prop_assert!(known.contains(&error.code) && !error.retry, "{error:?}");
            }
        }
    }

    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        drop(Incoming::from_json(&bytes));
        drop(Incoming::from_msgpack(&bytes));
    }

    #[test]
    fn no_map_of_known_names_makes_a_parser_panic(
        name in prop::sample::select(vec![
            "join_channel", "resume", "send_message", "edit_message", "react", "typing",
            "mark_read", "presence", "ping",
        ]),
        fields in proptest::collection::hash_map(
            prop::sample::select(vec![
                "id", "channel_id", "message_id", "content", "seq", "after_seq", "gen", "channels",
                "mentions", "emoji", "remove", "status",
            ]),
            prop_oneof![
                Just(json!(ID)), Just(json!([ID])), Just(json!([{"channel_id": ID}])),
                Just(json!(null)), any::<i16>().prop_map(|n| json!(f64::from(n) / 2.0)),
                any::<i64>().prop_map(|n| json!(n)), any::<String>().prop_map(|s| json!(s)),
                any::<bool>().prop_map(|b| json!(b)),
            ],
            0..8,
        ),
    ) {
        let mut frame = json!(fields);
        frame["type"] = json!(name);
        drop(parsed(&frame));
    }
}
