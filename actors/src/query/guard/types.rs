//! Types that a value may be converted to, per dialect.
//!
//! On PostgreSQL, names that are no words of its grammar are written with `pg_catalog.`, so that no
//! type of a user can take their place; the `reg*` types, which look into the catalog, are refused.

use sqlparser::ast::{
    ArrayElemTypeDef, CastFormat, CastKind, CharacterLength, DataType, ExactNumberInfo, Expr,
    Ident, ObjectName, ObjectNamePart, Spanned as _, TypedString,
};
use sqlparser::tokenizer::Span;

use super::checker::Checker;
use super::literal;
use super::rejection::Rejection;
use super::scope::Scope;
use super::select::parts;
use crate::domain::Dialect;

/// `char(n)` pads to its length, so a long one multiplies.
const LENGTH_MAX: u64 = 65_535;
/// Money and science need 38.
const PRECISION_MAX: u64 = 100;

/// Names that sqlparser has no variant for.
const POSTGRES: &[&str] = &[
    "text",
    "date",
    "uuid",
    "json",
    "jsonb",
    "timestamptz",
    "timetz",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "bool",
    "numeric",
    "varchar",
    "bpchar",
    "interval",
    "money",
    "inet",
];
const SNOWFLAKE: &[&str] = &[
    "number",
    "variant",
    "object",
    "array",
    "timestamp_ntz",
    "timestamp_ltz",
    "timestamp_tz",
    "timestampltz",
    "timestamptz",
    "byteint",
];
const MYSQL: &[&str] = &["year"];

impl Checker<'_> {
    /// CAST, CONVERT and `DATE '…'`.
    #[expect(clippy::wildcard_enum_match_arm, reason = "other forms of these are refused")]
    pub(super) fn conversion(
        &mut self,
        expr: &mut Expr,
        scope: &Scope<'_>,
    ) -> Result<(), Rejection> {
        let span = expr.span();
        match expr {
            Expr::Cast { kind, expr, data_type, format } => {
                match kind {
                    CastKind::Cast => {}
                    CastKind::DoubleColon | CastKind::TryCast if self.is(Dialect::Snowflake) => {}
                    CastKind::DoubleColon if self.is(Dialect::PostgreSql) => {}
                    CastKind::DoubleColon | CastKind::TryCast | CastKind::SafeCast => {
                        return self.clause("this form of CAST");
                    }
                }
                match format {
                    None => {}
                    Some(CastFormat::Value(_) | CastFormat::ValueAtTimeZone(..)) => {
                        return self.clause("CAST … FORMAT");
                    }
                }
                self.data_type(data_type, span)?;
                self.expression(expr, scope)
            }
            Expr::Convert {
                is_try: false,
                expr,
                data_type,
                charset,
                target_before_value: false,
                styles,
            } if self.is(Dialect::MySql) && styles.is_empty() => {
                if let Some(data_type) = data_type {
                    self.data_type(data_type, span)?;
                }
                if let Some(charset) = charset {
                    let known = ["utf8mb4", "utf8mb3", "utf8", "latin1", "ascii", "binary"];
                    let said = charset.to_string().to_lowercase();
                    if !known.contains(&said.as_str()) {
                        return self.clause("this character set");
                    }
                }
                self.expression(expr, scope)
            }
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false }) => {
                literal::value(&mut value.value, value.span, self.dialect())?;
                let is_moment = matches!(
                    data_type,
                    DataType::Date
                        | DataType::Time(..)
                        | DataType::Timestamp(..)
                        | DataType::Datetime(_)
                );
                if !is_moment {
                    return self.clause("a typed string other than DATE, TIME and TIMESTAMP");
                }
                if self.is(Dialect::PostgreSql) && *data_type == DataType::Date {
                    // `date` is no word of PostgreSQL's grammar but a type that is looked up.
                    let value = Box::new(Expr::Value(value.clone()));
                    *expr = Expr::Cast {
                        kind: CastKind::Cast,
                        expr: value,
                        data_type: DataType::Date,
                        format: None,
                    };
                    return self.conversion(expr, scope);
                }
                Ok(())
            }
            other => Self::unfit(other, "type", "this conversion cannot be used here"),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one table of all types, to be seen whole")]
    pub(super) fn data_type(&self, data_type: &mut DataType, span: Span) -> Result<(), Rejection> {
        let refuse = |said: &DataType| {
            Err(Rejection::at("type", span, format!("the type {said} cannot be used here")))
        };
        let dialect = self.dialect();
        let postgres = dialect == Dialect::PostgreSql;
        let small = |number: &Option<u64>| number.is_none_or(|number| number <= LENGTH_MAX);
        let is_known = match &*data_type {
            DataType::Character(length)
            | DataType::Char(length)
            | DataType::CharacterVarying(length)
            | DataType::CharVarying(length)
            | DataType::Varchar(length) => is_short(length.as_ref()),
            DataType::Nvarchar(length) => !postgres && is_short(length.as_ref()),
            DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => {
                is_exact(*info)
            }
            DataType::Float(info) => is_exact(*info),
            // PostgreSQL has DOUBLE PRECISION only.
            DataType::Double(info) => !postgres && is_exact(*info),
            DataType::SmallInt(size)
            | DataType::Int(size)
            | DataType::Integer(size)
            | DataType::BigInt(size)
            | DataType::Int2(size)
            | DataType::Int4(size)
            | DataType::Int8(size) => small(size),
            DataType::Float4
            | DataType::Float8
            | DataType::Real
            | DataType::DoublePrecision
            | DataType::Bool
            | DataType::Boolean => true,
            DataType::Time(precision, _) | DataType::Timestamp(precision, _) => small(precision),
            DataType::Interval { fields: _, precision } => postgres && small(precision),
            DataType::Date | DataType::Text | DataType::JSON => true,
            DataType::Uuid | DataType::JSONB => postgres,
            DataType::TinyInt(size) | DataType::MediumInt(size) => !postgres && small(size),
            DataType::Datetime(precision) => !postgres && small(precision),
            DataType::Signed
            | DataType::SignedInteger
            | DataType::Unsigned
            | DataType::UnsignedInteger => dialect == Dialect::MySql,
            DataType::TimestampNtz(precision) | DataType::String(precision) => {
                dialect == Dialect::Snowflake && small(precision)
            }
            DataType::Binary(size) => dialect == Dialect::MySql && small(size),
            DataType::Blob(None) => dialect == Dialect::Sqlite,
            DataType::Array(ArrayElemTypeDef::None) => dialect == Dialect::Snowflake,
            DataType::Array(ArrayElemTypeDef::SquareBracket(_, None)) => postgres,
            DataType::Custom(name, modifiers) => self.is_named_type(name, modifiers)?,
            DataType::Table(..)
            | DataType::NamedTable { .. }
            | DataType::CharacterLargeObject(..)
            | DataType::CharLargeObject(..)
            | DataType::Clob(..)
            | DataType::Varbinary(..)
            | DataType::Blob(..)
            | DataType::TinyBlob
            | DataType::MediumBlob
            | DataType::LongBlob
            | DataType::Bytes(..)
            | DataType::DecimalUnsigned(..)
            | DataType::BigNumeric(..)
            | DataType::BigDecimal(..)
            | DataType::DecUnsigned(..)
            | DataType::FloatUnsigned(..)
            | DataType::TinyIntUnsigned(..)
            | DataType::UTinyInt
            | DataType::Int2Unsigned(..)
            | DataType::SmallIntUnsigned(..)
            | DataType::USmallInt
            | DataType::MediumIntUnsigned(..)
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::Int128
            | DataType::Int256
            | DataType::IntUnsigned(..)
            | DataType::Int4Unsigned(..)
            | DataType::IntegerUnsigned(..)
            | DataType::HugeInt
            | DataType::UHugeInt
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::UInt128
            | DataType::UInt256
            | DataType::BigIntUnsigned(..)
            | DataType::UBigInt
            | DataType::Int8Unsigned(..)
            | DataType::Float32
            | DataType::Float64
            | DataType::RealUnsigned
            | DataType::DoubleUnsigned(..)
            | DataType::DoublePrecisionUnsigned
            | DataType::Date32
            | DataType::Datetime64(..)
            | DataType::Regclass
            | DataType::TinyText
            | DataType::MediumText
            | DataType::LongText
            | DataType::FixedString(..)
            | DataType::Bytea
            | DataType::Bit(..)
            | DataType::BitVarying(..)
            | DataType::VarBit(..)
            | DataType::Array(..)
            | DataType::Map(..)
            | DataType::Tuple(..)
            | DataType::Nested(..)
            | DataType::Enum(..)
            | DataType::Set(..)
            | DataType::Struct(..)
            | DataType::Union(..)
            | DataType::Nullable(..)
            | DataType::LowCardinality(..)
            | DataType::Unspecified
            | DataType::Trigger
            | DataType::AnyType
            | DataType::GeometricType(..)
            | DataType::TsVector
            | DataType::TsQuery => false,
        };
        if !is_known {
            return refuse(data_type);
        }
        if let DataType::Array(ArrayElemTypeDef::SquareBracket(inner, None)) = data_type {
            return self.data_type(inner, span);
        }
        if postgres {
            qualify(data_type, span);
        }
        Ok(())
    }

    fn is_named_type(&self, name: &ObjectName, modifiers: &[String]) -> Result<bool, Rejection> {
        let path = parts(name)?;
        let plain = match path.as_slice() {
            [name] if name.quote_style.is_none() => name,
            [schema, name]
                if self.is(Dialect::PostgreSql)
                    && schema.value == "pg_catalog"
                    && name.quote_style.is_none() =>
            {
                name
            }
            _ => return Ok(false),
        };
        let is_small = |text: &String| text.parse::<u64>().is_ok_and(|size| size <= PRECISION_MAX);
        let lower = plain.value.to_ascii_lowercase();
        let list = match self.dialect() {
            Dialect::PostgreSql => POSTGRES,
            Dialect::Snowflake => SNOWFLAKE,
            Dialect::MySql => MYSQL,
            Dialect::Sqlite => &[],
        };
        Ok(list.contains(&lower.as_str()) && modifiers.iter().all(is_small))
    }
}

fn is_short(length: Option<&CharacterLength>) -> bool {
    match length {
        None => true,
        Some(CharacterLength::IntegerLength { length, unit: None }) => *length <= LENGTH_MAX,
        Some(
            CharacterLength::IntegerLength { length: _, unit: Some(_) } | CharacterLength::Max,
        ) => false,
    }
}

const fn is_exact(info: ExactNumberInfo) -> bool {
    match info {
        ExactNumberInfo::None => true,
        ExactNumberInfo::Precision(precision) => precision <= PRECISION_MAX,
        ExactNumberInfo::PrecisionAndScale(precision, scale) => {
            precision <= PRECISION_MAX && scale >= 0
        }
    }
}

/// Writes a type's name with `pg_catalog.` where PostgreSQL's grammar has no word for it.
#[expect(clippy::wildcard_enum_match_arm, reason = "only names that were accepted come here")]
fn qualify(data_type: &mut DataType, span: Span) {
    let (name, modifiers) = match data_type {
        DataType::Text => ("text".to_owned(), Vec::new()),
        DataType::Date => ("date".to_owned(), Vec::new()),
        DataType::Uuid => ("uuid".to_owned(), Vec::new()),
        DataType::JSON => ("json".to_owned(), Vec::new()),
        DataType::JSONB => ("jsonb".to_owned(), Vec::new()),
        DataType::Bool => ("bool".to_owned(), Vec::new()),
        DataType::Int2(None) => ("int2".to_owned(), Vec::new()),
        DataType::Int4(None) => ("int4".to_owned(), Vec::new()),
        DataType::Int8(None) => ("int8".to_owned(), Vec::new()),
        DataType::Float4 => ("float4".to_owned(), Vec::new()),
        DataType::Float8 => ("float8".to_owned(), Vec::new()),
        DataType::Custom(name, modifiers) => {
            let last = name.0.last().and_then(ObjectNamePart::as_ident);
            let lower = last.map(|ident| ident.value.to_ascii_lowercase()).unwrap_or_default();
            (lower, std::mem::take(modifiers))
        }
        // A word of the grammar.
        _ => return,
    };
    let ident = |word: &str| ObjectNamePart::Identifier(Ident { span, ..Ident::new(word) });
    *data_type = DataType::Custom(ObjectName(vec![ident("pg_catalog"), ident(&name)]), modifiers);
}
