//! Functions that make rows, in a FROM or in a SELECT list, and how many rows a series may have.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments,
    ObjectName, Spanned as _,
};

use super::checker::Checker;
use super::functions;
use super::literal;
use super::query::Outputs;
use super::rejection::Rejection;
use super::scope::Scope;
use crate::domain::Dialect;

/// A series of days over two centuries, or of hours over eight years.
const ROWS_MAX: i64 = 75_000;
/// Digits of a year; also keeps an interval's count small.
const DIGITS_MAX: usize = 4;
/// Words of intervals that are not too small a step.
const STEPS: &[&str] = &["hour", "day", "week", "month", "quarter", "year", "decade", "mon"];

impl Checker<'_> {
    /// Checks a function that stands in a FROM and tells its columns.
    pub(super) fn row_function(
        &mut self,
        name: &mut ObjectName,
        args: &mut [FunctionArg],
        scope: &Scope<'_>,
    ) -> Result<(String, Outputs), Rejection> {
        let span = name.span();
        let (called, form) = self.function_name(name)?;
        let Some(columns) = functions::columns(self.dialect(), &called) else {
            let message = format!("the function {called:?} gives no rows that can be read");
            return Err(Rejection::at("table", span, message));
        };
        if called == "generate_series" {
            self.series(args)?;
        }
        self.arguments(&called, form, args, scope)?;
        Ok((called, columns.iter().map(|column| Some((*column).to_owned())).collect()))
    }

    /// The call inside of `TABLE(…)`, where it is nothing but a call.
    pub(super) fn inner_row_function<'e>(
        &self,
        expr: &'e mut Expr,
    ) -> Option<(&'e mut ObjectName, &'e mut [FunctionArg])> {
        let Expr::Function(function) = expr else { return None };
        let Function {
            name,
            uses_odbc_syntax: false,
            parameters: FunctionArguments::None,
            args: FunctionArguments::List(list),
            within_group,
            filter: None,
            null_treatment: None,
            over: None,
        } = function
        else {
            return None;
        };
        let FunctionArgumentList { duplicate_treatment: None, args, clauses } = list else {
            return None;
        };
        let is_plain = within_group.is_empty() && clauses.is_empty() && self.is(Dialect::Snowflake);
        is_plain.then_some((name, args.as_mut_slice()))
    }

    /// Whether a series ends soon: whole numbers that say how far, or dates between years of four
    /// digits in steps of an hour and more.
    pub(super) fn series(&self, args: &[FunctionArg]) -> Result<(), Rejection> {
        let exprs: Option<Vec<&Expr>> = args
            .iter()
            .map(|arg| {
                let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else { return None };
                Some(expr)
            })
            .collect();
        let Some(exprs) = exprs else { return self.clause("this form of generate_series") };
        let numbers: Option<Vec<i64>> = exprs.iter().copied().map(literal::integer).collect();
        let is_small = match (numbers.as_deref(), exprs.as_slice()) {
            (Some([start, stop]), _) => stop.saturating_sub(*start) < ROWS_MAX,
            (Some([start, stop, step]), _) => {
                let length = stop.saturating_sub(*start).saturating_abs();
                *step != 0 && length / step.saturating_abs() < ROWS_MAX
            }
            (None, [start, stop, step]) => is_step(step) && is_date(start) && is_date(stop),
            (Some(_), _) | (None, _) => false,
        };
        if is_small {
            return Ok(());
        }
        let place =
            exprs.first().map_or_else(sqlparser::tokenizer::Span::empty, |expr| expr.span());
        let message = "generate_series takes plain numbers with few steps between them, or dates \
                       with a step like interval '1 day'";
        Err(Rejection::at("size", place, message))
    }
}

/// `interval '1 month'`, `'1 month'::interval`.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed is no step")]
fn is_step(expr: &Expr) -> bool {
    let text = match expr {
        Expr::Interval(interval) => {
            let unit = interval.leading_field.as_ref().map(ToString::to_string);
            literal::text(&interval.value)
                .map(|text| format!("{text} {}", unit.unwrap_or_default()))
        }
        Expr::Cast { kind: _, expr, data_type: _, format: _ } => {
            literal::text(expr).map(str::to_owned)
        }
        Expr::Nested(inner) => return is_step(inner),
        _ => None,
    };
    let Some(text) = text.map(|text| text.to_lowercase()) else { return false };
    let mut words = text.split_whitespace();
    let count = words.next().and_then(|word| word.parse::<u16>().ok()).unwrap_or(0);
    let unit = words
        .next()
        .is_some_and(|word| STEPS.iter().any(|step| word.trim_end_matches('s') == *step));
    count > 0 && unit && words.next().is_none()
}

/// Whether all text in an expression keeps it within years of four digits: no `infinity`, no
/// interval of a million days.
fn is_date(expr: &Expr) -> bool {
    let written = expr.to_string().to_lowercase();
    let mut digits = 0;
    let is_short = written.chars().all(|c| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= DIGITS_MAX
    });
    // Multiplication could build a large interval of small ones.
    is_short && !written.contains("inf") && !written.contains("* ")
}
