//! Values of rows in JSON.
//!
//! **Invariant:** a number travels as a JSON number only where a reader that knows doubles alone (a
//! browser) gets the same value; otherwise its digits travel as a text.

use serde::ser::{Serialize, SerializeMap, Serializer};
use starling_actors::domain::{Cell, ResultTable};

/// Integers beyond this are no longer exact as a double (2^53 - 1, RFC 8259, section 6).
const EXACT_INTEGER_MAX: u64 = (1 << 53) - 1;
/// Decimal digits that a double always keeps.
const EXACT_DIGITS: usize = 15;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct CellView(Cell);

impl From<&Cell> for CellView {
    fn from(cell: &Cell) -> Self {
        Self(cell.clone())
    }
}

impl Serialize for CellView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Cell::Null => serializer.serialize_unit(),
            Cell::Bool(value) => serializer.serialize_bool(*value),
            Cell::Int(value) if value.unsigned_abs() <= EXACT_INTEGER_MAX => {
                serializer.serialize_i64(*value)
            }
            Cell::Int(value) => serializer.collect_str(value),
            Cell::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Cell::Float(value) => serializer.collect_str(value),
            Cell::Decimal(digits) => match exact(digits) {
                Some(Number::Integer(value)) => serializer.serialize_i64(value),
                Some(Number::Fraction(value)) => serializer.serialize_f64(value),
                None => serializer.serialize_str(digits),
            },
            Cell::Text(text) => serializer.serialize_str(text),
        }
    }
}

enum Number {
    Integer(i64),
    Fraction(f64),
}

/// The number that these digits are, where a double keeps all of them.
fn exact(digits: &str) -> Option<Number> {
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = digits
        .strip_prefix('-')
        .unwrap_or(digits)
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if count > EXACT_DIGITS || !is_plain {
        return None;
    }
    match digits.parse() {
        Ok(value) => Some(Number::Integer(value)),
        Err(_) => digits.parse().ok().map(Number::Fraction),
    }
}

/// One row by the names of its columns.
#[derive(Clone, Debug)]
pub struct ResultObject(Vec<(std::sync::Arc<str>, CellView)>);

impl Serialize for ResultObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, cell) in &self.0 {
            map.serialize_entry(&**name, cell)?;
        }
        map.end()
    }
}

/// All rows by the names of their columns, made different where two share one.
pub(super) fn objects(table: &ResultTable) -> Vec<ResultObject> {
    let mut names: Vec<std::sync::Arc<str>> = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let mut name = column.name.clone();
        let mut number = 2;
        while names.iter().any(|taken| **taken == *name) {
            name = format!("{}_{number}", column.name);
            number += 1;
        }
        names.push(name.into());
    }
    let object = |row: &Vec<Cell>| {
        ResultObject(names.iter().cloned().zip(row.iter().map(CellView::from)).collect())
    };
    table.rows.iter().map(object).collect()
}
