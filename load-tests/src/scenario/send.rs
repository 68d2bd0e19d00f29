//! Durable sends: from the written message to its acknowledgement, at a rate into one channel.

use anyhow::{Result, ensure};

use super::{ASSEMBLE_TIMEOUT, PLAIN, micros_each, settle};
use crate::board::Board;
use crate::crew::Crew;
use crate::options::{Flow, Send};
use crate::publisher::publish_together;
use crate::report::{Cell, Row};
use crate::seat::Target;
use crate::world::World;

/// One reader proves that what was acknowledged also arrived, once and in order.
const READERS: usize = 1;

/// One measured run.
pub(crate) async fn run(options: &Send) -> Result<Row> {
    ensure!(options.common.target == Target::Starling, "only starling acknowledges sends");
    let world = World::open(&options.common, 1, READERS).await?;
    let row = measure(options, &world).await;
    world.close().await?;
    row
}

async fn measure(options: &Send, world: &World) -> Result<Row> {
    let board = Board::new(READERS, None)?;
    let crew = Crew::gather(world, READERS, board, PLAIN, |_, seat| seat);
    crew.assembled(ASSEMBLE_TIMEOUT).await?;
    let flow = Flow {
        rate: options.rate,
        seconds: options.seconds,
        window: 1,
        bytes: options.bytes,
        publishers: options.authors,
    };

    let cpu_before = world.cpu();
    let sent = publish_together(world, &flow, settle(&options.common)).await?;
    let cpu = micros_each(cpu_before, world.cpu(), sent.total());
    crew.delivered(sent.total(), settle(&options.common)).await;

    let mut row = Row::new(world.target.name());
    row.put("rate", options.rate);
    row.put("authors", u64::from(options.authors));
    row.put("acknowledged", sent.total());
    row.put("ack_p50_ms", sent.answered.quantile_ms(0.5));
    row.put("ack_p99_ms", sent.answered.quantile_ms(0.99));
    row.put("ack_max_ms", sent.answered.max_ms());
    row.put("cpu_us_per_send", cpu);
    row.put("repeated_sends", sent.repeated);
    row.faults = crew.faults(&sent.accepted);
    row.put("complete", Cell::from(if row.faults.is_empty() { "yes" } else { "NO" }));
    Ok(row)
}
