//! Words that mean the same in the data of most companies, and what abbreviations stand for.

use super::stems::stem;

/// Words of one line are taken for each other, where the schema has only one of them.
const GROUPS: &[&[&str]] = &[
    &["customer", "client", "buyer", "shopper", "purchaser"],
    &["product", "article", "merchandise", "sku", "book"],
    &[
        "employee",
        "staff",
        "worker",
        "colleague",
        "salesperson",
        "personnel",
        "agent",
        "rep",
        "sales rep",
        "sales agent",
        "sales person",
        "sales representative",
        "seller",
    ],
    &["rep", "representative", "agent"],
    &["order", "purchase", "sale"],
    &["invoice", "bill", "receipt"],
    &["store", "shop", "branch", "outlet"],
    &["loan", "lend", "borrow", "checkout"],
    &["hold", "reservation", "reserve"],
    &["fine", "penalty"],
    &["member", "reader", "borrower", "patron"],
    &["librarian", "staff", "employee", "worker", "colleague"],
    &["truck", "lorry", "vehicle"],
    &["trip", "journey", "tour", "ride"],
    &["depot", "warehouse"],
    &["shipment", "consignment", "delivery"],
    &["subject", "topic"],
    &["student", "pupil"],
    &["teacher", "instructor"],
    &["ticket", "issue", "case"],
    &["guest", "visitor"],
    &["payment", "transaction"],
    &["location", "site"],
    &["weight", "mass"],
    &["distance", "mileage"],
    &["kilometer", "kilometre", "km"],
    &["liter", "litre"],
    &["kilogram", "kilo", "kg"],
    &["hire", "join", "employ"],
    &["register", "join", "sign up", "enrol", "enroll"],
    &["publish", "release", "come out"],
    &["open", "launch"],
    &["die", "pass away"],
    &["track", "song"],
    &["artist", "band", "musician", "singer", "performer"],
    &["album", "record", "lp"],
    &["genre", "style"],
    &["movie", "film"],
    &["author", "writer"],
    &["category", "genre"],
    &["doctor", "physician", "clinician"],
    &["appointment", "visit"],
    &["drug", "medicine", "medication"],
    &["treatment", "procedure"],
    &["insurer", "insurance"],
    &["prescription", "prescribe"],
    &["review", "feedback"],
    &["supplier", "vendor"],
    &["department", "division", "unit"],
    &["return", "refund"],
    &["price", "cost", "fee"],
    &["salary", "wage", "pay", "compensation"],
    &["country", "nation"],
    &["city", "town"],
    &["millisecond", "length", "duration", "runtime", "playtime", "playing time", "running time"],
    &["duration", "length"],
    &["byte", "size"],
    &["stock", "inventory"],
    &["rating", "score", "star"],
    &["email", "mail"],
    &["phone", "telephone"],
    &["sex", "gender"],
    &["cover", "coverage"],
    &["specialty", "speciality", "specialism", "specialisation", "specialization"],
    &["position", "job"],
    &["postal code", "zip code", "postcode", "zip"],
    &["format", "edition"],
    &["space", "area"],
];

/// What abbreviated parts of names stand for.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("acct", "account"),
    ("addr", "address"),
    ("amt", "amount"),
    ("appt", "appointment"),
    ("avg", "average"),
    ("cat", "category"),
    ("cnt", "count"),
    ("cust", "customer"),
    ("dept", "department"),
    ("desc", "description"),
    ("dob", "birth"),
    ("dur", "duration"),
    ("emp", "employee"),
    ("dest", "destination"),
    ("inv", "invoice"),
    ("kg", "kilogram"),
    ("km", "kilometer"),
    ("lang", "language"),
    ("max", "maximum"),
    ("mgr", "manager"),
    ("min", "minute"),
    ("mins", "minute"),
    ("ms", "millisecond"),
    ("no", "number"),
    ("num", "number"),
    ("org", "organization"),
    ("pct", "percent"),
    ("prod", "product"),
    ("qty", "quantity"),
    ("pub", "published"),
    ("rx", "prescription"),
    ("sec", "second"),
    ("secs", "second"),
    ("std", "standard"),
    ("tel", "phone"),
    ("tot", "total"),
    ("yr", "year"),
];

/// The word that an abbreviation stands for; `words` are full words of the schema that it could
/// also shorten (`doc` for `doctor`, `trt` for `treatment`).
pub(super) fn expand(part: &str, words: &[String]) -> String {
    if let Some((_, full)) = ABBREVIATIONS.iter().find(|(short, _)| *short == part) {
        return (*full).to_owned();
    }
    let is_short = |word: &&String| {
        word.len() > part.len() && (word.starts_with(part) || is_skeleton(part, word))
    };
    let mut longer = words.iter().filter(is_short);
    match (part.len() >= 3, longer.next(), longer.next()) {
        (true, Some(only), None) => only.clone(),
        _ => part.to_owned(),
    }
}

/// Whether a part without vowels is what is left of a word.
fn is_skeleton(part: &str, word: &str) -> bool {
    if part.len() < 3
        || part.contains(['a', 'e', 'i', 'o', 'u'])
        || part.chars().next() != word.chars().next()
    {
        return false;
    }
    let mut letters = word.chars();
    part.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

/// The stems of the words that may stand for a word, itself left out.
pub(super) fn others(of: &str) -> Vec<String> {
    let groups = GROUPS.iter().filter(|group| group.iter().any(|word| stem(word) == of));
    let mut found: Vec<String> = groups
        .flat_map(|group| group.iter())
        .map(|word| word.split(' ').map(stem).collect::<Vec<_>>().join(" "))
        .filter(|other| other != of)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Names that people say for a value that is stored otherwise.
pub(super) const VALUE_NAMES: &[(&str, &[&str])] = &[
    ("USA", &["united states", "us", "america", "american", "u.s.", "united states of america"]),
    ("United States", &["usa", "us", "america", "american"]),
    ("United Kingdom", &["uk", "britain", "great britain", "british", "england"]),
    ("UK", &["united kingdom", "britain", "great britain", "british"]),
    ("Germany", &["german"]),
    ("France", &["french"]),
    ("Spain", &["spanish"]),
    ("Italy", &["italian"]),
    ("Netherlands", &["dutch", "holland"]),
    ("Ireland", &["irish"]),
    ("Sweden", &["swedish"]),
    ("Norway", &["norwegian"]),
    ("Denmark", &["danish"]),
    ("Finland", &["finnish"]),
    ("Poland", &["polish"]),
    ("Portugal", &["portuguese"]),
    ("Austria", &["austrian"]),
    ("Belgium", &["belgian"]),
    ("Brazil", &["brazilian"]),
    ("Canada", &["canadian"]),
    ("Australia", &["australian"]),
    ("India", &["indian"]),
    ("China", &["chinese"]),
    ("Japan", &["japanese"]),
    ("F", &["female", "woman", "women", "females"]),
    ("M", &["male", "man", "men", "males"]),
];

/// Two ways to say that something is, and is not, so.
pub(super) const OPPOSITES: &[(&str, &str)] = &[
    ("part time", "full time"),
    ("unpaid", "paid"),
    ("inactive", "active"),
    ("public", "private"),
];
