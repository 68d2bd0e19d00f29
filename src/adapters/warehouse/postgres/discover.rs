//! What a PostgreSQL database holds: its catalog first, and then, while there is time, a look at the
//! values of each table.

use std::collections::HashMap;
use std::time::Duration;

use starling_actors::domain::{Column, Dialect, Reference, Table, TableKind};
use starling_actors::ports::{Discovery, RunLimits, WarehouseError};
use tokio::time::Instant;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

use super::super::Target;
use super::super::profile::{Probe, ROWS_MAX, quote};
use super::error::Trouble;
use super::session::Session;
use super::{decode, read};

/// Tables of one connection.
const TABLES_MAX: i64 = 2_000;
/// For the values of one table: discovery must not weigh on the database.
const TABLE_TIMEOUT: Duration = Duration::from_secs(3);
/// Rows that a table must have for a part of its pages to be taken, not its first rows.
const PAGES_FROM: u64 = 10 * ROWS_MAX;

const TABLES: &str = "
    SELECT c.oid, n.nspname, c.relname, c.relkind::text IN ('v', 'm') AS is_view,
           c.relkind::text = 'v' AS is_computed, c.reltuples::float8,
           coalesce(obj_description(c.oid, 'pg_class'), '')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND ($1::text IS NULL OR n.nspname = $1)
      AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
    ORDER BY c.relname, n.nspname LIMIT $2";
const COLUMNS: &str = "
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod),
           CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END,
           t.typtype::text = 'e' OR t.typname = 'citext',
           pg_get_expr(d.adbin, d.adrelid), coalesce(col_description(a.attrelid, a.attnum), ''),
           NOT a.attnotnull,
           EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary
                   AND a.attnum = ANY (i.indkey))
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    ORDER BY a.attrelid, a.attnum";
const KEYS: &str = "
    SELECT f.conrelid, a.attname, n.nspname, c.relname, b.attname
    FROM pg_constraint AS f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS pair (of, at)
    JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = pair.of
    JOIN pg_attribute AS b ON b.attrelid = f.confrelid AND b.attnum = pair.at
    JOIN pg_class AS c ON c.oid = f.confrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE f.contype = 'f' AND f.conrelid = ANY ($1)
    ORDER BY f.conrelid, f.conname";

/// A table on its way, and what the planner knows of it.
struct Found {
    table: Table,
    is_computed: bool,
    estimate: Option<u64>,
}

/// The tables, in the transaction that the session is in. What was not looked at in time has no counts and no samples.
pub(super) async fn discover(
    session: &mut Session,
    target: &Target,
    wish: &Discovery,
) -> Result<Vec<Table>, WarehouseError> {
    let end = Instant::now() + wish.timeout;
    let outcome = catalog(session.client(), target.login.schema.as_deref()).await;
    let mut found = match outcome {
        Ok(found) => found,
        Err(error) => {
            return Err(Trouble::new(error, 0).explained(session, wish.timeout).await);
        }
    };
    for one in &mut found {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || !session.roll_back().await {
            break;
        }
        session.begin(limits(left.min(TABLE_TIMEOUT))).await?;
        if look(session, one, wish, left.min(TABLE_TIMEOUT)).await.is_err() {
            tracing::debug!(table = %one.table.name, "a table's values were not looked at");
        }
    }
    session.end().await;
    Ok(found.into_iter().map(|one| one.table).collect())
}

fn limits(timeout: Duration) -> RunLimits {
    RunLimits { timeout, ..RunLimits::default() }
}

async fn catalog(client: &Client, namespace: Option<&str>) -> Result<Vec<Found>, Error> {
    let rows = client.query(TABLES, &[&namespace, &TABLES_MAX]).await?;
    let mut places = HashMap::new();
    let mut found = Vec::new();
    for row in &rows {
        let oid: u32 = row.try_get(0)?;
        places.insert(oid, found.len());
        found.push(table(row)?);
    }
    let oids: Vec<u32> = places.keys().copied().collect();
    for row in client.query(COLUMNS, &[&oids]).await? {
        if let Some(place) = places.get(&row.try_get::<_, u32>(0)?) {
            found[*place].table.columns.push(column(&row)?);
        }
    }
    for row in client.query(KEYS, &[&oids]).await? {
        let Some(place) = places.get(&row.try_get::<_, u32>(0)?) else { continue };
        let name: &str = row.try_get(1)?;
        let columns = &mut found[*place].table.columns;
        if let Some(column) = columns.iter_mut().find(|column| column.name == name) {
            column.references = Some(Reference {
                namespace: Some(row.try_get(2)?),
                table: row.try_get(3)?,
                column: row.try_get(4)?,
            });
        }
    }
    Ok(found)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the planner's estimate, checked to be positive; more than 2^63 rows is many"
)]
fn table(row: &Row) -> Result<Found, Error> {
    let is_view: bool = row.try_get(3)?;
    // -1: never analyzed.
    let estimate: f64 = row.try_get(5)?;
    let table = Table {
        namespace: Some(row.try_get(1)?),
        name: row.try_get(2)?,
        kind: if is_view { TableKind::View } else { TableKind::Table },
        comment: row.try_get(6)?,
        ..Table::default()
    };
    let estimate = (estimate >= 0.0).then_some(estimate as u64);
    Ok(Found { table, is_computed: row.try_get(4)?, estimate })
}

fn column(row: &Row) -> Result<Column, Error> {
    let of = Type::from_oid(row.try_get(3)?);
    let is_text: bool = row.try_get(4)?;
    let of = if is_text { Some(Type::TEXT) } else { of };
    Ok(Column {
        name: row.try_get(1)?,
        data_type: row.try_get(2)?,
        kind: of.as_ref().map(decode::kind_of).unwrap_or_default(),
        default: row.try_get(5)?,
        comment: row.try_get(6)?,
        is_nullable: row.try_get(7)?,
        is_primary_key: row.try_get(8)?,
        ..Column::default()
    })
}

/// Looks at the values of one table.
async fn look(
    session: &Session,
    one: &mut Found,
    wish: &Discovery,
    timeout: Duration,
) -> Result<(), Trouble> {
    let namespace = one.table.namespace.as_deref().unwrap_or_default();
    let name = |name| quote(Dialect::PostgreSql, name);
    let mut from = format!("{}.{}", name(namespace), name(&one.table.name));
    if let (Some(rows), false) = (one.estimate.filter(|rows| *rows > PAGES_FROM), one.is_computed) {
        // Twice as many pages as needed: some are emptier than others.
        let percent = 200.0 * share(ROWS_MAX, rows);
        from = format!("{from} TABLESAMPLE SYSTEM ({percent:.6})");
    }
    let probe = Probe::of(Dialect::PostgreSql, &one.table, &from, wish);
    let (counts, _) = read(session, &probe.counts, limits(timeout)).await?;
    probe.apply_counts(&mut one.table, &counts, one.estimate);
    if one.estimate.is_some_and(|rows| rows > PAGES_FROM) {
        one.table.row_count = one.estimate;
    }
    if let Some(samples) = &probe.samples {
        let (samples, _) = read(session, samples, limits(timeout)).await?;
        Probe::apply_samples(&mut one.table, &samples);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a share of pages needs few digits")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
