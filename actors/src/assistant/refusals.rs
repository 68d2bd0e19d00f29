//! What is never answered from data, whatever the tables: causes, forecasts, orders to change data,
//! orders to forget one's rules.

use super::words::{Word, words};

/// Words at the beginning that ask for a change.
const CHANGES: &[&str] = &[
    "delete",
    "drop",
    "insert",
    "remove",
    "update",
    "alter",
    "truncate",
    "create",
    "set",
    "mark",
    "rename",
    "add",
    "change",
    "cancel",
    "grant",
    "revoke",
    "erase",
    "wipe",
    "increase",
    "decrease",
    "raise",
    "replace",
    "book",
    "send",
    "email",
    "reset",
    "move",
    "merge",
    "clear",
    "purge",
    "assign",
    "make",
    "modify",
    "edit",
    "execute",
    "apply",
    "refund",
    "close",
    "restore",
    "correct",
    "fix",
    "pay",
    "fire",
    "hire",
    "order",
    "reduce",
    "lower",
    "double",
    "write",
    "put",
    "give",
    "overwrite",
    "archive",
    "undo",
    "import",
    "upload",
    "register",
    "enter",
    "transfer",
    "discount",
];
/// Those of them that also begin questions: only a change when nothing asks.
const HARMLESS: &[&str] = &[
    "give", "make", "order", "book", "write", "pay", "hire", "email", "lower", "discount",
    "refund", "set",
];

/// Statements of SQL that change something, wherever they stand.
const STATEMENTS: &[&[&str]] = &[
    &["drop", "table"],
    &["drop", "database"],
    &["delete", "from"],
    &["insert", "into"],
    &["alter", "table"],
    &["truncate", "table"],
    &["union", "select"],
    &["create", "table"],
    &["grant", "all"],
];

/// Words of those who want other rules.
const ORDERS: &[&[&str]] = &[
    &["ignore", "instructions"],
    &["ignore", "rules"],
    &["ignore", "previous"],
    &["ignore", "all"],
    &["forget", "instructions"],
    &["forget", "rules"],
    &["disregard"],
    &["system", "prompt"],
    &["your", "instructions"],
    &["your", "rules"],
    &["admin", "mode"],
    &["developer", "mode"],
    &["you", "are", "now"],
    &["pretend"],
    &["act", "as"],
    &["bypass"],
    &["jailbreak"],
    &["override"],
];

/// Words that ask for a cause.
const CAUSES: &[&str] = &[
    "why",
    "reason why",
    "because",
    "caused",
    "cause",
    "causes",
    "drove",
    "drives",
    "is driven by",
    "was driven by",
    "are driven by",
    "were driven by",
    "explain why",
    "how come",
    "due to",
    "what made",
    "led to",
    "root cause",
    "impact of",
    "affect",
    "affects",
    "affected",
];

/// Words that ask about what has not been.
const FORECASTS: &[&str] = &[
    "forecast",
    "forecasts",
    "predict",
    "prediction",
    "predictions",
    "projected",
    "projection",
    "will",
    "tomorrow",
    "next",
    "future",
    "upcoming",
    "going to",
    "extrapolate",
    "should",
    "would happen",
    "what if",
    "likely",
    "shall",
    "might",
];

/// Why a question is not answered from data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// In words.
    pub(super) reason: &'static str,
    /// Whether the same words may be about a documented topic: "should I use async?".
    pub(super) may_be_topic: bool,
}

/// Why a question is not answered from data, if it is of that kind.
pub(super) fn refusal(question: &str) -> Option<Refusal> {
    let refused = |reason, may_be_topic| Some(Refusal { reason, may_be_topic });
    let all = words(question);
    let lower: Vec<&str> = all.iter().map(|word| word.lower.as_str()).collect();
    let has = |phrase: &str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        lower.windows(parts.len()).any(|window| window == parts)
    };
    let in_order = |wanted: &[&str]| {
        let mut rest = lower.iter();
        wanted.iter().all(|word| rest.any(|other| other == word))
    };
    let has_order = ORDERS.iter().any(|order| in_order(order));
    if has_order {
        return refused(
            "I only answer questions about the data, and my rules are not for me to change.",
            false,
        );
    }
    if STATEMENTS.iter().any(|words| lower.windows(words.len()).any(|window| window == *words))
        || is_update(&all)
        || asks_change(&lower)
    {
        return refused("I only read: I cannot change, add or remove data.", false);
    }
    if CAUSES.iter().any(|cause| has(cause)) {
        return refused("I can tell what the data holds, not why it is so.", true);
    }
    let polite = has("will you") || has("what i should");
    if !polite && FORECASTS.iter().any(|word| has(word)) {
        return refused("I can tell what the data holds, not what will or should be.", true);
    }
    None
}

/// `UPDATE Bill SET …` in the midst of words.
fn is_update(all: &[Word]) -> bool {
    let place = |wanted: &str| all.iter().position(|word| word.lower == wanted);
    match (place("update"), place("set")) {
        (Some(update), Some(set)) => set > update && set - update <= 3,
        _ => false,
    }
}

/// Whether the first word that says something orders a change.
fn asks_change(lower: &[&str]) -> bool {
    const BEFORE: &[&str] = &[
        "please", "can", "could", "you", "would", "kindly", "now", "then", "and", "just", "i",
        "want", "to", "need", "let", "us", "lets", "go", "ahead", "will", "pls",
    ];
    let mut rest = lower.iter().copied().skip_while(|word| BEFORE.contains(word));
    let Some(first) = rest.next() else {
        return false;
    };
    if !CHANGES.contains(&first) {
        return false;
    }
    let second = rest.next().unwrap_or_default();
    if matches!(second, "me" | "us") {
        return false;
    }
    let certain = !HARMLESS.contains(&first);
    certain
        || matches!(
            second,
            "the" | "all" | "a" | "an" | "every" | "each" | "this" | "that" | "my" | "our"
        )
}
