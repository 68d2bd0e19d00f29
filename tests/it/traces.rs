//! Traces over OTLP, taken by a collector that only listens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use crate::world::{PATIENCE, Server, command_of};

#[tokio::test]
async fn traces_reach_a_collector_over_http() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", collector.local_addr().unwrap());
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let (stream, _) = collector.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).unwrap();
        }
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        tell.send((head, body)).unwrap();
    });
    let mut server = Server::start(&[("telemetry.otlp_endpoint", &*endpoint)]);
    server.sign_up("alice").await;
    // What is gathered leaves at the end at the latest.
    let id = rustix::process::Pid::from_raw(i32::try_from(server.process_id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert!(server.wait().success());
    let (head, body) = tokio::time::timeout(PATIENCE, told).await.expect("a batch").unwrap();
    assert!(head.starts_with("POST /v1/traces "), "{head}");
    assert!(String::from_utf8_lossy(&body).contains("starling"), "the service names itself");
}

#[test]
fn an_endpoint_without_a_scheme_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = command_of(&[] as &[&str], folder.path())
        .args(["serve", "--set", "telemetry.otlp_endpoint=collector:4318", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("telemetry.otlp_endpoint"), "{words}");
}
