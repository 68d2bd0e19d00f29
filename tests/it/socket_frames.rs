//! Raw frames from outside: what breaks RFC 6455 or a limit ends that one socket with its code, and
//! nobody else's.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::raw::{BINARY, CLOSE, PING, PONG, Raw, TEXT, announced, masked};
use crate::world::{PATIENCE, Server};

/// The largest message that the server takes (`limits.frame_bytes`).
const FRAME_BYTES: usize = 64 * 1024;
/// Fragments of the most divided message that the server takes (docs/performance.md).
const FRAGMENTS: usize = 128;

const OPENING: u8 = 0x01;
const CONTINUATION: u8 = 0x00;
const LAST: u8 = 0x80;

/// Sends each list of bytes on a socket of its own and holds the close code against `code`, while
/// another socket sees nothing of it.
async fn each_ends_with(code: u16, cases: Vec<(&str, Vec<u8>)>) {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut bystander = alice.socket().await;
    for (name, bytes) in cases {
        let mut raw = Raw::open(&server, &alice).await;
        raw.send(&bytes).await;
        assert_eq!(raw.close_code().await, code, "{name}");
    }
    bystander.send(json!({ "type": "ping", "still": "here" })).await;
    assert_eq!(bystander.expect("pong").await["still"], "here");
}

#[tokio::test]
async fn frames_that_break_the_standard_end_the_socket_with_1002() {
    let ping = br#"{"type":"ping"}"#;
    let unmasked = [&[TEXT, 15], ping.as_slice()].concat();
    let mut unmasked_after_a_good_one = masked(TEXT, ping);
    unmasked_after_a_good_one.extend(&unmasked);
    let two_openings = [masked(OPENING, b"a"), masked(OPENING, b"b")].concat();
    let whole_within = [masked(OPENING, b"a"), masked(TEXT, b"b")].concat();
    let second_end = [masked(OPENING, b"\""), masked(LAST, b"\""), masked(LAST, b"x")].concat();
    let mut cases = vec![
        ("unmasked", unmasked),
        ("unmasked after a good one", unmasked_after_a_good_one),
        ("two opening fragments", two_openings),
        ("a whole message within another", whole_within),
        ("a continuation of nothing", masked(LAST, b"a")),
        ("a continuation after the end", second_end),
        ("a long ping", masked(PING, &[b'a'; 126])),
        ("a long close", masked(CLOSE, &[b'a'; 126])),
        ("a fragmented ping", masked(PING & !LAST, b"a")),
        ("a fragmented close", masked(CLOSE & !LAST, b"")),
        ("a close with half a code", masked(CLOSE, b"\x03")),
        ("a close with a code that never travels", masked(CLOSE, &1005_u16.to_be_bytes())),
        ("a length with its highest bit set", announced(TEXT, 1 << 63)),
    ];
    let reserved: Vec<(String, Vec<u8>)> = [0xc1, 0xa1, 0x91, 0x83, 0x87, 0x8b, 0x8f]
        .into_iter()
        .map(|first| (format!("first byte {first:x}"), masked(first, b"")))
        .collect();
    cases.extend(reserved.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())));
    each_ends_with(1002, cases).await;
}

#[tokio::test]
async fn text_that_is_not_utf8_ends_the_socket_with_1007() {
    let cut = "ü".as_bytes();
    let cases = vec![
        ("in one frame", masked(TEXT, b"{\"type\":\"\xff\"}")),
        ("a surrogate", masked(TEXT, b"\xed\xa0\x80")),
        ("a cut character at the end", masked(TEXT, &cut[..1])),
        ("in an unfinished message", masked(OPENING, b"\xff")),
        (
            "a cut character not continued",
            [masked(OPENING, &cut[..1]), masked(LAST, b"a")].concat(),
        ),
        ("in a close reason", masked(CLOSE, b"\x03\xe8\xff")),
    ];
    each_ends_with(1007, cases).await;
}

#[tokio::test]
async fn binary_on_the_json_protocol_ends_the_socket_with_1003() {
    each_ends_with(1003, vec![("binary", masked(BINARY, br#"{"type":"ping"}"#))]).await;
}

#[tokio::test]
async fn what_is_too_large_ends_the_socket_with_1009() {
    let mut by_bytes = masked(OPENING, &vec![b'a'; FRAME_BYTES]);
    by_bytes.extend(masked(LAST, b"a"));
    let mut by_count = masked(OPENING, b"");
    (0..FRAGMENTS).for_each(|_| by_count.extend(masked(CONTINUATION, b"")));
    let cases = vec![
        ("announced, without its payload", announced(TEXT, FRAME_BYTES as u64 + 1)),
        ("announced as if it were a disk", announced(BINARY, 1 << 40)),
        ("fragments by bytes", by_bytes),
        ("endless empty fragments", by_count),
    ];
    each_ends_with(1009, cases).await;
}

#[tokio::test]
async fn the_largest_and_the_most_divided_message_are_heard() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let frame = |bytes: usize| {
        let around = json!({ "type": "ping", "x": "" }).to_string().len();
        json!({ "type": "ping", "x": "a".repeat(bytes - around) }).to_string()
    };
    let mut raw = Raw::open(&server, &alice).await;
    raw.send(&masked(TEXT, frame(FRAME_BYTES).as_bytes())).await;
    raw.expect("pong").await;

    let text = frame(FRAGMENTS);
    for (place, byte) in text.bytes().enumerate() {
        let opcode = if place == 0 { OPENING } else { CONTINUATION };
        let last = if place + 1 == FRAGMENTS { LAST } else { 0 };
        raw.send(&masked(opcode | last, &[byte])).await;
        raw.send(&masked(PING, &[byte])).await;
    }
    for byte in text.bytes().take(FRAGMENTS - 1) {
        assert_eq!(raw.frame().await, Some((PONG, vec![byte])), "pings between fragments");
    }
    raw.expect("pong").await;
}

#[tokio::test]
async fn a_message_in_single_bytes_and_many_in_one_write_are_the_same() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let ping = |number: u32| {
        masked(TEXT, json!({ "type": "ping", "number": number }).to_string().as_bytes())
    };
    // The first one travels with the handshake itself.
    let mut raw = Raw::open_with(&server, &alice, &[], &ping(0)).await;
    for byte in ping(1) {
        raw.send(&[byte]).await;
    }
    raw.send(&(2..200).flat_map(ping).collect::<Vec<u8>>()).await;
    for number in 0..200 {
        assert_eq!(raw.expect("pong").await["number"], number);
    }
}

#[tokio::test]
async fn a_close_is_answered_with_1000_whatever_code_it_had() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    for payload in [Vec::new(), 1000_u16.to_be_bytes().to_vec(), 4999_u16.to_be_bytes().to_vec()] {
        let mut raw = Raw::open(&server, &alice).await;
        raw.send(&masked(CLOSE, &payload)).await;
        raw.send(&masked(TEXT, b"after the close")).await;
        assert_eq!(raw.close_code().await, 1000);
    }
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_let_go_and_one_that_does_stays() {
    let server = Server::start(&[("server.heartbeat_ms", "1000")]);
    let alice = server.sign_up("alice").await;
    let mut silent = Raw::open(&server, &alice).await;
    let mut alive = Raw::open(&server, &alice).await;
    let answering = tokio::spawn(async move {
        for _ in 0..5 {
            let (first, payload) = alive.frame().await.expect("a ping");
            assert_eq!(first, PING);
            alive.send(&masked(PONG, &payload)).await;
        }
        alive
    });
    assert_eq!(silent.close_code().await, 1001);
    let mut alive = answering.await.unwrap();
    alive.say(&json!({ "type": "ping", "still": "here" })).await;
    assert_eq!(alive.expect("pong").await["still"], "here");
}

#[tokio::test]
async fn what_is_no_handshake_is_answered_with_a_problem() {
    let server = Server::start(&[]);
    let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let upgrade = "upgrade: websocket\r\nconnection: Upgrade\r\n";
    for headers in [
        String::new(),
        format!("{upgrade}{key}"),
        format!("{upgrade}sec-websocket-version: 8\r\n{key}"),
        format!("{upgrade}sec-websocket-version: 13\r\n"),
        format!("connection: Upgrade\r\nsec-websocket-version: 13\r\n{key}"),
    ] {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        let end = "connection: close\r\n\r\n";
        let request = format!("GET /ws HTTP/1.1\r\nhost: x\r\n{headers}{end}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        tokio::time::timeout(PATIENCE, read).await.expect("an answer").unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
}
