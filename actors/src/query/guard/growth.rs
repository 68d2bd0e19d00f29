//! Functions that make a value longer than what they are given: how much, at most.
//!
//! `repeat('x', 1000000000)` takes a gigabyte while the statement is only being planned, so that
//! neither a time-out nor an estimate stops it. Lengths are plain numbers with a cap, and the
//! factors of calls in each other multiply up to a cap.

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArgumentList};
use sqlparser::tokenizer::Span;

use super::checker::Checker;
use super::literal;
use super::rejection::Rejection;

/// Longest that one call may make a text.
const LENGTH_MAX: i64 = 1_000;
/// All calls in each other. With a few thousand bytes a row to begin with, some hundred megabytes
/// at the very worst.
pub(super) const FACTOR_MAX: usize = 20_000;
/// A replacement that is not written out.
const UNKNOWN_FACTOR: usize = 300;
/// Digits of a width in a format.
const WIDTH_DIGITS_MAX: usize = 3;

impl Checker<'_> {
    /// Reads the arguments of a call with its factor in force.
    pub(super) fn grown(
        &mut self,
        called: &str,
        list: &mut FunctionArgumentList,
        span: Span,
        read: impl FnOnce(&mut Self, &mut FunctionArgumentList) -> Result<(), Rejection>,
    ) -> Result<(), Rejection> {
        let factor = factor(called, &list.args).map_err(|rejection| rejection.near(span))?;
        let before = self.growing;
        self.growing = before.saturating_mul(factor);
        if self.growing > FACTOR_MAX {
            let message = format!("{called} makes a text too long here");
            return Err(Rejection::at("size", span, message));
        }
        let result = read(self, list);
        self.growing = before;
        result
    }
}

fn argument(args: &[FunctionArg], index: usize) -> Option<&Expr> {
    match args.get(index)? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        FunctionArg::Unnamed(_)
        | FunctionArg::Named { name: _, arg: _, operator: _ }
        | FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => None,
    }
}

/// How many times longer than its arguments a call can be.
pub(super) fn factor(called: &str, args: &[FunctionArg]) -> Result<usize, Rejection> {
    match called {
        "repeat" | "lpad" | "rpad" => length(called, argument(args, 1)),
        "space" => length(called, argument(args, 0)),
        "replace" => Ok(replaced(argument(args, 1), argument(args, 2))),
        "regexp_replace" => Ok(replaced(None, argument(args, 2))),
        "format" | "printf" => template(called, args),
        // Each character may become two or six.
        "hex" | "quote" | "to_base64" | "base64_encode" | "hex_encode" | "encode" => Ok(2),
        "json_quote" | "to_json" | "to_jsonb" | "json_array" | "json_object"
        | "json_build_object" | "json_build_array" | "jsonb_build_object" | "jsonb_build_array"
        | "quote_literal" | "quote_ident" | "quote_nullable" | "parse_json"
        | "object_construct" => Ok(2),
        _ => Ok(1),
    }
}

fn length(called: &str, expr: Option<&Expr>) -> Result<usize, Rejection> {
    match expr.and_then(literal::integer) {
        Some(length) if length <= LENGTH_MAX => Ok(usize::try_from(length).unwrap_or(1).max(1)),
        _ => {
            let message = format!("{called} takes a plain number up to {LENGTH_MAX} as its length");
            Err(Rejection::whole("size", message))
        }
    }
}

fn replaced(from: Option<&Expr>, to: Option<&Expr>) -> usize {
    let from = from.and_then(literal::text).map_or(1, str::len).max(1);
    to.map_or(1, |to| literal::text(to).map_or(UNKNOWN_FACTOR, |to| to.len().div_ceil(from))).max(1)
}

fn template(called: &str, args: &[FunctionArg]) -> Result<usize, Rejection> {
    let Some(expr) = argument(args, 0) else { return Ok(1) };
    let Some(text) = literal::text(expr) else {
        // On MySQL, `format(number, digits)` has no template.
        let is_number =
            called == "format" && argument(args, 1).and_then(literal::integer).is_some();
        return Ok(if is_number { 1 } else { UNKNOWN_FACTOR });
    };
    let mut digits = 0;
    for c in text.chars() {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        if digits > WIDTH_DIGITS_MAX || c == '*' {
            let message = format!("a width in {called} has at most {WIDTH_DIGITS_MAX} digits");
            return Err(Rejection::whole("size", message));
        }
    }
    // `%1$s%1$s` gives its argument twice.
    Ok(text.matches('%').count().max(1))
}
