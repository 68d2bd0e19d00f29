//! Growth: CPU per delivery should stay flat. Two series, each at the same deliveries per second in
//! all its steps: one channel with more and more subscribers, and more and more channels of the same
//! small size. In the second, all steps also have the same messages per second, so what storing a
//! message costs is the same share of each.

use anyhow::Result;

use super::fanout;
use crate::options::{Common, Fanout, Flow, Growth};
use crate::report::Row;

/// A channel with a slow rate would send less than one message in a short run.
const RATE_MIN: f64 = 0.5;
/// Subscribers of each channel in the series of channels: 1,000 channels are 10,000 sockets.
const MEMBERS: usize = 10;
/// A small channel costs a stored message for each few deliveries, so there are fewer of them.
const CHANNELS_SHARE: f64 = 0.5;

/// All steps, in order. Labels of the series of channels begin with their number.
pub(crate) async fn run(options: &Growth) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for &subscribers in &options.subscribers {
        let label = format!("{subscribers} subscribers");
        rows.push(step(options, 1, subscribers, options.deliveries).await?.labelled(&label));
    }
    for &channels in &options.channels {
        let label = format!("{channels} channels");
        let deliveries = options.deliveries * CHANNELS_SHARE;
        rows.push(step(options, channels, MEMBERS, deliveries).await?.labelled(&label));
    }
    Ok(rows)
}

async fn step(
    options: &Growth,
    channels: usize,
    subscribers: usize,
    deliveries: f64,
) -> Result<Row> {
    let rate = (deliveries / (channels * subscribers) as f64).max(RATE_MIN);
    let flow = Flow { rate, seconds: options.seconds, window: 1, bytes: 128, publishers: 4 };
    let common = Common { repeat: 1, ..options.common.clone() };
    fanout::run(&Fanout { common, flow, channels, subscribers }).await
}
