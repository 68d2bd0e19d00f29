//! The words of questions themselves: what asks, counts, compares, orders, groups and negates.
//!
//! **Invariant:** a word is filler only when leaving it out cannot change what is asked.

mod fillers;

use super::dates::Grain;
use super::words::Word;
use fillers::FILLERS;

/// What a kind of superlative or comparative is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quality {
    /// Longer, shorter: a duration.
    Length,
    /// Dearer, cheaper: a price.
    Price,
    /// Bigger, smaller: a size.
    Size,
    /// Older, younger people.
    Age,
    /// Newer, earlier: a moment.
    Recency,
    /// Rated better.
    Rating,
    /// Paid better.
    Pay,
    /// Sold or used more.
    Popularity,
    /// Met more often.
    Frequency,
    /// Sold more, said with "selling".
    Selling,
    /// Better, with no word of how.
    Merit,
    /// More of what the next words say: "most", "fewest".
    Plain,
    /// First of an order that the words after say: "top".
    Top,
    /// A greater number: "highest".
    High,
    /// Busier: more of what happens.
    Busy,
    /// Heavier, lighter.
    Weight,
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// More than.
    Above,
    /// At least.
    AtLeast,
    /// Less than.
    Below,
    /// At most.
    AtMost,
    /// As much as.
    Exactly,
    /// From one number to another, both included.
    Between,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Dollars, euros.
    Money,
    /// So many seconds.
    Seconds(u32),
    /// Parts of a hundred.
    Percent,
    /// Years of age.
    Years,
}

/// What a word or a few words do in a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// "How many".
    HowMany,
    /// "How much".
    HowMuch,
    /// "Number of".
    NumberOf,
    /// "When".
    When,
    /// "Which", "what", "who", "list".
    Which,
    /// "Who".
    Who,
    /// "Total".
    Sum,
    /// "Average".
    Average,
    /// "Minimum".
    Minimum,
    /// "Maximum".
    Maximum,
    /// "Share of".
    Share,
    /// "Different".
    Distinct,
    /// "Top", "most", "best"; whether the greatest are wanted.
    Super(Quality, bool),
    /// "More than", "longer than".
    Compare(Option<Quality>, Comparison),
    /// "By", "per", "each".
    By,
    /// "Ordered by".
    SortBy,
    /// "Biggest first".
    Sorted(bool),
    /// "Without", "never", "no".
    Without,
    /// "Not", "except".
    Not,
    /// "And".
    And,
    /// "Or".
    Or,
    /// "Sold".
    Sell,
    /// "Bought", "spent": what customers do.
    Buy,
    /// "Earn", "make", "bring in".
    Earn,
    /// "Cost".
    Cost,
    /// "Born".
    Born,
    /// "Revenue", "sales", "money".
    Money,
    /// "Units", "copies".
    Units,
    /// "Out of stock".
    OutOfStock,
    /// "In stock".
    InStock,
    /// "Them", "those".
    Them,
    /// "Only", "instead", "what about".
    Again,
    /// What a number counts.
    Unit(Unit),
    /// "New", before what is counted over time.
    New,
    /// "Name", "names".
    Name,
    /// "On Mondays": the day of the week, Sunday being 0; 7 is the weekend.
    OnWeekday(u8),
    /// "Changed", "over time": wants to be cut by time.
    Trend,
    /// "Where".
    Where,
    /// "Value", "amount": what rows are worth.
    Worth,
    /// "Times".
    Times,
    /// "The year before".
    Earlier(Grain),
    /// "People", without saying which.
    People,
    /// "More", of one or of the other.
    More,
    /// "How long", "how expensive".
    How(Quality),
    /// "Every", "all": nothing.
    Filler,
}

use Comparison::{Above, AtLeast, AtMost, Below, Between, Exactly};
use Quality::{
    Age, Busy, Frequency, High, Length, Merit, Pay, Plain, Popularity, Price, Rating, Recency,
    Selling, Size, Top, Weight,
};

/// Phrases of several words, and words that are more than filler. Several phrases of one line do the
/// same.
const PHRASES: &[(&str, Key)] = &[
    ("how many|how often|how many times", Key::HowMany),
    ("how much", Key::HowMuch),
    (
        "number of|count of|count|the number of|no of|nr of|count the|amount of times|total number of|how many total|total count of",
        Key::NumberOf,
    ),
    ("when|on what date|on which date", Key::When),
    (
        "which|what|list|show|name all|display|find|who all|enumerate|identify|fetch|pull up|look up|get me|list out",
        Key::Which,
    ),
    ("who|whom|whose", Key::Who),
    ("total|sum|overall|altogether|sum of|total of|combined", Key::Sum),
    (
        "average|mean|avg|on average|average of|typical|typically|on avg|in average|mean of|avg of",
        Key::Average,
    ),
    ("minimum|min|minimum of", Key::Minimum),
    ("maximum|max|maximum of", Key::Maximum),
    (
        "share|share of|percentage|percentage of|percent of|proportion|proportion of|fraction of|what percent|as a share|as a percentage|as a percent|as percentage|as percent|in percent|as share|portion of",
        Key::Share,
    ),
    ("different|distinct|unique|various", Key::Distinct),
    ("most", Key::Super(Plain, true)),
    ("least|fewest", Key::Super(Plain, false)),
    ("top", Key::Super(Top, true)),
    ("bottom", Key::Super(Top, false)),
    ("highest|greatest|maximal", Key::Super(High, true)),
    ("lowest|minimal", Key::Super(High, false)),
    ("biggest|largest|big|large", Key::Super(Size, true)),
    ("smallest", Key::Super(Size, false)),
    ("longest", Key::Super(Length, true)),
    ("shortest", Key::Super(Length, false)),
    (
        "most expensive|dearest|priciest|costliest|highest priced|most costly",
        Key::Super(Price, true),
    ),
    ("cheapest|least expensive|lowest priced|least costly", Key::Super(Price, false)),
    ("oldest|eldest", Key::Super(Age, true)),
    ("youngest", Key::Super(Age, false)),
    ("newest|latest|most recent|most recently|last", Key::Super(Recency, true)),
    ("earliest|first", Key::Super(Recency, false)),
    ("best rated|highest rated|top rated|best reviewed|best-rated", Key::Super(Rating, true)),
    ("worst rated|lowest rated|least liked", Key::Super(Rating, false)),
    ("best paid|highest paid|top paid|highest earning", Key::Super(Pay, true)),
    ("worst paid|lowest paid", Key::Super(Pay, false)),
    ("most popular", Key::Super(Popularity, true)),
    ("least popular", Key::Super(Popularity, false)),
    ("most common|most frequent|most frequently|most commonly", Key::Super(Frequency, true)),
    ("least common|rarest|least frequent", Key::Super(Frequency, false)),
    (
        "best selling|top selling|most sold|best sold|bestselling|best seller|best sellers|bestseller|bestsellers",
        Key::Super(Selling, true),
    ),
    (
        "worst selling|least sold|worst sold|slowest selling|poorest selling",
        Key::Super(Selling, false),
    ),
    ("best", Key::Super(Merit, true)),
    ("worst", Key::Super(Merit, false)),
    ("busiest", Key::Super(Busy, true)),
    ("quietest|least busy", Key::Super(Busy, false)),
    ("heaviest", Key::Super(Weight, true)),
    ("lightest", Key::Super(Weight, false)),
    ("heavier than", Key::Compare(Some(Weight), Above)),
    ("lighter than", Key::Compare(Some(Weight), Below)),
    ("furthest|farthest", Key::Super(Length, true)),
    ("more", Key::More),
    ("how long|how lengthy|how far", Key::How(Length)),
    ("how expensive|how costly", Key::How(Price)),
    ("how big|how large", Key::How(Size)),
    ("how heavy", Key::How(Weight)),
    ("how old", Key::How(Age)),
    ("people|folks|person|persons|everybody|everyone|anyone|anybody", Key::People),
    ("longer than", Key::Compare(Some(Length), Above)),
    ("shorter than", Key::Compare(Some(Length), Below)),
    ("more expensive than|dearer than", Key::Compare(Some(Price), Above)),
    ("cheaper than|less expensive than", Key::Compare(Some(Price), Below)),
    ("older than", Key::Compare(Some(Age), Above)),
    ("younger than", Key::Compare(Some(Age), Below)),
    ("bigger than|larger than", Key::Compare(Some(Size), Above)),
    ("smaller than", Key::Compare(Some(Size), Below)),
    (
        "more than|over|above|greater than|higher than|exceeding|exceeds|exceed|beyond|upwards of|better than|in excess of",
        Key::Compare(None, Above),
    ),
    (
        "at least|minimally|no less than|no fewer than|not less than|minimum of|or more",
        Key::Compare(None, AtLeast),
    ),
    ("less than|fewer than|under|below|lower than|worse than", Key::Compare(None, Below)),
    (
        "at most|maximally|no more than|up to|not more than|or less|or fewer",
        Key::Compare(None, AtMost),
    ),
    ("exactly|equal to|equals|equal", Key::Compare(None, Exactly)),
    ("between", Key::Compare(None, Between)),
    (
        "by|per|each|every|for each|for every|in each|in every|of each|of every|by each|broken down by|break down by|broken out by|split by|grouped by|group by|across|for each of the|from each|at each|with each|within each|on each|depending on|according to|separated by|segmented by|divided by|itemised by|itemized by|for all the different",
        Key::By,
    ),
    ("sorted by|sort by|ordered by|order by|ranked by|rank by|in order of", Key::SortBy),
    (
        "biggest first|largest first|highest first|most first|descending|descending order|top first|most expensive first|newest first|latest first|longest first|best first|high to low|in descending order|oldest last",
        Key::Sorted(true),
    ),
    (
        "smallest first|lowest first|least first|cheapest at the top|fewest first|ascending|cheapest first|oldest first|shortest first|alphabetically|in alphabetical order|low to high|in ascending order|earliest first",
        Key::Sorted(false),
    ),
    (
        "without|without any|never|no|nothing|has no|have no|had no|with no|without a|without an|lacking|that lack|zero|have never been|has never been|have never|has never|haven't|never been|did not|do not|does not|have not|has not|have not been|not been|with zero|not a single|without a single|lacks|lack|nobody|none",
        Key::Without,
    ),
    (
        "not|except|excluding|other than|apart from|outside|outside of|not in|not from|but not|except for|is not|are not|besides",
        Key::Not,
    ),
    ("and|as well as|plus|along with|together with|versus|vs|compared to|compared with", Key::And),
    ("or", Key::Or),
    ("sell|sells|sold|selling|been sold|was sold|were sold|get sold", Key::Sell),
    ("buy|buys|bought|purchased|spend|spends|spent|buying|shopped", Key::Buy),
    (
        "earn|earns|earned|make|makes|made|bring in|brings in|brought in|bringing in|take in|took in|generate|generates|generated|generating|bring|brings|brought",
        Key::Earn,
    ),
    ("cost|costs|costing|priced", Key::Cost),
    ("born", Key::Born),
    (
        "revenue|revenues|sales|income|turnover|earnings|money|takings|spend|spending|proceeds|spent|total spend|sales value|sales revenue|total spending|sales amount|amount spent|money spent|amount of money|sales volume in money|sale value|worth",
        Key::Money,
    ),
    (
        "units|copies|pieces|quantity|quantities|units sold|copies sold|number of units|number of copies|unit",
        Key::Units,
    ),
    ("out of stock|sold out", Key::OutOfStock),
    ("in stock|on stock|in the warehouse|available", Key::InStock),
    (
        "them|those|these|they|of them|of those|of these|that|it|of which|among them|among those|out of those|out of these|out of them",
        Key::Them,
    ),
    (
        "only|just|instead|what about|how about|and what about|now|also|too|and for|same for|the same for|same|again|rather|then|but|ok|okay|same thing|the same thing|the same but|this time|as well|likewise|narrow it down|narrow that down|narrow it down to|narrow that down to|limit to|limit it to|limit that to|restrict to|restrict it to|restrict that to|filter to|filter by|filter it by|filter on|focus on|zoom in on",
        Key::Again,
    ),
    ("dollar|dollars|usd|euro|euros|eur|bucks|pound|pounds", Key::Unit(Unit::Money)),
    ("second|seconds|secs", Key::Unit(Unit::Seconds(1))),
    ("minute|minutes|mins", Key::Unit(Unit::Seconds(60))),
    ("hour|hours", Key::Unit(Unit::Seconds(3_600))),
    ("percent", Key::Unit(Unit::Percent)),
    ("years old|years of age", Key::Unit(Unit::Years)),
    ("new", Key::New),
    ("name|names|called|named|full name|full names", Key::Name),
    ("value|amount|values|amounts|amount of", Key::Worth),
    (
        "changed|change|changes|develop|developed|developing|evolve|evolved|over time|trend|trends|trended|trend of|progress|progressed|history of|timeline|changing",
        Key::Trend,
    ),
    ("where", Key::Where),
    ("on sunday|on sundays|sundays", Key::OnWeekday(0)),
    ("on monday|on mondays|mondays", Key::OnWeekday(1)),
    ("on tuesday|on tuesdays|tuesdays", Key::OnWeekday(2)),
    ("on wednesday|on wednesdays|wednesdays", Key::OnWeekday(3)),
    ("on thursday|on thursdays|thursdays", Key::OnWeekday(4)),
    ("on friday|on fridays|fridays", Key::OnWeekday(5)),
    ("on saturday|on saturdays|saturdays", Key::OnWeekday(6)),
    (
        "on weekends|at weekends|on the weekend|at the weekend|weekends|on a weekend|weekend",
        Key::OnWeekday(7),
    ),
    ("times", Key::Times),
    (
        "the year before|year before|the previous year|the prior year|previous year|the year earlier",
        Key::Earlier(Grain::Year),
    ),
    (
        "the quarter before|quarter before|the previous quarter|the prior quarter|previous quarter",
        Key::Earlier(Grain::Quarter),
    ),
    (
        "the month before|month before|the previous month|the prior month|previous month",
        Key::Earlier(Grain::Month),
    ),
    (
        "the week before|week before|the previous week|the prior week|previous week",
        Key::Earlier(Grain::Week),
    ),
    ("the day before|day before|the previous day|previous day", Key::Earlier(Grain::Day)),
    (FILLERS, Key::Filler),
];

/// The longest phrase at the start of `words`: how many words, and what they do. All keys of that
/// length are given, since a word can do several things.
pub(super) fn keys(words: &[Word]) -> (usize, Vec<Key>) {
    let longest = words.len().min(PHRASE_WORDS_MAX);
    for count in (1..=longest).rev() {
        if words[1..count].iter().any(|word| word.follows_pause) || words[0].is_quoted {
            continue;
        }
        let text =
            words[..count].iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
        let found: Vec<Key> = PHRASES
            .iter()
            .filter(|(phrases, _)| phrases.split('|').any(|phrase| phrase == text))
            .map(|(_, key)| *key)
            .collect();
        if !found.is_empty() {
            return (count, found);
        }
    }
    (0, Vec::new())
}

/// Words of the longest phrase above.
const PHRASE_WORDS_MAX: usize = 5;

/// Words that a slip of the finger in a question may be mended to, besides those of the schema.
pub(super) const MENDABLE: &[&str] = &[
    "average",
    "revenue",
    "sales",
    "turnover",
    "income",
    "total",
    "highest",
    "lowest",
    "biggest",
    "largest",
    "cheapest",
    "popular",
    "number",
    "percentage",
    "quarter",
    "month",
    "monthly",
    "quarterly",
    "yearly",
    "weekday",
    "without",
    "between",
    "different",
    "distinct",
    "country",
    "countries",
    "quantity",
    "longest",
    "oldest",
    "newest",
    "which",
    "where",
    "selling",
    "many",
    "much",
    "latest",
    "smallest",
    "share",
    "expensive",
    "never",
    "since",
    "before",
    "after",
];

/// Columns that a quality is measured by, the surest words first.
pub(super) const fn columns_of(quality: Quality) -> &'static [&'static str] {
    match quality {
        Length => &[
            "duration",
            "length",
            "millisecond",
            "runtime",
            "pages",
            "minute",
            "second",
            "distance",
            "kilometer",
        ],
        Weight => &["weight", "mass", "kilogram"],
        Price => &["price", "cost", "fee", "rate"],
        Size => &["size", "space", "area", "capacity", "byte", "total", "amount"],
        Pay => &["salary", "wage", "pay"],
        Rating => &["rating", "score", "stars"],
        Age | Recency | Popularity | Frequency | Selling | Merit | Plain | Busy | Top | High => &[],
    }
}
