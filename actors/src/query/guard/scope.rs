//! Which names mean what at one place of a query.
//!
//! A query has a scope with its CTEs; a SELECT has one with the relations of its FROM. Scopes form
//! a chain outward, as names are looked up. A scope lends itself to what is inside it and never
//! outlives it, so no name can be seen from where it is not in scope.

use sqlparser::ast::Ident;

use super::naming::Naming;

/// Something in a FROM.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// What it is called here: its alias, or its own name.
    pub name: String,
    /// Its namespace, where the query may still say it (a table without alias).
    pub namespace: Option<String>,
    /// The names that its columns have here.
    pub columns: Vec<String>,
}

/// A named query of a WITH.
#[derive(Clone, Debug)]
pub(super) struct Cte {
    pub name: String,
    pub columns: Vec<String>,
}

/// One link of the chain.
#[derive(Default)]
pub(super) struct Scope<'p> {
    pub parent: Option<&'p Self>,
    pub relations: Vec<Relation>,
    pub ctes: Vec<Cte>,
    /// Names of output columns that expressions of the clause may use.
    pub labels: Vec<String>,
    /// Names of windows.
    pub windows: Vec<String>,
}

/// What a name was found to be.
pub(super) enum Found<'s> {
    /// The relation is known by this name, but has no such column.
    NoColumn(&'s Relation),
    /// A column of it, in its spelling.
    Column(&'s Relation, &'s str),
    /// There is no such relation.
    NoRelation,
}

impl<'p> Scope<'p> {
    /// A new link.
    pub(super) fn within(parent: Option<&'p Self>) -> Self {
        Self { parent, ..Self::default() }
    }

    fn chain(&self) -> impl Iterator<Item = &Self> + Clone {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let columns = self.relations.iter().flat_map(|relation| &relation.columns);
        columns.chain(&self.labels).map(String::as_str)
    }

    /// All names of columns that can be used here, for hints.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.chain().flat_map(Self::names)
    }

    /// An unqualified column. The engine's own reading goes before a loose one at any distance.
    pub(super) fn column(&self, naming: Naming, ident: &Ident) -> Option<&str> {
        let exact = |scope: &'_ Self| -> bool { scope.names().any(|name| naming.is(ident, name)) };
        match self.chain().find(|scope| exact(scope)) {
            Some(scope) => naming.find(ident, &scope.names()),
            None => self.chain().find_map(|scope| naming.find(ident, &scope.names())),
        }
    }

    /// A column of a named relation.
    pub(super) fn qualified(&self, naming: Naming, path: &[Ident], column: &Ident) -> Found<'_> {
        let Some(relation) = self.relation(naming, path) else { return Found::NoRelation };
        match naming.find(column, &relation.columns.iter().map(String::as_str)) {
            Some(name) => Found::Column(relation, name),
            None => Found::NoColumn(relation),
        }
    }

    /// A relation by `alias` or `namespace.table`, the nearest first.
    pub(super) fn relation(&self, naming: Naming, path: &[Ident]) -> Option<&Relation> {
        let is = |relation: &Relation, loose: bool| match path {
            [name] if loose => naming.is_loosely(name, &relation.name),
            [name] => naming.is(name, &relation.name),
            [namespace, name] => relation.namespace.as_deref().is_some_and(|space| {
                naming.is_loosely(namespace, space) && naming.is_loosely(name, &relation.name)
            }),
            _ => false,
        };
        let find = |loose| {
            self.chain().find_map(|scope| scope.relations.iter().find(|found| is(found, loose)))
        };
        find(false).or_else(|| find(true))
    }

    /// A CTE, as the engine itself would find it.
    pub(super) fn cte(&self, naming: Naming, ident: &Ident) -> Option<&Cte> {
        self.chain()
            .find_map(|scope| scope.ctes.iter().rev().find(|cte| naming.is(ident, &cte.name)))
    }

    /// A window of this SELECT.
    pub(super) fn window(&self, naming: Naming, ident: &Ident) -> Option<&str> {
        naming.find(ident, &self.windows.iter().map(String::as_str))
    }

    /// The names that `*` stands for.
    pub(super) fn every_column(&self) -> Vec<Option<String>> {
        let columns = self.relations.iter().flat_map(|relation| &relation.columns);
        columns.cloned().map(Some).collect()
    }
}
