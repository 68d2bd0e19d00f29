//! Values as PostgreSQL sends them in binary.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use starling_actors::domain::{Cell, ColumnType};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Kind, Type};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What a column of this type holds.
pub(super) fn kind_of(of: &Type) -> ColumnType {
    match *of {
        Type::BOOL => ColumnType::Boolean,
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => ColumnType::Integer,
        Type::FLOAT4 | Type::FLOAT8 => ColumnType::Float,
        Type::NUMERIC => ColumnType::Decimal,
        Type::DATE => ColumnType::Date,
        Type::TIME | Type::TIMETZ => ColumnType::Time,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => ColumnType::Timestamp,
        Type::JSON | Type::JSONB => ColumnType::Json,
        Type::BYTEA => ColumnType::Bytes,
        _ if is_text(of) => ColumnType::Text,
        _ => ColumnType::Other,
    }
}

/// Whether we read its binary form.
pub(super) fn is_known(of: &Type) -> bool {
    *of != Type::TIMETZ && (kind_of(of) != ColumnType::Other || *of == Type::UUID)
}

fn is_text(of: &Type) -> bool {
    matches!(*of, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::CHAR | Type::XML)
        || *of == Type::UNKNOWN
        || of.name() == "citext"
        || matches!(of.kind(), Kind::Enum(_))
}

/// The values of a row.
pub(super) fn cells(row: &Row) -> Result<Vec<Cell>, tokio_postgres::Error> {
    (0..row.len()).map(|place| row.try_get::<_, Value>(place).map(|value| value.0)).collect()
}

/// Takes every type that [`is_known`].
struct Value(Cell);

impl<'a> FromSql<'a> for Value {
    fn from_sql(of: &Type, bytes: &'a [u8]) -> Result<Self, Error> {
        cell(of, bytes).map(Value)
    }

    fn from_sql_null(_: &Type) -> Result<Self, Error> {
        Ok(Self(Cell::Null))
    }

    fn accepts(of: &Type) -> bool {
        is_known(of)
    }
}

fn cell(of: &Type, bytes: &[u8]) -> Result<Cell, Error> {
    Ok(match *of {
        Type::BOOL => Cell::Bool(bytes.first().is_some_and(|byte| *byte != 0)),
        Type::INT2 => Cell::Int(i16::from_be_bytes(bytes.try_into()?).into()),
        Type::INT4 => Cell::Int(i32::from_be_bytes(bytes.try_into()?).into()),
        Type::OID => Cell::Int(u32::from_be_bytes(bytes.try_into()?).into()),
        Type::INT8 => Cell::Int(i64::from_be_bytes(bytes.try_into()?)),
        // Its shortest decimal form, not the neighbour that a conversion would show.
        Type::FLOAT4 => Cell::Float(f32::from_be_bytes(bytes.try_into()?).to_string().parse()?),
        Type::FLOAT8 => Cell::Float(f64::from_be_bytes(bytes.try_into()?)),
        Type::NUMERIC => numeric(bytes)?,
        Type::DATE => Cell::Text(date(i32::from_be_bytes(bytes.try_into()?))),
        Type::TIME => {
            let micros = i64::from_be_bytes(bytes.try_into()?);
            Cell::Text(time(micros))
        }
        Type::TIMESTAMP => Cell::Text(timestamp(i64::from_be_bytes(bytes.try_into()?), "")),
        Type::TIMESTAMPTZ => Cell::Text(timestamp(i64::from_be_bytes(bytes.try_into()?), "Z")),
        Type::JSONB => Cell::Text(words(bytes.get(1..).unwrap_or_default())),
        Type::BYTEA => Cell::Text(format!("{} bytes", bytes.len())),
        Type::UUID => Cell::Text(uuid::Uuid::from_slice(bytes)?.to_string()),
        _ => Cell::Text(words(bytes)),
    })
}

/// A database in another encoding than UTF-8 sends UTF-8 all the same; `SQL_ASCII` sends anything.
fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `NUMERIC`: groups of four digits, exactly as many after the point as its scale says.
fn numeric(bytes: &[u8]) -> Result<Cell, Error> {
    let halves: Vec<i16> =
        bytes.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect();
    let [_, weight, sign, scale, groups @ ..] = halves.as_slice() else {
        return Err("a short number".into());
    };
    let sign = match sign.cast_unsigned() {
        0x0000 => "",
        0x4000 => "-",
        0xD000 => return Ok(Cell::Text("Infinity".to_owned())),
        0xF000 => return Ok(Cell::Text("-Infinity".to_owned())),
        _ => return Ok(Cell::Text("NaN".to_owned())),
    };
    let group = |place: i32| {
        usize::try_from(place).ok().and_then(|place| groups.get(place)).copied().unwrap_or(0)
    };
    let mut text = sign.to_owned();
    if *weight < 0 {
        text.push('0');
    }
    for place in 0..=i32::from(*weight) {
        let digits = group(place);
        text += &if place == 0 { digits.to_string() } else { format!("{digits:04}") };
    }
    let scale = usize::try_from(*scale)?;
    if scale > 0 {
        let mut fraction = String::new();
        // Below weight -1 the groups right after the point are zeros that were not sent.
        let missing = usize::from((-1 - *weight).max(0).unsigned_abs());
        fraction += &"0000".repeat(missing);
        let mut place = (i32::from(*weight) + 1).max(0);
        while fraction.len() < scale {
            fraction += &format!("{:04}", group(place));
            place += 1;
        }
        fraction.truncate(scale);
        text = format!("{text}.{fraction}");
    }
    Ok(Cell::Decimal(text))
}

/// Day 0 of PostgreSQL.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn date(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        i32::MIN => "-infinity".to_owned(),
        _ => {
            let by = Days::new(days.unsigned_abs().into());
            let day =
                if days < 0 { EPOCH.checked_sub_days(by) } else { EPOCH.checked_add_days(by) };
            day.map_or_else(|| "out of range".to_owned(), |day| day.to_string())
        }
    }
}

fn time(micros: i64) -> String {
    // 24:00:00 is a time of day in PostgreSQL.
    if micros == 86_400_000_000 {
        return "24:00:00".to_owned();
    }
    (NaiveTime::MIN + TimeDelta::microseconds(micros)).format("%H:%M:%S%.f").to_string()
}

fn timestamp(micros: i64, zone: &str) -> String {
    match micros {
        i64::MAX => "infinity".to_owned(),
        i64::MIN => "-infinity".to_owned(),
        _ => {
            let moment: Option<NaiveDateTime> =
                EPOCH.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::microseconds(micros));
            moment.map_or_else(
                || "out of range".to_owned(),
                |moment| format!("{}{zone}", moment.format("%Y-%m-%dT%H:%M:%S%.f")),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(weight: i16, sign: i16, scale: i16, groups: &[i16]) -> String {
        let count = i16::try_from(groups.len()).unwrap();
        let halves = [count, weight, sign, scale].into_iter().chain(groups.iter().copied());
        let bytes: Vec<u8> = halves.flat_map(i16::to_be_bytes).collect();
        numeric(&bytes).unwrap().to_string()
    }

    #[test]
    fn numbers_have_exactly_their_digits() {
        assert_eq!(number(0, 0, 2, &[12, 3400]), "12.34");
        assert_eq!(number(1, 0x4000, 0, &[1, 5]), "-10005");
        assert_eq!(number(-1, 0, 2, &[500]), "0.05");
        assert_eq!(number(-2, 0, 6, &[1200]), "0.000012");
        assert_eq!(number(2, 0, 0, &[1]), "100000000");
        assert_eq!(number(0, 0, 3, &[]), "0.000");
        assert_eq!(number(0, 0x4000, 1, &[7]), "-7.0");
    }

    #[test]
    fn days_and_moments_are_in_iso_8601() {
        assert_eq!(date(0), "2000-01-01");
        assert_eq!(date(-1), "1999-12-31");
        assert_eq!(date(i32::MAX), "infinity");
        assert_eq!(timestamp(0, "Z"), "2000-01-01T00:00:00Z");
        assert_eq!(timestamp(1_500_000, ""), "2000-01-01T00:00:01.500");
        assert_eq!(time(86_400_000_000), "24:00:00");
    }
}
