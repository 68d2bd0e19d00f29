//! One bus over two servers: the contract, and one server that goes.

use super::*;
use crate::adapters::redis::SpreadBus;

/// Topics of the first and of the second of two servers.
const OF_FIRST: Topic = Topic::Channel(ChannelId::from_u128(2));
const OF_SECOND: Topic = Topic::Channel(ChannelId::from_u128(3));

impl Running {
    fn spread(&mut self, servers: [Redis; 2], node: u128) -> SpreadBus {
        let [first, second] = servers;
        let bus = SpreadBus::new(first, [second], NodeId::from_u128(node));
        let runs = bus.clone();
        self.0.push(tokio::spawn(async move { match runs.run().await {} }));
        bus
    }
}

/// Two names in the Redis that tests share are as good as two servers.
fn fresh() -> (Ends, Running) {
    let servers = [shared(), shared()];
    let mut running = Running(Vec::new());
    let ends: Ends =
        (Arc::new(running.spread(servers.clone(), 1)), Arc::new(running.spread(servers, 2)));
    (ends, running)
}
starling_actors::bus_suite!(fresh);

async fn is_whole(bus: &SpreadBus, wanted: bool) {
    let mut connected = bus.connected();
    timeout(DEADLINE, connected.wait_for(|is| *is == wanted)).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_that_goes_takes_its_own_topics_with_it_and_no_others() {
    let first = Server::start().await;
    let mut second = Server::start().await;
    let mut running = Running(Vec::new());
    let here = running.spread([first.redis(), second.redis()], 1);
    let there = running.spread([first.redis(), second.redis()], 2);
    let (stays, _stays) = Ear::on(&there, &here, OF_FIRST).await;
    let (goes, _goes) = Ear::on(&there, &here, OF_SECOND).await;
    is_whole(&here, true).await;

    second.kill().await;
    is_whole(&here, false).await;
    let before = goes.interruptions();
    here.publish(OF_SECOND, numbered(1)).await.unwrap();
    stays.hears(&here, OF_FIRST).await;
    assert_eq!(goes.seqs(), [] as [u64; 0], "its server is gone");

    second.restart().await;
    goes.interrupted(before + 1).await;
    goes.hears(&here, OF_SECOND).await;
    is_whole(&here, true).await;
}
