//! Which tables a question is about, when there are too many to show all of them.
//!
//! ```text
//!   question ─▶ words ─┐
//!   schema ─▶ words per table (names split, terms, descriptions, samples) ─▶ score
//!                      └─▶ score ─▶ spread along foreign keys ─▶ the best, in the schema's order
//! ```
//!
//! A word that stands in many tables says little and counts little. Tables beside the ones that
//! were meant come along, because a question names what it asks for and seldom what lies between.
//!
//! **Invariant:** what is given back is a part of what was given, unchanged and in its order; the
//! same question over the same schema gives the same part.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{split, stem};
use crate::domain::{Column, Schema, Table};

/// What a word counts by where it stands: a name is chosen to say what the thing is, a comment
/// mentions much in passing.
const WEIGHT_TABLE_NAME: f64 = 6.0;
const WEIGHT_TERM: f64 = 5.0;
const WEIGHT_COLUMN_NAME: f64 = 3.0;
const WEIGHT_SAMPLE: f64 = 3.0;
const WEIGHT_DESCRIPTION: f64 = 2.0;
const WEIGHT_COMMENT: f64 = 1.0;

/// Part of a table's score that each neighbour gets: one that joins two meant tables gets two
/// parts, and passes one that merely mentions a word.
const SPREAD: f64 = 0.35;
/// How far a score spreads: two tables that are meant are seldom further apart than one link table
/// and what it links.
const SPREAD_ROUNDS: usize = 2;

/// Words of a question that are looked at; a pasted page would name every table.
const QUESTION_WORDS_MAX: usize = 200;
/// Words of one name, sample or description that are looked at: what a thing is stands first.
const TEXT_WORDS_MAX: usize = 60;

/// The tables that a question is most likely about, at most `tables_max`.
///
/// Where no word of the question stands in any table, the tables that others point at most are
/// given: they are what the database is about.
pub fn relevant(schema: &Schema, question: &str, tables_max: usize) -> Schema {
    if schema.tables.len() <= tables_max {
        return schema.clone();
    }
    let asked: BTreeSet<String> =
        split(question).take(QUESTION_WORDS_MAX).map(|word| stem(&word)).collect();
    let links = links(schema);
    let mut scores = scores(schema, &asked);
    if scores.iter().all(|score| *score == 0.0) {
        scores = links.iter().map(|neighbours| count(neighbours.len())).collect();
    } else {
        scores = spread(&scores, &links);
    }
    let mut order: Vec<usize> = (0..schema.tables.len()).collect();
    // The sort is stable: equal scores stay in the schema's order.
    order.sort_by(|left, right| scores[*right].total_cmp(&scores[*left]));
    order.truncate(tables_max);
    order.sort_unstable();
    Schema {
        tables: order.into_iter().map(|place| schema.tables[place].clone()).collect(),
        refreshed_at: schema.refreshed_at,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tables are small")]
const fn count(number: usize) -> f64 {
    number as f64
}

/// How much each table has to do with the words that were asked.
fn scores(schema: &Schema, asked: &BTreeSet<String>) -> Vec<f64> {
    let found: Vec<BTreeMap<String, f64>> =
        schema.tables.iter().map(|table| weights(table, asked)).collect();
    let rarity = |word: &String| {
        let tables = found.iter().filter(|words| words.contains_key(word)).count();
        (1.0 + count(schema.tables.len()) / count(tables.max(1))).ln()
    };
    let rarities: BTreeMap<&String, f64> = asked.iter().map(|word| (word, rarity(word))).collect();
    let score = |words: &BTreeMap<String, f64>| {
        words.iter().map(|(word, weight)| weight * rarities.get(word).unwrap_or(&0.0)).sum()
    };
    found.iter().map(score).collect()
}

/// The asked words that stand in a table, each with the weight of its best place.
fn weights(table: &Table, asked: &BTreeSet<String>) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let mut look = |text: &str, weight: f64| {
        let words = split(text).take(TEXT_WORDS_MAX).map(|word| stem(&word));
        for word in words.filter(|word| asked.contains(word)) {
            let best = found.entry(word).or_insert(weight);
            *best = best.max(weight);
        }
    };
    look(&table.name, WEIGHT_TABLE_NAME);
    look(&table.description, WEIGHT_DESCRIPTION);
    look(&table.comment, WEIGHT_COMMENT);
    for column in &table.columns {
        look_at(column, &mut look);
    }
    found
}

fn look_at(column: &Column, look: &mut dyn FnMut(&str, f64)) {
    look(&column.name, WEIGHT_COLUMN_NAME);
    look(&column.business_term, WEIGHT_TERM);
    look(&column.description, WEIGHT_DESCRIPTION);
    look(&column.comment, WEIGHT_COMMENT);
    for sample in &column.samples {
        look(sample, WEIGHT_SAMPLE);
    }
}

/// For each table the tables that it points at or that point at it.
fn links(schema: &Schema) -> Vec<BTreeSet<usize>> {
    let places: BTreeMap<(Option<String>, String), usize> = schema
        .tables
        .iter()
        .enumerate()
        .map(|(place, table)| (key(table.namespace.as_deref(), &table.name), place))
        .collect();
    let mut links = vec![BTreeSet::new(); schema.tables.len()];
    for (place, table) in schema.tables.iter().enumerate() {
        for reference in table.columns.iter().filter_map(|column| column.references.as_ref()) {
            let namespace = reference.namespace.as_deref().or(table.namespace.as_deref());
            let other = places
                .get(&key(namespace, &reference.table))
                .or_else(|| places.get(&key(None, &reference.table)));
            if let Some(other) = other.copied().filter(|other| *other != place) {
                links[place].insert(other);
                links[other].insert(place);
            }
        }
    }
    links
}

fn key(namespace: Option<&str>, table: &str) -> (Option<String>, String) {
    (namespace.map(str::to_lowercase), table.to_lowercase())
}

/// Gives neighbours their part. A table that everything points at passes little on to each.
fn spread(scores: &[f64], links: &[BTreeSet<usize>]) -> Vec<f64> {
    let mut total = scores.to_vec();
    let mut wave = scores.to_vec();
    for _ in 0..SPREAD_ROUNDS {
        let mut next = vec![0.0; wave.len()];
        for (place, neighbours) in links.iter().enumerate() {
            let part = wave[place] * SPREAD / count(neighbours.len().max(1)).sqrt();
            neighbours.iter().for_each(|neighbour| next[*neighbour] += part);
        }
        for (sum, part) in total.iter_mut().zip(&next) {
            *sum += part;
        }
        wave = next;
    }
    total
}

#[cfg(test)]
mod tests;
