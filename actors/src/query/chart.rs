//! Which chart suits a result, by rule. A chart never needs more than the result says.

use std::collections::BTreeSet;

use crate::domain::{Cell, Chart, ChartKind, ColumnType, ResultColumn, ResultTable};

/// Bars beyond this are a table's work.
const BARS_MAX: usize = 40;
/// Slices of a pie that can still be told apart.
const SLICES_MAX: usize = 7;
/// Lines that can still be told apart.
const SERIES_MAX: usize = 12;
/// Measures drawn side by side.
const MEASURES_MAX: usize = 4;
/// Labels longer than this, in characters, need lying bars.
const LABEL_CHARS_MAX: usize = 14;
/// Upright bars beyond this have no room for their labels.
const UPRIGHT_MAX: usize = 12;
/// Points from which on a scatter says more than a table.
const POINTS_MIN: usize = 6;
/// Words of a question that ask for parts of a whole.
const SHARE_WORDS: [&str; 6] = ["share", "percent", "%", "proportion", "breakdown", "split"];

/// The chart for a result; `None` when it has no columns or no rows.
pub(super) fn choose(question: &str, table: &ResultTable) -> Option<Chart> {
    if table.columns.is_empty() || table.rows.is_empty() {
        return None;
    }
    let shape = Shape::of(table);
    let (kind, x, measures, series) = shape.decide(question);
    let name = |place: usize| table.columns[place].name.clone();
    let y_columns: Vec<String> = measures.iter().map(|place| name(*place)).collect();
    Some(Chart {
        kind,
        x_column: name(x),
        y_column: y_columns.first().cloned(),
        y_columns: if y_columns.len() > 1 { y_columns } else { Vec::new() },
        series_column: series.map(name),
        title: title(question),
    })
}

/// Whether a chart speaks only of columns that the result has.
pub(super) fn fits(chart: &Chart, table: &ResultTable) -> bool {
    let has = |name: &String| table.column(name).is_some();
    let is_number =
        |name: &String| table.column(name).is_some_and(|place| is_measure(table, place));
    has(&chart.x_column)
        && chart.y_column.iter().chain(&chart.y_columns).all(is_number)
        && chart.series_column.iter().all(has)
        && (chart.y_column.is_some() || matches!(chart.kind, ChartKind::Kpi | ChartKind::Table))
}

/// What the columns of a result are good for.
struct Shape<'a> {
    table: &'a ResultTable,
    moments: Vec<usize>,
    labels: Vec<usize>,
    measures: Vec<usize>,
}

type Decision = (ChartKind, usize, Vec<usize>, Option<usize>);

impl<'a> Shape<'a> {
    fn of(table: &'a ResultTable) -> Self {
        let mut shape =
            Self { table, moments: Vec::new(), labels: Vec::new(), measures: Vec::new() };
        for (place, column) in table.columns.iter().enumerate() {
            if is_moment(table, place) {
                shape.moments.push(place);
            } else if is_measure(table, place) && !is_identity(column) {
                shape.measures.push(place);
            } else {
                shape.labels.push(place);
            }
        }
        shape
    }

    fn decide(&self, question: &str) -> Decision {
        let rows = self.table.rows.len();
        let as_table = (ChartKind::Table, 0, Vec::new(), None);
        if rows == 1 {
            return match self.measures[..] {
                [only] if self.table.columns.len() == 1 => (ChartKind::Kpi, only, vec![only], None),
                _ => as_table,
            };
        }
        match (&self.moments[..], &self.labels[..], &self.measures[..]) {
            ([when], [], [_, ..]) => self.over_time(*when, None),
            ([when], [label], [_]) if self.distinct(*label) <= SERIES_MAX => {
                self.over_time(*when, Some(*label))
            }
            ([], [label], [_, ..]) => self.by_label(question, *label),
            ([], [label, series], [measure])
                if self.distinct(*series) <= SERIES_MAX && self.distinct(*label) <= BARS_MAX =>
            {
                (ChartKind::Bar, *label, vec![*measure], Some(*series))
            }
            ([], [], [x, y]) if rows >= POINTS_MIN => (ChartKind::Scatter, *x, vec![*y], None),
            _ => as_table,
        }
    }

    fn over_time(&self, when: usize, series: Option<usize>) -> Decision {
        let measures = self.measures.iter().copied().take(MEASURES_MAX).collect();
        (ChartKind::Line, when, measures, series)
    }

    fn by_label(&self, question: &str, label: usize) -> Decision {
        let rows = self.table.rows.len();
        let measures: Vec<usize> = self.measures.iter().copied().take(MEASURES_MAX).collect();
        if rows > BARS_MAX || self.distinct(label) < rows {
            return (ChartKind::Table, label, Vec::new(), None);
        }
        let question = question.to_lowercase();
        let asks_for_parts = SHARE_WORDS.iter().any(|word| question.contains(word));
        // A sum and its share have two scales: the share is what was asked for.
        let measures = match measures.iter().find(|place| self.is_share(**place)) {
            Some(share) if asks_for_parts => vec![*share],
            Some(_) | None => measures,
        };
        if asks_for_parts && measures.len() == 1 && rows <= SLICES_MAX && self.is_whole(measures[0])
        {
            return (ChartKind::Pie, label, measures, None);
        }
        let longest = self.texts(label).map(|text| text.chars().count()).max().unwrap_or_default();
        let is_long = longest > LABEL_CHARS_MAX || rows > UPRIGHT_MAX;
        let kind = if is_long { ChartKind::HorizontalBar } else { ChartKind::Bar };
        (kind, label, measures, None)
    }

    fn texts(&self, place: usize) -> impl Iterator<Item = String> + '_ {
        self.table.rows.iter().map(move |row| row[place].to_string())
    }

    fn distinct(&self, place: usize) -> usize {
        self.texts(place).collect::<BTreeSet<_>>().len()
    }

    fn is_share(&self, place: usize) -> bool {
        let name = self.table.columns[place].name.to_lowercase();
        ["share", "percent", "pct"].iter().any(|word| name.contains(word))
    }

    /// Whether the values can be parts of a whole.
    fn is_whole(&self, place: usize) -> bool {
        self.table.rows.iter().all(|row| row[place].number().is_none_or(|value| value >= 0.0))
    }
}

fn is_measure(table: &ResultTable, place: usize) -> bool {
    let mut numbers = 0;
    for row in &table.rows {
        match &row[place] {
            Cell::Null => {}
            cell if cell.number().is_some() => numbers += 1,
            Cell::Bool(_) | Cell::Text(_) | Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) => {
                return false;
            }
        }
    }
    numbers > 0 || table.columns[place].kind.is_number()
}

/// An id says which, not how much.
fn is_identity(column: &ResultColumn) -> bool {
    let name = column.name.to_lowercase();
    name == "id" || name.ends_with("_id") || column.name.ends_with("Id")
}

fn is_moment(table: &ResultTable, place: usize) -> bool {
    let column = &table.columns[place];
    if column.kind.is_moment() {
        return true;
    }
    let name = column.name.to_lowercase();
    let says_when =
        ["year", "quarter", "month", "week", "day", "date"].iter().any(|word| name == *word);
    let mut cells = table.rows.iter().map(|row| &row[place]).filter(|cell| **cell != Cell::Null);
    match column.kind {
        ColumnType::Text | ColumnType::Other => {
            cells.clone().next().is_some() && cells.all(|cell| looks_like_a_day(&cell.to_string()))
        }
        ColumnType::Integer if says_when => true,
        ColumnType::Integer
        | ColumnType::Boolean
        | ColumnType::Float
        | ColumnType::Decimal
        | ColumnType::Time
        | ColumnType::Json
        | ColumnType::Bytes
        | ColumnType::Date
        | ColumnType::Timestamp => false,
    }
}

/// `2026`, `2026-11`, `2026-Q4`, `2026-11-21` and what follows it.
fn looks_like_a_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 4
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && (bytes.len() == 4
            || (bytes[4] == b'-'
                && bytes.get(5).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'Q')))
}

/// The question as a title, without what makes it one.
fn title(question: &str) -> String {
    /// A line above a chart.
    const TITLE_CHARS_MAX: usize = 90;
    let words = question.trim().trim_end_matches(['?', '.', '!', ' ']);
    let mut title: String = words.chars().take(TITLE_CHARS_MAX).collect();
    if let Some(first) = title.chars().next() {
        title.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[(&str, ColumnType)], rows: Vec<Vec<Cell>>) -> ResultTable {
        let column = |(name, kind): &(&str, ColumnType)| ResultColumn {
            name: (*name).to_owned(),
            kind: *kind,
        };
        ResultTable { columns: columns.iter().map(column).collect(), rows, is_truncated: false }
    }

    fn text(words: &str) -> Cell {
        Cell::Text(words.to_owned())
    }

    fn kind(question: &str, table: &ResultTable) -> (ChartKind, Option<String>) {
        let chart = choose(question, table).unwrap();
        assert!(fits(&chart, table), "{chart:?}");
        (chart.kind, chart.y_column)
    }

    #[test]
    fn one_number_is_shown_large() {
        let one = table(&[("n", ColumnType::Integer)], vec![vec![Cell::Int(57)]]);

        assert_eq!(kind("how many?", &one), (ChartKind::Kpi, Some("n".to_owned())));
    }

    #[test]
    fn months_make_a_line_and_long_names_lying_bars() {
        let columns = [("month", ColumnType::Text), ("total", ColumnType::Integer)];
        let months = table(
            &columns,
            (1..=6).map(|n| vec![text(&format!("2026-0{n}")), Cell::Int(n)]).collect(),
        );
        let titles = [("title", ColumnType::Text), ("total", ColumnType::Integer)];
        let books = table(
            &titles,
            (1..=5)
                .map(|n| vec![text(&format!("A long title, volume {n}")), Cell::Int(n)])
                .collect(),
        );

        assert_eq!(kind("by month", &months).0, ChartKind::Line);
        assert_eq!(kind("top 5", &books).0, ChartKind::HorizontalBar);
    }

    #[test]
    fn a_share_is_drawn_alone_and_as_a_pie_while_its_slices_can_be_told_apart() {
        let columns = [
            ("store", ColumnType::Text),
            ("revenue", ColumnType::Float),
            ("share_percent", ColumnType::Float),
        ];
        let row = |name: &str, sum, share| vec![text(name), Cell::Float(sum), Cell::Float(share)];
        let stores = table(&columns, vec![row("a", 75.0, 75.0), row("b", 25.0, 25.0)]);

        let share = Some("share_percent".to_owned());
        assert_eq!(kind("share of revenue by store", &stores), (ChartKind::Pie, share));
        assert_eq!(kind("revenue by store", &stores).0, ChartKind::Bar);
    }

    #[test]
    fn ids_are_no_measures_and_nothing_is_drawn_of_nothing() {
        let columns = [("customer_id", ColumnType::Integer), ("name", ColumnType::Text)];
        let people = table(&columns, (1..=3).map(|n| vec![Cell::Int(n), text("x")]).collect());

        assert_eq!(choose("list", &people).unwrap().kind, ChartKind::Table);
        assert_eq!(choose("list", &table(&columns, Vec::new())), None);
    }
}
