//! How long a computed column can become, counted in cells that it is put together from.
//!
//! `s || s` under a name, again and again, doubles with every named query: thirty lines make a
//! gigabyte. Every output column has a weight; the columns of tables weigh one, what joins texts
//! adds the weights of its parts, and a column that weighs too much is refused. Weights are kept by
//! name for the whole statement, and a name that cannot be followed counts as the heaviest so far:
//! an error only ever makes something heavier.

use std::collections::HashMap;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    SelectItem, Spanned as _,
};

use super::checker::Checker;
use super::growth;
use super::rejection::Rejection;

/// With a literal as long as the text may be, some hundred megabytes at the very worst.
const WEIGHT_MAX: usize = growth::FACTOR_MAX;

/// Functions that give one of their arguments.
#[rustfmt::skip]
const CHOICES: &[&str] = &[
    "coalesce", "nullif", "ifnull", "nvl", "greatest", "least", "max", "min", "iif", "if", "iff",
    "first_value", "last_value", "lag", "lead", "any_value",
];

/// What the columns of a statement weigh, by name.
#[derive(Debug, Default)]
pub(super) struct Weights {
    by_name: HashMap<String, usize>,
    heaviest: usize,
}

impl Weights {
    fn of(&self, name: &str) -> usize {
        self.by_name.get(name).copied().unwrap_or(1)
    }

    fn heaviest(&self) -> usize {
        self.heaviest.max(1)
    }

    fn note(&mut self, name: &str, weight: usize) {
        self.heaviest = self.heaviest.max(weight);
        let known = self.by_name.entry(name.to_owned()).or_insert(1);
        *known = weight.max(*known);
    }

    /// A column gets a name from somewhere else: an alias's list, or the left side of a UNION.
    pub(super) fn rename(&mut self, name: &str) {
        self.note(name, self.heaviest());
    }
}

impl Checker<'_> {
    /// Weighs an output column, after its expression was checked.
    pub(super) fn weigh(&mut self, item: &SelectItem, name: Option<&str>) -> Result<(), Rejection> {
        let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, alias: _ }) = item
        else {
            return Ok(());
        };
        self.weigh_expr(expr, name)
    }

    /// Weighs what will be known under a name.
    pub(super) fn weigh_expr(&mut self, expr: &Expr, name: Option<&str>) -> Result<(), Rejection> {
        let weight = self.weight(expr);
        if weight > WEIGHT_MAX {
            let message = "this column joins texts that were joined before, too often";
            return Err(Rejection::at("size", expr.span(), message));
        }
        self.weights.note(name.unwrap_or_default(), weight);
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not listed counts as the heaviest")]
    fn weight(&self, expr: &Expr) -> usize {
        let all = |exprs: &mut dyn Iterator<Item = &Expr>| -> usize {
            exprs.fold(0, |sum: usize, expr| sum.saturating_add(self.weight(expr)))
        };
        match expr {
            Expr::Value(_) | Expr::TypedString(_) | Expr::Interval(_) | Expr::Extract { .. } => 1,
            Expr::Identifier(ident) => self.weights.of(&ident.value),
            Expr::CompoundIdentifier(path) => {
                path.last().map_or(1, |ident| self.weights.of(&ident.value))
            }
            Expr::Nested(expr)
            | Expr::Cast { kind: _, expr, data_type: _, format: _ }
            | Expr::Collate { expr, collation: _ }
            | Expr::Substring { expr, .. }
            | Expr::Trim { expr, .. }
            | Expr::UnaryOp { op: _, expr } => self.weight(expr),
            Expr::BinaryOp { left, op: BinaryOperator::StringConcat, right } => {
                self.weight(left).saturating_add(self.weight(right))
            }
            // Numbers, truth, and parts of documents.
            Expr::BinaryOp { left, op: _, right } => self.weight(left).max(self.weight(right)),
            Expr::Case { conditions, else_result, .. } => {
                let results = conditions.iter().map(|CaseWhen { condition: _, result }| result);
                let results = results.chain(else_result.as_deref());
                results.map(|result| self.weight(result)).max().unwrap_or(1)
            }
            Expr::Array(array) => all(&mut array.elem.iter()),
            Expr::Tuple(values) => all(&mut values.iter()),
            Expr::Function(Function { name, args: FunctionArguments::List(list), .. }) => {
                let called = name.0.last().and_then(|part| part.as_ident());
                let called =
                    called.map(|ident| ident.value.to_ascii_lowercase()).unwrap_or_default();
                let mut args = list.args.iter().filter_map(argument);
                if CHOICES.contains(&called.as_str()) {
                    return args.map(|expr| self.weight(expr)).max().unwrap_or(1);
                }
                let factor = growth::factor(&called, &list.args).unwrap_or(1);
                all(&mut args).max(1).saturating_mul(factor)
            }
            Expr::Function(_) => 1,
            _ => self.weights.heaviest(),
        }
    }
}

const fn argument(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))
        | FunctionArg::Named { name: _, arg: FunctionArgExpr::Expr(expr), operator: _ }
        | FunctionArg::ExprNamed { name: _, arg: FunctionArgExpr::Expr(expr), operator: _ } => {
            Some(expr)
        }
        FunctionArg::Unnamed(_)
        | FunctionArg::Named { name: _, arg: _, operator: _ }
        | FunctionArg::ExprNamed { name: _, arg: _, operator: _ } => None,
    }
}
