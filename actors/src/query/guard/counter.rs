//! A column of a recursive CTE that moves towards a bound.
//!
//! Whole numbers move by whole numbers to a whole number; dates move by one or more days to a date
//! of a year with four digits. The two are never mixed: SQLite takes every text for larger than
//! every number, so that `n < '2024-01-01'` would always hold.
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is not proven to end")]

use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Interval, Value,
};

use super::literal;
use crate::domain::Dialect;

/// A column that may be a counter.
pub(super) struct Counter<'q> {
    pub dialect: Dialect,
    pub column: &'q str,
    /// What the CTE is called in the step, where other tables are read there too.
    pub relation: Option<&'q str>,
    pub first: &'q Expr,
    pub steps_max: i64,
}

/// How far a step goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Distance {
    Number(i64),
    /// At least a day; true when forward.
    Days(bool),
}

impl Distance {
    const fn is_forward(self) -> bool {
        match self {
            Self::Number(step) => step > 0,
            Self::Days(is_forward) => is_forward,
        }
    }

    const fn reversed(self) -> Self {
        match self {
            Self::Number(step) => Self::Number(-step),
            Self::Days(is_forward) => Self::Days(!is_forward),
        }
    }
}

/// The conditions that must all hold.
pub(super) fn conjuncts<'e>(expr: Option<&'e Expr>, found: &mut Vec<&'e Expr>) {
    match expr {
        Some(Expr::BinaryOp { left, op: BinaryOperator::And, right }) => {
            conjuncts(Some(left), found);
            conjuncts(Some(right), found);
        }
        Some(Expr::Nested(inner)) => conjuncts(Some(inner), found),
        Some(other) => found.push(other),
        None => {}
    }
}

impl Counter<'_> {
    /// Whether a condition of the step stops the counter, which becomes `next` with each step.
    pub(super) fn is_bound(&self, next: &Expr, condition: &Expr) -> bool {
        let Some(distance) = self.moved(next) else { return false };
        let Expr::BinaryOp { left, op, right } = condition else { return false };
        let rising = match op {
            BinaryOperator::Lt | BinaryOperator::LtEq => true,
            BinaryOperator::Gt | BinaryOperator::GtEq => false,
            _ => return false,
        };
        let (limit, rising) = if self.is_counter(left, distance) {
            (right, rising)
        } else if self.is_counter(right, distance) {
            (left, !rising)
        } else {
            return false;
        };
        if rising != distance.is_forward() {
            return false;
        }
        match (distance, literal::integer(self.first), literal::integer(limit)) {
            (Distance::Number(step), Some(first), Some(limit)) => {
                limit.saturating_sub(first).saturating_abs() / step.saturating_abs()
                    <= self.steps_max
            }
            // `date + 1` is a day later on PostgreSQL, where types cannot be mixed.
            (Distance::Number(_), _, _) if self.dialect != Dialect::PostgreSql => false,
            (Distance::Number(_) | Distance::Days(_), _, _) => {
                self.relation.is_none() && is_day(self.first) && is_day(limit)
            }
        }
    }

    /// Whether an expression is the counter itself, and not another table's column of that name.
    fn is_column(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Identifier(ident) => self.relation.is_none() && ident.value == self.column,
            Expr::CompoundIdentifier(path) => match path.as_slice() {
                [relation, column] => {
                    column.value == self.column
                        && self.relation.is_none_or(|own| relation.value == own)
                }
                _ => false,
            },
            Expr::Nested(inner) => self.is_column(inner),
            Expr::Cast { kind: _, expr, data_type, format: None } => {
                keeps(data_type) && self.is_column(expr)
            }
            _ => false,
        }
    }

    /// The counter, or what it is after the step (`WHERE n + 1 < 12`).
    fn is_counter(&self, expr: &Expr, distance: Distance) -> bool {
        self.is_column(expr)
            || self.moved(expr).is_some_and(|other| other.is_forward() == distance.is_forward())
    }

    /// `n + 1`, `d + INTERVAL '1 month'`, `date(d, '+1 month')`, `DATE_ADD(d, INTERVAL 1 DAY)`.
    fn moved(&self, expr: &Expr) -> Option<Distance> {
        match expr {
            Expr::Nested(inner) => self.moved(inner),
            Expr::Cast { kind: _, expr, data_type, format: None } if keeps(data_type) => {
                self.moved(expr)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Plus, right } if self.is_column(left) => {
                distance(right)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Plus, right } if self.is_column(right) => {
                distance(left)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Minus, right } if self.is_column(left) => {
                distance(right).map(Distance::reversed)
            }
            Expr::Function(Function { name, args: FunctionArguments::List(list), .. }) => {
                let called = name.0.last()?.as_ident()?.value.to_ascii_lowercase();
                let args: Vec<&Expr> = list.args.iter().filter_map(plain).collect();
                let (moving, by) = match (called.as_str(), args.as_slice()) {
                    ("date" | "datetime" | "date_add" | "adddate", [moving, by]) => (moving, by),
                    ("dateadd" | "timestampadd", [unit, by, moving]) => {
                        let count = literal::integer(by)?;
                        let is_days = self.is_column(moving) && count > 0 && is_day_unit(unit);
                        return is_days.then_some(Distance::Days(true));
                    }
                    ("date", [inner]) => return self.moved(inner),
                    _ => return None,
                };
                if !self.is_column(moving) {
                    return None;
                }
                // A plain number would not be days here.
                distance(by).filter(|distance| matches!(distance, Distance::Days(_)))
            }
            _ => None,
        }
    }
}

const fn plain(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// Whether a conversion leaves a number a number and a date a date.
fn keeps(data_type: &DataType) -> bool {
    let written = data_type.to_string().to_lowercase();
    ["date", "pg_catalog.date", "timestamp", "int", "integer", "bigint", "signed", "datetime"]
        .contains(&written.as_str())
}

fn is_day_unit(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(ident) => is_day_word(&ident.value),
        other => literal::text(other).is_some_and(is_day_word),
    }
}

fn is_day_word(word: &str) -> bool {
    let word = word.to_lowercase();
    ["day", "week", "month", "quarter", "year"].contains(&word.trim_end_matches('s'))
}

/// How far an amount goes, always forward.
fn distance(expr: &Expr) -> Option<Distance> {
    if let Some(number) = literal::integer(expr) {
        return (number > 0).then_some(Distance::Number(number));
    }
    let (text, unit) = match expr {
        Expr::Interval(Interval { value, leading_field, .. }) => {
            let unit = leading_field.as_ref().map(ToString::to_string).unwrap_or_default();
            let number = || literal::integer(value).map(|number| number.to_string());
            (literal::text(value).map(str::to_owned).or_else(number)?, unit)
        }
        Expr::Cast { kind: _, expr, data_type: _, format: None } => {
            (literal::text(expr)?.to_owned(), String::new())
        }
        other => (literal::text(other)?.to_owned(), String::new()),
    };
    let written = format!("{} {unit}", text.trim_start_matches('+'));
    let mut words = written.split_whitespace();
    let count: u16 = words.next()?.parse().ok()?;
    let is_days = words.next().is_some_and(is_day_word) && words.next().is_none();
    (count > 0 && is_days).then_some(Distance::Days(true))
}

/// A day of a year with four digits, or what comes from such: no text that could be `infinity`.
fn is_day(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => {
                let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | ' ' | 'T');
                (8..=19).contains(&text.len())
                    && text.chars().all(is_part)
                    && text.starts_with(['1', '2'])
                    && text.as_bytes().get(4) == Some(&b'-')
            }
            _ => false,
        },
        Expr::TypedString(typed) => is_day(&Expr::Value(typed.value.clone())),
        Expr::Cast { kind: _, expr, data_type, format: None } => keeps(data_type) && is_day(expr),
        Expr::Nested(expr) => is_day(expr),
        Expr::Function(Function { args: FunctionArguments::List(list), .. }) => {
            matches!(list.args.as_slice(), [arg] if plain(arg).is_some_and(is_day))
        }
        // The data's own first and last day.
        Expr::Subquery(_) => true,
        _ => false,
    }
}
