//! What the operator lets the server call: a list of names, networks, or `open` and `public`.

use std::net::IpAddr;

use super::address::{Place, place, plain};
use super::network::Network;

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// Everything but metadata.
    Open,
    /// The internet.
    Public,
    /// A name, and whatever it resolves to.
    Host(String),
    /// All names below one.
    Below(String),
    /// A network.
    Network(Network),
}

/// An entry that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is neither open, public, a host (api.example.com), all hosts below one \
     (*.example.com), an address nor a network (10.0.0.0/8)"
)]
pub struct RuleError(String);

/// What may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    rules: Vec<Rule>,
}

impl Policy {
    /// Everything but metadata: for a laptop, where models run beside the server.
    pub fn open() -> Self {
        Self { rules: vec![Rule::Open] }
    }

    /// Public addresses only.
    pub fn strict() -> Self {
        Self { rules: vec![Rule::Public] }
    }

    /// The operator's list; an empty one is open on a laptop and strict in production.
    pub fn of_settings(entries: &[String], is_production: bool) -> Result<Self, RuleError> {
        match (entries, is_production) {
            ([], true) => Ok(Self::strict()),
            ([], false) => Ok(Self::open()),
            (entries, _) => {
                let rules = entries.iter().map(|entry| rule(entry)).collect::<Result<_, _>>()?;
                Ok(Self { rules })
            }
        }
    }

    /// Whether `host` may be called at `address`.
    pub(super) fn admits(&self, host: &str, address: IpAddr) -> bool {
        let place = place(address);
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        place != Place::Metadata
            && self.rules.iter().any(|rule| match rule {
                Rule::Open => true,
                Rule::Public => place == Place::Public,
                Rule::Host(name) => *name == host,
                Rule::Below(suffix) => {
                    host.strip_suffix(suffix).is_some_and(|rest| !rest.is_empty())
                }
                Rule::Network(network) => network.holds(plain(address)),
            })
    }
}

fn rule(entry: &str) -> Result<Rule, RuleError> {
    let wrong = || RuleError(entry.to_owned());
    let text = entry.trim().to_ascii_lowercase();
    match text.as_str() {
        "open" => return Ok(Rule::Open),
        "public" => return Ok(Rule::Public),
        _ => {}
    }
    if let Ok(network) = text.parse() {
        return Ok(Rule::Network(network));
    }
    let (name, is_below) = match text.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (text.as_str(), false),
    };
    let is_name = !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter));
    match (is_name, is_below) {
        (false, _) => Err(wrong()),
        (true, true) => Ok(Rule::Below(format!(".{name}"))),
        (true, false) => Ok(Rule::Host(name.to_owned())),
    }
}
