//! Storage stands still for a while: typing, presence and reads of the hot tail must go on as before,
//! and what people send meanwhile must be there once and in order in the end.
//!
//! Three spans of time follow each other: before, during and after the stall. Each figure counts in
//! the span in which its frame was sent.

mod presence;
mod spans;
mod tail;
mod typing;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::task::JoinSet;
use tokio::time::sleep;

use self::spans::{Kind, Span, Spans};
use super::{ASSEMBLE_TIMEOUT, PLAIN};
use crate::board::Board;
use crate::caller::Caller;
use crate::crew::Crew;
use crate::link::Dial;
use crate::options::{Flow, Storage};
use crate::publisher::{Sent, publish_together};
use crate::report::{Cell, Row};
use crate::seat::Target;
use crate::stall::Stall;
use crate::world::{User, World};

/// Everyone has a reader of the channel, so presence is told to as many.
const PEOPLE: usize = 32;
/// Messages in the log before anything is measured, so that there is a tail to read.
const WARM_UP: Duration = Duration::from_secs(2);
/// What was written in the moment the stall began may still be on its way to readers.
const ON_THE_WAY: Duration = Duration::from_millis(300);
/// After the stall, everything that waited is written and delivered.
const SETTLE: Duration = Duration::from_secs(30);
const MEMORY_LOOKS_EVERY: Duration = Duration::from_millis(200);
/// A message of chat.
const CONTENT_BYTES: u32 = 128;

/// One measured run: a row for each span, with the ratios in the second.
pub(crate) async fn run(options: &Storage) -> Result<Vec<Row>> {
    ensure!(options.common.target == Target::Starling, "only starling keeps anything");
    ensure!(options.common.server.is_some(), "a stall needs a server of its own: --server");
    ensure!(options.common.users as usize >= PEOPLE, "at least {PEOPLE} users, please");
    let world = World::open(&options.common, 1, PEOPLE).await?;
    let rows = measure(options, &world).await;
    world.close().await?;
    rows
}

async fn measure(options: &Storage, world: &World) -> Result<Vec<Row>> {
    let board = Board::new(options.common.concurrency, None)?;
    let crew = Crew::gather(world, PEOPLE, board, PLAIN, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let spans = Arc::new(Spans::new()?);
    let seconds = 2 * u64::from(options.seconds) + u64::from(options.stall_seconds);
    let flow = Flow {
        rate: options.rate,
        seconds: u16::try_from(seconds + WARM_UP.as_secs())?,
        window: 1,
        bytes: CONTENT_BYTES,
        publishers: options.authors,
    };
    let (sent, leaked) = tokio::try_join!(
        async { publish_together(world, &flow, SETTLE).await.context("sending") },
        stall(options, world, &crew, &spans),
    )?;
    crew.delivered(crew.expected(&sent.accepted), SETTLE).await;

    let mut faults = crew.faults(&sent.accepted);
    faults.extend(spans.faults());
    if leaked > 0 {
        faults.push(format!("{leaked} deliveries during the stall: it did not stall anything"));
    }
    Ok(rows(&spans, &sent, &faults))
}

/// Probes before, during and after the stall; the deliveries that came during it.
async fn stall(options: &Storage, world: &World, crew: &Crew, spans: &Arc<Spans>) -> Result<u64> {
    let database = world.server.as_ref().context("no server of our own")?.database();
    sleep(WARM_UP).await;
    let mut probes = probes(world, spans).await?;
    let around = Duration::from_secs(u64::from(options.seconds));
    let stalled_for = Duration::from_secs(u64::from(options.stall_seconds));
    let plan = async {
        span(world, spans, Span::Before, around).await;
        let stall = Stall::begin(&database, options.stall).await?;
        spans.enter(Span::During);
        sleep(ON_THE_WAY).await;
        let before = crew.board.delivered();
        span(world, spans, Span::During, stalled_for.saturating_sub(ON_THE_WAY)).await;
        let leaked = crew.board.delivered() - before;
        drop(stall);
        span(world, spans, Span::After, around).await;
        spans.enter(Span::Over);
        anyhow::Ok(leaked)
    };
    let leaked = tokio::select! {
        leaked = plan => leaked?,
        ended = probes.join_next() => match ended {
            Some(outcome) => bail!("a probe ended: {:?}", outcome?.err()),
            None => bail!("no probes"),
        },
    };
    // Answers to what was sent at the end; each probe judges for itself what is too late.
    let deadline = tokio::time::Instant::now() + SETTLE;
    while spans.waiting() > 0 && tokio::time::Instant::now() < deadline {
        sleep(Duration::from_millis(5)).await;
    }
    if spans.waiting() > 0 {
        spans.fault(format!("{} frames were never answered", spans.waiting()));
    }
    Ok(leaked)
}

async fn probes(world: &World, spans: &Arc<Spans>) -> Result<JoinSet<Result<()>>> {
    let mut probes = JoinSet::new();
    let mut people = world.users.iter().skip(1);
    let mut take = |count: usize| -> Vec<&User> { people.by_ref().take(count).collect() };
    typing::start(world, &take(1 + typing::TYPISTS), spans, &mut probes).await?;
    presence::start(world, &take(1 + presence::CHANGERS), spans, &mut probes).await?;
    tail::start(world, &take(tail::READERS), spans, &mut probes).await?;
    Ok(probes)
}

/// Lets a span pass and keeps the most memory seen in it.
async fn span(world: &World, spans: &Spans, span: Span, lasts: Duration) {
    spans.enter(span);
    let end = tokio::time::Instant::now() + lasts;
    while tokio::time::Instant::now() < end {
        spans.saw_memory(span, world.memory().unwrap_or(0));
        sleep(MEMORY_LOOKS_EVERY).await;
    }
}

/// A socket of a person that follows nothing by itself.
async fn caller(world: &World, user: &User) -> Result<Caller> {
    let path = format!("/ws?token={}&subscribe=none", user.token);
    let dial = Dial { address: world.address, source: None, path, stalls: false };
    Caller::open(&dial).await
}

fn rows(spans: &Spans, sent: &Sent, faults: &[String]) -> Vec<Row> {
    let columns = [
        (Kind::Typing, ["typing_n", "typing_p50_ms", "typing_p99_ms", "typing_p99_ratio"]),
        (
            Kind::Presence,
            ["presence_n", "presence_p50_ms", "presence_p99_ms", "presence_p99_ratio"],
        ),
        (Kind::Tail, ["tail_n", "tail_p50_ms", "tail_p99_ms", "tail_p99_ratio"]),
    ];
    let mut rows = Vec::new();
    for (span, label) in
        [(Span::Before, "before"), (Span::During, "during"), (Span::After, "after")]
    {
        let mut row = Row::new(label);
        for (kind, [count, p50, p99, ratio]) in columns {
            let latency = spans.latency(kind, span);
            row.put(count, latency.count());
            row.put(p50, latency.quantile_ms(0.5));
            row.put(p99, latency.quantile_ms(0.99));
            if span == Span::During {
                row.put(ratio, spans.p99_ratio(kind));
            }
        }
        row.put("resident_mib", spans.memory_mib(span));
        if span == Span::During {
            row.put("memory_growth_mib", spans.memory_mib(span) - spans.memory_mib(Span::Before));
            row.put("acknowledged", sent.total());
            row.put("repeated_sends", sent.repeated);
            row.put("ack_max_ms", sent.answered.max_ms());
            row.put("complete", Cell::from(if faults.is_empty() { "yes" } else { "NO" }));
            row.faults = faults.to_vec();
        }
        rows.push(row);
    }
    rows
}
