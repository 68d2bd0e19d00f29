//! Questions one after the other: what is left of the time when that of the model and that of the
//! database are taken away.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::{Instant, timeout};

use super::QUESTIONS;
use super::model::Model;
use super::shop::Shop;
use crate::board::Latency;
use crate::caller::Caller;
use crate::options::Asking;
use crate::report::{Cell, Row};
use crate::world::World;

/// Questions before the first that counts: sessions, prepared statements and caches are there then.
const WARM_UP: u32 = 10;
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Faults told one by one.
const FAULTS_MAX: usize = 3;

/// A row for the built-in assistant and one for a model.
pub(super) async fn run(options: &Asking) -> Result<Vec<Row>> {
    let world = World::open(&options.common, 1, 1).await?;
    let rows = both(options, &world).await;
    world.close().await?;
    rows
}

async fn both(options: &Asking, world: &World) -> Result<Vec<Row>> {
    let built_in = Shop::open(world.address).await?;
    let built_in = measure(options, &built_in, "built-in assistant", None).await?;
    let model = Model::start().await?;
    let shop = Shop::open(world.address).await?;
    shop.use_model(&model.url()).await?;
    Ok(vec![built_in, measure(options, &shop, "model", Some(&model)).await?])
}

/// What was seen of all questions.
struct Seen {
    wall: Latency,
    database: Latency,
    model: Latency,
    overhead: Latency,
    told: Latency,
    faults: Vec<String>,
}

async fn measure(options: &Asking, shop: &Shop, label: &str, model: Option<&Model>) -> Result<Row> {
    let mut socket = shop.ear().await?;
    let mut seen = Seen {
        wall: Latency::new()?,
        database: Latency::new()?,
        model: Latency::new()?,
        overhead: Latency::new()?,
        told: Latency::new()?,
        faults: Vec::new(),
    };
    for number in 0..WARM_UP + options.questions {
        if let Some(model) = model {
            model.take_time();
        }
        let words = QUESTIONS[number as usize % QUESTIONS.len()];
        let asked = timeout(ANSWER_TIMEOUT, ask(shop, &mut socket, number.into(), words)).await;
        let (job, wall) = asked.with_context(|| format!("no answer to “{words}”"))??;
        let model_time = model.map(Model::take_time).unwrap_or_default();
        let times = Times { wall, model: model_time };
        count(shop, &job, times, number >= WARM_UP, &mut seen).await?;
    }
    let mut row = Row::new(label);
    row.put("questions", seen.wall.count());
    row.put("wall_p50_ms", seen.wall.quantile_ms(0.5));
    row.put("wall_p99_ms", seen.wall.quantile_ms(0.99));
    row.put("database_p50_ms", seen.database.quantile_ms(0.5));
    row.put("model_p50_ms", seen.model.quantile_ms(0.5));
    row.put("overhead_p50_ms", seen.overhead.quantile_ms(0.5));
    row.put("overhead_p99_ms", seen.overhead.quantile_ms(0.99));
    row.put("told_overhead_p50_ms", seen.told.quantile_ms(0.5));
    row.put("complete", Cell::from(if seen.faults.is_empty() { "yes" } else { "NO" }));
    row.faults = seen.faults;
    Ok(row)
}

/// Asks, and waits for the message with the answer: the job and the time from frame to frame.
async fn ask(shop: &Shop, socket: &mut Caller, id: u64, words: &str) -> Result<(String, Duration)> {
    let question = shop.question(id, words);
    let begin = Instant::now();
    socket.send(&question).await?;
    loop {
        let frame = socket.next().await?;
        anyhow::ensure!(frame.kind != "error", "“{words}”: {}", frame.complaint());
        // One question is on its way at a time, so the answer is its answer.
        if frame.kind == "llm_response" {
            let took = begin.elapsed();
            return Ok((frame.job_id.context("an answer without its job")?, took));
        }
    }
}

/// From frame to frame, and of it in the model.
struct Times {
    wall: Duration,
    model: Duration,
}

/// Looks up what the job says of itself, and takes it into account.
async fn count(
    shop: &Shop,
    job: &str,
    Times { wall, model }: Times,
    counts: bool,
    seen: &mut Seen,
) -> Result<()> {
    let ended = shop.ended(job).await?;
    let answer = shop.get(&format!("/api/v1/queries/{job}/answer")).await?;
    let has_data = ended["state"] == "done" && answer["error_code"].is_null();
    if !has_data || answer["sql_was_executed"] != true || answer["cached"] == true {
        if seen.faults.len() < FAULTS_MAX {
            seen.faults.push(format!("{}: {}", answer["query"], answer["content"]));
        }
        return Ok(());
    }
    if !counts {
        return Ok(());
    }
    // Whole milliseconds, cut off: what is lost here counts as ours.
    let ms = answer["execution_time_ms"].as_u64().context("no time in the database")?;
    let database = Duration::from_millis(ms);
    let stages = ended["timings"].as_object().context("no timings")?;
    let told = Duration::from_millis(stages.values().filter_map(serde_json::Value::as_u64).sum());
    let record = |latency: &Latency, time: Duration| {
        latency.record_nanos(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    };
    record(&seen.wall, wall);
    record(&seen.database, database);
    record(&seen.model, model);
    record(&seen.overhead, wall.saturating_sub(database + model));
    record(&seen.told, told.saturating_sub(database + model));
    Ok(())
}
