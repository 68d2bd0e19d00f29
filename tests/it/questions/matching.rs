//! When two results are the same answer: the rule of `tests/questions/README.md`.

use rusqlite::types::Value;

/// Rows, each of as many values as there are columns.
pub(super) type Rows = Vec<Vec<Value>>;

/// Numbers that differ by less than this part of the larger are one.
const TOLERANCE: f64 = 1e-6;

/// Whether an answer gives what a reference gives. Columns of the answer may be left over.
pub(super) fn matches(reference: &Rows, answer: &Rows, is_ordered: bool) -> bool {
    if reference.len() != answer.len() {
        return false;
    }
    let (Some(wanted), Some(given)) = (reference.first(), answer.first()) else {
        return true;
    };
    let mut chosen = Vec::new();
    assign(reference, answer, is_ordered, wanted.len(), given.len(), &mut chosen)
}

/// Tries every way to give each column of the reference one of the answer's.
fn assign(
    reference: &Rows,
    answer: &Rows,
    is_ordered: bool,
    wanted: usize,
    given: usize,
    chosen: &mut Vec<usize>,
) -> bool {
    if chosen.len() == wanted {
        return same_rows(reference, answer, is_ordered, chosen);
    }
    for column in 0..given {
        if chosen.contains(&column) {
            continue;
        }
        chosen.push(column);
        let fits = same_rows(reference, answer, is_ordered, chosen);
        if fits && assign(reference, answer, is_ordered, wanted, given, chosen) {
            return true;
        }
        chosen.pop();
    }
    false
}

/// Whether the rows, cut down to the chosen columns, are the same.
fn same_rows(reference: &Rows, answer: &Rows, is_ordered: bool, chosen: &[usize]) -> bool {
    let same = |wanted: &[Value], given: &[Value]| {
        chosen.iter().zip(wanted).all(|(&column, wanted)| equal(wanted, &given[column]))
    };
    if is_ordered {
        return reference.iter().zip(answer).all(|(wanted, given)| same(wanted, given));
    }
    let mut left: Vec<&Vec<Value>> = answer.iter().collect();
    reference.iter().all(|wanted| {
        let place = left.iter().position(|given| same(wanted, given));
        place.map(|place| left.swap_remove(place)).is_some()
    })
}

fn equal(wanted: &Value, given: &Value) -> bool {
    if let (Value::Null, other) | (other, Value::Null) = (wanted, given) {
        return matches!((wanted, given), (Value::Null, Value::Null))
            && matches!(other, Value::Null);
    }
    if let (Some(wanted), Some(given)) = (number(wanted), number(given)) {
        let larger = wanted.abs().max(given.abs());
        let rounded = (wanted * 100.0).round() / 100.0;
        return (wanted - given).abs() <= TOLERANCE * larger
            || (wanted.abs() >= 1.0 && (rounded - given).abs() < 1e-9);
    }
    match (wanted, given) {
        (Value::Text(wanted), Value::Text(given)) => {
            wanted == given || moment(wanted).is_some_and(|wanted| moment(given) == Some(wanted))
        }
        _ => wanted == given,
    }
}

#[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Real(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Null | Value::Blob(_) => None,
    }
}

/// A month, a day or a second, written out to the second.
fn moment(text: &str) -> Option<String> {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.get(..7)?.split('-');
    let (year, month) = (parts.next()?, parts.next()?);
    if !(year.len() == 4 && month.len() == 2 && is_digits(year) && is_digits(month)) {
        return None;
    }
    match text.len() {
        7 => Some(format!("{text}-01 00:00:00")),
        10 => Some(format!("{text} 00:00:00")),
        19 => Some(text.replace('T', " ")),
        _ => None,
    }
}

#[test]
fn columns_left_over_are_allowed_and_rows_are_not() {
    let text = |text: &str| Value::Text(text.to_owned());
    let reference = vec![vec![text("Rock"), Value::Integer(3)]];
    let wider = vec![vec![Value::Integer(1), Value::Real(3.0), text("Rock")]];
    let longer = vec![wider[0].clone(), wider[0].clone()];

    assert!(matches(&reference, &wider, true));
    assert!(!matches(&reference, &longer, false));
}

#[test]
fn values_may_not_come_from_different_columns_in_different_rows() {
    let reference = vec![vec![Value::Integer(1)], vec![Value::Integer(2)]];
    let crossed = vec![
        vec![Value::Integer(1), Value::Integer(9)],
        vec![Value::Integer(9), Value::Integer(2)],
    ];
    assert!(!matches(&reference, &crossed, false));
}

#[test]
fn a_month_is_its_first_moment_and_nothing_is_no_zero() {
    let text = |text: &str| Value::Text(text.to_owned());
    assert!(equal(&text("2025-03"), &text("2025-03-01 00:00:00")));
    assert!(equal(&text("2025"), &Value::Integer(2025)));
    assert!(!equal(&Value::Null, &Value::Integer(0)));
}
