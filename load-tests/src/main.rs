//! The load harness: measures a Starling server from outside, on loopback, and proves that nothing
//! was lost, doubled or reordered while it did. It knows only `docs/protocol.md`.
//!
//! A run opens a *world* (server, accounts, channels), gathers a *crew* of followers that each keep
//! a *ledger* of what they saw, lets *publishers* send on a schedule, and ends in *rows* of figures.
//!
//! **Invariant:** figures of a run in which one follower missed one message are void: they are
//! shown, and the process exits with an error.

mod options;

mod report;
mod scenario;

mod authors;
mod crew;
mod fleet;
mod follower;
mod publisher;
mod world;

mod board;
mod caller;
mod ledger;
mod seat;
mod timeline;

mod history;

mod axum_baseline;
mod floor;
mod link;
mod wire;

mod clock;
mod process;
mod stall;

use std::future::Future;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;
use starling_load::checker;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::ctrl_c;
use tokio::signal::unix::{SignalKind, signal};

use crate::options::{Command, Common, Options};
use crate::report::Row;
use crate::scenario::{
    asking, beside, chaos, connect, crash, fanout, goals, growth, idle, jitter, pace, rolling,
    send, short, stalled, storage,
};

fn main() -> ExitCode {
    match run(Options::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let told = writeln!(stderr(), "starling-load: {error:#}");
            if told.is_err() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Connect(options) => {
            repeated("connect", &options.common, || one(connect::storm(&options)))
        }
        Command::Avalanche(options) => {
            repeated("avalanche", &options.common, || one(connect::avalanche(&options)))
        }
        Command::Fanout(options) => {
            repeated("fanout", &options.common, || one(fanout::run(&options)))
        }
        Command::Idle(options) => repeated("idle", &options.common, || one(idle::run(&options))),
        Command::Jitter(options) => {
            repeated("jitter", &options.fanout.common, || one(jitter::run(&options)))
        }
        Command::Stalled(options) => {
            repeated("stalled", &options.fanout.common, || stalled::run(&options))
        }
        Command::Send(options) => repeated("send", &options.common, || one(send::run(&options))),
        Command::Storage(options) => {
            repeated("storage", &options.common, || storage::run(&options))
        }
        Command::Growth(options) => repeated("growth", &options.common, || growth::run(&options)),
        Command::Asking(options) => repeated("asking", &options.common, || asking::run(&options)),
        Command::Crash(options) => repeated("crash", &options.common, || one(crash::run(&options))),
        Command::Pace(options) => repeated("pace", &options.common, || pace::run(&options)),
        Command::Goals(options) => {
            runtime(options.common.threads)?.block_on(interruptible(goals::run(&options)))
        }
        Command::Short(common) => {
            runtime(common.threads)?.block_on(interruptible(short::run(&common)))
        }
        Command::Chaos(options) => cluster_run("chaos", chaos::run(&options)),
        Command::Rolling(options) => cluster_run("rolling", one(rolling::run(&options))),
        Command::Beside(options) => cluster_run("beside", beside::run(&options)),
        Command::Check { history } => check(&history),
        Command::Floor { listen } => {
            process::raise_descriptors(1)?;
            // One thread and one queue of events, as its name says.
            Builder::new_current_thread().enable_all().build()?.block_on(floor::serve(listen))
        }
        Command::AxumBaseline { listen, joins_writes } => {
            process::raise_descriptors(1)?;
            // As many threads as cores, as `#[tokio::main]` gives.
            Runtime::new()?.block_on(axum_baseline::serve(listen, joins_writes))
        }
    }
}

fn runtime(threads: u16) -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(usize::from(threads)).enable_all().build()?)
}

/// Ends a run at Ctrl-C or SIGTERM by dropping it, which also ends the servers it started.
async fn interruptible<T>(run: impl Future<Output = Result<T>>) -> Result<T> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = run => outcome,
        pressed = ctrl_c() => {
            pressed?;
            bail!("interrupted")
        }
        _ = terminate.recv() => bail!("terminated"),
    }
}

async fn one(run: impl Future<Output = Result<Row>>) -> Result<Vec<Row>> {
    Ok(vec![run.await?])
}

/// Runs a scenario as often as asked, then prints its table and its JSON line.
fn repeated<F: Future<Output = Result<Vec<Row>>>>(
    name: &str,
    common: &Common,
    run: impl Fn() -> F,
) -> Result<()> {
    let runtime = runtime(common.threads)?;
    let mut rows = Vec::new();
    for _ in 0..common.repeat {
        rows.extend(runtime.block_on(interruptible(run()))?);
    }
    report::publish(name, &rows)
}

/// Runs a scenario on a cluster, then prints its table and its JSON line.
fn cluster_run(name: &str, run: impl Future<Output = Result<Vec<Row>>>) -> Result<()> {
    // One thread leaves the cores to the nodes and the database.
    report::publish(name, &runtime(1)?.block_on(interruptible(run))?)
}

fn check(history: &Path) -> Result<()> {
    let faults = crash::judge(history)?;
    if !faults.is_empty() {
        bail!("{} breaks what is promised:\n{}", history.display(), faults.join("\n"));
    }
    let mut row = Row::new("check");
    row.put("findings", 0_u64);
    report::publish("check", &[row])
}
