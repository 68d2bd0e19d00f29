//! Questions about data, over the demo shop: what a question costs beside its model and its database,
//! and what chat notices of many questions at once.

mod alone;
mod crowd;
mod model;
mod shop;

use anyhow::{Result, ensure};

use crate::options::Asking;
use crate::report::Row;
use crate::seat::Target;

/// Asked by turns; the built-in assistant answers all of them from the demo shop.
const QUESTIONS: [&str; 6] = [
    "How many orders are there?",
    "How many customers are there by country?",
    "What are the 5 most expensive products?",
    "What is the average salary by job title?",
    "How many orders were there by channel?",
    "How many products are there by format?",
];

/// The halves that are asked for: a row for each analyst, and one for chat without and one with
/// questions beside it.
pub(crate) async fn run(options: &Asking) -> Result<Vec<Row>> {
    ensure!(options.common.target == Target::Starling, "only starling answers questions");
    ensure!(options.questions + options.jobs > 0, "neither --questions nor --jobs: nothing to do");
    let mut rows = Vec::new();
    if options.questions > 0 {
        rows.extend(alone::run(options).await?);
    }
    if options.jobs > 0 {
        rows.extend(crowd::run(options).await?);
    }
    Ok(rows)
}
