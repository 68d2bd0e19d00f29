//! Whether the numbers of a text are those of the result.
//!
//! A number is checked when it can be found in the result, within the digits that it was written
//! with: a cell, a sum, mean, smallest or largest of a column, a share of a sum, a change from one
//! row to another, or a count of rows. Numbers of the question itself are the asker's own.
//!
//! **Invariant:** nothing is corrected. What is not found is marked, and the reader decides.

use crate::domain::{Cell, ResultTable};

/// Numbers of one text that are looked at; a text has a few.
const NUMBERS_MAX: usize = 200;
/// Rows between which changes are tried: pairs grow with the square.
const PAIR_ROWS_MAX: usize = 50;
/// Counting words such as "top 3" need no proof.
const SMALL_MAX: f64 = 10.0;

/// A number as it was written.
#[derive(Clone, Debug, PartialEq)]
struct Written {
    text: String,
    value: f64,
    /// Half of the last digit's worth: how far the true value may be away.
    slack: f64,
    is_percent: bool,
}

/// Numbers of `content` that neither the result nor the question explains, as they were written.
pub(super) fn unchecked(
    content: &str,
    question: &str,
    table: &ResultTable,
    row_count: u64,
) -> Vec<String> {
    let asked = numbers(question);
    let known = Known::of(table, row_count);
    let mut missing: Vec<String> = Vec::new();
    for number in numbers(content) {
        let is_small = number.value.abs() <= SMALL_MAX && number.value.fract() == 0.0;
        let is_asked = asked.iter().any(|other| (other.value - number.value).abs() < f64::EPSILON);
        let is_explained = (is_small && !number.is_percent) || is_asked || known.explains(&number);
        if !is_explained && !missing.contains(&number.text) {
            missing.push(number.text);
        }
    }
    missing
}

/// What can be said truly about a result.
struct Known {
    values: Vec<f64>,
    /// Parts of sums and changes, in percent.
    percents: Vec<f64>,
    /// Numbers inside of words and dates.
    words: Vec<f64>,
}

impl Known {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
    fn of(table: &ResultTable, row_count: u64) -> Self {
        let (mut values, mut percents) = (vec![row_count as f64, table.rows.len() as f64], vec![]);
        for place in 0..table.columns.len() {
            let column: Vec<f64> =
                table.rows.iter().filter_map(|row| row[place].number()).collect();
            if column.is_empty() {
                continue;
            }
            let sum: f64 = column.iter().sum();
            values.extend([sum, sum / column.len() as f64, column.len() as f64]);
            values.push(median(&column));
            if sum != 0.0 {
                percents.extend(column.iter().map(|value| 100.0 * value / sum));
                percents.extend(running(&column).map(|value| 100.0 * value / sum));
            }
            for (place, one) in column.iter().take(PAIR_ROWS_MAX).enumerate() {
                for other in column.iter().take(PAIR_ROWS_MAX).skip(place + 1) {
                    values.extend([one - other, other - one]);
                    if *one != 0.0 {
                        percents.push(100.0 * (other - one) / one);
                        values.push(other / one);
                    }
                    if *other != 0.0 {
                        percents.push(100.0 * (one - other) / other);
                        values.push(one / other);
                    }
                }
            }
            values.extend(running(&column));
            values.extend(column);
        }
        let texts = table.rows.iter().flatten().filter_map(|cell| match cell {
            Cell::Text(text) => Some(text),
            Cell::Null | Cell::Bool(_) | Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) => None,
        });
        let words = texts.flat_map(|text| numbers(text)).map(|number| number.value).collect();
        Self { values, percents, words }
    }

    fn explains(&self, number: &Written) -> bool {
        let is_near = |value: &f64| {
            // Whether it is up or down is said in words.
            (value.abs() - number.value.abs()).abs() <= number.slack + value.abs() * 1e-9
        };
        let is_share = |value: &f64| is_near(&(value * 100.0));
        self.values.iter().any(is_near)
            || self.words.iter().any(is_near)
            || (number.is_percent
                && (self.percents.iter().any(is_near) || self.values.iter().any(is_share)))
    }
}

fn running(column: &[f64]) -> impl Iterator<Item = f64> + '_ {
    column.iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    })
}

fn median(column: &[f64]) -> f64 {
    let mut sorted = column.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
}

/// The numbers of a text: `1,234.5`, `12 %`, `3.4k`, `2.1 million`.
fn numbers(text: &str) -> Vec<Written> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut place) = (Vec::new(), 0);
    while place < chars.len() && found.len() < NUMBERS_MAX {
        let is_start = chars[place].is_ascii_digit()
            && (place == 0 || !(chars[place - 1].is_alphanumeric() || chars[place - 1] == '_'));
        if !is_start {
            place += 1;
            continue;
        }
        let end = end_of_number(&chars, place);
        if let Some(number) = read(&chars, place, end) {
            found.push(number);
        }
        place = end;
    }
    found
}

fn end_of_number(chars: &[char], start: usize) -> usize {
    let mut end = start;
    while end < chars.len() {
        let follows = chars.get(end + 1).is_some_and(char::is_ascii_digit);
        match chars[end] {
            digit if digit.is_ascii_digit() => end += 1,
            ',' | '.' if follows => end += 1,
            _ => break,
        }
    }
    end
}

fn read(chars: &[char], start: usize, end: usize) -> Option<Written> {
    let digits: String = chars[start..end].iter().filter(|char| **char != ',').collect();
    let value: f64 = digits.parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let rest: String = chars[end..].iter().take(10).collect();
    let rest = rest.trim_start().to_lowercase();
    let is_percent = rest.starts_with('%') || rest.starts_with("percent");
    let next = chars.get(end).copied().unwrap_or(' ');
    let scale = match next {
        'k' | 'K' => 1e3,
        'm' | 'M' if !chars.get(end + 1).is_some_and(|char| char.is_alphabetic()) => 1e6,
        _ if rest.starts_with("thousand") => 1e3,
        _ if rest.starts_with("million") => 1e6,
        _ if rest.starts_with("billion") => 1e9,
        _ => 1.0,
    };
    let digit = 10_f64.powi(-i32::try_from(decimals).ok()?);
    let text = chars[start..end].iter().collect::<String>() + if is_percent { " %" } else { "" };
    Some(Written { text, value: value * scale, slack: 0.5 * digit * scale, is_percent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ColumnType, ResultColumn};

    fn table() -> ResultTable {
        let column = |name: &str, kind| ResultColumn { name: name.to_owned(), kind };
        let row = |name: &str, value: f64| vec![Cell::Text(name.to_owned()), Cell::Float(value)];
        ResultTable {
            columns: vec![
                column("country", ColumnType::Text),
                column("revenue", ColumnType::Float),
            ],
            rows: vec![row("USA", 523.06), row("Canada", 303.96), row("France", 195.1)],
            is_truncated: false,
        }
    }

    fn missing(content: &str) -> Vec<String> {
        unchecked(content, "revenue by country since 2021", &table(), 3)
    }

    #[test]
    fn cells_sums_shares_and_changes_are_found() {
        for content in [
            "USA leads with 523.06.",
            "About 523 of 1,022.12 in all.",
            "USA has 51 % of it, and with Canada 80.9 percent.",
            "Canada is 219.1 behind USA, 41.9 % less.",
            "The mean is 340.71, the median 303.96.",
            "Since 2021 it was 1.0k.",
        ] {
            assert_eq!(missing(content), Vec::<String>::new(), "{content}");
        }
    }

    #[test]
    fn what_the_result_does_not_say_is_marked_as_it_was_written() {
        assert_eq!(missing("USA has 623.06, which is 77 % of 4,711."), ["623.06", "77 %", "4,711"]);
    }

    #[test]
    fn digits_inside_of_words_are_no_numbers() {
        assert_eq!(missing("Q4 and H2O and utf8 and v2 are words."), Vec::<String>::new());
    }
}
