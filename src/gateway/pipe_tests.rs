use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::*;

const LANE_BYTES: usize = 64 * 1024;

async fn pair() -> (Arc<Pipe>, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    server.writable().await.unwrap();
    (Pipe::new(server, LANE_BYTES), client)
}

fn frame(number: u32) -> Arc<[u8]> {
    sealed(decoder::BINARY, &number.to_be_bytes().repeat(64)).into()
}

#[tokio::test]
async fn a_slow_reader_is_ended_and_the_others_read_on() {
    let (slow, mut slow_client) = pair().await;
    let (quick, mut quick_client) = pair().await;

    let mut sent = 0;
    while slow.send(&[frame(sent)]) {
        assert!(quick.send(&[frame(sent)]));
        let mut bytes = vec![0; frame(sent).len()];
        quick_client.read_exact(&mut bytes).await.unwrap();
        assert_eq!(*bytes, *frame(sent));
        sent += 1;
    }

    assert_eq!(slow.ending(), Some(close::TOO_SLOW));
    assert_eq!(quick.ending(), None);
    let reading = tokio::spawn(async move {
        let mut bytes = Vec::new();
        slow_client.read_to_end(&mut bytes).await.unwrap();
        bytes
    });
    slow.flushed().await;
    rustix::net::shutdown(&slow.stream, rustix::net::Shutdown::Write).unwrap();
    let bytes = reading.await.unwrap();
    let farewell = sealed(
        decoder::CLOSE,
        &[&4008_u16.to_be_bytes(), close::TOO_SLOW.reason.as_bytes()].concat(),
    );
    assert!(bytes.ends_with(&farewell), "the close frame comes last and whole");
    assert_eq!((bytes.len() - farewell.len()) % frame(0).len(), 0, "no frame is cut");
}

#[tokio::test]
async fn what_waited_arrives_whole_and_in_order() {
    let (pipe, mut client) = pair().await;
    // More than the kernel takes at once, sent in joined writes while the reader reads.
    let total = 40_000_u32;
    let reading = tokio::spawn(async move {
        let mut bytes = vec![0; frame(0).len()];
        for number in 0..total {
            client.read_exact(&mut bytes).await.unwrap();
            assert_eq!(*bytes, *frame(number));
        }
    });
    for first in (0..total).step_by(100) {
        assert!(pipe.send(&(first..first + 100).map(frame).collect::<Vec<_>>()));
        pipe.flushed().await;
    }
    reading.await.unwrap();
}

#[tokio::test]
async fn only_the_first_end_counts() {
    let (pipe, _client) = pair().await;
    pipe.end(close::REVOKED);
    pipe.end(close::RESTARTING);
    assert_eq!(pipe.ended().await, close::REVOKED);
    assert!(!pipe.send(&[frame(1)]));
}
