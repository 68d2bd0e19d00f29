//! Judges a history (`docs/protocol.md`: what is promised). Pure, O(n log n) in the records.
//!
//! It finds: an acknowledged message that is not in the log, or is there twice; a hole or a repeat
//! in the log; a follower's view with a gap, a repeat, a swap, or an entry the log does not have;
//! a view that ends early; a repeat of a send that was answered with another receipt;
//! and a message that is in the log although its author was told that it is not.
//!
//! **Invariant:** no finding means each of these was looked for; `tests` plants every one of them.

use std::collections::BTreeMap;
use std::fmt;

use crate::record::Record;

#[cfg(test)]
mod tests;

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Acknowledged, but not in the log.
    Lost {
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// The position.
        seq: u64,
    },
    /// In the log elsewhere than its receipt says.
    Misplaced {
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// The position of the receipt.
        acknowledged: u64,
        /// The position in the log.
        logged: u64,
    },
    /// In the log more than once.
    Doubled {
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// Its positions.
        seqs: Vec<u64>,
    },
    /// A repeat was answered with another receipt.
    ChangedReceipt {
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
    },
    /// Its author was told that it is not stored, but it is.
    RefusedButLogged {
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// Its position.
        seq: u64,
    },
    /// A position without an entry.
    LogHole {
        /// Where.
        channel: String,
        /// The position before.
        after: u64,
        /// The position that came.
        next: u64,
    },
    /// A position with two entries.
    LogRepeat {
        /// Where.
        channel: String,
        /// The position.
        seq: u64,
    },
    /// A reader missed entries.
    ViewGap {
        /// Who reads.
        follower: String,
        /// The position before.
        after: u64,
        /// The position that came.
        next: u64,
    },
    /// A reader saw an entry again or late.
    ViewBackwards {
        /// Who reads.
        follower: String,
        /// The position before.
        after: u64,
        /// The position that came.
        next: u64,
    },
    /// A reader saw what the log does not hold there.
    ViewForeign {
        /// Who reads.
        follower: String,
        /// The position.
        seq: u64,
    },
    /// A reader had time and did not see the end.
    ViewShort {
        /// Who reads.
        follower: String,
        /// The last position it saw.
        seen: u64,
        /// The end of the log.
        head: u64,
    },
    /// A reader saw entries before it joined.
    ViewUnstarted {
        /// Who reads.
        follower: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { channel, client_message_id, seq } => {
                write!(
                    out,
                    "{channel}: {client_message_id}, acknowledged at {seq}, is not in the log"
                )
            }
            Self::Misplaced { channel, client_message_id, acknowledged, logged } => write!(
                out,
                "{channel}: {client_message_id} was acknowledged at {acknowledged} but is at {logged}"
            ),
            Self::Doubled { channel, client_message_id, seqs } => {
                write!(out, "{channel}: {client_message_id} is in the log at {seqs:?}")
            }
            Self::ChangedReceipt { channel, client_message_id } => {
                write!(out, "{channel}: a repeat of {client_message_id} got another receipt")
            }
            Self::RefusedButLogged { channel, client_message_id, seq } => {
                write!(out, "{channel}: {client_message_id} was refused for good, but is at {seq}")
            }
            Self::LogHole { channel, after, next } => {
                write!(out, "{channel}: the log goes from {after} to {next}")
            }
            Self::LogRepeat { channel, seq } => write!(out, "{channel}: the log has {seq} twice"),
            Self::ViewGap { follower, after, next } => {
                write!(out, "{follower} saw {next} after {after}")
            }
            Self::ViewBackwards { follower, after, next } => {
                write!(out, "{follower} saw {next} again or late, after {after}")
            }
            Self::ViewForeign { follower, seq } => {
                write!(out, "{follower} saw at {seq} what the log does not have there")
            }
            Self::ViewShort { follower, seen, head } => {
                write!(out, "{follower} saw up to {seen}, the log goes to {head}")
            }
            Self::ViewUnstarted { follower } => {
                write!(out, "{follower} saw entries but never joined")
            }
        }
    }
}

/// What identifies an entry: its kind and the message it is or is about.
type Entry<'a> = (&'a str, Option<&'a str>);
/// (channel, author, client message id)
type Key<'a> = (&'a str, &'a str, &'a str);

/// The log as read back, by channel and position.
#[derive(Default)]
struct Log<'a> {
    entries: BTreeMap<&'a str, BTreeMap<u64, Entry<'a>>>,
    places: BTreeMap<Key<'a>, Vec<(u64, Option<&'a str>)>>,
}

/// Every broken promise in `records`, in no particular order of importance.
pub fn check(records: &[Record]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let log = read_log(records, &mut findings);
    check_log(&log, &mut findings);
    check_receipts(records, &log, &mut findings);
    check_refusals(records, &log, &mut findings);
    check_views(records, &log, &mut findings);
    findings
}

fn read_log<'a>(records: &'a [Record], findings: &mut Vec<Finding>) -> Log<'a> {
    let mut log = Log::default();
    for record in records {
        let Record::Logged { channel, seq, kind, message_id, author, client_message_id } = record
        else {
            continue;
        };
        let entry = (kind.as_str(), message_id.as_deref());
        if log.entries.entry(channel).or_default().insert(*seq, entry).is_some() {
            findings.push(Finding::LogRepeat { channel: channel.clone(), seq: *seq });
        }
        if let (Some(author), Some(id)) = (author, client_message_id) {
            let place = (*seq, message_id.as_deref());
            log.places.entry((channel, author, id)).or_default().push(place);
        }
    }
    log
}

fn check_log(log: &Log<'_>, findings: &mut Vec<Finding>) {
    for (channel, entries) in &log.entries {
        let mut after = 0;
        for &next in entries.keys() {
            if next != after + 1 {
                findings.push(Finding::LogHole { channel: (*channel).to_owned(), after, next });
            }
            after = next;
        }
    }
    for ((channel, _, id), places) in &log.places {
        if places.len() > 1 {
            findings.push(Finding::Doubled {
                channel: (*channel).to_owned(),
                client_message_id: (*id).to_owned(),
                seqs: places.iter().map(|(seq, _)| *seq).collect(),
            });
        }
    }
}

fn check_receipts(records: &[Record], log: &Log<'_>, findings: &mut Vec<Finding>) {
    let mut receipts: BTreeMap<Key<'_>, (&str, u64)> = BTreeMap::new();
    for record in records {
        let Record::Acknowledged { author, channel, client_message_id, message_id, seq } = record
        else {
            continue;
        };
        let key = (channel.as_str(), author.as_str(), client_message_id.as_str());
        let receipt = (message_id.as_str(), *seq);
        if *receipts.entry(key).or_insert(receipt) != receipt {
            findings.push(Finding::ChangedReceipt {
                channel: channel.clone(),
                client_message_id: client_message_id.clone(),
            });
        }
    }
    for ((channel, author, id), (message_id, seq)) in receipts {
        let (channel, client_message_id) = (channel.to_owned(), id.to_owned());
        match log.places.get(&(channel.as_str(), author, id)).and_then(|places| places.first()) {
            None => findings.push(Finding::Lost { channel, client_message_id, seq }),
            Some((logged, logged_id)) if *logged != seq || *logged_id != Some(message_id) => {
                let logged = *logged;
                let acknowledged = seq;
                findings.push(Finding::Misplaced {
                    channel,
                    client_message_id,
                    acknowledged,
                    logged,
                });
            }
            Some(_) => {}
        }
    }
}

fn check_refusals(records: &[Record], log: &Log<'_>, findings: &mut Vec<Finding>) {
    for record in records {
        let Record::Refused { author, channel, client_message_id, .. } = record else { continue };
        let key = (channel.as_str(), author.as_str(), client_message_id.as_str());
        if let Some((seq, _)) = log.places.get(&key).and_then(|places| places.first()) {
            findings.push(Finding::RefusedButLogged {
                channel: channel.clone(),
                client_message_id: client_message_id.clone(),
                seq: *seq,
            });
        }
    }
}

fn check_views(records: &[Record], log: &Log<'_>, findings: &mut Vec<Finding>) {
    let mut positions: BTreeMap<&str, u64> = BTreeMap::new();
    for record in records {
        match record {
            Record::Started { follower, after, .. } => {
                // A second start would excuse whatever was missed before it, so it does not count.
                positions.entry(follower).or_insert(*after);
            }
            Record::Seen { follower, channel, seq, kind, message_id } => {
                let Some(position) = positions.get_mut(follower.as_str()) else {
                    findings.push(Finding::ViewUnstarted { follower: follower.clone() });
                    continue;
                };
                let (follower, after, next) = (follower.clone(), *position, *seq);
                let entry = (kind.as_str(), message_id.as_deref());
                let logged = log.entries.get(channel.as_str()).and_then(|log| log.get(seq));
                if logged != Some(&entry) {
                    findings.push(Finding::ViewForeign { follower: follower.clone(), seq: *seq });
                }
                if next <= after {
                    findings.push(Finding::ViewBackwards { follower, after, next });
                } else {
                    *position = next;
                    if next != after + 1 {
                        findings.push(Finding::ViewGap { follower, after, next });
                    }
                }
            }
            Record::Finished { follower, channel } => {
                let seen = positions.get(follower.as_str()).copied().unwrap_or(0);
                let head = log.entries.get(channel.as_str()).and_then(|log| log.keys().next_back());
                if let Some(&head) = head
                    && seen != head
                {
                    findings.push(Finding::ViewShort { follower: follower.clone(), seen, head });
                }
            }
            Record::Acknowledged { .. } | Record::Refused { .. } | Record::Logged { .. } => {}
        }
    }
}
