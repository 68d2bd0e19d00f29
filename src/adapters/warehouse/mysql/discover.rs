//! What a MySQL database holds: its catalog first, and then, while there is time, a look at the values
//! of each table.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use starling_actors::domain::{Column, Dialect, Reference, Table, TableKind};
use starling_actors::ports::{Discovery, RunLimits, WarehouseError};
use tokio::time::Instant;

use super::super::profile::{Probe, quote};
use super::session::Session;
use super::{error, read, value};

/// For the values of one table: discovery must not weigh on the database.
const TABLE_TIMEOUT: Duration = Duration::from_secs(3);

const TABLES: &str = "
    SELECT table_name, table_type, table_rows, IF(table_type = 'VIEW', '', table_comment)
    FROM information_schema.tables WHERE table_schema = DATABASE()
      AND table_type IN ('BASE TABLE', 'VIEW') ORDER BY table_name LIMIT 2000";
const COLUMNS: &str = "
    SELECT table_name, column_name, data_type, column_type, column_default, column_comment,
           is_nullable, column_key
    FROM information_schema.columns WHERE table_schema = DATABASE()
    ORDER BY table_name, ordinal_position";
const KEYS: &str = "
    SELECT table_name, column_name, referenced_table_name, referenced_column_name
    FROM information_schema.key_column_usage
    WHERE table_schema = DATABASE() AND referenced_table_schema = DATABASE()
    ORDER BY table_name, constraint_name, ordinal_position";

type ColumnRow = (String, String, String, String, Option<String>, String, String, String);
type KeyRow = (String, String, String, String);

/// The tables. What was not looked at in time has no counts and no samples.
pub(super) async fn discover(
    session: &mut Session,
    wish: &Discovery,
) -> Result<Vec<Table>, WarehouseError> {
    let end = Instant::now() + wish.timeout;
    let mut tables = match catalog(session).await {
        Ok(tables) => tables,
        Err(error) => return Err(error::explained(&error, session, wish.timeout).await),
    };
    for table in &mut tables {
        let left = end.saturating_duration_since(Instant::now()).min(TABLE_TIMEOUT);
        if left.is_zero() {
            break;
        }
        let limits = RunLimits { timeout: left, ..RunLimits::default() };
        session.begin(limits).await?;
        if look(session, table, wish, limits).await.is_err() {
            tracing::debug!(table = %table.name, "a table's values were not looked at");
        }
    }
    session.end().await;
    Ok(tables)
}

async fn catalog(session: &mut Session) -> mysql_async::Result<Vec<Table>> {
    let conn = session.conn();
    let found: Vec<(String, String, Option<u64>, String)> = conn.query(TABLES).await?;
    let columns: Vec<ColumnRow> = conn.query(COLUMNS).await?;
    let keys: Vec<KeyRow> = conn.query(KEYS).await?;
    let mut tables: Vec<Table> = found
        .into_iter()
        .map(|(name, kind, row_count, comment)| Table {
            name,
            kind: if kind == "VIEW" { TableKind::View } else { TableKind::Table },
            row_count,
            comment,
            ..Table::default()
        })
        .collect();
    let place = |tables: &[Table], name: &str| tables.iter().position(|table| table.name == name);
    for row in columns {
        if let Some(at) = place(&tables, &row.0) {
            tables[at].columns.push(column(row));
        }
    }
    for (table, column, to, to_column) in keys {
        let Some(at) = place(&tables, &table) else { continue };
        let columns = &mut tables[at].columns;
        if let Some(column) = columns.iter_mut().find(|known| known.name == column) {
            // Tables have no namespace here: a connection is one database.
            column.references = Some(Reference { namespace: None, table: to, column: to_column });
        }
    }
    Ok(tables)
}

fn column(row: ColumnRow) -> Column {
    let (_, name, data_type, column_type, default, comment, is_nullable, key) = row;
    Column {
        name,
        kind: value::kind_named(&data_type, &column_type),
        data_type: column_type,
        default,
        comment,
        is_nullable: is_nullable == "YES",
        is_primary_key: key == "PRI",
        ..Column::default()
    }
}

/// Looks at the values of one table.
async fn look(
    session: &mut Session,
    table: &mut Table,
    wish: &Discovery,
    limits: RunLimits,
) -> mysql_async::Result<()> {
    let estimate = table.row_count;
    let from = quote(Dialect::MySql, &table.name);
    let probe = Probe::of(Dialect::MySql, table, &from, wish);
    let (counts, _) = read(session, &probe.counts, limits).await?;
    probe.apply_counts(table, &counts, estimate);
    if let Some(samples) = &probe.samples {
        let (samples, _) = read(session, samples, limits).await?;
        Probe::apply_samples(table, &samples);
    }
    Ok(())
}
