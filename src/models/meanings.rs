//! Reads descriptions of tables. Those of things that are not there, or are described already, are
//! left out.

use serde::Deserialize;
use starling_actors::domain::{Schema, Table};

use super::fence::line;
use super::insight::object;

const DESCRIPTION_CHARS_MAX: usize = 240;
const TERM_CHARS_MAX: usize = 60;

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    tables: Vec<SaidTable>,
}

#[derive(Deserialize)]
struct SaidTable {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    columns: Vec<SaidColumn>,
}

#[derive(Deserialize)]
struct SaidColumn {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    business_term: Option<String>,
}

/// (table, column, description, business term) of what was described; nothing when it makes no sense.
pub(super) fn read(text: &str, schema: &Schema) -> Vec<(String, String, String, String)> {
    let said = object(text).and_then(|object| serde_json::from_str::<Said>(object).ok());
    let said = said.map(|said| said.tables).unwrap_or_default();
    said.iter()
        .filter_map(|said| Some((said, table(schema, &said.name)?)))
        .flat_map(of_table)
        .collect()
}

/// A table by its name as a prompt shows it, with its namespace or without.
fn table<'a>(schema: &'a Schema, name: &str) -> Option<&'a Table> {
    let bare = name.rsplit_once('.').map(|(_, bare)| bare);
    schema.table(name).or_else(|| schema.table(bare?))
}

fn of_table((said, table): (&SaidTable, &Table)) -> Vec<(String, String, String, String)> {
    let words = |text: &Option<String>, max| line(text.as_deref().unwrap_or_default(), max);
    let mut entries = Vec::new();
    let about = words(&said.description, DESCRIPTION_CHARS_MAX);
    if table.description.is_empty() && !about.is_empty() {
        entries.push((table.name.clone(), String::new(), about, String::new()));
    }
    for said in &said.columns {
        let Some(column) = table.column(&said.name) else { continue };
        let about = words(&said.description, DESCRIPTION_CHARS_MAX);
        let term = words(&said.business_term, TERM_CHARS_MAX);
        if column.description.is_empty() && !(about.is_empty() && term.is_empty()) {
            entries.push((table.name.clone(), column.name.clone(), about, term));
        }
    }
    entries
}

/// Whether something of a table has no description yet.
pub(super) fn is_bare(table: &Table) -> bool {
    table.description.is_empty() || table.columns.iter().any(|column| column.description.is_empty())
}

#[cfg(test)]
mod tests {
    use starling_actors::domain::Column;

    use super::*;

    #[test]
    fn only_what_is_there_and_bare_is_described() {
        let column = |name: &str, description: &str| Column {
            name: name.to_owned(),
            description: description.to_owned(),
            ..Column::default()
        };
        let columns = vec![column("id", ""), column("total", "By hand."), column("tax", "")];
        let orders = Table { name: "Orders".to_owned(), columns, ..Table::default() };
        let schema = Schema { tables: vec![orders], ..Schema::default() };
        let said = "Here: {\"tables\": [{\"name\": \"shop.orders\", \"description\": \"One\\nper order.\", \
                    \"columns\": [{\"name\": \"ID\", \"description\": null, \"business_term\": \"number\"}, \
                    {\"name\": \"total\", \"description\": \"Mine.\"}, {\"name\": \"tax\"}, \
                    {\"name\": \"gone\", \"description\": \"x\"}]}, {\"name\": \"other\", \"description\": \"x\"}]}";
        let entry = |column: &str, about: &str, term: &str| {
            ("Orders".to_owned(), column.to_owned(), about.to_owned(), term.to_owned())
        };
        assert_eq!(
            read(said, &schema),
            [entry("", "One per order.", ""), entry("id", "", "number")]
        );
        for nonsense in ["", "no", "{", "{\"tables\": 5}", "}{"] {
            assert!(read(nonsense, &schema).is_empty(), "{nonsense}");
        }
    }
}
