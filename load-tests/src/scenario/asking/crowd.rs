//! Many questions at once while chat flows in another channel: what its readers notice, how many
//! questions wait, and whether each is answered once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::super::{ASSEMBLE_TIMEOUT, PLAIN, settle};
use super::QUESTIONS;
use super::shop::Shop;
use crate::board::{Board, locked};
use crate::caller::Caller;
use crate::crew::Crew;
use crate::options::{Asking, Flow};
use crate::publisher::publish;
use crate::report::{Cell, Row};
use crate::wire::http;
use crate::world::World;

/// Sockets that ask; a server may take only so many frames of one at a time.
const ASKERS: usize = 8;
/// A wave of questions that takes longer than this is lost.
const WAVE_TIMEOUT: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The server reads its queues once a second.
const QUEUE_LOOKS_EVERY: Duration = Duration::from_millis(400);
/// A message of chat.
const CONTENT_BYTES: u32 = 128;

/// Answers heard, by job.
type Heard = Arc<Mutex<HashMap<String, u64>>>;

/// A row for chat alone and one for chat beside questions.
pub(super) async fn run(options: &Asking) -> Result<Vec<Row>> {
    let world = World::open(&options.common, 1, options.subscribers).await?;
    let rows = measure(options, &world).await;
    world.close().await?;
    rows
}

async fn measure(options: &Asking, world: &World) -> Result<Vec<Row>> {
    let shop = Shop::open(world.address).await?;
    let limit = settle(&options.common);
    let board = Board::new(options.common.concurrency, None)?;
    let crew = Crew::gather(world, options.subscribers, board, PLAIN, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let flow = Flow {
        rate: options.rate,
        seconds: options.seconds,
        window: 1,
        bytes: CONTENT_BYTES,
        publishers: 1,
    };

    let before = publish(world, &flow, limit).await?;
    crew.delivered(crew.expected(&before.accepted), limit).await;
    let mut alone = Row::new("chat alone");
    latencies(&mut alone, &crew);
    let p99_alone = crew.board.live.quantile_ms(0.99);
    crew.board.live.clear();

    let is_over = AtomicBool::new(false);
    let most = AtomicU64::new(0);
    let chat = async {
        let during = publish(world, &flow, limit).await;
        is_over.store(true, Ordering::Relaxed);
        during
    };
    let (during, crowd, ()) = tokio::try_join!(
        chat,
        waves(&shop, options.jobs as usize, &is_over),
        watch_queue(world, &is_over, &most),
    )?;
    let accepted: Vec<u64> =
        before.accepted.iter().zip(&during.accepted).map(|(one, other)| one + other).collect();
    crew.delivered(crew.expected(&accepted), limit).await;

    let mut beside = Row::new("chat beside questions");
    latencies(&mut beside, &crew);
    let p99 = crew.board.live.quantile_ms(0.99);
    beside.put("p99_ratio", p99.zip(p99_alone).map(|(during, before)| during / before));
    beside.put("questions", crowd.asked);
    beside.put("waves", crowd.waves);
    beside.put("questions_per_second", crowd.asked as f64 / crowd.took.as_secs_f64());
    beside.put("refused", crowd.refused);
    beside.put("not_answered_once", crowd.faults.len());
    beside.put("waiting_most", most.load(Ordering::Relaxed));
    beside.faults = crew.faults(&accepted);
    beside.faults.extend(crowd.faults.into_iter().take(3));
    beside.put("complete", Cell::from(if beside.faults.is_empty() { "yes" } else { "NO" }));
    Ok(vec![alone, beside])
}

fn latencies(row: &mut Row, crew: &Crew) {
    let live = &crew.board.live;
    row.put("deliveries", live.count());
    row.put("p50_ms", live.quantile_ms(0.5));
    row.put("p99_ms", live.quantile_ms(0.99));
    row.put("max_ms", live.max_ms());
}

/// What came of all questions.
#[derive(Default)]
struct Crowd {
    asked: usize,
    waves: usize,
    refused: usize,
    took: Duration,
    /// Questions that did not end as they should.
    faults: Vec<String>,
}

/// Asks many at once, and as many again when all are answered, until it is over.
async fn waves(shop: &Shop, jobs: usize, is_over: &AtomicBool) -> Result<Crowd> {
    let heard = Heard::default();
    let mut ears = JoinSet::new();
    ears.spawn(listen(shop.ear().await?, Arc::clone(&heard)));
    let mut askers = Vec::new();
    for _ in 0..ASKERS {
        askers.push(shop.socket().await?);
    }
    let (mut crowd, mut all) = (Crowd::default(), Vec::new());
    let begin = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        let count = |place| jobs / ASKERS + usize::from(place < jobs % ASKERS);
        let asking =
            askers.iter_mut().enumerate().map(|(place, asker)| ask(shop, asker, count(place)));
        let mut wave = Vec::new();
        for asked in futures_util::future::try_join_all(asking).await? {
            wave.extend(asked.jobs);
            crowd.refused += asked.refused;
        }
        until_heard(&wave, &heard, &mut ears).await?;
        crowd.waves += 1;
        crowd.asked += wave.len();
        all.extend(wave);
    }
    crowd.took = begin.elapsed();
    for job in &all {
        let state = shop.ended(job).await?["state"].clone();
        let answers = locked(&heard).get(job).copied().unwrap_or_default();
        if state != "done" || answers != 1 {
            crowd.faults.push(format!("a question is {state} with {answers} answers"));
        }
    }
    Ok(crowd)
}

/// What one socket asked.
struct Asked {
    jobs: Vec<String>,
    refused: usize,
}

/// Asks so many at once. What is refused for now is asked again.
async fn ask(shop: &Shop, asker: &mut Caller, count: usize) -> Result<Asked> {
    let mut asked = Asked { jobs: Vec::with_capacity(count), refused: 0 };
    let mut frames = HashMap::new();
    for (id, words) in (0_u64..).zip(QUESTIONS.iter().cycle()).take(count) {
        let frame = shop.question(id, words);
        asker.send(&frame).await?;
        frames.insert(id, frame);
    }
    while asked.jobs.len() < count {
        let answer = asker.next().await?;
        let Some(frame) = answer.id.as_u64().and_then(|id| frames.get(&id)) else { continue };
        match (answer.kind.as_str(), answer.retry) {
            ("ack", _) => asked.jobs.push(answer.job_id.context("a question without a job")?),
            ("error", Some(true)) => {
                asked.refused += 1;
                sleep(Duration::from_millis(answer.retry_after_ms.unwrap_or(100))).await;
                asker.send(frame).await?;
            }
            _ => bail!("a question was refused: {}", answer.complaint()),
        }
    }
    Ok(asked)
}

async fn listen(mut ear: Caller, heard: Heard) -> Result<()> {
    loop {
        let frame = ear.next().await.context("whoever hears the answers")?;
        if frame.kind == "llm_response" {
            let job = frame.job_id.context("an answer without its job")?;
            *locked(&heard).entry(job).or_default() += 1;
        }
    }
}

async fn until_heard(wave: &[String], heard: &Heard, ears: &mut JoinSet<Result<()>>) -> Result<()> {
    let deadline = Instant::now() + WAVE_TIMEOUT;
    loop {
        let missing = {
            let heard = locked(heard);
            wave.iter().filter(|job| !heard.contains_key(*job)).count()
        };
        if missing == 0 {
            return Ok(());
        }
        if let Some(ended) = ears.try_join_next() {
            ended??;
        }
        ensure!(Instant::now() < deadline, "{missing} questions have no answer");
        sleep(LOOK_EVERY).await;
    }
}

/// Keeps the most questions that were seen waiting.
async fn watch_queue(world: &World, is_over: &AtomicBool, most: &AtomicU64) -> Result<()> {
    while !is_over.load(Ordering::Relaxed) {
        let answer = http::request(world.address, "GET", "/metrics", None, None).await?;
        let text = answer.success("/metrics")?;
        let waiting = waiting(text.as_str().unwrap_or_default());
        most.fetch_max(waiting.context("no queue of questions in /metrics")?, Ordering::Relaxed);
        sleep(QUEUE_LOOKS_EVERY).await;
    }
    Ok(())
}

fn waiting(metrics: &str) -> Option<u64> {
    let mut lines = metrics.lines();
    let line = lines.find_map(|line| {
        line.strip_prefix("starling_queue_depth{")?.split_once("queue=\"query_jobs\"")
    })?;
    line.1.split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_of_questions_is_found_among_the_others() {
        let metrics = "# TYPE starling_queue_depth gauge\n\
            starling_queue_depth{queue=\"sqlite_writes\"} 3\n\
            starling_queue_depth{queue=\"query_jobs\"} 196\n";
        assert_eq!(waiting(metrics), Some(196));
        assert_eq!(waiting("starling_queue_depth{queue=\"lane_bytes\"} 1\n"), None);
    }
}
