//! The shop that the corpora ask, as each engine spells it. `employee` is in the database but not
//! among the allowed tables.

use std::sync::Arc;

use starling_actors::domain::{Column, Dialect, Schema, Table, Timestamp};
use starling_actors::query::guard::Grounds;

const TABLES: &[(&str, &str)] = &[
    ("album", "album_id title artist_id"),
    ("artist", "artist_id name"),
    (
        "customer",
        "customer_id first_name last_name company address city state country postal_code phone fax \
         email support_rep_id",
    ),
    ("genre", "genre_id name"),
    (
        "invoice",
        "invoice_id customer_id invoice_date billing_address billing_city billing_state \
         billing_country billing_postal_code total",
    ),
    ("invoice_line", "invoice_line_id invoice_id track_id unit_price quantity"),
    ("media_type", "media_type_id name"),
    ("playlist", "playlist_id name"),
    ("playlist_track", "playlist_id track_id"),
    (
        "track",
        "track_id name album_id media_type_id genre_id composer milliseconds bytes unit_price",
    ),
];

pub(crate) const DIALECTS: [(Dialect, &str); 4] = [
    (Dialect::PostgreSql, "postgresql"),
    (Dialect::MySql, "mysql"),
    (Dialect::Sqlite, "sqlite"),
    (Dialect::Snowflake, "snowflake"),
];

fn spelled(dialect: Dialect, name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    match dialect {
        Dialect::PostgreSql => name.to_owned(),
        Dialect::MySql | Dialect::Sqlite => name.split('_').map(capital).collect(),
        Dialect::Snowflake => name.to_uppercase(),
    }
}

pub(crate) fn grounds(dialect: Dialect) -> Grounds {
    let namespace = match dialect {
        Dialect::PostgreSql => Some("public"),
        Dialect::MySql => Some("chinook"),
        Dialect::Sqlite => None,
        Dialect::Snowflake => Some("PUBLIC"),
    };
    let table = |(name, columns): &(&str, &str)| Table {
        namespace: namespace.map(str::to_owned),
        name: spelled(dialect, name),
        columns: columns
            .split_whitespace()
            .map(|column| Column { name: spelled(dialect, column), ..Column::default() })
            .collect(),
        ..Table::default()
    };
    let tables = TABLES.iter().map(table).collect();
    let schema = Arc::new(Schema { tables, refreshed_at: Timestamp::default() });
    Grounds { dialect, schema, rows_max: 10_000 }
}
