//! What `make load` runs: every scenario once, small, with the floor and nats-server in the same
//! run, and the goals as ratios in the end.

use std::io::{Write, stdout};
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tokio::time::timeout;

use super::{connect, crash, fanout, idle, jitter, send, stalled, targets};
use crate::options::{Common, Connect, Crash, Fanout, Flow, Idle, Jitter, Send, Stalled};
use crate::report::{self, Cell, Row};
use crate::seat::Target;

/// The whole set takes about two minutes; a machine that needs more should run parts by hand.
const LIMIT: Duration = Duration::from_secs(240);

/// Runs the set and prints a table for each part.
pub(crate) async fn run(common: &Common) -> Result<()> {
    ensure!(common.server.is_some(), "the short set starts its servers itself: --server <binary>");
    match timeout(LIMIT, all(common)).await {
        Ok(outcome) => outcome,
        Err(_) => bail!("the short set took longer than {LIMIT:?}"),
    }
}

async fn all(common: &Common) -> Result<()> {
    if !common.nats.exists() {
        writeln!(stdout(), "without nats-server: {} is not there", common.nats.display())?;
    }
    let mut failures = Vec::new();
    let mut figures = Vec::new();
    let single = Flow { rate: 20.0, seconds: 5, window: 1, bytes: 128, publishers: 1 };
    let burst = Flow { rate: 80.0, window: 16, ..single };
    let all = [Target::Floor, Target::Starling, Target::Nats, Target::Axum, Target::AxumJoined];
    for (name, flow) in [("fanout, one at a time", single), ("fanout, window 16", burst)] {
        let rows = compared(common, &all, flow, &mut failures).await;
        tell(name, &rows, &mut failures);
        figures.push(rows);
    }
    let rows = waiting(common, &mut failures).await;
    tell("idle", &rows, &mut failures);
    figures.push(rows);
    figures.push(faults(common, &mut failures).await);
    report::publish("goals (a short run is an indication)", &goals(&figures))?;
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

fn tell(name: &str, rows: &[Row], failures: &mut Vec<String>) {
    if let Err(error) = report::publish(name, rows) {
        failures.push(format!("{error:#}"));
    }
}

fn keep(name: &str, row: Result<Row>, failures: &mut Vec<String>) -> Option<Row> {
    row.map_err(|error| failures.push(format!("{name}: {error:#}"))).ok()
}

async fn compared(
    common: &Common,
    wanted: &[Target],
    flow: Flow,
    failures: &mut Vec<String>,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for target in targets(common, wanted) {
        let common = Common { target, ..common.clone() };
        let options = Fanout { common, flow, channels: 1, subscribers: 1_000 };
        rows.extend(keep(target.name(), fanout::run(&options).await, failures));
    }
    rows
}

async fn waiting(common: &Common, failures: &mut Vec<String>) -> Vec<Row> {
    let mut rows = Vec::new();
    for target in targets(common, &[Target::Floor, Target::Starling, Target::Nats]) {
        let common = Common { target, ..common.clone() };
        let options = Idle {
            common,
            connections: 3_000,
            channels: 10,
            own_accounts: false,
            accounts: None,
            rest_seconds: None,
            seconds: 8,
            ping_seconds: 4,
        };
        rows.extend(keep(target.name(), idle::run(&options).await, failures));
    }
    rows
}

/// The parts that only Starling can pass.
async fn faults(common: &Common, failures: &mut Vec<String>) -> Vec<Row> {
    let common = Common { target: Target::Starling, ..common.clone() };
    let flow = Flow { rate: 50.0, seconds: 6, window: 1, bytes: 128, publishers: 1 };
    let fanout = Fanout { common: common.clone(), flow, channels: 1, subscribers: 300 };
    let mut rows = Vec::new();

    let storm = Connect { common: common.clone(), connections: 2_000 };
    let row = connect::avalanche(&storm).await.map(|row| row.labelled("avalanche"));
    rows.extend(keep("avalanche", row, failures));

    let shaken = Jitter { fanout: fanout.clone(), drop_share: 0.1 };
    let row = jitter::run(&shaken).await.map(|row| row.labelled("jitter"));
    rows.extend(keep("jitter", row, failures));

    let flow = Flow { bytes: 2_000, ..flow };
    let options = Stalled { fanout: Fanout { flow, ..fanout }, stalled_share: 0.01 };
    match stalled::run(&options).await {
        Ok(pair) => rows.extend(pair),
        Err(error) => failures.push(format!("stalled: {error:#}")),
    }
    let options =
        Send { common: common.clone(), rate: 1_000.0, seconds: 5, authors: 16, bytes: 128 };
    let row = send::run(&options).await.map(|row| row.labelled("send"));
    rows.extend(keep("send", row, failures));

    let rounds = Crash {
        common,
        rounds: 3,
        seed: None,
        channels: 2,
        writers: 6,
        readers: 10,
        history: None,
    };
    rows.extend(keep("crash", crash::run(&rounds).await, failures));
    for row in &rows {
        let name = row.get("run").map_or_else(String::new, Cell::shown);
        tell(&name, std::slice::from_ref(row), failures);
    }
    rows
}

/// The measured ratios beside what is promised.
fn goals(figures: &[Vec<Row>]) -> Vec<Row> {
    let figure = |part: usize, run: &str, name: &str| {
        let row = figures[part].iter().find(|row| row.get("run") == Some(&run.into()))?;
        row.get(name)?.real()
    };
    let ratio = |part: usize, name: &str, other: &str| {
        Some(figure(part, "starling", name)? / figure(part, other, name)?)
    };
    let cpu = "cpu_us_per_delivery";
    let own_spread = figure(0, "starling", "p99_ms").zip(figure(0, "starling", "p50_ms"));
    let list = [
        ("P1 KiB per idle connection", figure(2, "starling", "kib_per_connection"), 12.0),
        ("P2 CPU per delivery / floor", ratio(0, cpu, "floor"), 1.2),
        ("P2 CPU per delivery / nats", ratio(0, cpu, "nats"), 0.6),
        ("P3 CPU per delivery, window 16 / nats", ratio(1, cpu, "nats"), 0.35),
        ("P3 CPU per delivery, window 16 / axum", ratio(1, cpu, "axum"), 0.7),
        ("P3 CPU per delivery, window 16 / axum, joined", ratio(1, cpu, "axum-joined"), 0.7),
        ("P4 delivery p99 / nats", ratio(0, "p99_ms", "nats"), 0.5),
        ("P4 delivery p99 / own p50", own_spread.map(|(p99, p50)| p99 / p50), 2.5),
        ("P5 replay p99, ms", figure(3, "jitter", "replay_p99_ms"), 3_000.0),
        ("P6 back / cold connect", figure(3, "avalanche", "back_over_cold"), 2.0),
        ("P7 p99 with stalled / without", figure(3, "starling: some stalled", "p99_ratio"), 1.2),
        ("P8 durable send p99, ms", figure(3, "send", "ack_p99_ms"), 10.0),
        ("P11 idle CPU, us per s and connection", idle_cpu(&figure), 2.5),
    ];
    list.into_iter()
        .map(|(name, measured, most)| {
            let mut row = Row::new(name);
            row.put("measured", measured);
            row.put("at_most", most);
            let met = measured.map_or("-", |measured| if measured <= most { "yes" } else { "no" });
            row.put("met", met);
            row
        })
        .collect()
}

/// The short run pings every 4 s instead of every 25 s, so its figure is an upper bound.
fn idle_cpu(figure: &impl Fn(usize, &str, &str) -> Option<f64>) -> Option<f64> {
    figure(2, "starling", "cpu_us_per_s_and_connection")
}
