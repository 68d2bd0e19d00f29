//! Settles the numbers that a question asks for.

use super::super::form::{Aggregate, Group, Measure, Of, Per};
use super::super::joins::is_above;
use super::super::lexicon::columns_of;
use super::super::roles::Role;
use super::super::schema_map::ColumnRef;
use super::super::sketch::{Ask, Noun, What};
use super::super::trouble::Trouble;
use super::super::vocabulary::Sense;
use super::Settler;

/// Columns that are added up when nobody says how: amounts, not rates.
const ADDITIVE: &[&str] = &[
    "total", "amount", "quantity", "refund", "revenue", "paid", "pack", "units", "stock", "sum",
    "count", "value", "sales", "spent", "budget", "balance",
];

impl Settler<'_> {
    pub(super) fn asks(&mut self) -> Result<(), Trouble> {
        for ask in &self.sketch.asks {
            let measure = match (self.measure(ask), &ask.what) {
                (Err(trouble), What::Noun(noun)) if ask.aggregate.is_none() => {
                    self.figure_of_row(noun).ok_or(trouble)?;
                    continue;
                }
                (measure, _) => measure?,
            };
            if !self.form.measures.contains(&measure) {
                self.form.measures.push(measure);
            }
        }
        Ok(())
    }

    /// "The price of A Cold Key": the figure of a row that is named is shown as it is.
    fn figure_of_row(&mut self, noun: &Noun) -> Option<()> {
        let Ok(Sense::Column(at)) = self.choose(noun, &|sense| matches!(sense, Sense::Column(_)))
        else {
            return None;
        };
        let names_row = self.sketch.values.iter().any(|(value, _)| {
            value.meanings.iter().any(|meaning| match &meaning.sense {
                Sense::Value(of, _) => {
                    of.table == at.table && self.map.label(at.table).contains(of)
                }
                _ => false,
            })
        });
        if !names_row || !self.sketch.splits.is_empty() {
            return None;
        }
        self.form.subject = Some(at.table);
        self.anchors.push(at.table);
        self.show(at);
        Some(())
    }

    /// Settles one number.
    pub(super) fn measure(&self, ask: &Ask) -> Result<Measure, Trouble> {
        let aggregate = ask.aggregate.filter(|one| *one != Aggregate::Count);
        match &ask.what {
            What::Noun(noun) => self.named(noun, ask),
            What::AmountOf(noun) => self.amount(noun, aggregate.unwrap_or(Aggregate::Sum)),
            What::MoneyPer(noun) => {
                let Sense::Table(table) =
                    self.choose(noun, &|sense| matches!(sense, Sense::Table(_)))?
                else {
                    return Err(Trouble::unread(&noun.text));
                };
                match self.map.amount_of(table) {
                    Some(at) => {
                        Ok(Measure::new(aggregate.unwrap_or(Aggregate::Average), Of::Column(at)))
                    }
                    None => self.money_per(table, noun, aggregate),
                }
            }
            What::Money => Ok(Measure::new(aggregate.unwrap_or(Aggregate::Sum), Of::Money)),
            What::Received => Ok(self.received(aggregate.unwrap_or(Aggregate::Sum))),
            What::Units => Ok(Measure::new(aggregate.unwrap_or(Aggregate::Sum), Of::Units)),
            What::People => {
                let people = self.people();
                people.map(Measure::rows).ok_or_else(|| Trouble::unread("people"))
            }
            What::Quality(quality) => {
                let valued = self.sketch.values.first().and_then(|(noun, _)| self.only_table(noun));
                let table = self.form.subject.or(valued).or(self.anchors.first().copied());
                let at = table.and_then(|table| self.map.number_named(table, columns_of(*quality)));
                let at = at
                    .ok_or_else(|| Trouble::plain("I found no figure that this is measured by."))?;
                Ok(Measure::new(aggregate.unwrap_or(Aggregate::Average), Of::Column(at)))
            }
        }
    }

    /// Money that came in: what was paid, where a column says it, or else what was asked for.
    fn received(&self, aggregate: Aggregate) -> Measure {
        let paid = self.map.amount.and_then(|at| {
            let numbers = self.map.of_role(at.table, |role| role == Role::Number);
            numbers.into_iter().find(|number| self.map.has_word(*number, &["paid", "received"]))
        });
        Measure::new(aggregate, paid.map_or(Of::Money, Of::Column))
    }

    fn money_per(
        &self,
        table: usize,
        noun: &Noun,
        aggregate: Option<Aggregate>,
    ) -> Result<Measure, Trouble> {
        let is_average = aggregate.is_none_or(|one| one == Aggregate::Average);
        let sold =
            self.map.lines.is_some_and(|lines| is_above(self.map, lines.quantity.table, table));
        let billed = self.map.amount.is_some_and(|at| is_above(self.map, at.table, table));
        if !is_average || !(sold || billed) {
            return Err(Trouble::unread(&noun.text));
        }
        Ok(Measure { aggregate: Aggregate::Sum, of: Of::Money, per: Some(Per::Rows(table)) })
    }

    /// The whole amount of a table's rows: "average bill", "the highest invoice".
    fn amount(&self, noun: &Noun, aggregate: Aggregate) -> Result<Measure, Trouble> {
        let Sense::Table(table) = self.choose(noun, &|sense| matches!(sense, Sense::Table(_)))?
        else {
            return Err(Trouble::unread(&noun.text));
        };
        if let Some(at) = self.map.amount_of(table) {
            return Ok(Measure::new(aggregate, Of::Column(at)));
        }
        let holds_lines = self.map.lines.is_some_and(|lines| {
            self.map
                .edges
                .iter()
                .any(|edge| edge.child.table == lines.quantity.table && edge.parent.table == table)
        });
        if holds_lines && self.map.moment(table).is_some() {
            if aggregate == Aggregate::Sum {
                return Ok(Measure::new(Aggregate::Sum, Of::Money));
            }
            return self.money_per(table, noun, Some(aggregate));
        }
        Err(Trouble::plain(format!(
            "I do not know which figure of {} is meant.",
            self.map.table(table).name
        )))
    }

    fn named(&self, noun: &Noun, ask: &Ask) -> Result<Measure, Trouble> {
        let wants_count = ask.aggregate == Some(Aggregate::Count);
        let sense = self.choose(noun, &|sense| {
            matches!(
                sense,
                Sense::Table(_) | Sense::Column(_) | Sense::Metric(_) | Sense::Moment(_)
            )
        })?;
        match sense {
            // "Total fines": how many, or how much they are together?
            Sense::Table(table)
                if self.sketch.opening.says_total
                    && wants_count
                    && self.map.amount == self.map.amount_of(table)
                    && self.map.amount.is_some()
                    && !self.sketch.opening.numbers
                    && !self.sketch.opening.counts =>
            {
                let name = &self.map.table(table).name;
                let meanings = [format!("the number of {name}"), format!("what {name} come to")];
                Err(Trouble::Ambiguous(format!("total {}", noun.text), meanings.to_vec()))
            }
            Sense::Table(table) if self.counts_pieces(table) => {
                Ok(Measure::new(Aggregate::Sum, Of::Units))
            }
            Sense::Table(table) => Ok(Measure::rows(table)),
            Sense::Metric(at) => Ok(Measure::new(Aggregate::Sum, Of::Metric(at))),
            Sense::Moment(at) => match ask.aggregate {
                Some(one @ (Aggregate::Minimum | Aggregate::Maximum)) => {
                    Ok(Measure::new(one, Of::Column(at)))
                }
                _ => Err(Trouble::unread(&noun.text)),
            },
            Sense::Column(at) => self.column(at, ask.aggregate, wants_count, noun),
            Sense::Value(..) | Sense::Flag(..) | Sense::Own(..) => Err(Trouble::unread(&noun.text)),
        }
    }

    fn column(
        &self,
        at: ColumnRef,
        aggregate: Option<Aggregate>,
        wants_count: bool,
        noun: &Noun,
    ) -> Result<Measure, Trouble> {
        let is_number = self.map.role(at) == Role::Number;
        if !is_number {
            let distinct = Measure::new(Aggregate::Distinct, Of::Column(at));
            return match aggregate {
                Some(Aggregate::Count) => Ok(distinct),
                Some(one @ (Aggregate::Minimum | Aggregate::Maximum | Aggregate::Average))
                    if self.map.role(at) == Role::Year =>
                {
                    Ok(Measure::new(one, Of::Column(at)))
                }
                _ => Err(Trouble::unread(&noun.text)),
            };
        }
        let distinct = wants_count && self.sketch.opening.is_distinct;
        let aggregate = match aggregate {
            _ if distinct => Aggregate::Distinct,
            Some(Aggregate::Count) | None => {
                let rate = !self.map.has_word(at, ADDITIVE) && !self.counts_things(at);
                if rate && !wants_count && !self.sketch.opening.how_much {
                    return Err(Trouble::Ambiguous(
                        noun.text.clone(),
                        ["total", "average"]
                            .map(|word| format!("the {word} {}", noun.text))
                            .to_vec(),
                    ));
                }
                Aggregate::Sum
            }
            Some(other) => other,
        };
        Ok(Measure::new(aggregate, Of::Column(at)))
    }

    /// Whether a column of rows without a name says how many of something: "pallets", "renewals".
    fn counts_things(&self, at: ColumnRef) -> bool {
        let column = self.map.column(at);
        column.kind == crate::domain::ColumnType::Integer
            && self.map.label(at.table).is_empty()
            && column.name.to_lowercase().ends_with('s')
            && super::super::words::name_parts(&column.name).len() == 1
    }

    /// What verbs of trade add: "how many books were sold" counts pieces, "sold nothing" excludes.
    pub(super) fn trade(&mut self) -> Result<(), Trouble> {
        let verbs = self.sketch.verbs;
        let lines = self.map.lines.map(|lines| lines.quantity.table);
        let sales = lines.or(self.map.amount.map(|at| at.table));
        if self.sketch.missing_trade {
            let sales = sales.ok_or_else(|| Trouble::unread("sold"))?;
            self.form.filters.push(super::super::form::Filter::Without(sales));
            return Ok(());
        }
        if verbs.buys || verbs.sells {
            let sales = sales.ok_or_else(|| Trouble::unread("sold"))?;
            let counted = self.form.measures.iter().position(|measure| {
                matches!(measure.of, Of::Rows(table) if self.is_sold(table))
                    && measure.per.is_none()
            });
            let plain = !self.sketch.opening.is_distinct;
            if let (Some(place), true, Some(_)) = (counted, plain, lines) {
                if let Of::Rows(table) = self.form.measures[place].of {
                    self.form.measures[place] = Measure::new(Aggregate::Sum, Of::Units);
                    if !self.form.groups.contains(&Group::Rows(table)) {
                        self.form.through.push(table);
                    }
                    self.form.subject = self.form.subject.filter(|subject| *subject != table);
                }
                return Ok(());
            }
            let ranks = !self.sketch.superlatives.is_empty();
            let measures_sales = self.form.measures.iter().any(|measure| {
                matches!(measure.of, Of::Money | Of::Units | Of::Column(_) | Of::Metric(_))
            });
            let compares = self
                .sketch
                .limitations
                .iter()
                .any(|one| one.target == super::super::sketch::Target::Money);
            if !ranks && !measures_sales && !compares {
                self.form.through.push(sales);
            }
        }
        if verbs.costs || self.sketch.opening.how_much {
            self.price()?;
        }
        Ok(())
    }

    /// "How much does … cost": the price of the rows that were named.
    fn price(&mut self) -> Result<(), Trouble> {
        let is_asked = self.form.measures.is_empty() && self.sketch.limitations.is_empty();
        if let Some(subject) = self.form.subject.filter(|_| is_asked) {
            let price = self.map.number_named(subject, &["price", "cost", "fee"]);
            if let Some(price) = price.filter(|_| self.sketch.verbs.costs) {
                self.show(price);
            }
        }
        Ok(())
    }

    /// "The number of books sold" counts pieces, not titles; of the subject itself `trade` decides.
    fn counts_pieces(&self, table: usize) -> bool {
        let opening = self.sketch.opening;
        (self.sketch.verbs.sells || self.sketch.verbs.buys)
            && !opening.counts
            && !opening.is_distinct
            && !self.sketch.missing_trade
            && self.sketch.subject.as_ref().is_none_or(|noun| self.only_table(noun) != Some(table))
            && self.is_sold(table)
    }

    /// Whether rows of a table are what is sold, not who sells or buys it.
    pub(super) fn is_sold(&self, table: usize) -> bool {
        let Some(lines) = self.map.lines.map(|lines| lines.quantity.table) else {
            return false;
        };
        if table == lines || !is_above(self.map, lines, table) {
            return false;
        }
        !self.is_trader(table)
    }

    /// Whether rows of a table trade: they are above the orders or invoices, or are these.
    pub(super) fn is_trader(&self, table: usize) -> bool {
        let header = self.map.amount.map(|at| at.table).or_else(|| {
            let lines = self.map.lines?.quantity.table;
            let parents = self.map.edges.iter().filter(|edge| edge.child.table == lines);
            let mut events = parents
                .map(|edge| edge.parent.table)
                .filter(|parent| self.map.edges.iter().any(|edge| edge.child.table == *parent))
                .filter(|parent| {
                    self.map.moment(*parent).is_some() && self.map.label(*parent).is_empty()
                });
            events.next()
        });
        header.is_some_and(|header| is_above(self.map, header, table))
    }
}
