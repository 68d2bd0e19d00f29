//! Growth: CPU per delivery should stay flat. Two series, each at the same deliveries per second in
//! all its steps: one channel with more and more subscribers, and more and more channels of the same
//! small size. In the second, all steps also have the same messages per second, so what storing a
//! message costs is the same share of each. In the first it is not: a message to 100 subscribers is
//! stored once for 100 deliveries, one to 10,000 once for 10,000. That share is measured with one
//! subscriber and told, and taken off in a second figure.

use anyhow::Result;

use super::fanout;
use crate::options::{Common, Fanout, Flow, Growth};
use crate::report::{Cell, Row};

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
        let row = step(options, 1, subscribers, options.deliveries).await?.labelled(&label);
        // The same messages to one subscriber: what a message costs by itself.
        let alone = step(options, 1, 1, options.deliveries / subscribers as f64).await?;
        rows.push(with_net(row, &alone, subscribers));
    }
    for &channels in &options.channels {
        let label = format!("{channels} channels");
        let deliveries = options.deliveries * CHANNELS_SHARE;
        rows.push(step(options, channels, MEMBERS, deliveries).await?.labelled(&label));
    }
    Ok(rows)
}

/// Adds what a delivery costs without its share of the message's own cost.
fn with_net(mut row: Row, alone: &Row, subscribers: usize) -> Row {
    let cpu = |row: &Row| row.get("cpu_us_per_delivery").and_then(Cell::real);
    let message = cpu(alone);
    row.put("cpu_us_per_message", message);
    let net = cpu(&row).zip(message).map(|(cpu, message)| cpu - message / subscribers as f64);
    row.put("net_us_per_delivery", net);
    row.faults.extend(alone.faults.iter().cloned());
    row
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_figure_lacks_the_share_of_the_message_itself() {
        let row = |cpu: f64| {
            let mut row = Row::new("100 subscribers");
            row.put("cpu_us_per_delivery", cpu);
            row
        };
        let row = with_net(row(4.0), &row(150.0), 100);
        assert_eq!(row.get("net_us_per_delivery"), Some(&Cell::Real(2.5)));
    }
}
