//! From rows to what is drawn: places along an axis, and series with a value or a gap at each.
//!
//! Rows beyond the limits are left out and counted, never folded together: sums of what a query gave
//! would be numbers that nobody asked for.

use std::collections::{BTreeSet, HashMap};

use starling_actors::domain::{Cell, Chart, ChartKind, ResultTable};

use super::figures;
use super::moments::{self, Moment};
use super::words;

/// Places along an axis: more than a picture has pixels for.
const PLACES_MAX: usize = 500;
/// Series that can be told apart.
pub(super) const SERIES_MAX: usize = 12;
/// Marks of one picture: some hundred kilobytes of SVG.
const MARKS_MAX: usize = 2000;
/// Values beyond this cannot be subtracted safely; they are left out like what is not a number.
const VALUE_MAX: f64 = 1e300;
/// Values nearer to zero than this are zero.
const VALUE_MIN: f64 = 1e-290;

/// One place along the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    /// What stands below it.
    pub(super) name: String,
    /// Where it lies, if the axis measures something.
    pub(super) at: Option<f64>,
}

/// Values under one name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    pub(super) name: String,
    /// One for each place.
    pub(super) values: Vec<Option<f64>>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plot {
    /// What the axis holds.
    pub(super) x_name: String,
    /// What the values are.
    pub(super) y_name: String,
    pub(super) places: Vec<Place>,
    pub(super) series: Vec<Series>,
    /// Rows that are drawn.
    drawn: u64,
    /// Rows of the table.
    rows: u64,
}

impl Plot {
    /// What a chart shows of a table; `None` when the table has not its columns.
    pub(super) fn of(chart: &Chart, table: &ResultTable) -> Option<Self> {
        let x = table.column(&chart.x_column)?;
        let measures = measures(chart, table)?;
        let split = chart.series_column.as_deref().map(|name| table.column(name));
        let plot = match split {
            Some(series) => Self::split(table, x, *measures.first()?, series?),
            None => Self::side_by_side(table, x, &measures),
        };
        Some(plot)
    }

    /// Every row is a place, every measure a series.
    fn side_by_side(table: &ResultTable, x: usize, measures: &[usize]) -> Self {
        let places_max = PLACES_MAX.min(MARKS_MAX / measures.len().max(1));
        let rows = &table.rows[..table.rows.len().min(places_max)];
        let series: Vec<Series> = measures
            .iter()
            .map(|measure| Series {
                name: words::column(&table.columns[*measure].name),
                values: rows.iter().map(|row| value(row.get(*measure))).collect(),
            })
            .collect();
        Self {
            x_name: words::column(&table.columns[x].name),
            y_name: series.iter().map(|series| series.name.as_str()).collect::<Vec<_>>().join(", "),
            places: places(&rows.iter().map(|row| cell(row, x)).collect::<Vec<_>>()),
            series,
            drawn: rows.len() as u64,
            rows: table.rows.len() as u64,
        }
    }

    /// Rows with the same `x` share a place; a column says which series each belongs to.
    fn split(table: &ResultTable, x: usize, measure: usize, by: usize) -> Self {
        let (mut at, mut cells) = (HashMap::new(), Vec::new());
        let (mut of, mut series) = (HashMap::new(), Vec::<Series>::new());
        let mut drawn = 0;
        for row in table.rows.iter().take(MARKS_MAX) {
            let (place_key, series_key) = (cell(row, x).to_string(), cell(row, by).to_string());
            let is_full = (cells.len() == PLACES_MAX && !at.contains_key(&place_key))
                || (series.len() == SERIES_MAX && !of.contains_key(&series_key));
            if is_full {
                continue;
            }
            let place = *at.entry(place_key).or_insert_with(|| {
                cells.push(cell(row, x));
                cells.len() - 1
            });
            let name = named(&series_key);
            let number = *of.entry(series_key).or_insert_with(|| {
                series.push(Series { name, values: Vec::new() });
                series.len() - 1
            });
            let values = &mut series[number].values;
            if values.len() <= place {
                values.resize(place + 1, None);
            }
            // The first row of a place counts; which other one would be right is not known.
            if values[place].is_none() {
                values[place] = value(row.get(measure));
                drawn += 1;
            }
        }
        for series in &mut series {
            series.values.resize(cells.len(), None);
        }
        Self {
            x_name: words::column(&table.columns[x].name),
            y_name: words::column(&table.columns[measure].name),
            places: places(&cells),
            series,
            drawn,
            rows: table.rows.len() as u64,
        }
    }

    /// The same with its places in the order of what they measure, where all of them do.
    pub(super) fn in_order(mut self) -> Self {
        let Some(at) = self.places.iter().map(|place| place.at).collect::<Option<Vec<_>>>() else {
            return self;
        };
        let mut order: Vec<usize> = (0..at.len()).collect();
        order.sort_by(|one, other| at[*one].total_cmp(&at[*other]));
        self.places = order.iter().map(|place| self.places[*place].clone()).collect();
        for series in &mut self.series {
            series.values = order.iter().map(|place| series.values[*place]).collect();
        }
        self
    }

    /// All values.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.series.iter().flat_map(|series| series.values.iter().flatten().copied())
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    /// What a pointer on one mark says.
    pub(super) fn says(&self, series: usize, place: usize) -> String {
        let value = self.series[series].values[place].map(exact).unwrap_or_default();
        let name = named(&self.places[place].name);
        if self.series.len() > 1 {
            format!("{name}, {}: {value}", self.series[series].name)
        } else {
            format!("{name}: {value}")
        }
    }

    /// The picture in words.
    pub(super) fn sentence(&self, chart: &Chart) -> String {
        let kind = match chart.kind {
            ChartKind::Bar | ChartKind::HorizontalBar => "Bar chart",
            ChartKind::Line => "Line chart",
            ChartKind::Area => "Area chart",
            ChartKind::Pie => "Pie chart",
            ChartKind::Scatter | ChartKind::Kpi | ChartKind::Table => "Chart",
        };
        let mut sentence = format!("{kind} of {} by {}", self.y_name, self.x_name);
        if self.series.len() > 1 {
            sentence += &format!(", {} series", self.series.len());
        }
        let marks = self.series.iter().enumerate().flat_map(|(number, series)| {
            let values = series.values.iter().enumerate();
            values.filter_map(move |(place, value)| Some((number, place, (*value)?)))
        });
        let (mut least, mut most) = (None, None);
        for mark in marks {
            if least.is_none_or(|(_, _, value)| mark.2 < value) {
                least = Some(mark);
            }
            if most.is_none_or(|(_, _, value)| mark.2 > value) {
                most = Some(mark);
            }
        }
        match (least, most) {
            (Some((series, place, low)), Some((most_series, most_place, high))) if low < high => {
                sentence += &format!(
                    ". Highest: {}. Lowest: {}.",
                    self.says(most_series, most_place),
                    self.says(series, place)
                );
            }
            (Some((series, place, _)), _) => {
                sentence += &format!(". {}.", self.says(series, place));
            }
            (None, _) => sentence += ". It holds no numbers.",
        }
        sentence
    }

    /// What is said about rows that are not drawn.
    pub(super) fn missing(&self, rows: u64, is_truncated: bool) -> Option<String> {
        missing(self.drawn, self.rows.max(rows), is_truncated)
    }
}

/// What is said about rows that are not drawn.
pub(super) fn missing(drawn: u64, rows: u64, is_truncated: bool) -> Option<String> {
    let count = |rows: u64| figures::digits_grouped(&rows.to_string());
    if drawn < rows {
        Some(format!("{} of {} rows drawn", count(drawn), count(rows)))
    } else {
        is_truncated.then(|| format!("The first {} rows drawn", count(drawn)))
    }
}

/// The columns of the measures; `None` when one is not there, or none is named.
fn measures(chart: &Chart, table: &ResultTable) -> Option<Vec<usize>> {
    let mut seen = BTreeSet::new();
    let mut measures = Vec::new();
    let names: &[String] =
        if chart.y_columns.is_empty() { chart.y_column.as_slice() } else { &chart.y_columns };
    for name in names.iter().take(SERIES_MAX) {
        let place = table.column(name)?;
        if seen.insert(place) {
            measures.push(place);
        }
    }
    (!measures.is_empty()).then_some(measures)
}

fn places(cells: &[&Cell]) -> Vec<Place> {
    let read: Option<Vec<Moment>> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => Moment::read(text),
            Cell::Null | Cell::Bool(_) | Cell::Int(_) | Cell::Float(_) | Cell::Decimal(_) => None,
        })
        .collect();
    if let Some(read) = read {
        let names = moments::names(&read);
        let places = read.iter().zip(names);
        return places.map(|(moment, name)| Place { name, at: Some(moment.seconds()) }).collect();
    }
    let place = |cell: &&Cell| Place { name: named(&cell.to_string()), at: value(Some(cell)) };
    cells.iter().map(place).collect()
}

fn cell(row: &[Cell], place: usize) -> &Cell {
    row.get(place).unwrap_or(&Cell::Null)
}

/// A number that can be drawn.
pub(super) fn value(cell: Option<&Cell>) -> Option<f64> {
    let value = cell?.number().filter(|value| value.abs() <= VALUE_MAX)?;
    Some(if value.abs() < VALUE_MIN { 0.0 } else { value })
}

/// A name, or what stands for none.
pub(super) fn named(text: &str) -> String {
    let name = words::clean(text);
    if name.is_empty() { "(none)".to_owned() } else { name }
}

/// A value in full, as far as a person reads it.
pub(super) fn exact(value: f64) -> String {
    let is_long = value != 0.0 && !(1e-4..1e15).contains(&value.abs());
    if is_long { figures::short(value) } else { figures::digits_grouped(&value.to_string()) }
}
