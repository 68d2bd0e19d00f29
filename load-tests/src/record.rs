//! One line of a history: what a client was told, what it saw, and what the log holds in the end.

use serde::{Deserialize, Serialize};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The server acknowledged a send (or a repeat of it).
    Acknowledged {
        /// Whose.
        author: String,
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// The message.
        message_id: String,
        /// Its position.
        seq: u64,
    },
    /// The server refused a send for good on its first attempt, so it is not and will not be stored.
    Refused {
        /// Whose.
        author: String,
        /// Where.
        channel: String,
        /// The id its author gave it.
        client_message_id: String,
        /// Why.
        code: String,
    },
    /// A follower's view begins behind this position.
    Started {
        /// Who reads.
        follower: String,
        /// Where.
        channel: String,
        /// The last position it does not need.
        after: u64,
    },
    /// A follower saw an entry of the log.
    Seen {
        /// Who reads.
        follower: String,
        /// Where.
        channel: String,
        /// Its position.
        seq: u64,
        /// What kind of entry.
        kind: String,
        /// The message.
        message_id: Option<String>,
    },
    /// A follower had all the time it needed to see everything up to the head.
    Finished {
        /// Who reads.
        follower: String,
        /// Where.
        channel: String,
    },
    /// An entry of the log, read back at the end.
    Logged {
        /// Where.
        channel: String,
        /// Its position.
        seq: u64,
        /// What kind of entry.
        kind: String,
        /// The message.
        message_id: Option<String>,
        /// Whose.
        author: Option<String>,
        /// The id its author gave it.
        client_message_id: Option<String>,
    },
}
