//! What an export holds, whatever program made it: people, channels, and each channel's messages in the
//! order in which they were written, a part at a time.
//!
//! **Invariant:** a key is of one message for ever, and the same in every export that holds it.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use starling_actors::domain::{ChannelKind, OrgRole, Timestamp};

/// Where something of an export is, for who has to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The file of the export.
    pub(super) file: String,
    /// The line, or which message of the file, from 1; 0: the file as a whole.
    pub(super) number: usize,
    /// What is counted.
    pub(super) unit: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.number == 0 {
            f.write_str(&self.file)
        } else {
            write!(f, "{}, {} {}", self.file, self.unit, self.number)
        }
    }
}

/// What is wrong with an export.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub(super) struct Broken {
    /// Where.
    pub(super) place: Place,
    /// What.
    pub(super) what: String,
}

impl Broken {
    /// A file as a whole is wrong.
    pub(super) fn file(name: &str, what: impl fmt::Display) -> Self {
        let place = Place { file: name.to_owned(), number: 0, unit: "" };
        Self { place, what: what.to_string() }
    }

    /// A line of a file is wrong.
    pub(super) fn line(name: &str, number: usize, what: impl fmt::Display) -> Self {
        let place = Place { file: name.to_owned(), number, unit: "line" };
        Self { place, what: what.to_string() }
    }
}

/// Someone of an export.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// What the export calls them.
    pub(super) id: String,
    pub(super) username: String,
    pub(super) email: String,
    pub(super) full_name: String,
    pub(super) avatar_url: String,
    pub(super) role: OrgRole,
    pub(super) is_active: bool,
    /// A program: its messages come, but it gets no account.
    pub(super) is_program: bool,
}

/// A channel of an export.
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// What the export calls it.
    pub(super) id: String,
    pub(super) kind: ChannelKind,
    pub(super) name: String,
    pub(super) topic: String,
    pub(super) description: String,
    pub(super) created_at: Option<Timestamp>,
    /// Who made it, as the export calls them.
    pub(super) creator: Option<String>,
    /// Who is in it.
    pub(super) members: Vec<String>,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Author {
    /// Someone of the export's people.
    Person(String),
    /// A program.
    Program {
        /// By what it is known: what the export calls it, or its name where it has nothing else. Its name
        /// may be another one in every message, and in a newer export.
        id: String,
        /// How it is shown.
        name: String,
    },
}

/// A file that hangs on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Enclosure {
    /// As it is shown.
    pub(super) name: String,
    /// Where the export holds it, if it does.
    pub(super) path: Option<String>,
    /// Where it was elsewhere.
    pub(super) link: String,
}

/// A message of an export.
#[derive(Clone, Debug)]
pub(super) struct Writing {
    pub(super) key: String,
    pub(super) by: Author,
    pub(super) at: Timestamp,
    /// As Markdown, its mentions as they are here.
    pub(super) text: String,
    /// The key of the message in whose thread it is.
    pub(super) root: Option<String>,
    /// Whether there is a thread below it.
    pub(super) has_thread: bool,
    /// Emoji, and who put it there.
    pub(super) reactions: Vec<(String, Vec<String>)>,
    pub(super) files: Vec<Enclosure>,
    pub(super) place: Place,
}

/// What people and channels of an export are called here.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// User names here by what the export calls someone.
    pub(super) people: BTreeMap<String, String>,
    /// Channel names here by what the export calls a channel.
    pub(super) rooms: BTreeMap<String, String>,
}

/// An export.
pub(super) trait Export {
    /// The word for the program that made it; part of all keys.
    fn program(&self) -> &'static str;

    /// Its people.
    fn people(&self) -> &[Person];

    /// Its channels.
    fn rooms(&self) -> &[Room];

    /// How many parts the messages of a channel (by its place among the channels) have.
    fn parts(&self, room: usize) -> usize;

    /// The messages of one part, in their order.
    fn part(&mut self, room: usize, part: usize, names: &Names) -> Result<Vec<Writing>, Broken>;

    /// What the export holds of a file; `None` when it holds nothing.
    fn open(&mut self, path: &str) -> Result<Option<Box<dyn Read + '_>>, Broken>;
}
