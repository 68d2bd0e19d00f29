//! Questions that could follow, of kinds that the assistant itself can answer.

use crate::domain::{ColumnType, ResultTable};

/// Questions offered with an answer.
const OFFERED_MAX: usize = 3;

/// Questions that could follow.
pub(super) fn follow_ups(question: &str, table: &ResultTable, rows: u64) -> Vec<String> {
    let lower = question.to_lowercase();
    let measured = table.columns.iter().any(|column| column.kind.is_number());
    let by_time = table.columns.first().is_some_and(|column| {
        matches!(column.name.as_str(), "month" | "quarter" | "year" | "week" | "day")
    });
    let named = table.columns.first().is_some_and(|column| column.kind == ColumnType::Text);
    let mut offered: Vec<&str> = Vec::new();
    if by_time {
        offered.extend(["per quarter instead", "per year instead", "only this year"]);
    } else if rows > 1 && named && measured {
        if rows > 3 {
            offered.push("top 3 instead");
        }
        if !lower.contains("share") && !lower.contains("percent") {
            offered.push("as a share of the total");
        }
        offered.push("only this year");
    } else if rows > 1 && !measured {
        offered.push("how many are they?");
    } else if measured && rows == 1 {
        offered.extend(["by month", "only this year", "and last year?"]);
    }
    let said = |offer: &str| lower.contains(offer.trim_end_matches(" instead"));
    let fresh = offered.into_iter().filter(|offer| !said(offer)).map(str::to_owned);
    fresh.take(OFFERED_MAX).collect()
}
