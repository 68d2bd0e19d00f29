//! The faults of a run, one turn after the other, and what each of them cost.

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};

use super::fault::{Fault, Kind};
use super::plan::{Plan, Turn};
use crate::authors::Desk;
use crate::clock;
use crate::fleet::Fleet;
use crate::report::{Cell, Row};

/// After the end of a fault everything is as before within this; connections that were cut take up to
/// the kernel's next attempt.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What the faults of one kind cost.
#[derive(Default)]
struct Cost {
    faults: u64,
    /// Those with no other fault beside them: the longest silence of a channel, in seconds.
    silences: Vec<f64>,
    /// The longest silence of all of them.
    silence_max: f64,
    /// From the beginning of the fault to its end, with what was beside it.
    outage_max: f64,
    /// From the end of the fault until everything was whole and every channel took messages.
    recovery_max: f64,
}

impl Cost {
    fn count(&mut self, is_alone: bool, silence: f64, outage: f64, recovery: f64) {
        self.faults += 1;
        self.silence_max = self.silence_max.max(silence);
        self.outage_max = self.outage_max.max(outage);
        self.recovery_max = self.recovery_max.max(recovery);
        if is_alone {
            self.silences.push(silence);
        }
    }
}

/// The faults of a run.
pub(super) struct Storm {
    plan: Plan,
    costs: BTreeMap<Kind, Cost>,
    /// Nodes that ended though nobody ended them.
    pub(super) deaths: u64,
}

impl Storm {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, costs: BTreeMap::new(), deaths: 0 }
    }

    /// Turns until the time is over; at the end everything is whole.
    pub(super) async fn rage(
        &mut self,
        fleet: &mut Fleet,
        desk: &Arc<Desk>,
        span: Duration,
    ) -> Result<()> {
        let deadline = Instant::now() + span;
        while Instant::now() < deadline {
            let turn = self.plan.turn();
            sleep(turn.pause).await;
            self.turn(fleet, desk, &turn).await.with_context(|| told(&turn))?;
        }
        Ok(())
    }

    async fn turn(&mut self, fleet: &mut Fleet, desk: &Desk, turn: &Turn) -> Result<()> {
        let from = clock::nanos();
        turn.first.begin(fleet).await.context("beginning")?;
        let first_ends = Instant::now() + turn.first.span;
        let mut faults = vec![&turn.first];
        if let Some((after, second)) = &turn.second {
            sleep(*after).await;
            second.begin(fleet).await.context("beginning the second")?;
            sleep(second.span).await;
            faults.push(second);
        }
        tokio::time::sleep_until(first_ends).await;
        // What nodes need to start comes before nodes.
        faults.sort_by_key(|fault| fault.kind == Kind::NodeKilled);
        for fault in &faults {
            fault.end(fleet).await.context("ending")?;
        }
        let ended = clock::nanos();
        self.recover(fleet, desk, ended).await?;
        let to = clock::nanos();
        let silence = desk.timeline.silence(from, to);
        let seconds = |from: u64, to: u64| to.saturating_sub(from) as f64 / 1e9;
        let (outage, recovery) = (seconds(from, ended), seconds(ended, to));
        let words = told(turn);
        writeln!(stderr(), "{words}: outage {outage:.1} s, silence {silence:.1} s")?;
        for fault in &faults {
            let cost = self.costs.entry(fault.kind).or_default();
            cost.count(faults.len() == 1, silence, outage, recovery);
        }
        Ok(())
    }

    /// Waits until nothing is missing and every channel takes messages.
    async fn recover(&mut self, fleet: &mut Fleet, desk: &Desk, ended: u64) -> Result<()> {
        for index in 0..fleet.nodes().len() {
            // Whatever runs nodes starts again what gave up.
            if !fleet.node(index).is_running()? {
                self.deaths += 1;
                fleet.node(index).restart().await?;
            }
        }
        fleet.until_whole(WHOLE_TIMEOUT).await?;
        let deadline = Instant::now() + WHOLE_TIMEOUT;
        while !desk.timeline.all_since(ended) {
            ensure!(Instant::now() < deadline, "a channel takes no messages any more");
            sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// A row for each kind of fault.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.costs.iter().map(|(kind, cost)| row(*kind, cost)).collect()
    }

    /// How many faults there were.
    pub(super) fn faults(&self) -> u64 {
        self.costs.values().map(|cost| cost.faults).sum()
    }
}

fn row(kind: Kind, cost: &Cost) -> Row {
    let mut alone = cost.silences.clone();
    alone.sort_by(f64::total_cmp);
    let mut row = Row::new(kind.name());
    row.put("faults", cost.faults);
    row.put("alone", alone.len());
    row.put("silence_p50_s", alone.get(alone.len() / 2).copied());
    row.put("silence_max_s", alone.last().copied());
    row.put("silence_paired_max_s", cost.silence_max);
    row.put("outage_max_s", cost.outage_max);
    row.put("recovery_max_s", cost.recovery_max);
    if let (Some(goal), Some(worst)) = (kind.goal_s(), alone.last()) {
        row.put("goal_s", goal);
        row.put("met", Cell::from(if *worst <= goal { "yes" } else { "NO" }));
    }
    row
}

/// A turn in words, for errors.
fn told(turn: &Turn) -> String {
    let one =
        |fault: &Fault| format!("{} (node {}, {:?})", fault.kind.name(), fault.node, fault.span);
    match &turn.second {
        None => one(&turn.first),
        Some((after, second)) => {
            format!("{} and after {after:?} {}", one(&turn.first), one(second))
        }
    }
}
