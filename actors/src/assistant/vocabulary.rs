//! What the words of a question can mean in one schema: tables, columns, values, flags, verbs.
//!
//! Every name is split into words, abbreviations are written out, and the stems become one entry.
//! An entry says how far-fetched it is: 0 for the name itself, more for synonyms and parts of it.

use std::collections::{BTreeSet, HashMap};

use super::lexicon::Quality;
use super::roles::Role;
use super::schema_map::{ColumnRef, SchemaMap};
use super::stems::stem;
use super::synonyms::{self, OPPOSITES, VALUE_NAMES};
use super::words::{name_parts, words};
use crate::domain::TableKind;
use crate::ports::Metric;

/// What a few words can mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sense {
    /// A table, and its rows.
    Table(usize),
    /// A column.
    Column(ColumnRef),
    /// A value that a column has, as stored.
    Value(ColumnRef, String),
    /// A flag that is set, or not.
    Flag(ColumnRef, bool),
    /// What happened at the moment that a column holds.
    Moment(ColumnRef),
    /// A key into its own table, by its place: "reports to". Whether the word names the one pointed at.
    Own(usize, bool),
    /// A metric that an organization has defined.
    Metric(usize),
}

impl Sense {
    /// The table that it belongs to.
    pub(super) fn table(&self, map: &SchemaMap<'_>) -> Option<usize> {
        match self {
            Self::Table(table) => Some(*table),
            Self::Column(at) | Self::Value(at, _) | Self::Flag(at, _) | Self::Moment(at) => {
                Some(at.table)
            }
            Self::Own(edge, _) => Some(map.edges[*edge].child.table),
            Self::Metric(_) => None,
        }
    }
}

/// A meaning with how far-fetched it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    /// What.
    pub(super) sense: Sense,
    /// 0 for the very name.
    pub(super) cost: u32,
}

/// A synonym is this far from the name itself.
const SYNONYM: u32 = 1;
/// One word of a longer name is this far from it: further than the next table.
const PART: u32 = 2;
/// Words of the longest entry.
pub(super) const ENTRY_WORDS_MAX: usize = 7;
/// Letters of the longest value that becomes an entry: longer ones are texts, not names.
const VALUE_CHARS_MAX: usize = 80;

/// What words can mean.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    entries: HashMap<String, Vec<Meaning>>,
    /// The words as they are spelt, for slips of the finger.
    surfaces: BTreeSet<String>,
}

impl Vocabulary {
    /// Collects the words of a schema. Views are left out unless the question names them: what they
    /// show is in the tables already.
    pub(super) fn new(map: &SchemaMap<'_>, metrics: &[Metric], question: &str) -> Self {
        let mut all = Self::default();
        let asked = stems_of(question);
        let full_words = full_words(map);
        for (at, table) in map.tables().iter().enumerate() {
            let own: Vec<String> =
                name_parts(&table.name).iter().map(|part| expanded(part, &full_words)).collect();
            let name: Vec<String> = own.iter().map(|part| stem(part)).collect();
            if table.kind == TableKind::View && !asked.contains(&name.join(" ")) {
                continue;
            }
            all.add_table(map, at, &name);
            all.spell(own);
            for column in map.columns(at) {
                all.add_column(map, column, &name, &full_words);
                all.add_values(map, column);
            }
        }
        for edge in 0..map.edges.len() {
            all.add_role(map, edge, &full_words);
        }
        for (at, metric) in metrics.iter().enumerate() {
            all.add(&stems_of(&metric.name.replace('_', " ")), Sense::Metric(at), 0);
        }
        all
    }

    /// What words can mean, given their stems.
    pub(super) fn meanings(&self, stems: &str) -> &[Meaning] {
        self.entries.get(stems).map_or(&[], Vec::as_slice)
    }

    /// The single words that have a meaning.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str).filter(|entry| !entry.contains(' '))
    }

    /// The words of names and values as they are spelt.
    pub(super) fn surfaces(&self) -> impl Iterator<Item = &str> {
        self.surfaces.iter().map(String::as_str)
    }

    fn spell(&mut self, words: impl IntoIterator<Item = String>) {
        self.surfaces.extend(words.into_iter().filter(|word| word.len() >= 5));
    }

    fn add(&mut self, stems: &str, sense: Sense, cost: u32) {
        if stems.is_empty() || stems.split(' ').count() > ENTRY_WORDS_MAX {
            return;
        }
        let meanings = self.entries.entry(stems.to_owned()).or_default();
        match meanings.iter_mut().find(|meaning| meaning.sense == sense) {
            Some(known) => known.cost = known.cost.min(cost),
            None => meanings.push(Meaning { sense, cost }),
        }
    }

    /// The phrase itself, and with each synonym of its last word.
    fn add_with_synonyms(&mut self, stems: &[String], sense: &Sense, cost: u32) {
        self.add(&stems.join(" "), sense.clone(), cost);
        let Some((last, head)) = stems.split_last() else {
            return;
        };
        for other in synonyms::others(last) {
            let mut phrase = head.to_vec();
            phrase.push(other);
            self.add(&phrase.join(" "), sense.clone(), cost + SYNONYM);
        }
    }

    fn add_table(&mut self, map: &SchemaMap<'_>, at: usize, name: &[String]) {
        self.add_with_synonyms(name, &Sense::Table(at), 0);
        for noun in name.last().into_iter() {
            for ending in NOUN_ENDINGS {
                // What was shipped is a shipment.
                let verb = noun.strip_suffix(ending).filter(|verb| verb.len() >= 4);
                self.add(verb.unwrap_or_default(), Sense::Table(at), PART);
            }
        }
        let says_type = map.columns(at).any(|column| map.has_word(column, &["type", "kind"]));
        if map.table(at).row_count.is_some_and(|rows| rows <= KINDS_MAX) && !says_type {
            // The membership type is the membership.
            self.add(&format!("{} typ", name.join(" ")), Sense::Table(at), SYNONYM);
        }
        if let [head, last] = name
            && last == "typ"
        {
            self.add(head, Sense::Table(at), PART);
        }
        // Who insures is an insurer: the verb leads to the table.
        if let Some(verb) =
            name.last().and_then(|last| last.strip_suffix("er")).filter(|verb| verb.len() >= 5)
        {
            self.add(&stem(verb), Sense::Table(at), SYNONYM);
        }
        if let [head @ .., last] = name
            && !head.is_empty()
            && !GENERIC.contains(&last.as_str())
        {
            self.add(last, Sense::Table(at), PART);
        }
    }

    fn add_column(
        &mut self,
        map: &SchemaMap<'_>,
        at: ColumnRef,
        table: &[String],
        full: &[String],
    ) {
        let column = map.column(at);
        let parts: Vec<String> =
            name_parts(&column.name).iter().map(|part| stem(&expanded(part, full))).collect();
        let role = map.role(at);
        let sense = match role {
            Role::Moment(_) => Sense::Moment(at),
            Role::Flag => Sense::Flag(at, true),
            Role::Key | Role::Year | Role::Number | Role::Text => Sense::Column(at),
        };
        // "Orders at weekends" does not speak of a column "ordered_at".
        let is_verb = matches!(role, Role::Moment(_))
            && parts.last().is_some_and(|last| matches!(last.as_str(), "at" | "on"));
        if !is_verb {
            self.add(&parts.join(" "), sense.clone(), 0);
        }
        if !column.business_term.is_empty() {
            self.add(&stems_of(&column.business_term), sense.clone(), 0);
        }
        for text in [&column.description, &column.comment] {
            let words = stems_of(text);
            if words.split(' ').count() <= 3 {
                self.add(&words, sense.clone(), SYNONYM);
            }
        }
        if role == Role::Key {
            return;
        }
        let is_own = |part: &String| table.last() == Some(part);
        let bare: Vec<String> =
            if parts.len() > 1 && is_own(&parts[0]) { parts[1..].to_vec() } else { parts };
        let asks = bare.first().is_some_and(|first| matches!(first.as_str(), "is" | "hav" | "can"));
        let bare = if asks && bare.len() > 1 { bare[1..].to_vec() } else { bare };
        // What is left of "returned_on" in a table of returns says nothing.
        let says_something =
            bare.iter().any(|part| !matches!(part.as_str(), "at" | "on" | "by" | "is"));
        if says_something && !is_verb {
            self.add_with_synonyms(&bare, &sense, 0);
        }
        match role {
            Role::Flag => self.add_opposites(at, &bare),
            Role::Moment(_) => self.add_moment(map, at, &bare),
            Role::Year if self.add_year(at, &name_parts(&column.name), full) => {}
            Role::Key | Role::Year | Role::Number | Role::Text => self.add_parts(at, &bare),
        }
        self.spell(name_parts(&column.name));
    }

    /// "Unpaid" for a column "paid", "part time" for "full time".
    fn add_opposites(&mut self, at: ColumnRef, name: &[String]) {
        let joined = name.join(" ");
        for prefix in ["un", "non ", "in", "not "] {
            self.add(&format!("{prefix}{joined}"), Sense::Flag(at, false), 0);
        }
        if let [first, rest @ ..] = name
            && first == "in"
        {
            // "Out of service" for a column "in service".
            self.add(&format!("out of {}", rest.join(" ")), Sense::Flag(at, false), 0);
        }
        for (one, other) in OPPOSITES {
            if stems_of(other) == joined {
                self.add(&stems_of(one), Sense::Flag(at, false), 0);
            }
        }
        if let [only] = name {
            // "smoker" and "to smoke", "subscriber" and "to subscribe".
            let verb = only.strip_suffix("er").map(stem);
            self.add(&verb.unwrap_or_default(), Sense::Flag(at, true), SYNONYM);
        }
    }

    /// The verb in "ordered_at", "HireDate", "published_on".
    fn add_moment(&mut self, map: &SchemaMap<'_>, at: ColumnRef, name: &[String]) {
        let verb: Vec<String> = name
            .iter()
            .filter(|part| !matches!(part.as_str(), "at" | "on" | "dat" | "date" | "tim" | "time"))
            .cloned()
            .collect();
        let [verb] = verb.as_slice() else {
            return;
        };
        self.add(verb, Sense::Moment(at), SYNONYM);
        for other in synonyms::others(verb) {
            self.add(&other, Sense::Moment(at), PART);
        }
        if map.column(at).is_nullable {
            // "Unpaid" where "paid_on" is empty.
            for part in name_parts(&map.column(at).name) {
                self.add(&stem(&format!("un{part}")), Sense::Flag(at, false), 0);
            }
            self.add(&format!("not {verb}"), Sense::Flag(at, false), 0);
        }
    }

    /// The verb in "opened_year", "pub_year": says whether there is one.
    fn add_year(&mut self, at: ColumnRef, name: &[String], full: &[String]) -> bool {
        let mut verbs = name
            .iter()
            .map(|part| expanded(part, full))
            .filter(|part| part.ends_with("ed") || matches!(part.as_str(), "built" | "made"));
        let Some(verb) = verbs.next() else {
            return false;
        };
        let verb = stem(&verb);
        for other in synonyms::others(&verb) {
            self.add(&other, Sense::Moment(at), PART);
        }
        self.add(&verb, Sense::Moment(at), SYNONYM);
        true
    }

    /// Parts of a name: without its unit, turned around, and word by word.
    fn add_parts(&mut self, at: ColumnRef, name: &[String]) {
        let sense = Sense::Column(at);
        if let [one, two] = name {
            self.add(&format!("{two} {one}"), sense.clone(), 0);
        }
        let last_unit = name.last().is_some_and(|last| UNITS.contains(&last.as_str()));
        if last_unit && name.len() > 1 {
            let bare = &name[..name.len() - 1];
            self.add_with_synonyms(bare, &sense, SYNONYM);
            self.add(&format!("{} tim", bare.join(" ")), sense.clone(), SYNONYM);
            let unit = &name[name.len() - 1..];
            if MEASURES.contains(&unit[0].as_str()) {
                self.add_with_synonyms(unit, &sense, PART);
            }
        }
        if name.len() > 1 {
            for part in name
                .iter()
                .filter(|part| !GENERIC.contains(&part.as_str()) && !UNITS.contains(&part.as_str()))
            {
                self.add_with_synonyms(std::slice::from_ref(part), &sense, PART);
            }
        }
    }

    fn add_values(&mut self, map: &SchemaMap<'_>, at: ColumnRef) {
        let is_label = map.label(at.table).contains(&at);
        if map.role(at) != Role::Text && !is_label {
            return;
        }
        let is_sex = map.has_word(at, &["sex", "gender"]);
        let is_language = map.has_word(at, &["language"]);
        for value in map.values(at).filter(|value| value.len() <= VALUE_CHARS_MAX) {
            let sense = Sense::Value(at, value.to_owned());
            let stems = stems_of(value);
            if value.split(' ').count() <= 3 {
                self.spell(words(value).into_iter().map(|word| word.lower));
            }
            if stems.len() > 1 {
                self.add(&stems, sense.clone(), 0);
            }
            let titled = stems.split_once(' ').filter(|(first, _)| TITLES.contains(first));
            if let Some((_, name)) = titled.filter(|_| is_label) {
                self.add(name, sense.clone(), SYNONYM);
            }
            for (stored, names) in VALUE_NAMES {
                let is = |name: &str| name.eq_ignore_ascii_case(value);
                let is_stored = is(stored) && (stored.len() > 1 || is_sex);
                // "From Ireland", where "Irish" is stored; but a language is not a country.
                let is_told = !is_language && names.iter().any(|name| name.len() > 2 && is(name));
                if is_stored || is_told {
                    let all = names.iter().chain([stored]).filter(|name| !is(name));
                    all.for_each(|name| self.add(&stems_of(name), sense.clone(), SYNONYM));
                }
            }
        }
    }

    /// What a foreign key adds to the name of the table it points at: "support rep", "manager".
    fn add_role(&mut self, map: &SchemaMap<'_>, at: usize, full: &[String]) {
        let edge = map.edges[at];
        let parts = name_parts(&map.column(edge.child).name);
        let target: Vec<String> =
            name_parts(&map.table(edge.parent.table).name).iter().map(|part| stem(part)).collect();
        let role: Vec<String> = parts
            .iter()
            .map(|part| stem(&expanded(part, full)))
            .filter(|part| {
                !matches!(part.as_str(), "id" | "cod" | "code" | "key" | "no" | "number")
            })
            .filter(|part| !target.contains(part))
            .collect();
        if role.is_empty() {
            return;
        }
        if !edge.is_own() {
            self.add_with_synonyms(&role, &Sense::Table(edge.parent.table), 0);
            if let [verb, _, ..] = role.as_slice() {
                // The support rep is who supports.
                self.add(verb, Sense::Table(edge.parent.table), PART);
            }
            return;
        }
        let points_up = role.last().is_some_and(|last| last == "to");
        self.add(&role.join(" "), Sense::Own(at, !points_up), 0);
        if let Some(verb) = role[0].strip_suffix("er").or_else(|| role[0].strip_suffix("or")) {
            self.add(&stem(verb), Sense::Own(at, true), 0);
        }
        // Whatever a company calls it, a key from people to people is who is above whom.
        let names_people = ["employe", "doctor", "staf", "person", "user"]
            .iter()
            .any(|word| target.iter().any(|part| part == word));
        let names_superior = ABOVE.iter().any(|word| role.iter().any(|part| part == word));
        if names_people || names_superior {
            for word in ["report to", "work under", "work for", "answer to", "under"] {
                self.add(word, Sense::Own(at, false), SYNONYM);
            }
            for word in ABOVE {
                self.add(word, Sense::Own(at, true), SYNONYM);
            }
        }
    }
}

/// Words for who is above others, as stems.
const ABOVE: &[&str] = &["manag", "manager", "supervis", "supervisor", "bos", "lead", "head"];

/// What makes a noun of a verb: shipment, reservation, donation, rental.
const NOUN_ENDINGS: &[&str] = &["ment", "ation", "ion", "al"];

/// Rows of the largest table that tells kinds of something.
const KINDS_MAX: u64 = 50;

/// Parts of names that say nothing on their own.
const GENERIC: &[&str] = &[
    "nam", "name", "cod", "code", "number", "id", "no", "dat", "date", "at", "on", "first", "last",
    "full", "is", "has", "to", "lin", "line", "of", "by", "per", "total", "standard", "unit",
    "typ", "type", "key", "text", "hash", "token", "count", "the", "and", "job", "bil",
];

/// Parts of names that are units of measure.
const UNITS: &[&str] = &[
    "minut",
    "second",
    "millisecond",
    "hour",
    "day",
    "percent",
    "euro",
    "eur",
    "usd",
    "dolar",
    "byt",
    "kg",
    "gram",
    "met",
    "meter",
    "kilogram",
    "kilometer",
    "liter",
    "litr",
    "tonn",
    "mil",
    "m2",
    "total",
    "count",
];

/// Those of them that people measure things in.
const MEASURES: &[&str] = &["kilogram", "gram", "kilometer", "liter", "litr", "tonn", "mil"];

/// Words before people's names.
const TITLES: &[&str] = &["dr", "mr", "mrs", "ms", "prof"];

/// The stems of a text's words.
pub(super) fn stems_of(text: &str) -> String {
    words(text).iter().map(|word| word.stem.as_str()).collect::<Vec<_>>().join(" ")
}

fn expanded(part: &str, full: &[String]) -> String {
    if full.iter().any(|word| word == part) {
        part.to_owned()
    } else {
        synonyms::expand(part, full)
    }
}

/// The long words of the tables' names, in their singular as far as a final `s` goes.
fn full_words(map: &SchemaMap<'_>) -> Vec<String> {
    let parts = map.tables().iter().flat_map(|table| name_parts(&table.name));
    let mut full: Vec<String> = parts.filter(|part| part.len() >= 4 && part != "appt").collect();
    full.sort_unstable();
    full.dedup();
    full
}

/// Whether a quality needs what is sold or done, not a column of the rows themselves.
pub(super) const fn needs_events(quality: Quality) -> bool {
    match quality {
        Quality::Popularity
        | Quality::Frequency
        | Quality::Selling
        | Quality::Merit
        | Quality::Busy => true,
        Quality::Length
        | Quality::Price
        | Quality::Size
        | Quality::Age
        | Quality::Recency
        | Quality::Rating
        | Quality::Pay
        | Quality::Plain
        | Quality::Weight
        | Quality::Top
        | Quality::High => false,
    }
}
