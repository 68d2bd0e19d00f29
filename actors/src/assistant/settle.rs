//! Settles what the names of a sketch mean in this schema, and makes a form of it.
//!
//! Of several meanings the nearest is taken: the least far-fetched, in the table that lies nearest to
//! those that the question is certainly about. **Invariant:** two equally near meanings are never
//! chosen between; the asker is asked.

mod choose;
mod filters;
mod follow;
mod measures;
mod shape;
mod superlatives;

use super::form::{Aggregate, Filter, Form, Group, Measure, Of, Per};
use super::roles::Role;
use super::schema_map::{ColumnRef, SchemaMap};
use super::sketch::{Noun, Sketch, Split, Target, What};
use super::trouble::Trouble;
use super::vocabulary::Sense;

/// Makes a form of a sketch, going on from the form before where the words do.
pub(super) fn settle(
    sketch: &Sketch,
    map: &SchemaMap<'_>,
    previous: Option<&Form>,
) -> Result<Form, Trouble> {
    let bare_share = sketch.opening.is_share
        && sketch.splits.is_empty()
        && sketch.values.is_empty()
        && sketch.asks.is_empty();
    let goes_on = sketch.opening.goes_on || !sketch.has_head() || bare_share;
    let previous = previous.filter(|_| goes_on);
    let mut settler = Settler { map, sketch, anchors: Vec::new(), form: Form::default() };
    match previous {
        Some(previous) => settler.follow(previous)?,
        None => settler.fresh()?,
    }
    Ok(settler.form)
}

struct Settler<'a> {
    map: &'a SchemaMap<'a>,
    sketch: &'a Sketch,
    /// The tables that the question is certainly about.
    anchors: Vec<usize>,
    form: Form,
}

impl Settler<'_> {
    /// A question that stands on its own.
    fn fresh(&mut self) -> Result<(), Trouble> {
        if self.sketch.other_aggregate.is_some() {
            return Err(Trouble::plain("I could not tell which figure to add up or compare."));
        }
        if self.sketch.opening.goes_on && !self.sketch.has_head() {
            return Err(Trouble::Fragment);
        }
        self.anchor();
        self.subject()?;
        self.asks()?;
        self.head()?;
        self.splits()?;
        self.conditions()?;
        self.trade()?;
        self.superlatives()?;
        self.limitations()?;
        self.others()?;
        self.moments()?;
        self.shape()
    }

    /// Finds the tables that the question is certainly about.
    fn anchor(&mut self) {
        let mut certain: Vec<usize> = Vec::new();
        let nouns = self.sketch.subject.iter().chain(&self.sketch.others);
        let measured = self.sketch.asks.iter().filter_map(|ask| match &ask.what {
            What::Noun(noun) | What::AmountOf(noun) | What::MoneyPer(noun) => Some(noun),
            What::Money | What::Received | What::Units | What::People | What::Quality(_) => None,
        });
        let compared = self.sketch.limitations.iter().filter_map(|one| match &one.target {
            Target::Noun(noun) => Some(noun),
            _ => None,
        });
        let ranked =
            self.sketch.superlatives.iter().filter_map(|one| match &one.ask.as_ref()?.what {
                What::Noun(noun) | What::AmountOf(noun) => Some(noun),
                What::MoneyPer(_)
                | What::Money
                | What::Received
                | What::Units
                | What::People
                | What::Quality(_) => None,
            });
        let measured = measured.chain(compared).chain(ranked);
        for noun in nouns {
            certain.extend(self.only_table(noun));
        }
        for noun in measured {
            let table = self.only_table(noun);
            // "Price of treatments" may be a price elsewhere, but not for certain.
            certain.extend(table.filter(|table| noun.beside.is_none_or(|beside| beside == *table)));
        }
        let asks_people = self.sketch.asks.iter().any(|ask| ask.what == What::People);
        certain.extend(self.people().filter(|_| asks_people));
        if certain.is_empty() || self.asks_money() {
            certain.extend(self.money_table().filter(|_| self.asks_money()));
        }
        if certain.is_empty() {
            let splits = self.sketch.splits.iter().filter_map(|split| match split {
                Split::Noun(noun, _) => Some(noun),
                Split::Time(..) => None,
            });
            for noun in splits {
                certain.extend(self.only_table(noun));
            }
        }
        certain.dedup();
        self.anchors = certain;
    }

    fn asks_money(&self) -> bool {
        let asks = self
            .sketch
            .asks
            .iter()
            .chain(self.sketch.superlatives.iter().filter_map(|one| one.ask.as_ref()));
        let mut money =
            asks.filter(|ask| matches!(ask.what, What::Money | What::Received | What::Units));
        money.next().is_some() || self.sketch.opening.how_much
    }

    fn money_table(&self) -> Option<usize> {
        let amount = self.map.amount.map(|at| at.table);
        amount.or_else(|| self.map.lines.map(|lines| lines.quantity.table))
    }

    fn subject(&mut self) -> Result<(), Trouble> {
        let Some(noun) = &self.sketch.subject else {
            return Ok(());
        };
        match self.choose(noun, &|sense| {
            matches!(sense, Sense::Table(_) | Sense::Column(_) | Sense::Moment(_))
        })? {
            Sense::Table(table) => self.form.subject = Some(table),
            Sense::Column(at) | Sense::Moment(at) if self.map.role(at) == Role::Key => {
                self.form.subject = Some(at.table);
                self.form.shown.push(at);
            }
            Sense::Column(at) | Sense::Moment(at) => self.form.groups.push(Group::Column(at)),
            _ => return Err(Trouble::unread(&noun.text)),
        }
        Ok(())
    }

    /// Finds what a question is about that names only values or verbs.
    fn head(&mut self) -> Result<(), Trouble> {
        let sketch = self.sketch;
        let has_head = self.form.subject.is_some()
            || !self.form.measures.is_empty()
            || !self.form.groups.is_empty()
            || sketch.superlatives.iter().any(|one| one.ask.is_some());
        let has_head = has_head && !(sketch.opening.asks_who && sketch.subject.is_none());
        if has_head {
            return Ok(());
        }
        let asks_earned = sketch.verbs.earns && sketch.opening.lists && sketch.values.is_empty();
        if sketch.opening.how_much || asks_earned {
            let trades = sketch.verbs.sells || sketch.verbs.buys || sketch.verbs.earns;
            if trades && (self.map.amount.is_some() || self.map.lines.is_some()) {
                self.form.measures.push(Measure::new(Aggregate::Sum, Of::Money));
                self.anchors.extend(self.money_table());
                return Ok(());
            }
        }
        if sketch.opening.says_people && sketch.subject.is_none() && self.form.measures.is_empty() {
            let people = self.customers();
            let counts = sketch.opening.counts || sketch.opening.numbers;
            if let Some(people) = people.filter(|_| counts || !sketch.opening.asks_who) {
                self.form.subject = Some(people);
                self.anchors.push(people);
                if counts {
                    self.form.measures.push(Measure::rows(people));
                }
                return Ok(());
            }
        }
        if sketch.opening.asks_who && sketch.verbs.buys {
            self.form.subject = self.customers();
            self.anchors.extend(self.form.subject);
            return if self.form.subject.is_some() { Ok(()) } else { Err(Trouble::Fragment) };
        }
        let people_owned = sketch.own.first().map(|(noun, ..)| noun);
        if sketch.opening.asks_who || people_owned.is_some() {
            let named = people_owned.or(sketch.moments.first());
            let owner = named.and_then(|noun| self.only_owner(noun));
            // "Who" asks for rows that have names.
            if let Some(table) = owner.filter(|table| !self.map.label(*table).is_empty()) {
                self.form.subject = Some(table);
                self.anchors.push(table);
                return Ok(());
            }
            return Err(Trouble::Fragment);
        }
        self.head_of_values()
    }

    /// "MRI scans per year": what is sold is counted by its lines, anything else by its rows.
    fn head_of_values(&mut self) -> Result<(), Trouble> {
        let is_busy =
            self.sketch.superlatives.iter().any(|one| super::vocabulary::needs_events(one.quality));
        if is_busy && !self.sketch.splits.is_empty() {
            let event = self.main_event().ok_or(Trouble::Fragment)?;
            self.form.measures.push(Measure::rows(event));
            self.anchors.push(event);
            return Ok(());
        }
        let Some((noun, _)) = self.sketch.values.first() else {
            return Err(Trouble::Fragment);
        };
        let opening = self.sketch.opening;
        let counts = opening.counts || opening.numbers;
        let asks_number = counts || !self.sketch.splits.is_empty();
        let sense =
            self.choose(noun, &|sense| matches!(sense, Sense::Value(..) | Sense::Flag(..)))?;
        let table = sense.table(self.map).ok_or(Trouble::Fragment)?;
        self.anchors.push(table);
        let verbs = self.sketch.verbs;
        if (verbs.buys || verbs.sells || verbs.earns) && !asks_number {
            return Err(Trouble::Fragment);
        }
        let is_name = matches!(&sense, Sense::Value(at, _) if self.map.label(table).contains(at));
        let narrowed = self.sketch.span.is_some() || self.sketch.values.len() > 1;
        // "Vaccinations in Brookford since January": the name of a row, and when: what was sold of it.
        let asks_sales = is_name && narrowed && self.is_sold(table);
        if !asks_number && !opening.is_share && !asks_sales {
            self.form.subject = Some(table);
        } else if self.is_sold(table) && !counts && !opening.is_share {
            self.form.measures.push(Measure::new(Aggregate::Sum, Of::Units));
        } else {
            self.form.measures.push(Measure::rows(table));
        }
        Ok(())
    }

    fn splits(&mut self) -> Result<(), Trouble> {
        for split in &self.sketch.splits {
            let (group, is_per) = match split {
                Split::Time(grain, is_per) => (Group::Time(*grain, None), *is_per),
                Split::Noun(noun, is_per) => (self.group(noun)?, *is_per),
            };
            if is_per && self.share_out(&group) {
                continue;
            }
            if !self.form.groups.contains(&group) {
                self.form.groups.push(group);
            }
        }
        Ok(())
    }

    fn group(&self, noun: &Noun) -> Result<Group, Trouble> {
        let sense = self.choose(noun, &|sense| {
            matches!(sense, Sense::Table(_) | Sense::Column(_) | Sense::Moment(_) | Sense::Flag(..))
        })?;
        Ok(match sense {
            Sense::Table(table) => Group::Rows(table),
            Sense::Column(at) | Sense::Flag(at, _) => Group::Column(at),
            Sense::Moment(at) => Group::Time(super::dates::Grain::Day, Some(at)),
            _ => return Err(Trouble::unread(&noun.text)),
        })
    }

    /// "Average revenue per order": an average of sums, not a group. Averages of a column of the rows
    /// themselves are grouped as usual.
    fn share_out(&mut self, group: &Group) -> bool {
        let per = match group {
            Group::Rows(table) => Per::Rows(*table),
            Group::Time(grain, None) => Per::Time(*grain),
            Group::Column(at) => Per::Column(*at),
            Group::Time(_, Some(_)) => return false,
        };
        let sold: Vec<usize> =
            (0..self.map.tables().len()).filter(|table| self.is_sold(*table)).collect();
        // Titles per category are titles, titles per order are copies.
        let trades = matches!(per, Per::Rows(table) if self.is_trader(table));
        let sold = if trades { sold } else { Vec::new() };
        let [measure] = self.form.measures.as_mut_slice() else {
            return false;
        };
        let adds_up = match measure.of {
            Of::Money | Of::Units => measure.aggregate == Aggregate::Average,
            Of::Rows(_) => self.sketch.asks.iter().any(|ask| ask.is_average_count),
            Of::Column(_) | Of::Metric(_) => false,
        };
        if !adds_up || measure.per.is_some() {
            return false;
        }
        if measure.aggregate == Aggregate::Average {
            measure.aggregate = Aggregate::Sum;
        }
        if matches!(measure.of, Of::Rows(table) if sold.contains(&table)) {
            *measure = Measure::new(Aggregate::Sum, Of::Units);
        }
        measure.per = Some(per);
        true
    }

    /// Tables that were named besides: rows of them must belong to the result.
    fn others(&mut self) -> Result<(), Trouble> {
        for noun in &self.sketch.others {
            match self.choose(noun, &|sense| matches!(sense, Sense::Table(_)))? {
                Sense::Table(table) if Some(table) != self.form.subject => {
                    self.form.through.push(table)
                }
                _ => {}
            }
        }
        for noun in &self.sketch.shown {
            match self
                .choose(noun, &|sense| matches!(sense, Sense::Column(_) | Sense::Moment(_)))?
            {
                Sense::Column(at) | Sense::Moment(at) => self.show(at),
                _ => return Err(Trouble::unread(&noun.text)),
            }
        }
        Ok(())
    }

    fn show(&mut self, at: ColumnRef) {
        let is_measured = self.form.measures.iter().any(|measure| measure.of == Of::Column(at));
        if !self.form.shown.contains(&at) && !is_measured {
            self.form.shown.push(at);
        }
    }

    /// Moments that verbs named: "hired in 2003" is about the day of hiring.
    fn moments(&mut self) -> Result<(), Trouble> {
        self.form.span = self.sketch.span;
        for noun in &self.sketch.moments {
            let Sense::Moment(at) =
                self.choose(noun, &|sense| matches!(sense, Sense::Moment(_)))?
            else {
                return Err(Trouble::unread(&noun.text));
            };
            if self.sketch.opening.asks_when {
                self.show(at);
            }
            self.moment(at);
        }
        if self.sketch.opening.is_new && self.form.span_column.is_none() {
            let subject =
                self.form.subject.or(match self.form.measures.first().map(|one| &one.of) {
                    Some(Of::Rows(table)) => Some(*table),
                    _ => None,
                });
            let moment = subject.and_then(|table| self.map.moment(table));
            let timed = self.form.span.is_some()
                || self.form.groups.iter().any(|group| matches!(group, Group::Time(..)));
            if !timed || moment.is_none() {
                return Err(Trouble::unread("new"));
            }
            self.form.span_column = moment;
        }
        self.birth()?;
        if self.sketch.opening.asks_when && self.form.shown.is_empty() {
            let subject = self.form.subject.ok_or(Trouble::Fragment)?;
            let moment = self.map.moment(subject).ok_or_else(|| Trouble::unread("when"))?;
            self.show(moment);
        }
        Ok(())
    }

    /// What a verb's moment adds: the time is about it, or else that it has come.
    pub(super) fn moment(&mut self, at: ColumnRef) {
        if self.map.role(at) == Role::Year {
            return self.years(at);
        }
        let timed = self.form.span.is_some()
            || self.form.groups.iter().any(|group| matches!(group, Group::Time(..)))
            || !self.sketch.superlatives.is_empty();
        let may_be_missing = self.map.column(at).is_nullable && !self.sketch.opening.asks_when;
        if may_be_missing && !timed {
            self.form.filters.push(Filter::Flag { column: at, is_set: true });
        }
        self.form.span_column = Some(at);
    }
}
