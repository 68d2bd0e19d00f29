//! Latency at half the machine's capacity. What this machine can do is found by a ramp: the rate grows
//! until Starling falls behind; then each target runs at half of the last rate that was kept up.

use anyhow::{Result, ensure};

use super::fanout;
use crate::options::{Common, Fanout, Flow, Pace};
use crate::report::{Cell, Row};
use crate::seat::Target;

/// The ramp starts at this many messages per second …
const RATE_FIRST: f64 = 20.0;
/// … grows by this …
const RATE_STEP: f64 = 1.5;
/// … and ends here at the latest.
const RATE_MAX: f64 = 20_000.0;
/// Long enough for a queue to show if the server is too slow by a tenth.
const RAMP_SECONDS: u16 = 3;
/// A server that keeps up delivers within this; one that does not is soon seconds behind.
const KEPT_UP_P99_MS: f64 = 250.0;
/// Half the capacity, as the goal says.
const SHARE: f64 = 0.5;

/// A row for each target.
pub(crate) async fn run(options: &Pace) -> Result<Vec<Row>> {
    ensure!(options.common.server.is_some(), "a comparison starts its servers: --server");
    let rate = match options.rate {
        Some(rate) => rate,
        None => capacity(options).await? * SHARE,
    };
    let mut rows = Vec::new();
    for target in super::targets(&options.common, &[Target::Floor, Target::Starling, Target::Nats])
    {
        rows.push(at(options, target, rate, options.seconds).await?);
    }
    Ok(rows)
}

/// The highest rate of the ramp that Starling kept up with.
pub(crate) async fn capacity(options: &Pace) -> Result<f64> {
    let mut rate = RATE_FIRST;
    let mut kept = None;
    while rate <= RATE_MAX {
        let row = at(options, Target::Starling, rate, RAMP_SECONDS).await?;
        if !keeps_up(&row) {
            break;
        }
        kept = Some(rate);
        rate *= RATE_STEP;
    }
    kept.ok_or_else(|| anyhow::anyhow!("{RATE_FIRST} messages per second are too many already"))
}

fn keeps_up(row: &Row) -> bool {
    let p99 = row.get("p99_ms").and_then(Cell::real);
    row.faults.is_empty() && p99.is_some_and(|p99| p99 <= KEPT_UP_P99_MS)
}

async fn at(options: &Pace, target: Target, rate: f64, seconds: u16) -> Result<Row> {
    let common = Common { target, ..options.common.clone() };
    let flow = Flow { rate, seconds, window: 1, bytes: 128, publishers: 1 };
    fanout::run(&Fanout { common, flow, channels: 1, subscribers: options.subscribers }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_keeps_up_if_all_came_and_came_soon() {
        let row = |p99: f64, fault: Option<&str>| {
            let mut row = Row::new("starling");
            row.put("p99_ms", p99);
            row.faults = fault.map(str::to_owned).into_iter().collect();
            row
        };
        assert!(keeps_up(&row(20.0, None)));
        assert!(!keeps_up(&row(2_000.0, None)));
        assert!(!keeps_up(&row(20.0, Some("one missing"))));
        assert!(!keeps_up(&Row::new("without figures")));
    }
}
