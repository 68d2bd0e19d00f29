//! Everything that `docs/performance.md` promises, measured part by part, with one table in the end.
//!
//! A part runs as often as asked, each time with all its targets one after the other; a figure is the
//! median over the repeats of what one repeat gave, so a ratio is always of one run.

mod parts;
mod promises;

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tokio::time::timeout;

use self::promises::promises;
use crate::options::{Goals, Part};
use crate::report::{self, Cell, Row};

/// With five repeats it takes about 25 minutes on two cores; a machine that needs three times as long
/// should run parts.
const LIMIT: Duration = Duration::from_secs(75 * 60);
/// Parts that take minutes and whose figures hardly differ between repeats.
const REPEATS_OF_LONG_PARTS: u8 = 2;

/// Runs the parts and prints a table for each, and then the one of the goals.
pub(crate) async fn run(options: &Goals) -> Result<()> {
    ensure!(options.common.server.is_some(), "the goals' runs start their servers: --server");
    match timeout(LIMIT, all(options)).await {
        Ok(outcome) => outcome,
        Err(_) => bail!("the goals' runs took longer than {LIMIT:?}"),
    }
}

async fn all(options: &Goals) -> Result<()> {
    let mut told = Vec::new();
    let mut failures = Vec::new();
    let mut setting = parts::Setting::new(options);
    for part in Part::ALL.into_iter().filter(|part| options.runs(*part)) {
        let is_long = matches!(part, Part::P1 | Part::P9);
        let repeats = options.common.repeat;
        let repeats = if is_long { repeats.min(REPEATS_OF_LONG_PARTS) } else { repeats };
        let mut runs: Vec<Vec<Row>> = Vec::new();
        let mut trouble = None;
        for _ in 0..repeats {
            match setting.run(part).await {
                Ok(rows) => runs.push(rows),
                Err(error) => trouble = Some(format!("{part:?}: {error:#}")),
            }
        }
        let rows: Vec<Row> = runs.concat();
        if !rows.is_empty()
            && let Err(error) = report::publish(&format!("{part:?}"), &rows)
        {
            trouble = Some(format!("{error:#}"));
        }
        told.extend(promises(part).iter().map(|promise| promise.judge(&runs, trouble.is_some())));
        failures.extend(trouble);
    }
    report::publish("goals", &told)?;
    ensure!(failures.is_empty(), "void:\n{}", failures.join("\n"));
    Ok(())
}

/// A figure of a row by the row's label.
fn figure(rows: &[Row], run: &str, name: &str) -> Option<f64> {
    rows.iter().find(|row| row.get("run") == Some(&run.into()))?.get(name).and_then(Cell::real)
}
