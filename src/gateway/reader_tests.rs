use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::gateway::decoder::{self, sealed};

const FRAME_BYTES: usize = 64 * 1024;

async fn pair() -> (Reader, Arc<Pipe>, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    let pipe = Pipe::new(server, FRAME_BYTES);
    (Reader::new(Arc::clone(&pipe), Decoder::new(FRAME_BYTES), b""), pipe, client)
}

/// A client's frame with a mask of zeros, which leaves the payload as it is.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = sealed(0, payload);
    let at = frame.len() - payload.len();
    frame[0] = first;
    frame[1] |= 0x80;
    frame.splice(at..at, [0; 4]);
    frame
}

#[tokio::test]
async fn what_was_read_with_the_handshake_comes_first() {
    let (_, pipe, mut client) = pair().await;
    let mut reader = Reader::new(pipe, Decoder::new(FRAME_BYTES), &masked(0x81, b"first")[..4]);
    client.write_all(&masked(0x81, b"first")[4..]).await.unwrap();
    client.write_all(&masked(0x82, b"second")).await.unwrap();
    assert_eq!(reader.next().await, Ok(Received::Text(b"first".into())));
    assert_eq!(reader.next().await, Ok(Received::Binary(b"second".into())));
}

#[tokio::test]
async fn a_message_of_the_largest_size_is_read() {
    let (mut reader, _pipe, mut client) = pair().await;
    let payload = vec![b'a'; FRAME_BYTES];
    let frame = masked(0x81, &payload);
    let writing = tokio::spawn(async move { client.write_all(&frame).await });
    assert_eq!(reader.next().await, Ok(Received::Text(payload)));
    writing.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_peer_that_goes_without_a_word_is_gone() {
    let (mut reader, _pipe, client) = pair().await;
    drop(client);
    assert_eq!(reader.next().await, Err(close::GONE));
}

#[tokio::test]
async fn an_unmasked_frame_ends_the_reading() {
    let (mut reader, _pipe, mut client) = pair().await;
    client.write_all(&sealed(decoder::TEXT, b"hi")).await.unwrap();
    assert_eq!(reader.next().await, Err(close::PROTOCOL));
}

#[tokio::test]
async fn a_message_that_is_never_completed_ends_the_reading() {
    let (mut reader, _pipe, mut client) = pair().await;
    client.write_all(&masked(0x01, b"half")).await.unwrap();
    client.flush().await.unwrap();
    let waiting = tokio::spawn(async move { reader.next().await });
    // The reader must have the fragment before the clock is stopped and run forward.
    tokio::task::yield_now().await;
    tokio::time::pause();
    assert_eq!(waiting.await.unwrap(), Err(close::PROTOCOL));
}

#[tokio::test]
async fn pings_give_a_half_sent_message_no_more_time() {
    let (mut reader, _pipe, mut client) = pair().await;
    let ping = masked(0x89, b"");
    client.write_all(&[masked(0x01, b"half"), ping.clone()].concat()).await.unwrap();
    assert_eq!(reader.next().await, Ok(Received::Ping(Vec::new())));
    client.write_all(&ping).await.unwrap();
    assert_eq!(reader.next().await, Ok(Received::Ping(Vec::new())));
    let deadline = reader.deadline;
    assert!(deadline.is_some());
    client.write_all(&ping).await.unwrap();
    assert_eq!(reader.next().await, Ok(Received::Ping(Vec::new())));
    assert_eq!(reader.deadline, deadline);
    tokio::time::pause();
    tokio::time::advance(COMPLETE_WITHIN).await;
    client.write_all(&ping).await.unwrap();
    assert_eq!(reader.next().await, Err(close::PROTOCOL));
}

#[tokio::test]
async fn a_whole_message_gives_the_next_one_its_own_time() {
    let (mut reader, _pipe, mut client) = pair().await;
    client.write_all(&masked(0x01, b"ha")).await.unwrap();
    let reading = tokio::time::timeout(Duration::from_millis(1), reader.next());
    assert!(reading.await.is_err(), "half a message is none");
    client.write_all(&[masked(0x80, b"lf"), masked(0x01, b"more")].concat()).await.unwrap();
    assert_eq!(reader.next().await, Ok(Received::Text(b"half".into())));
    assert_eq!(reader.deadline, None);
}

#[tokio::test]
async fn the_peer_sees_why_even_if_it_goes_on_sending() {
    let (reader, pipe, mut client) = pair().await;
    client.write_all(&masked(0x81, b"unread")).await.unwrap();
    pipe.end(close::REVOKED);
    let parting = tokio::spawn(reader.goodbye());
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes[2..4], 4003_u16.to_be_bytes());
    drop(client);
    parting.await.unwrap();
}
