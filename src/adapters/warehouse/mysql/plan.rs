//! What a plan in JSON costs. MySQL says it; MariaDB before 11 tells rows only, and then the cost is
//! the rows that its nested loops look at.

use serde_json::Value;
use starling_actors::ports::Estimate;

/// The cost and rows of a plan.
pub(super) fn estimate(plan: &str) -> Option<Estimate> {
    let plan: Value = serde_json::from_str(plan).ok()?;
    let block = &plan["query_block"];
    let said = block["cost_info"]["query_cost"].as_str().and_then(|cost| cost.parse().ok());
    let cost = said.or_else(|| block["cost"].as_f64()).unwrap_or_else(|| looked_at(block));
    Some(Estimate { cost, rows: Some(rows(block)) })
}

/// Rows that one table is expected to give.
fn table_rows(table: &Value) -> Option<f64> {
    ["rows_examined_per_scan", "rows"].iter().find_map(|name| table[*name].as_f64())
}

/// Rows that all loops together look at: for each of the outer ones, the inner ones again.
fn looked_at(node: &Value) -> f64 {
    match node {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value.as_array() {
                Some(tables) if name == "nested_loop" => {
                    let (sum, _) = tables.iter().fold((0.0, 1.0), |(sum, times), table| {
                        let times = times * looked_at(table).max(1.0);
                        (sum + times, times)
                    });
                    sum
                }
                _ if name == "table" => table_rows(value).unwrap_or(0.0) + looked_at(value),
                _ => looked_at(value),
            })
            .sum(),
        Value::Array(items) => items.iter().map(looked_at).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0.0,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate that is not negative"
)]
fn rows(node: &Value) -> u64 {
    match node {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let own = if name == "table" { table_rows(value).unwrap_or(0.0) } else { 0.0 };
                (own as u64).saturating_add(rows(value))
            })
            .fold(0, u64::saturating_add),
        Value::Array(items) => items.iter().map(rows).fold(0, u64::saturating_add),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_that_is_said_is_taken() {
        let plan = r#"{"query_block": {"cost_info": {"query_cost": "12.50"},
                       "table": {"rows_examined_per_scan": 59}}}"#;
        assert_eq!(estimate(plan), Some(Estimate { cost: 12.5, rows: Some(59) }));
    }

    #[test]
    fn loops_in_loops_multiply() {
        let plan = r#"{"query_block": {"nested_loop": [
                       {"table": {"rows": 100}}, {"block-nl-join": {"table": {"rows": 50}}}]}}"#;
        assert_eq!(estimate(plan), Some(Estimate { cost: 5_100.0, rows: Some(150) }));
    }
}
