//! What the values of a table look like: how many rows, how many values, how many missing, and the
//! most frequent ones. Two statements a table over a bounded part of it, in any dialect.
//!
//! **Invariant:** a column that looks secret, or that is hidden, is not named in a statement about
//! values.

use starling_actors::domain::{Cell, Column, ColumnType, Dialect, ResultTable, Table, VALUES_MAX};
use starling_actors::ports::Discovery;

use super::secrecy::looks_secret;

/// Rows of a table that are looked at.
pub(super) const ROWS_MAX: u64 = 20_000;
/// Samples of one column, whatever is asked: they go into prompts.
const SAMPLES_MAX: usize = 10;
/// Letters of one sample.
const LETTERS_MAX: usize = 80;
/// Columns of one table whose values are looked at.
const COLUMNS_MAX: usize = 100;

/// The two statements about one table.
#[derive(Debug)]
pub(super) struct Probe {
    /// The table's columns that are counted, by their places.
    counted: Vec<usize>,
    /// Of those, whose different values are counted and sampled.
    sampled: Vec<usize>,
    pub(super) counts: String,
    pub(super) samples: Option<String>,
}

/// A name in the quotation marks of a dialect.
pub(super) fn quote(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::MySql => format!("`{}`", name.replace('`', "``")),
        Dialect::PostgreSql | Dialect::Sqlite | Dialect::Snowflake => {
            format!("\"{}\"", name.replace('"', "\"\""))
        }
    }
}

impl Probe {
    /// What to ask about a table, of which `from` is the (bounded) part that is looked at.
    pub(super) fn of(dialect: Dialect, table: &Table, from: &str, wish: &Discovery) -> Self {
        let counted: Vec<usize> = (0..table.columns.len())
            .filter(|place| !is_hidden(table, &table.columns[*place], wish))
            .take(COLUMNS_MAX)
            .collect();
        let sampled: Vec<usize> =
            counted.iter().copied().filter(|place| is_simple(table.columns[*place].kind)).collect();
        let name = |place: &usize| quote(dialect, &table.columns[*place].name);
        let part = |columns: &str| format!("(SELECT {columns} FROM {from} LIMIT {ROWS_MAX})");
        let all: Vec<String> = counted.iter().map(name).collect();
        let mut wanted = vec!["count(*)".to_owned()];
        wanted.extend(counted.iter().map(|place| format!("count({})", name(place))));
        wanted.extend(sampled.iter().map(|place| format!("count(DISTINCT {})", name(place))));
        let columns = if all.is_empty() { "1 AS one".to_owned() } else { all.join(", ") };
        let counts = format!("SELECT {} FROM {} AS part", wanted.join(", "), part(&columns));
        let most = wish.samples_max.min(SAMPLES_MAX);
        let sample = |place: &usize| {
            let is_text = table.columns[*place].kind == ColumnType::Text;
            // One more than are kept, so that it is known whether these are all.
            let most = if is_text && most == SAMPLES_MAX { VALUES_MAX + 1 } else { most };
            let name = name(place);
            let text = as_text(dialect, &name);
            format!(
                "SELECT * FROM (SELECT {place} AS place, {text} AS sample, count(*) AS times
                 FROM {} AS part WHERE {name} IS NOT NULL
                 GROUP BY {name} ORDER BY times DESC, sample LIMIT {most}) AS column_{place}",
                part(&name)
            )
        };
        let statements: Vec<String> = sampled.iter().map(sample).collect();
        let samples = (most > 0 && !sampled.is_empty()).then(|| statements.join(" UNION ALL "));
        Self { counted, sampled, counts, samples }
    }

    /// Writes what [`Self::counts`] gave. `estimate` is what the engine believes of large tables.
    pub(super) fn apply_counts(
        &self,
        table: &mut Table,
        found: &ResultTable,
        estimate: Option<u64>,
    ) {
        let Some(row) = found.rows.first() else { return };
        let number = |place: usize| row.get(place).and_then(whole);
        let Some(rows) = number(0) else { return };
        let is_all = rows < ROWS_MAX;
        table.row_count = if is_all { Some(rows) } else { estimate.map(|most| most.max(rows)) };
        for (at, place) in self.counted.iter().enumerate() {
            let present = number(1 + at).unwrap_or_default();
            table.columns[*place].null_share = share(rows.saturating_sub(present), rows);
        }
        for (at, place) in self.sampled.iter().enumerate().filter(|_| is_all) {
            table.columns[*place].distinct_count = number(1 + self.counted.len() + at);
        }
    }

    /// Writes what [`Self::samples`] gave.
    pub(super) fn apply_samples(table: &mut Table, found: &ResultTable) {
        for row in &found.rows {
            let [place, sample, ..] = row.as_slice() else { continue };
            let place = whole(place).and_then(|place| usize::try_from(place).ok());
            if let Some(column) = place.and_then(|place| table.columns.get_mut(place)) {
                let text: String = sample.to_string().chars().take(LETTERS_MAX).collect();
                if column.samples.len() < SAMPLES_MAX {
                    column.samples.push(text.clone());
                }
                if column.kind == ColumnType::Text {
                    column.values.push(text);
                }
            }
        }
        for column in table.columns.iter_mut().filter(|column| column.values.len() > VALUES_MAX) {
            column.values.clear();
        }
    }
}

fn whole(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::Int(number) => u64::try_from(*number).ok(),
        Cell::Decimal(text) | Cell::Text(text) => text.parse().ok(),
        Cell::Null | Cell::Bool(_) | Cell::Float(_) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs few digits")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Whether no value of the column may be looked at.
fn is_hidden(table: &Table, column: &Column, wish: &Discovery) -> bool {
    looks_secret(&column.name)
        || wish.hidden.iter().any(|(of, name)| {
            of.eq_ignore_ascii_case(&table.name) && name.eq_ignore_ascii_case(&column.name)
        })
}

/// Whether values can be told apart and shown in a few letters.
const fn is_simple(kind: ColumnType) -> bool {
    !matches!(kind, ColumnType::Json | ColumnType::Bytes | ColumnType::Other)
}

fn as_text(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::MySql => format!("LEFT(CAST({name} AS CHAR), {LETTERS_MAX})"),
        Dialect::PostgreSql => format!("left({name}::text, {LETTERS_MAX})"),
        Dialect::Sqlite => format!("substr(CAST({name} AS TEXT), 1, {LETTERS_MAX})"),
        Dialect::Snowflake => format!("LEFT(CAST({name} AS VARCHAR), {LETTERS_MAX})"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn table() -> Table {
        let column = |name: &str, kind| Column { name: name.to_owned(), kind, ..Column::default() };
        Table {
            name: "people".to_owned(),
            columns: vec![
                column("name", ColumnType::Text),
                column("password", ColumnType::Text),
                column("Nick", ColumnType::Text),
                column("extras", ColumnType::Json),
            ],
            ..Table::default()
        }
    }

    fn wish() -> Discovery {
        Discovery {
            samples_max: 3,
            hidden: vec![("people".to_owned(), "nick".to_owned())],
            timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn secret_and_hidden_columns_are_not_named_in_any_statement() {
        let probe = Probe::of(Dialect::PostgreSql, &table(), "\"people\"", &wish());
        let words = format!("{} {}", probe.counts, probe.samples.unwrap());
        assert!(!words.contains("password") && !words.contains("Nick"), "{words}");
        assert!(words.contains("count(\"extras\")") && !words.contains("DISTINCT \"extras\""));
    }

    #[test]
    fn counts_and_samples_find_their_columns() {
        let mut table = table();
        let probe = Probe::of(Dialect::Sqlite, &table, "\"people\"", &wish());
        let row = vec![Cell::Int(10), Cell::Int(5), Cell::Int(10), Cell::Int(2)];
        let found = ResultTable { rows: vec![row], ..ResultTable::default() };
        probe.apply_counts(&mut table, &found, None);
        let row = vec![Cell::Int(0), Cell::Text("Ann".to_owned()), Cell::Int(4)];
        let found = ResultTable { rows: vec![row], ..ResultTable::default() };
        Probe::apply_samples(&mut table, &found);
        assert_eq!(table.row_count, Some(10));
        assert_eq!(table.columns[0].null_share, Some(0.5));
        assert_eq!(table.columns[0].distinct_count, Some(2));
        assert_eq!(table.columns[0].samples, ["Ann"]);
        assert_eq!(table.columns[3].null_share, Some(0.0));
    }
}
