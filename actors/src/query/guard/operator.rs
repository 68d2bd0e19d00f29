//! Operators by dialect. PostgreSQL's run with `search_path = pg_catalog`, so none of them can be a
//! user's.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use sqlparser::tokenizer::Span;

use super::checker::Checker;
use super::rejection::Rejection;
use crate::domain::Dialect;

impl Checker<'_> {
    pub(super) fn unary(&self, op: UnaryOperator, operand: &Expr) -> Result<(), Rejection> {
        let is_signed = matches!(
            operand,
            Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr: _ }
        );
        match op {
            UnaryOperator::Not => Ok(()),
            // Two minus signs would begin a comment.
            UnaryOperator::Plus | UnaryOperator::Minus if !is_signed => Ok(()),
            UnaryOperator::BitwiseNot if !is_signed => Ok(()),
            UnaryOperator::Plus
            | UnaryOperator::Minus
            | UnaryOperator::BitwiseNot
            | UnaryOperator::BangNot
            | UnaryOperator::AtDashAt
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::PGAbs
            | UnaryOperator::PGCubeRoot
            | UnaryOperator::PGPostfixFactorial
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => {
                Self::unfit(operand, "operator", &format!("the operator {op} cannot be used here"))
            }
        }
    }

    /// Operators of ANY and ALL.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are refused")]
    pub(super) fn comparison(&self, op: &BinaryOperator, span: Span) -> Result<(), Rejection> {
        match op {
            BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
            | BinaryOperator::PGLikeMatch
            | BinaryOperator::PGILikeMatch
            | BinaryOperator::PGNotLikeMatch
            | BinaryOperator::PGNotILikeMatch
            | BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch => self.binary(op, span),
            _ => Err(Rejection::at("operator", span, "ANY and ALL take a comparison")),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one table of all operators, to be seen whole")]
    pub(super) fn binary(&self, op: &BinaryOperator, span: Span) -> Result<(), Rejection> {
        let (postgres, mysql, sqlite, snowflake) = match op {
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::Gt
            | BinaryOperator::Lt
            | BinaryOperator::GtEq
            | BinaryOperator::LtEq
            | BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::And
            | BinaryOperator::Or => (true, true, true, true),
            // On MySQL it is OR, or concatenation, by its settings; either is harmless.
            BinaryOperator::StringConcat => (true, true, true, true),
            BinaryOperator::Spaceship => (false, true, false, false),
            BinaryOperator::Xor | BinaryOperator::MyIntegerDivide => (false, true, false, false),
            BinaryOperator::BitwiseOr | BinaryOperator::BitwiseAnd => (true, true, true, false),
            BinaryOperator::BitwiseXor => (false, true, false, false),
            BinaryOperator::PGBitwiseXor => (true, false, false, false),
            BinaryOperator::PGBitwiseShiftLeft | BinaryOperator::PGBitwiseShiftRight => {
                (true, true, true, false)
            }
            BinaryOperator::PGExp => (true, false, false, false),
            BinaryOperator::Regexp => (false, true, false, false),
            BinaryOperator::Glob => (false, false, true, false),
            BinaryOperator::PGOverlap
            | BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch
            | BinaryOperator::PGRegexNotMatch
            | BinaryOperator::PGRegexNotIMatch
            | BinaryOperator::PGLikeMatch
            | BinaryOperator::PGILikeMatch
            | BinaryOperator::PGNotLikeMatch
            | BinaryOperator::PGNotILikeMatch
            | BinaryOperator::PGStartsWith
            | BinaryOperator::HashArrow
            | BinaryOperator::HashLongArrow
            | BinaryOperator::AtArrow
            | BinaryOperator::ArrowAt
            | BinaryOperator::Question
            | BinaryOperator::QuestionAnd
            | BinaryOperator::QuestionPipe
            | BinaryOperator::Overlaps => (true, false, false, false),
            // On Snowflake `->>` chains statements.
            BinaryOperator::Arrow | BinaryOperator::LongArrow => (true, true, true, false),
            BinaryOperator::DuckIntegerDivide
            | BinaryOperator::Match
            | BinaryOperator::Custom(_)
            | BinaryOperator::AtAt
            | BinaryOperator::HashMinus
            | BinaryOperator::AtQuestion
            | BinaryOperator::PGCustomBinaryOperator(_)
            | BinaryOperator::DoubleHash
            | BinaryOperator::LtDashGt
            | BinaryOperator::AndLt
            | BinaryOperator::AndGt
            | BinaryOperator::LtLtPipe
            | BinaryOperator::PipeGtGt
            | BinaryOperator::AndLtPipe
            | BinaryOperator::PipeAndGt
            | BinaryOperator::LtCaret
            | BinaryOperator::GtCaret
            | BinaryOperator::QuestionHash
            | BinaryOperator::QuestionDash
            | BinaryOperator::QuestionDashPipe
            | BinaryOperator::QuestionDoublePipe
            | BinaryOperator::At
            | BinaryOperator::TildeEq
            | BinaryOperator::Assignment => (false, false, false, false),
        };
        let is_known = match self.dialect() {
            Dialect::PostgreSql => postgres,
            Dialect::MySql => mysql,
            Dialect::Sqlite => sqlite,
            Dialect::Snowflake => snowflake,
        };
        if is_known {
            return Ok(());
        }
        Err(Rejection::at("operator", span, format!("the operator {op} cannot be used here")))
    }
}
