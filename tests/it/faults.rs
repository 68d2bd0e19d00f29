//! What happens when things break.

use std::collections::BTreeMap;

use serde_json::json;

use crate::world::Server;

/// Times the server is killed; each time at another point of a burst of sends.
const KILLS: usize = 20;
const BURST: usize = 12;

#[tokio::test]
async fn acknowledged_messages_survive_twenty_kills_once_and_in_order() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut acknowledged = BTreeMap::new();
    for kill in 0..KILLS {
        let mut socket = alice.socket().await;
        for number in 0..BURST {
            let id = format!("k{kill}-{number}");
            let frame = json!({
                "type": "send_message", "id": id, "channel_id": channel,
                "content": id, "client_message_id": id,
            });
            socket.send(frame).await;
        }
        // Killed after this many acknowledgements: somewhere inside the burst, or right after it.
        for _ in 0..(kill % BURST) {
            let ack = socket.expect("ack").await;
            acknowledged.insert(ack["client_message_id"].to_string(), ack["seq"].as_u64().unwrap());
        }
        server.kill();
        server.start_again();
    }
    let mut seqs = Vec::new();
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut after = 0;
    loop {
        let path = format!("/api/v1/channels/{channel}/events?after={after}&limit=200");
        let page = alice.get(&path).await;
        let events = page["events"].as_array().unwrap().clone();
        let Some(last) = events.last() else { break };
        after = last["seq"].as_u64().unwrap();
        for event in &events {
            seqs.push(event["seq"].as_u64().unwrap());
            if event["type"] == "new_message" {
                let id = event["message"]["client_message_id"].to_string();
                found.entry(id).or_default().push(event["seq"].as_u64().unwrap());
            }
        }
    }
    assert_eq!(seqs, (1..=after).collect::<Vec<_>>(), "the log is contiguous from 1");
    assert!(found.values().all(|places| places.len() == 1), "nothing is doubled");
    for (id, seq) in acknowledged {
        assert_eq!(found.get(&id), Some(&vec![seq]), "{id} is where its receipt says");
    }
}
