//! Why a question is not answered, in words for its asker.

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Words that mean nothing here.
    Unknown(Vec<String>),
    /// A phrase that is understood, but not where it stands.
    Unread(String),
    /// Something can mean several things.
    Ambiguous(String, Vec<String>),
    /// Anything else, as a whole sentence.
    Plain(String),
    /// A fragment without a question before it.
    Fragment,
}

impl Trouble {
    /// A phrase that is understood, but not where it stands.
    pub(super) fn unread(text: &str) -> Self {
        Self::Unread(text.to_owned())
    }

    /// A sentence of its own.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::Plain(text.into())
    }

    /// Rows that two columns tell apart are not followed downwards.
    pub(super) fn two_columns() -> Self {
        Self::plain(
            "Only two columns together tell these rows apart, and I cannot follow that down.",
        )
    }

    /// In words, without a proposal.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Unknown(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
                format!("I do not know what {} means in this data.", listed(&quoted, "and"))
            }
            Self::Unread(text) => format!("I could not make out what “{text}” refers to."),
            Self::Ambiguous(text, meanings) => {
                format!("“{text}” could mean {}: please say which.", listed(meanings, "or"))
            }
            Self::Plain(text) => text.clone(),
            Self::Fragment => {
                String::from("I could not tell what to look up: please name a table or a figure.")
            }
        }
    }
}

/// "a, b and c".
pub(super) fn listed(words: &[String], link: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} {link} {last}", head.join(", ")),
    }
}
