use proptest::prelude::*;

use super::*;
use crate::domain::{Reference, Timestamp};

fn column(name: &str, points_at: Option<&str>) -> Column {
    let references = points_at.map(|table| Reference {
        namespace: None,
        table: table.to_owned(),
        column: "id".to_owned(),
    });
    Column { name: name.to_owned(), references, ..Column::default() }
}

fn table(name: &str, columns: &[(&str, Option<&str>)]) -> Table {
    let columns = columns.iter().map(|(name, points_at)| column(name, *points_at)).collect();
    Table { name: name.to_owned(), columns, ..Table::default() }
}

/// A shop of four tables amid 500 that have nothing to do with it.
fn wide() -> Schema {
    let mut tables: Vec<Table> = (0..500)
        .map(|number| {
            let mut table = table(&format!("archive_{number:03}"), &[("id", None), ("note", None)]);
            table.description = "Kept for the auditors.".to_owned();
            table
        })
        .collect();
    tables.push(table("Customer", &[("id", None), ("Country", None), ("Name", None)]));
    tables.push(table("Invoice", &[("id", None), ("CustomerId", Some("customer"))]));
    let points = [("InvoiceId", Some("Invoice")), ("TrackId", Some("Track")), ("Price", None)];
    tables.push(table("InvoiceLine", &points));
    tables.push(table("Track", &[("id", None), ("Title", None)]));
    Schema { tables, refreshed_at: Timestamp::default() }
}

fn names(schema: &Schema) -> Vec<&str> {
    schema.tables.iter().map(|table| table.name.as_str()).collect()
}

#[test]
fn a_small_schema_is_given_whole() {
    let schema = Schema { tables: vec![table("a", &[]), table("b", &[])], ..Schema::default() };
    assert_eq!(relevant(&schema, "anything", 2), schema);
}

#[test]
fn the_meant_tables_are_found_among_five_hundred() {
    let found = relevant(&wide(), "Which customers bought which tracks?", 10);
    assert_eq!(found.tables.len(), 10);
    for name in ["Customer", "Track"] {
        assert!(found.table(name).is_some(), "{name} is not in {:?}", names(&found));
    }
}

#[test]
fn what_lies_between_two_meant_tables_comes_along() {
    let found = relevant(&wide(), "tracks by customer country", 4);
    assert_eq!(names(&found), ["Customer", "Invoice", "InvoiceLine", "Track"]);
}

#[test]
fn a_business_term_and_a_sample_name_their_table() {
    let mut schema = wide();
    schema.tables[17].columns[1].business_term = "churn".to_owned();
    schema.tables[18].columns[1].samples = vec!["Liechtenstein".to_owned()];
    let found = relevant(&schema, "What is our churn in liechtenstein?", 2);
    assert_eq!(names(&found), ["archive_017", "archive_018"]);
}

#[test]
fn a_word_that_stands_everywhere_says_little() {
    let found = relevant(&wide(), "the archive note of the invoices", 2);
    assert!(found.table("Invoice").is_some(), "{:?}", names(&found));
}

#[test]
fn a_question_that_names_nothing_gets_what_others_point_at() {
    let found = relevant(&wide(), "¿qué?", 2);
    assert_eq!(names(&found), ["Invoice", "InvoiceLine"]);
}

#[test]
fn the_namespace_of_a_key_decides_between_tables_of_one_name() {
    let mut near = table("orders", &[("id", None)]);
    near.namespace = Some("shop".to_owned());
    let mut far = near.clone();
    far.namespace = Some("old".to_owned());
    let mut line = table("line", &[("order_id", Some("orders"))]);
    line.namespace = Some("shop".to_owned());
    let schema = Schema { tables: vec![far, near, line], ..Schema::default() };
    let found = relevant(&schema, "lines", 2);
    assert_eq!(found.tables, schema.tables[1..]);
}

proptest! {
    #[test]
    fn it_gives_a_part_of_the_tables_in_their_order(question in ".{0,80}", max in 0_usize..20) {
        let schema = wide();
        let found = relevant(&schema, &question, max);
        prop_assert_eq!(found.tables.len(), max);
        let mut rest = schema.tables.iter();
        prop_assert!(found.tables.iter().all(|table| rest.any(|other| other == table)));
    }
}
