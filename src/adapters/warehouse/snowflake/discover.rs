//! What a Snowflake database holds: its information schema first, and then, while there is time, a look
//! at the values of each table. Every look costs the customer's warehouse, so each is bounded.

use std::time::Duration;

use starling_actors::domain::{Cell, Column, Dialect, Reference, ResultTable, Table, TableKind};
use starling_actors::ports::{Discovery, RunLimits, WarehouseError};
use tokio::time::Instant;

use super::super::Target;
use super::super::login::Login;
use super::super::profile::{Probe, quote};
use super::api::RowType;
use super::{Snowflake, decode};

/// For the values of one table.
const TABLE_TIMEOUT: Duration = Duration::from_secs(10);

fn only(login: &Login) -> String {
    let schema = login.schema.as_deref().filter(|schema| !schema.is_empty());
    let keep =
        schema.map(|schema| format!(" AND table_schema ILIKE '{}'", schema.replace('\'', "''")));
    keep.unwrap_or_default()
}

/// The statement that lists the tables.
pub(super) fn tables(login: &Login) -> String {
    format!(
        "SELECT table_schema, table_name, table_type, row_count, comment
         FROM information_schema.tables WHERE table_schema <> 'INFORMATION_SCHEMA'{}
         ORDER BY table_name, table_schema LIMIT 2000",
        only(login)
    )
}

fn columns(login: &Login) -> String {
    format!(
        "SELECT table_schema, table_name, column_name, data_type, numeric_scale, column_default,
                comment, is_nullable
         FROM information_schema.columns WHERE table_schema <> 'INFORMATION_SCHEMA'{}
         ORDER BY table_schema, table_name, ordinal_position",
        only(login)
    )
}

/// The tables. What was not looked at in time has no samples.
pub(super) async fn discover(
    engine: &Snowflake,
    target: &Target,
    wish: &Discovery,
) -> Result<Vec<Table>, WarehouseError> {
    let end = Instant::now() + wish.timeout;
    let wide = RunLimits { timeout: wish.timeout, rows_max: 200_000, bytes_max: 64 << 20 };
    let found = engine.read(target, &tables(&target.login), wide).await?;
    let mut tables: Vec<Table> = found.rows.iter().map(|row| table(row.as_slice())).collect();
    for row in &engine.read(target, &columns(&target.login), wide).await?.rows {
        let (schema, name) = (text(row, 0), text(row, 1));
        if let Some(table) = named(&mut tables, &schema, &name) {
            table.columns.push(column(row));
        }
    }
    // Keys are not enforced there and may be hidden from the role: without them it goes on.
    if let Ok(keys) = engine.read(target, "SHOW PRIMARY KEYS IN DATABASE", wide).await {
        primary(&mut tables, &keys);
    }
    if let Ok(keys) = engine.read(target, "SHOW IMPORTED KEYS IN DATABASE", wide).await {
        foreign(&mut tables, &keys);
    }
    for table in &mut tables {
        let left = end.saturating_duration_since(Instant::now()).min(TABLE_TIMEOUT);
        if left.is_zero() {
            break;
        }
        let looked = tokio::time::timeout(left, look(engine, target, table, wish));
        if !matches!(looked.await, Ok(Ok(()))) {
            tracing::debug!(table = %table.name, "a table's values were not looked at");
        }
    }
    Ok(tables)
}

fn text(row: &[Cell], place: usize) -> String {
    row.get(place).map(Cell::to_string).unwrap_or_default()
}

fn named<'a>(tables: &'a mut [Table], schema: &str, name: &str) -> Option<&'a mut Table> {
    tables.iter_mut().find(|table| table.name == name && table.namespace.as_deref() == Some(schema))
}

fn table(row: &[Cell]) -> Table {
    let is_view = text(row, 2).to_ascii_uppercase().contains("VIEW");
    Table {
        namespace: Some(text(row, 0)),
        name: text(row, 1),
        kind: if is_view { TableKind::View } else { TableKind::Table },
        row_count: text(row, 3).parse().ok(),
        comment: text(row, 4),
        ..Table::default()
    }
}

fn column(row: &[Cell]) -> Column {
    let data_type = text(row, 3);
    let scale = text(row, 4).parse().ok();
    let of = RowType { name: String::new(), kind: data_type.clone(), scale };
    let default = text(row, 5);
    Column {
        name: text(row, 2),
        kind: decode::kind_of(&of),
        data_type,
        default: Some(default).filter(|default| !default.is_empty()),
        comment: text(row, 6),
        is_nullable: text(row, 7) == "YES",
        ..Column::default()
    }
}

/// The value of a row under one of the columns that `SHOW` gives.
fn under(found: &ResultTable, row: &[Cell], name: &str) -> String {
    found.column(name).map(|place| text(row, place)).unwrap_or_default()
}

fn primary(tables: &mut [Table], found: &ResultTable) {
    for row in &found.rows {
        let name = |column| under(found, row, column);
        let Some(table) = named(tables, &name("schema_name"), &name("table_name")) else {
            continue;
        };
        let key = name("column_name");
        if let Some(column) = table.columns.iter_mut().find(|column| column.name == key) {
            column.is_primary_key = true;
        }
    }
}

fn foreign(tables: &mut [Table], found: &ResultTable) {
    for row in &found.rows {
        let name = |column| under(found, row, column);
        let Some(table) = named(tables, &name("fk_schema_name"), &name("fk_table_name")) else {
            continue;
        };
        let key = name("fk_column_name");
        if let Some(column) = table.columns.iter_mut().find(|column| column.name == key) {
            column.references = Some(Reference {
                namespace: Some(name("pk_schema_name")),
                table: name("pk_table_name"),
                column: name("pk_column_name"),
            });
        }
    }
}

/// Looks at the values of one table.
async fn look(
    engine: &Snowflake,
    target: &Target,
    table: &mut Table,
    wish: &Discovery,
) -> Result<(), WarehouseError> {
    let limits = RunLimits { timeout: TABLE_TIMEOUT, ..RunLimits::default() };
    let name = |name| quote(Dialect::Snowflake, name);
    let namespace = table.namespace.clone().unwrap_or_default();
    let from = format!("{}.{}", name(&namespace), name(&table.name));
    let probe = Probe::of(Dialect::Snowflake, table, &from, wish);
    let estimate = table.row_count;
    probe.apply_counts(table, &engine.read(target, &probe.counts, limits).await?, estimate);
    if let Some(samples) = &probe.samples {
        Probe::apply_samples(table, &engine.read(target, samples, limits).await?);
    }
    Ok(())
}
