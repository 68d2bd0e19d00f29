//! A connection's tables as the assistant sees them: roles of columns, names of rows, keys between
//! tables, and the columns that hold money and quantities.

use super::roles::{self, Clock, Role};
use super::stems::stem;
use super::words::name_parts;
use crate::domain::{Column, Schema, Table, TableKind};

/// A column, by the places of its table and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ColumnRef {
    /// Place of the table in the schema.
    pub(super) table: usize,
    /// Place of the column in the table.
    pub(super) column: usize,
}

/// A foreign key: many rows of the child belong to one of the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    /// The column that points.
    pub(super) child: ColumnRef,
    /// The column that it points at.
    pub(super) parent: ColumnRef,
    /// The other pair, where the key is of two columns.
    pub(super) second: Option<(ColumnRef, ColumnRef)>,
}

impl Edge {
    /// Whether it points into its own table.
    pub(super) const fn is_own(&self) -> bool {
        self.child.table == self.parent.table
    }

    /// Whether one column is enough to follow it.
    pub(super) const fn is_single(&self) -> bool {
        self.second.is_none()
    }
}

/// Where what is sold is kept, line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    /// How many.
    pub(super) quantity: ColumnRef,
    /// The price of one.
    pub(super) price: ColumnRef,
    /// The part of the price, from 0 to 1, that is taken off.
    pub(super) discount: Option<ColumnRef>,
}

/// The tables as the assistant sees them.
#[derive(Debug)]
pub(super) struct SchemaMap<'a> {
    schema: &'a Schema,
    roles: Vec<Vec<Role>>,
    labels: Vec<Vec<usize>>,
    /// All foreign keys.
    pub(super) edges: Vec<Edge>,
    /// Where sales are kept line by line.
    pub(super) lines: Option<Lines>,
    /// The whole amounts of orders, invoices or bills.
    pub(super) amount: Option<ColumnRef>,
}

impl<'a> SchemaMap<'a> {
    /// Looks through a schema.
    pub(super) fn new(schema: &'a Schema) -> Self {
        let table_roles = |table: &Table| table.columns.iter().map(roles::role).collect();
        let mut map = Self {
            schema,
            roles: schema.tables.iter().map(table_roles).collect(),
            labels: schema.tables.iter().map(roles::label).collect(),
            edges: edges(schema),
            lines: None,
            amount: None,
        };
        map.lines = map.find_lines();
        map.amount = map.find_amount();
        map
    }

    /// Its tables, by their places.
    pub(super) fn tables(&self) -> &'a [Table] {
        &self.schema.tables
    }

    /// A table.
    pub(super) fn table(&self, at: usize) -> &'a Table {
        &self.schema.tables[at]
    }

    /// A column.
    pub(super) fn column(&self, at: ColumnRef) -> &'a Column {
        &self.schema.tables[at.table].columns[at.column]
    }

    /// What a column is for.
    pub(super) fn role(&self, at: ColumnRef) -> Role {
        self.roles[at.table][at.column]
    }

    /// The columns of a table.
    pub(super) fn columns(&self, table: usize) -> impl Iterator<Item = ColumnRef> + use<> {
        (0..self.schema.tables[table].columns.len()).map(move |column| ColumnRef { table, column })
    }

    /// The columns of a table that are for something.
    pub(super) fn of_role(&self, table: usize, wanted: fn(Role) -> bool) -> Vec<ColumnRef> {
        self.columns(table).filter(|at| wanted(self.role(*at))).collect()
    }

    /// The columns by which people name the rows of a table.
    pub(super) fn label(&self, table: usize) -> Vec<ColumnRef> {
        self.labels[table].iter().map(|&column| ColumnRef { table, column }).collect()
    }

    /// The primary key of a table.
    pub(super) fn key(&self, table: usize) -> Vec<ColumnRef> {
        self.columns(table).filter(|at| self.column(*at).is_primary_key).collect()
    }

    /// The one column that tells the rows of a table apart, if one is enough.
    pub(super) fn single_key(&self, table: usize) -> Option<ColumnRef> {
        match self.key(table).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The values that a column is known to have.
    pub(super) fn values(&self, at: ColumnRef) -> impl Iterator<Item = &'a str> {
        let column = self.column(at);
        let sampled = if column.values.is_empty() { &column.samples } else { &column.values };
        sampled.iter().map(String::as_str)
    }

    /// How a column keeps moments, if it does.
    pub(super) fn clock(&self, at: ColumnRef) -> Option<Clock> {
        match self.role(at) {
            Role::Moment(clock) => Some(clock),
            Role::Key | Role::Year | Role::Flag | Role::Number | Role::Text => None,
        }
    }

    /// Whether a column's name has one of these words.
    pub(super) fn has_word(&self, at: ColumnRef, words: &[&str]) -> bool {
        let parts = name_parts(&self.column(at).name);
        parts.iter().any(|part| {
            let full = super::synonyms::expand(part, &[]);
            words.iter().any(|word| stem(word) == stem(&full))
        })
    }

    /// The number column of a table whose name has the earliest of these words.
    pub(super) fn number_named(&self, table: usize, words: &[&str]) -> Option<ColumnRef> {
        let numbers = self.of_role(table, |role| role == Role::Number);
        words.iter().find_map(|word| numbers.iter().copied().find(|at| self.has_word(*at, &[word])))
    }

    /// The column that says when a row of a table came to be; none where two could.
    pub(super) fn moment(&self, table: usize) -> Option<ColumnRef> {
        let moments = self.of_role(table, |role| matches!(role, Role::Moment(_)));
        let lasting: Vec<_> =
            moments.iter().copied().filter(|at| !self.has_word(*at, NO_BEGINNING)).collect();
        match lasting.as_slice() {
            [only] => Some(*only),
            [] => None,
            several => {
                // Made, or else known of every row, or else not the end of something.
                let made = |at: &ColumnRef| self.has_word(*at, BEGINNINGS);
                let known = |at: &ColumnRef| !self.column(*at).is_nullable;
                let open = |at: &ColumnRef| !self.has_word(*at, ENDINGS);
                let only = |fits: &dyn Fn(&ColumnRef) -> bool| {
                    let mut fitting = several.iter().copied().filter(fits);
                    fitting.next().filter(|_| fitting.next().is_none())
                };
                only(&made).or_else(|| only(&known)).or_else(|| only(&open))
            }
        }
    }

    /// The whole amount of a row: its total, or else its amount or value.
    pub(super) fn amount_of(&self, table: usize) -> Option<ColumnRef> {
        self.number_named(table, &["total", "amount", "revenue", "value"])
    }

    fn find_lines(&self) -> Option<Lines> {
        let mut found = (0..self.tables().len()).filter_map(|table| {
            let quantity = self.number_named(table, &["quantity"])?;
            let price = self.number_named(table, &["price"])?;
            let has_parents =
                self.edges.iter().filter(|edge| edge.child.table == table).count() >= 2;
            let is_part = |at: &ColumnRef| {
                let samples = &self.column(*at).samples;
                samples.iter().all(|text| text.parse::<f64>().is_ok_and(|part| part <= 1.0))
            };
            let discount = self.number_named(table, &["discount"]).filter(is_part);
            has_parents.then_some(Lines { quantity, price, discount })
        });
        let first = found.next();
        if found.next().is_some() { None } else { first }
    }

    fn find_amount(&self) -> Option<ColumnRef> {
        let stored: Vec<usize> = (0..self.tables().len())
            .filter(|table| self.table(*table).kind == TableKind::Table)
            .filter(|table| self.moment(*table).is_some())
            .collect();
        let mut found: Vec<ColumnRef> =
            stored.iter().filter_map(|table| self.amount_of(*table)).collect();
        if found.is_empty() && self.lines.is_none() {
            // What each thing that happened was charged at.
            let charged = stored
                .iter()
                .filter(|table| self.edges.iter().any(|edge| edge.child.table == **table));
            found = charged
                .filter_map(|table| self.number_named(*table, &["price", "charge", "fare", "fee"]))
                .collect();
        }
        let trade = ["order", "invoice", "bill", "sale", "payment", "transaction", "purchase"];
        let is_trade = |at: &ColumnRef| {
            let parts = name_parts(&self.table(at.table).name);
            parts.iter().any(|part| trade.iter().any(|word| stem(word) == stem(part)))
        };
        if found.len() > 1 {
            found.retain(is_trade);
        }
        (found.len() == 1).then(|| found[0])
    }
}

/// Words of columns that do not say when a row came to be.
const NO_BEGINNING: &[&str] = &["birth", "born", "updated", "modified", "deleted", "due"];
/// Words of columns that do.
const BEGINNINGS: &[&str] = &["created", "ordered", "order", "start", "issued", "placed", "booked"];
/// Words of columns that say when something came to its end.
const ENDINGS: &[&str] = &[
    "delivered",
    "returned",
    "paid",
    "closed",
    "ended",
    "end",
    "finished",
    "completed",
    "resolved",
    "shipped",
    "cancelled",
    "expires",
    "until",
    "left",
    "arrived",
];

/// The foreign keys that the database tells, and those that names tell where it tells none.
fn edges(schema: &Schema) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (table, from) in schema.tables.iter().enumerate() {
        for (column, pointing) in from.columns.iter().enumerate() {
            let parent = match &pointing.references {
                Some(to) => named(schema, &to.table, &to.column),
                None if pointing.is_primary_key && !is_shared_key(from) => None,
                None => guessed(schema, from, pointing),
            };
            let child = ColumnRef { table, column };
            edges.extend(parent.map(|parent| Edge { child, parent, second: None }));
        }
    }
    paired(schema, &edges)
}

/// Keys of two columns become one edge. A part of a key alone does not say which row is meant, so
/// other edges to parts are left out: joined along them, rows would be multiplied.
fn paired(schema: &Schema, edges: &[Edge]) -> Vec<Edge> {
    let is_part = |at: ColumnRef| {
        let table = &schema.tables[at.table];
        is_shared_key(table) && table.columns[at.column].is_primary_key
    };
    let mut out: Vec<Edge> = Vec::new();
    for edge in edges {
        if !is_part(edge.parent) {
            out.push(*edge);
            continue;
        }
        let parent = &schema.tables[edge.parent.table];
        let width = parent.columns.iter().filter(|column| column.is_primary_key).count();
        let same = |other: &&Edge| {
            (other.child.table, other.parent.table) == (edge.child.table, edge.parent.table)
        };
        let halves: Vec<&Edge> = edges.iter().filter(same).collect();
        if let ([one, other], 2) = (halves.as_slice(), width)
            && one.parent != other.parent
            && **one == *edge
        {
            out.push(Edge { second: Some((other.child, other.parent)), ..*edge });
        }
    }
    out
}

fn is_shared_key(table: &Table) -> bool {
    table.columns.iter().filter(|column| column.is_primary_key).count() > 1
}

fn named(schema: &Schema, table: &str, column: &str) -> Option<ColumnRef> {
    let at = schema.tables.iter().position(|other| other.name.eq_ignore_ascii_case(table))?;
    let columns = &schema.tables[at].columns;
    let place = columns.iter().position(|other| other.name.eq_ignore_ascii_case(column));
    let place = place.or_else(|| columns.iter().position(|other| other.is_primary_key))?;
    Some(ColumnRef { table: at, column: place })
}

/// `customer_id` points at the key of `customers`, where that table has such a key.
fn guessed(schema: &Schema, from: &Table, column: &Column) -> Option<ColumnRef> {
    let parts = name_parts(&column.name);
    let (last, head) = parts.split_last()?;
    if last != "id" || head.is_empty() || from.kind == TableKind::View {
        return None;
    }
    let wanted: Vec<String> = head.iter().map(|part| stem(part)).collect();
    let fits = |table: &Table| {
        let name: Vec<String> = name_parts(&table.name).iter().map(|part| stem(part)).collect();
        name == wanted && table.name != from.name
    };
    let at = schema.tables.iter().position(fits)?;
    let columns = &schema.tables[at].columns;
    let is_key = |other: &Column| {
        other.name.eq_ignore_ascii_case("id") || other.name.eq_ignore_ascii_case(&column.name)
    };
    Some(ColumnRef { table: at, column: columns.iter().position(is_key)? })
}
