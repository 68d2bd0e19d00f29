//! Schemas: what a refresh changes, and what it leaves.

use starling_actors::domain::{Column, ColumnType, Schema, Table, Timestamp};
use starling_actors::ports::{Catalog, Described, SchemaChange};

use super::*;
use crate::data::{ColumnNotesForm, DataError, SchemaNotesForm, TableNotesForm};

fn column(name: &str, samples: &[&str]) -> Column {
    Column {
        name: name.to_owned(),
        data_type: "text".to_owned(),
        kind: ColumnType::Text,
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        ..Column::default()
    }
}

fn table(name: &str, columns: Vec<Column>) -> Table {
    Table { name: name.to_owned(), columns, ..Table::default() }
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema { tables, refreshed_at: Timestamp(5) }
}

fn notes(table: &str, column: &str, hide: Option<bool>) -> SchemaNotesForm {
    let column = ColumnNotesForm {
        column_name: column.to_owned(),
        business_term: Some("Client".to_owned()),
        hide_samples: hide,
        ..ColumnNotesForm::default()
    };
    let table = TableNotesForm {
        table_name: table.to_owned(),
        description: Some("Who buys".to_owned()),
        columns: vec![column],
        ..TableNotesForm::default()
    };
    SchemaNotesForm { tables: vec![table] }
}

#[tokio::test]
async fn a_refresh_tells_what_came_and_went_and_keeps_what_people_wrote() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    assert_eq!(data.schema(ORG, id).await, Ok(Arc::default()));
    let customers = || table("customers", vec![column("name", &["Ann"])]);
    let first = schema(vec![table("orders", Vec::new()), customers()]);
    assert_eq!(data.put_schema(ORG, id, first).await, Ok(SchemaChange::default()));
    data.describe_schema(&analyst(), id, &notes("customers", "name", None)).await.unwrap();

    let second = schema(vec![customers(), table("items", Vec::new())]);
    let change = data.put_schema(ORG, id, second).await.unwrap();

    assert_eq!((change.added, change.removed), (vec!["items".into()], vec!["orders".into()]));
    let stored = data.schema(ORG, id).await.unwrap();
    let names: Vec<_> = stored.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["customers", "items"]);
    let customers = stored.table("customers").unwrap();
    assert_eq!(customers.description, "Who buys");
    assert_eq!(customers.columns[0].business_term, "Client");
    assert_eq!(stored.refreshed_at, Timestamp(5));
}

#[tokio::test]
async fn samples_that_are_switched_off_are_gone_and_stay_away() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let found = || schema(vec![table("customers", vec![column("name", &["Ann"])])]);
    data.put_schema(ORG, id, found()).await.unwrap();
    let hidden = notes("customers", "name", Some(true));
    data.describe_schema(&analyst(), id, &hidden).await.unwrap();
    data.put_schema(ORG, id, found()).await.unwrap();
    let shown = notes("customers", "name", Some(false));
    let stored = data.describe_schema(&analyst(), id, &shown).await.unwrap();
    assert!(stored.tables[0].columns[0].samples.is_empty(), "nothing was kept to be shown again");
    data.put_schema(ORG, id, found()).await.unwrap();
    assert_eq!(data.schema(ORG, id).await.unwrap().tables[0].columns[0].samples, ["Ann"]);
}

#[tokio::test]
async fn a_models_words_fill_what_nobody_wrote_and_survive_a_refresh() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let found = || schema(vec![table("customers", vec![column("name", &[])])]);
    data.put_schema(ORG, id, found()).await.unwrap();
    let said = |table: &str, column: &str, words: &str| {
        (table.to_owned(), column.to_owned(), words.to_owned(), String::new())
    };
    let entries = vec![said("CUSTOMERS", "", "People"), said("customers", "name", "Full name")];
    let words = Described { entries, ..Described::default() };
    data.fill_descriptions(ORG, id, &words).await.unwrap();
    data.put_schema(ORG, id, found()).await.unwrap();
    let stored = data.schema(ORG, id).await.unwrap();
    assert_eq!(stored.tables[0].description, "People");
    assert_eq!(stored.tables[0].columns[0].description, "Full name");

    data.describe_schema(&admin(), id, &notes("customers", "name", None)).await.unwrap();
    assert_eq!(data.schema(ORG, id).await.unwrap().tables[0].description, "Who buys");
}

#[tokio::test]
async fn what_is_not_in_the_schema_is_not_described() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let found = schema(vec![table("customers", vec![column("name", &[])])]);
    data.put_schema(ORG, id, found).await.unwrap();
    for (table, column) in [("nothing", "name"), ("customers", "nothing")] {
        let refused = data.describe_schema(&admin(), id, &notes(table, column, None)).await;
        assert!(matches!(refused, Err(DataError::Field { .. })), "{refused:?}");
    }
    let refused = data.describe_schema(&viewer(), id, &notes("customers", "name", None)).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
}

#[tokio::test]
async fn five_hundred_tables_of_fifty_columns_are_stored_and_found() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    let wide = |number: usize| {
        let columns = (0..50).map(|place| column(&format!("column_{place}"), &["sample"]));
        table(&format!("table_{number:03}"), columns.collect())
    };
    data.put_schema(ORG, id, schema((0..500).map(wide).collect())).await.unwrap();
    let stored = data.schema(ORG, id).await.unwrap();
    assert_eq!(stored.tables.len(), 500);
    assert_eq!(stored.table("table_499").unwrap().columns.len(), 50);
    data.delete_connection(&admin(), id).await.unwrap();
    assert_eq!(data.schema(ORG, id).await, Ok(Arc::default()));
}
