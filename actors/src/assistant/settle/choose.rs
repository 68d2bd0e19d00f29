//! Chooses the nearest meaning of a name.

use super::super::joins::{NO_WAY, distances, is_above};
use super::super::roles::Role;
use super::super::schema_map::ColumnRef;
use super::super::sketch::Noun;
use super::super::trouble::Trouble;
use super::super::vocabulary::{Meaning, Sense};
use super::Settler;

impl Settler<'_> {
    /// The nearest meaning that fits here.
    pub(super) fn choose(
        &self,
        noun: &Noun,
        fits: &dyn Fn(&Sense) -> bool,
    ) -> Result<Sense, Trouble> {
        let steps = distances(self.map, &self.anchors);
        let beside = noun.beside;
        // Two steps: further than a part of a name.
        let far = if beside.is_some() { 2 } else { 0 };
        let weigh = |meaning: &Meaning| {
            let table = meaning.sense.table(self.map);
            let step = match table {
                Some(table) if beside == Some(table) => 0,
                _ if self.anchors.is_empty() => far,
                Some(table) => steps[table].min(NO_WAY) + far,
                None => 0,
            };
            meaning.cost + step + self.doubt(noun, meaning)
        };
        let mut fitting: Vec<(u32, &Meaning)> = noun
            .meanings
            .iter()
            .filter(|meaning| fits(&meaning.sense))
            .map(|meaning| (weigh(meaning), meaning))
            .collect();
        fitting.sort_by_key(|(weight, _)| *weight);
        let Some((least, first)) = fitting.first().copied() else {
            return Err(Trouble::unread(&noun.text));
        };
        let equal: Vec<&Meaning> = fitting
            .iter()
            .filter(|(weight, _)| *weight == least)
            .map(|(_, meaning)| *meaning)
            .collect();
        if let [_] = equal.as_slice() {
            return Ok(first.sense.clone());
        }
        // A table is meant before its own column or value of the same name.
        let tables: Vec<&&Meaning> =
            equal.iter().filter(|meaning| matches!(meaning.sense, Sense::Table(_))).collect();
        if let [only] = tables.as_slice() {
            return Ok(only.sense.clone());
        }
        if let Some(clear) = self.fullest(&equal).or_else(|| self.name_of_rows(&equal)) {
            return Ok(clear);
        }
        let mut names: Vec<String> =
            equal.iter().map(|meaning| self.told(&meaning.sense)).collect();
        names.sort_unstable();
        names.dedup();
        Err(Trouble::Ambiguous(noun.text.clone(), names))
    }

    /// A value that is the name of rows elsewhere is rarely meant as an attribute; and "albums of Iron
    /// Maiden" is not the album of that name.
    fn doubt(&self, noun: &Noun, meaning: &Meaning) -> u32 {
        let is_name = |meaning: &Meaning| match &meaning.sense {
            Sense::Value(at, _) => self.map.label(at.table).contains(at),
            _ => false,
        };
        let Sense::Value(at, _) = &meaning.sense else {
            return 0;
        };
        if is_name(meaning) {
            let own = self.form.subject.or(self.anchors.first().copied()) == Some(at.table);
            // Nobody counts the rows of one name: "how many albums does Iron Maiden have".
            let counts = self.sketch.opening.counts || self.sketch.opening.numbers;
            return if own && (noun.follows_preposition || counts) { 6 } else { 0 };
        }
        if noun.meanings.iter().any(is_name) { 2 } else { 0 }
    }

    /// Of several amounts of one table, the whole one.
    fn fullest(&self, equal: &[&Meaning]) -> Option<Sense> {
        let mut columns = equal.iter().map(|meaning| match meaning.sense {
            Sense::Column(at) => Some(at),
            _ => None,
        });
        let first = columns.next()??;
        let same = columns.all(|at| at.is_some_and(|at| at.table == first.table));
        let total = self.map.number_named(first.table, &["total"])?;
        let among = equal.iter().any(|meaning| meaning.sense == Sense::Column(total));
        (same && among).then_some(Sense::Column(total))
    }

    /// Of several places of a value, the one where it is what rows are called.
    fn name_of_rows(&self, equal: &[&Meaning]) -> Option<Sense> {
        let names: Vec<&&Meaning> = equal
            .iter()
            .filter(|meaning| match &meaning.sense {
                Sense::Value(at, _) => self.map.label(at.table) == [*at],
                _ => false,
            })
            .collect();
        // "Albums of Iron Maiden": the artist that albums belong to, not a track that belongs to one.
        let from = self.form.subject.or(self.anchors.first().copied());
        let above = |meaning: &&&Meaning| match (&meaning.sense, from) {
            (Sense::Value(at, _), Some(from)) => is_above(self.map, from, at.table),
            _ => false,
        };
        let owners: Vec<&&Meaning> = names.iter().copied().filter(|one| above(one)).collect();
        match (names.as_slice(), owners.as_slice()) {
            ([only], _) | (_, [only]) => Some(only.sense.clone()),
            _ => None,
        }
    }

    /// The table that a name means if it means one.
    pub(super) fn only_table(&self, noun: &Noun) -> Option<usize> {
        let best = noun.meanings.iter().map(|meaning| meaning.cost).min()?;
        let nearest: Vec<&Meaning> =
            noun.meanings.iter().filter(|meaning| meaning.cost == best).collect();
        let tables: Vec<usize> =
            nearest.iter().filter_map(|meaning| meaning.sense.table(self.map)).collect();
        let named: Vec<usize> = nearest
            .iter()
            .filter_map(|meaning| match meaning.sense {
                Sense::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        match (named.as_slice(), tables.as_slice()) {
            ([only], _) => Some(*only),
            ([], [first, rest @ ..]) if rest.iter().all(|other| other == first) => Some(*first),
            _ => None,
        }
    }

    /// The one table that a verb's moment or key belongs to.
    pub(super) fn only_owner(&self, noun: &Noun) -> Option<usize> {
        let owns = |meaning: &&Meaning| matches!(meaning.sense, Sense::Moment(_) | Sense::Own(..));
        let best = noun.meanings.iter().filter(owns).map(|meaning| meaning.cost).min();
        let mut owners: Vec<usize> = noun
            .meanings
            .iter()
            .filter(|meaning| owns(meaning) && Some(meaning.cost) == best)
            .filter_map(|meaning| meaning.sense.table(self.map))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        match owners.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// A meaning in words, for the asker to choose.
    fn told(&self, sense: &Sense) -> String {
        let column = |at: ColumnRef| {
            format!("{} of {}", self.map.column(at).name, self.map.table(at.table).name)
        };
        match sense {
            Sense::Table(table) => self.map.table(*table).name.clone(),
            Sense::Column(at) | Sense::Flag(at, _) | Sense::Moment(at) => column(*at),
            Sense::Value(at, value) => format!("{value} in {}", column(*at)),
            Sense::Own(edge, _) => column(self.map.edges[*edge].child),
            Sense::Metric(_) => String::from("a metric"),
        }
    }

    /// "People": those who work here where work is spoken of, else those who are served.
    pub(super) fn people(&self) -> Option<usize> {
        if self.sketch.opening.says_work { self.staff() } else { self.customers() }
    }

    /// The people who work here, if the schema has them.
    fn staff(&self) -> Option<usize> {
        let stems = super::super::synonyms::others("employe");
        let mut tables = (0..self.map.tables().len()).filter(|table| {
            let parts = super::super::words::name_parts(&self.map.table(*table).name);
            let part = parts.last().map(|part| super::super::stems::stem(part)).unwrap_or_default();
            part == "employe" || stems.contains(&part)
        });
        tables.next().filter(|_| tables.next().is_none())
    }

    /// The customers, if the schema has them: the people that orders or invoices belong to.
    pub(super) fn customers(&self) -> Option<usize> {
        let names = ["customer", "client", "buyer", "account", "member", "patient"];
        (0..self.map.tables().len()).find(|table| {
            let parts = super::super::words::name_parts(&self.map.table(*table).name);
            parts.len() == 1
                && names.iter().any(|name| {
                    super::super::stems::stem(name) == super::super::stems::stem(&parts[0])
                })
        })
    }

    /// The table of what happens: the one with a moment that belongs to the most other tables.
    pub(super) fn main_event(&self) -> Option<usize> {
        let parents = |table: usize| {
            let edges = self.map.edges.iter();
            edges.filter(|edge| edge.child.table == table && !edge.is_own()).count()
        };
        let events = (0..self.map.tables().len()).filter(|at| self.map.moment(*at).is_some());
        let mut ranked: Vec<(usize, usize)> = events.map(|at| (parents(at), at)).collect();
        ranked.sort_unstable_by(|left, right| right.cmp(left));
        match ranked.as_slice() {
            [(most, first), (next, _), ..] if most > next => Some(*first),
            [(most, only)] if *most > 0 => Some(*only),
            _ => None,
        }
    }

    /// The column of a table's rows that holds a year of birth or a birthday.
    pub(super) fn birth_column(&self, table: usize) -> Option<ColumnRef> {
        self.map
            .of_role(table, |role| matches!(role, Role::Year | Role::Moment(_)))
            .into_iter()
            .find(|at| self.map.has_word(*at, &["birth", "born", "birthday"]))
    }
}
