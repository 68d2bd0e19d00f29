//! A run's outcome: one table for people, one JSON line for programs. A run with one message
//! missing is void, whatever its figures.

use std::io::{Write, stdout};

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Whole(u64),
    Real(f64),
    Absent,
}

impl Cell {
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Real(number) if number.abs() >= 100.0 => format!("{number:.0}"),
            Self::Real(number) if number.abs() >= 10.0 => format!("{number:.1}"),
            Self::Real(number) => format!("{number:.2}"),
            Self::Absent => "-".to_owned(),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Whole(number) => json!(number),
            Self::Real(number) => json!((number * 1_000.0).round() / 1_000.0),
            Self::Absent => Value::Null,
        }
    }

    pub(crate) fn real(&self) -> Option<f64> {
        match self {
            Self::Real(number) => Some(*number),
            Self::Whole(number) => Some(*number as f64),
            Self::Text(_) | Self::Absent => None,
        }
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Absent, Self::Real)
    }
}
impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}
impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}
impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Whole(number as u64)
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// One run: named figures in the order they are shown, and what makes it void.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    cells: Vec<(&'static str, Cell)>,
    pub(crate) faults: Vec<String>,
}

impl Row {
    pub(crate) fn new(label: &str) -> Self {
        Self { cells: vec![("run", label.into())], faults: Vec::new() }
    }

    pub(crate) fn put(&mut self, name: &'static str, cell: impl Into<Cell>) {
        self.cells.push((name, cell.into()));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|(known, _)| *known == name).map(|(_, cell)| cell)
    }

    /// The same figures under another name.
    pub(crate) fn labelled(mut self, label: &str) -> Self {
        self.cells[0].1 = label.into();
        self
    }

    fn label(&self) -> &Cell {
        &self.cells[0].1
    }
}

/// Rows of equal label become one of medians; a void one makes the median void.
pub(crate) fn medians(rows: &[Row]) -> Vec<Row> {
    let mut groups: Vec<(&Cell, Vec<&Row>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(label, _)| *label == row.label()) {
            Some((_, members)) => members.push(row),
            None => groups.push((row.label(), vec![row])),
        }
    }
    groups.into_iter().map(|(_, members)| median(&members)).collect()
}

fn median(rows: &[&Row]) -> Row {
    let cells = rows[0].cells.iter().map(|(name, first)| {
        let mut values: Vec<f64> =
            rows.iter().filter_map(|row| row.get(name).and_then(Cell::real)).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.get(values.len() / 2).copied();
        (*name, middle.map_or_else(|| first.clone(), Cell::Real))
    });
    let cells = cells.collect();
    Row { cells, faults: rows.iter().flat_map(|row| row.faults.clone()).collect() }
}

/// Prints the table and the JSON line, and fails if a row is void.
pub(crate) fn publish(command: &str, rows: &[Row]) -> Result<()> {
    let medians = medians(rows);
    let mut shown: Vec<Row> = rows.to_vec();
    if medians.len() < rows.len() {
        shown.extend(medians.iter().cloned().map(|mut row| {
            row.cells[0].1 = Cell::Text(format!("{} (median)", row.label().shown()));
            row.faults.clear();
            row
        }));
    }
    let faults: Vec<&String> = rows.iter().flat_map(|row| &row.faults).collect();
    let line = json!({
        "command": command,
        "void": !faults.is_empty(),
        "rows": rows.iter().map(as_json).collect::<Vec<_>>(),
        "medians": medians.iter().map(as_json).collect::<Vec<_>>(),
    });
    let mut out = stdout().lock();
    write!(out, "\n{}", table(&shown))?;
    for fault in &faults {
        writeln!(out, "VOID: {fault}")?;
    }
    writeln!(out, "{line}")?;
    if !faults.is_empty() {
        bail!("{command} is void: {} faults", faults.len());
    }
    Ok(())
}

fn as_json(row: &Row) -> Value {
    let mut object: Map<String, Value> =
        row.cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.value())).collect();
    object.insert("faults".to_owned(), json!(row.faults));
    Value::Object(object)
}

fn table(rows: &[Row]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flat_map(|row| &row.cells) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut lines = vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    for row in rows {
        let cells = names.iter().map(|name| row.get(name).unwrap_or(&Cell::Absent).shown());
        lines.push(cells.collect());
    }
    let widths: Vec<usize> = (0..names.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in lines {
        for (index, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let cell =
                if index == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") };
            text.push_str(&cell);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_joined_by_their_median_and_keep_their_faults() {
        let mut rows = Vec::new();
        for figure in [3.0, 1.0, 2.0] {
            let mut row = Row::new("floor");
            row.put("cpu", figure);
            rows.push(row);
        }
        rows[1].faults.push("one missing".to_owned());

        let medians = medians(&rows);

        assert_eq!(medians.len(), 1);
        assert_eq!(medians[0].get("cpu"), Some(&Cell::Real(2.0)));
        assert_eq!(medians[0].faults, ["one missing"]);
        assert!(publish("test", &rows).is_err());
    }

    #[test]
    fn columns_line_up_and_absent_figures_are_dashes() {
        let mut first = Row::new("a");
        first.put("n", 12_u64);
        let second = Row::new("long");
        assert_eq!(table(&[first, second]), "run    n\na     12\nlong   -\n");
    }
}
