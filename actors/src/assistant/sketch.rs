//! What the words of a question say, in their order, before names are settled.

use super::dates::{Grain, Span};
use super::form::Aggregate;
use super::lexicon::{Comparison, Quality, Unit};
use super::vocabulary::Meaning;

/// A phrase that names something of the schema, with all that it can mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Noun {
    /// As it was written.
    pub(super) text: String,
    /// What it can mean.
    pub(super) meanings: Vec<Meaning>,
    /// The table named last before it, to which it belongs if it can.
    pub(super) beside: Option<usize>,
    /// Whether "of", "by" or the like stood before it.
    pub(super) follows_preposition: bool,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Something named.
    Noun(Noun),
    /// The whole amount of the rows of a table: "average bill".
    AmountOf(Noun),
    /// Money for each row of a table: "average order value".
    MoneyPer(Noun),
    /// Money that came in.
    Money,
    /// Money that was really paid.
    Received,
    /// Pieces sold.
    Units,
    /// "How many people": those that work here, or else those that are served.
    People,
    /// How long, dear or heavy the rows are that the question is about.
    Quality(Quality),
}

/// A number asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    /// How rows become one number, if it was said.
    pub(super) aggregate: Option<Aggregate>,
    /// What is measured.
    pub(super) what: What,
    /// "Average number of": the count is shared out.
    pub(super) is_average_count: bool,
}

/// Something to group by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Split {
    /// Something named; whether "per" was said.
    Noun(Noun, bool),
    /// Time; whether "per" was said.
    Time(Grain, bool),
}

/// What a comparison is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// A column, or how many rows of a table.
    Noun(Noun),
    /// A number asked for.
    Ask(Ask),
    /// What "longer" or "cheaper" is measured by.
    Quality(Quality),
    /// Money that came in.
    Money,
    /// What somebody is paid, or what came in.
    Earned,
    /// The amount of the rows themselves.
    Amount,
    /// A year of birth or the like, from "born".
    Birth,
}

/// A comparison with a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Limitation {
    /// What is compared.
    pub(super) target: Target,
    /// How.
    pub(super) comparison: Comparison,
    /// With what.
    pub(super) number: f64,
    /// The end of a range.
    pub(super) upper: f64,
    /// What the number counts.
    pub(super) unit: Option<Unit>,
}

/// "Top five", "the most".
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Superlative {
    /// What it is measured by.
    pub(super) quality: Quality,
    /// Whether the greatest are wanted.
    pub(super) is_greatest: bool,
    /// How many, if it was said.
    pub(super) count: Option<u32>,
    /// What it is measured by, if that was named.
    pub(super) ask: Option<Ask>,
}

/// Verbs of trade that were heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verbs {
    /// "Sold".
    pub(super) sells: bool,
    /// "Bought", "spent".
    pub(super) buys: bool,
    /// "Earned", "made".
    pub(super) earns: bool,
    /// "Costs".
    pub(super) costs: bool,
    /// "Born".
    pub(super) born: bool,
}

/// What a question begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// "How many".
    pub(super) counts: bool,
    /// How often "how many" was said.
    pub(super) counts_times: u32,
    /// "Number of".
    pub(super) numbers: bool,
    /// "How much".
    pub(super) how_much: bool,
    /// "When".
    pub(super) asks_when: bool,
    /// "Who".
    pub(super) asks_who: bool,
    /// "Different".
    pub(super) is_distinct: bool,
    /// "New".
    pub(super) is_new: bool,
    /// "Them", "only", "instead": it goes on from the question before.
    pub(super) goes_on: bool,
    /// "As a share".
    pub(super) is_share: bool,
    /// "List", "which".
    pub(super) lists: bool,
    /// "Over time".
    pub(super) is_trend: bool,
    /// "More", of one or of the other.
    pub(super) compares: bool,
    /// "Total", before what is counted.
    pub(super) says_total: bool,
    /// "People".
    pub(super) says_people: bool,
    /// "Work", which fillers otherwise.
    pub(super) says_work: bool,
    /// "How long".
    pub(super) how: Option<Quality>,
}

/// What the words say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sketch {
    /// What is listed or counted.
    pub(super) subject: Option<Noun>,
    /// Tables that were named besides.
    pub(super) others: Vec<Noun>,
    /// Columns that were named besides.
    pub(super) shown: Vec<Noun>,
    /// Numbers asked for.
    pub(super) asks: Vec<Ask>,
    /// What they are grouped by.
    pub(super) splits: Vec<Split>,
    /// Values, with whether they are excluded.
    pub(super) values: Vec<(Noun, bool)>,
    /// Whether "or" stood between values, which is understood within one column only.
    pub(super) has_alternatives: bool,
    /// "And the average?": another way to bring the numbers before together.
    pub(super) other_aggregate: Option<Aggregate>,
    /// Comparisons with numbers.
    pub(super) limitations: Vec<Limitation>,
    /// What must be missing.
    pub(super) missing: Vec<Noun>,
    /// Whether nothing was to be sold, or bought.
    pub(super) missing_trade: bool,
    /// Keys into their own tables, with whether a value stood before the word, and whether it was
    /// followed by "by".
    pub(super) own: Vec<(Noun, bool, bool)>,
    /// Moments that verbs named.
    pub(super) moments: Vec<Noun>,
    /// When.
    pub(super) span: Option<Span>,
    /// Days of the week, Sunday being 0.
    pub(super) weekdays: Vec<u8>,
    /// "The year before": how far the span before is moved.
    pub(super) earlier: Option<Grain>,
    /// "Top five", "the most".
    pub(super) superlatives: Vec<Superlative>,
    /// An order that was asked for; whether the greatest come first.
    pub(super) sorted: Option<bool>,
    /// What it is ordered by.
    pub(super) sort_by: Option<Ask>,
    /// Verbs of trade.
    pub(super) verbs: Verbs,
    /// How it begins.
    pub(super) opening: Opening,
    /// `Some(true)` for "in stock", `Some(false)` for "out of stock".
    pub(super) stock: Option<bool>,
}

impl Sketch {
    /// Whether it says on its own what is asked for.
    pub(super) fn has_head(&self) -> bool {
        self.subject.is_some() || !self.asks.is_empty()
    }
}
