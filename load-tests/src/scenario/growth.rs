//! Growth: the same deliveries per second over more subscribers and more channels. CPU per delivery
//! should stay flat.

use anyhow::Result;

use super::fanout;
use crate::options::{Common, Fanout, Flow, Growth};
use crate::report::Row;

/// A channel with a slow rate would send less than one message in a short run.
const RATE_MIN: f64 = 0.5;

/// All steps, in order.
pub(crate) async fn run(options: &Growth) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for &subscribers in &options.subscribers {
        rows.push(step(options, 1, subscribers).await?);
    }
    let all = options.subscribers.iter().copied().max().unwrap_or(1);
    for &channels in &options.channels {
        // One channel with all subscribers was the last step.
        if channels > 1 {
            rows.push(step(options, channels, (all / channels).max(1)).await?);
        }
    }
    Ok(rows)
}

async fn step(options: &Growth, channels: usize, subscribers: usize) -> Result<Row> {
    let rate = (options.deliveries / (channels * subscribers) as f64).max(RATE_MIN);
    let flow = Flow { rate, seconds: options.seconds, window: 1, bytes: 128, publishers: 4 };
    let common = Common { repeat: 1, ..options.common.clone() };
    let label = format!("{channels}x{subscribers}");
    let fanout = Fanout { common, flow, channels, subscribers };
    fanout::run(&fanout).await.map(|row| row.labelled(&label))
}
