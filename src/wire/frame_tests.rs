use std::sync::Arc;

use serde_json::json;
use starling_actors::domain::{
    Byline, ChannelId, ChannelKind, ClientMessageId, MessageId, MessageKind, OrgId, Posted,
    Presence, Seq, Timestamp, UserId,
};

use super::*;

const CHANNEL: &str = "00000000-0000-0000-0000-00000000000c";
const MESSAGE: &str = "00000000-0000-0000-0000-00000000000e";
const ANN: &str = "00000000-0000-0000-0000-00000000000a";

fn ann() -> Byline {
    Byline {
        user: UserId::from_u128(0xa),
        username: "ann".into(),
        full_name: String::new(),
        avatar_url: String::new(),
    }
}

fn logged(event: Event) -> FrameBody {
    let entry = Entry {
        channel: ChannelId::from_u128(0xc),
        seq: Seq(7),
        ordinal: 3,
        by: ann(),
        at: Timestamp(0),
        event,
    };
    FrameBody::Logged { entry: Arc::new(entry), generation: Generation(2) }
}

fn check(body: &FrameBody, expected: &Value) {
    let frame = ServerFrame::from_body(body, &ReadyAnswers::default());
    let text: Value = serde_json::from_slice(&frame.to_json()).unwrap();
    let packed: Value = rmp_serde::from_slice(&frame.to_msgpack()).unwrap();
    assert_eq!(text, *expected);
    assert_eq!(packed, *expected, "MessagePack has the same names and values");
}

#[test]
fn a_new_message_travels_without_what_is_empty() {
    let posted = Posted {
        id: MessageId::from_u128(0xe),
        kind: MessageKind::Text,
        content: "hi".into(),
        thread: None,
        parent: None,
        mentions: vec![],
        attachments: vec![],
        client_message_id: ClientMessageId::new("c1".into()).ok(),
    };
    let at = "1970-01-01T00:00:00.000Z";
    let message = json!({
        "id": MESSAGE, "channel_id": CHANNEL, "seq": 7, "author_id": ANN,
        "author": {"id": ANN, "username": "ann"}, "content": "hi", "message_type": "text",
        "client_message_id": "c1", "is_edited": false, "is_deleted": false, "created_at": at,
        "updated_at": at, "timestamp": at,
    });
    check(
        &logged(Event::Posted(posted)),
        &json!({
            "type": "new_message", "channel_id": CHANNEL, "seq": 7, "gen": 2, "message": message,
        }),
    );
}

#[test]
fn changes_name_their_own_place_and_their_message() {
    let (message, target) = (MessageId::from_u128(0xe), Seq(5));
    let place = |kind: &str| {
        json!({"type": kind, "channel_id": CHANNEL, "seq": 7, "gen": 2,
        "message_id": MESSAGE, "user_id": ANN})
    };

    let mut edited = place("message_edited");
    edited["message"] = json!({
        "id": MESSAGE, "channel_id": CHANNEL, "seq": 5, "author_id": ANN,
        "author": {"id": ANN, "username": "ann"}, "content": "ho", "is_edited": true,
        "is_deleted": false, "updated_at": "1970-01-01T00:00:00.000Z",
    });
    check(
        &logged(Event::Edited { message, target, content: "ho".into(), mentions: vec![] }),
        &edited,
    );

    let mut deleted = place("message_deleted");
    deleted["message"] = json!({
        "id": MESSAGE, "channel_id": CHANNEL, "seq": 5, "content": "", "is_edited": false,
        "is_deleted": true, "updated_at": "1970-01-01T00:00:00.000Z",
    });
    check(&logged(Event::Deleted { message, target }), &deleted);

    let mut reaction = place("reaction");
    reaction["emoji"] = json!("👍");
    reaction["added"] = json!(true);
    check(&logged(Event::Reacted { message, target, emoji: "👍".into(), added: true }), &reaction);
}

#[test]
fn members_come_and_go_with_their_public_part() {
    for (event, kind) in [
        (Event::Joined { member: ann() }, "member_joined"),
        (Event::Left { member: ann() }, "member_left"),
    ] {
        check(
            &logged(event),
            &json!({
                "type": kind, "channel_id": CHANNEL, "seq": 7, "gen": 2,
                "user": {"id": ANN, "username": "ann"},
            }),
        );
    }
}

#[test]
fn what_is_not_in_the_log_has_no_generation() {
    let (channel, user) = (ChannelId::from_u128(0xc), UserId::from_u128(0xa));
    check(
        &FrameBody::Typing { channel, user, username: "ann".into(), is_typing: true },
        &json!({
            "type": "typing_indicator", "channel_id": CHANNEL, "user_id": ANN, "username": "ann",
            "is_typing": true,
        }),
    );
    check(
        &FrameBody::Status { user, presence: Presence::DoNotDisturb },
        &json!({"type": "user_status", "user_id": ANN, "status": "dnd"}),
    );
    check(
        &FrameBody::Read { channel, user, seq: Seq(4) },
        &json!({"type": "read_receipt", "channel_id": CHANNEL, "user_id": ANN, "seq": 4}),
    );
}

#[test]
fn replay_ends_with_where_it_got() {
    let (channel, head, generation) = (ChannelId::from_u128(0xc), Seq(9), Generation(2));
    let reached = |kind| json!({"type": kind, "channel_id": CHANNEL, "head_seq": 9, "gen": 2});
    check(&FrameBody::Resumed { channel, head, generation }, &reached("resumed"));
    check(&FrameBody::Resync { channel, head, generation }, &reached("resync"));
}

#[test]
fn a_channel_frame_carries_the_public_part_only() {
    let channel = Channel {
        id: ChannelId::from_u128(0xc),
        org: OrgId::from_u128(1),
        kind: ChannelKind::Private,
        name: "ops".into(),
        description: String::new(),
        topic: String::new(),
        owner: UserId::from_u128(0xa),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        member_count: 2,
    };
    let at = "1970-01-01T00:00:00.000Z";
    let view = json!({
        "id": CHANNEL, "name": "ops", "description": "", "topic": "", "kind": "private",
        "is_private": true, "is_direct_message": false, "owner_id": ANN, "created_at": at,
        "updated_at": at, "member_count": 2,
    });
    check(
        &FrameBody::ChannelUpdated(Arc::new(channel)),
        &json!({"type": "channel_updated", "channel_id": CHANNEL, "channel": view}),
    );
}

#[test]
fn an_answer_has_only_the_fields_of_its_order() {
    let ack = ServerFrame::Ack(Ack { id: Some(RequestId::Text("a".into())), ..Ack::default() });
    assert_eq!(ack.to_json(), br#"{"type":"ack","id":"a"}"#);
    let mut fields = Map::new();
    fields.insert("sent".into(), json!(5));
    let pong = ServerFrame::Pong(fields);
    assert_eq!(pong.to_json(), br#"{"type":"pong","sent":5}"#);
    let packed: Value = rmp_serde::from_slice(&pong.to_msgpack()).unwrap();
    assert_eq!(packed, json!({"type": "pong", "sent": 5}));
}
