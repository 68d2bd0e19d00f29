//! The end of a run with a checker: everybody is level with the log, and the log is read back.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::board::locked;
use crate::crew::Crew;
use crate::history::{self, History, Record};
use crate::wire::http;
use crate::wire::json::Incoming;
use crate::world::World;

/// After the last fault everybody must be back and level with the log within this.
const LEVEL_TIMEOUT: Duration = Duration::from_secs(60);
const EVENTS_PER_PAGE: u64 = 500;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Writes down the whole log, and waits until every reader has seen the end of it. Of a cluster, every
/// node's view of the log is one more reader, who must see the same.
pub(crate) async fn level(crew: &Crew, world: &World) -> Result<u64> {
    crew.assembled(LEVEL_TIMEOUT).await?;
    let history = crew.board.history.as_ref().context("no history")?;
    let mut heads = Vec::new();
    for channel in &world.channels {
        let head = each_entry(world, world.address, channel, |entry| {
            history.write(&history::logged(channel, entry));
        });
        heads.push((channel, head.await?));
    }
    for (index, channel) in
        (0..world.nodes.len()).flat_map(|index| world.channels.iter().map(move |c| (index, c)))
    {
        view_of(world, index, channel, history).await?;
    }
    let deadline = Instant::now() + LEVEL_TIMEOUT;
    for slot in &crew.slots {
        let channel = &slot.seat.channel;
        let head = heads.iter().find(|(known, _)| *known == channel).map_or(0, |(_, head)| *head);
        while locked(&slot.ledger).position() < Some(head) && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
        }
        let (follower, channel) = (slot.name.clone(), channel.clone());
        history.write(&history::line(&Record::Finished { follower, channel }));
    }
    history.flush()?;
    Ok(heads.iter().map(|(_, head)| head).sum())
}

async fn view_of(world: &World, index: usize, channel: &str, history: &History) -> Result<()> {
    let follower = format!("log of {channel} at node {index}");
    history.write(&history::start(&follower, channel, 0));
    each_entry(world, world.nodes[index], channel, |entry| {
        history.write(&history::seen(&follower, channel, entry));
    })
    .await?;
    let channel = channel.to_owned();
    history.write(&history::line(&Record::Finished { follower, channel }));
    Ok(())
}

/// Reads a channel's log; the position of its last entry.
async fn each_entry(
    world: &World,
    address: std::net::SocketAddr,
    channel: &str,
    mut write: impl FnMut(&Incoming),
) -> Result<u64> {
    let token = world.users.first().map(|user| user.token.as_str());
    let mut after = 0;
    loop {
        let path =
            format!("/api/v1/channels/{channel}/events?after={after}&limit={EVENTS_PER_PAGE}");
        let page =
            http::request(address, "GET", &path, token, None).await?.success("reading the log")?;
        let events = page["events"].as_array().context("no events")?;
        for event in events {
            let entry = Incoming::deserialize(event)?;
            after = entry.seq.context("an entry without seq")?;
            write(&entry);
        }
        if events.is_empty() {
            return Ok(after);
        }
    }
}
