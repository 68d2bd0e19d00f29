//! Slash commands: a message that begins with `/word` is an order, whatever client sends it.
//!
//! ```text
//!   content ─▶ read: words, a question, or a command ─▶ carried out as who sent it ─▶ a sentence for them
//! ```
//!
//! `//word` is the words `/word`; so is what only looks like a command (`/usr/bin`, `/`).
//!
//! **Invariant:** a command does nothing that its author could not do by the API: each is carried out by the
//! same functions, as them.

mod reminding;
mod when;

use std::borrow::Cow;
use std::sync::Arc;

use starling_actors::chat::{Caller, ChannelEdit, Chat, ChatError, People};
use starling_actors::domain::{ChannelId, CustomStatus, Presence, ThreadId};
use starling_actors::ports::Clock;
use starling_actors::session::Sessions;

use self::reminding::Whom;
use crate::later::{Later, PlanKind, Wish};
use crate::statuses::Statuses;

/// People that one `/invite` adds: each costs a few writes, and its author waits.
const INVITED_MAX: usize = 20;
/// Longest word that counts as a command's name.
const NAME_BYTES_MAX: usize = 20;
/// The largest distance to UTC that a clock on a wall has, in minutes.
const OFFSET_MINUTES_MAX: i64 = 14 * 60;

/// A command, for lists and for who mistypes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its word, without the slash.
    pub name: &'static str,
    /// What goes behind it.
    pub usage: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// All that there are.
pub const COMMANDS: &[Command] = &[
    Command { name: "ask", usage: "question", does: "ask the data" },
    Command { name: "topic", usage: "words", does: "say what this channel is about right now" },
    Command { name: "invite", usage: "@name …", does: "add people to this channel" },
    Command { name: "leave", usage: "", does: "leave this channel" },
    Command { name: "remind", usage: "me|here|#channel when what", does: "be reminded at a time" },
    Command { name: "dnd", usage: "[off]", does: "show that you do not want to be disturbed" },
    Command { name: "away", usage: "[off]", does: "show that you are away" },
    Command { name: "status", usage: "[emoji] words, or off", does: "say what you are up to" },
    Command { name: "me", usage: "words", does: "say what you do" },
    Command { name: "help", usage: "", does: "list the commands" },
];

/// What a content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken<'a> {
    /// Words to be sent.
    Words(Cow<'a, str>),
    /// A question for the data.
    Question(&'a str),
    /// A command, in lower case, and what stands behind it.
    Order(String, &'a str),
}

/// Where a command is given.
#[derive(Clone, Debug)]
pub struct Place {
    /// The channel.
    pub channel: ChannelId,
    /// The thread of it.
    pub thread: Option<ThreadId>,
    /// What the client calls it: the same again does nothing new.
    pub key: Option<String>,
    /// How far its author's clock is from UTC, as `+02:00`.
    pub utc_offset: Option<String>,
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These words are to be sent.
    Say(String),
    /// It is done; a sentence for its author alone.
    Done(Reply),
}

/// What its author is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Which command it was.
    pub command: &'static str,
    /// A sentence, in Markdown.
    pub text: String,
}

/// Reads what a content is. What has files is a message, whatever its words are.
pub fn read(content: &str, has_files: bool) -> Spoken<'_> {
    if has_files {
        return Spoken::Words(Cow::Borrowed(content));
    }
    let text = content.trim_start();
    let Some(behind) = text.strip_prefix('/') else {
        return Spoken::Words(Cow::Borrowed(content));
    };
    if behind.starts_with('/') {
        return Spoken::Words(Cow::Borrowed(behind));
    }
    let (name, rest) = behind.split_once(char::is_whitespace).unwrap_or((behind, ""));
    let is_name = !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_name {
        return Spoken::Words(Cow::Borrowed(content));
    }
    let name = name.to_ascii_lowercase();
    match (name.as_str(), rest.trim()) {
        ("ask" | "aibot", question) if !question.is_empty() => Spoken::Question(question),
        (_, rest) => Spoken::Order(name, rest),
    }
}

/// Carries out commands. Cheap to clone.
#[derive(Clone)]
pub struct Commands {
    chat: Chat,
    later: Later,
    statuses: Statuses,
    people: Arc<dyn People>,
    sessions: Sessions,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Commands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Commands")
    }
}

impl Commands {
    /// Over these.
    pub fn new(
        (chat, later, statuses): (Chat, Later, Statuses),
        people: Arc<dyn People>,
        sessions: Sessions,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { chat, later, statuses, people, sessions, clock }
    }

    /// Does what a command says, as who gave it.
    pub async fn carry_out(
        &self,
        caller: &Caller,
        place: &Place,
        (name, rest): (&str, &str),
    ) -> Result<Outcome, ChatError> {
        // The words of `/me` are a message, and are counted as one when they are sent.
        if name == "me" {
            return said(rest);
        }
        let known = if name == "aibot" { "ask" } else { name };
        let known = COMMANDS.iter().find(|command| command.name == known);
        let Some(known) = known else { return Err(unknown(name)) };
        self.sessions.admit(&caller.viewer())?;
        let text = match known.name {
            "topic" => self.topic(caller, place, rest).await?,
            "invite" => self.invite(caller, place, rest).await?,
            "leave" => {
                self.chat.leave(caller, place.channel).await?;
                "You have left the channel.".to_owned()
            }
            "remind" => self.remind(caller, place, rest).await?,
            "dnd" => self.show(caller, Presence::DoNotDisturb, rest)?,
            "away" => self.show(caller, Presence::Away, rest)?,
            "status" => self.say(caller, rest).await?,
            "help" => help(),
            // A question without words.
            _ => return Err(ChatError::invalid("content", "/ask needs a question behind it")),
        };
        Ok(Outcome::Done(Reply { command: known.name, text }))
    }

    async fn topic(
        &self,
        caller: &Caller,
        place: &Place,
        topic: &str,
    ) -> Result<String, ChatError> {
        let edit = ChannelEdit { topic: Some(topic.to_owned()), ..ChannelEdit::default() };
        self.chat.change_channel(caller, place.channel, edit).await?;
        Ok(match topic {
            "" => "The channel has no topic any more.".to_owned(),
            topic => format!("The topic is now: {topic}"),
        })
    }

    async fn invite(
        &self,
        caller: &Caller,
        place: &Place,
        names: &str,
    ) -> Result<String, ChatError> {
        let names: Vec<String> = names
            .split([' ', ',', '\t', '\n'])
            .map(|name| name.trim_start_matches('@').to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() || names.len() > INVITED_MAX {
            let message = format!("/invite takes 1 to {INVITED_MAX} user names");
            return Err(ChatError::invalid("content", message));
        }
        let found = self.people.by_usernames(caller.org, &names).await?;
        let is_known = |name: &&String| found.iter().any(|(known, _)| known == *name);
        if let Some(stranger) = names.iter().find(|name| !is_known(name)) {
            return Err(ChatError::invalid("content", format!("nobody here is called {stranger}")));
        }
        for (_, user) in &found {
            self.chat.add_member(caller, place.channel, *user, None).await?;
        }
        Ok(format!("Added: {}", names.join(", ")))
    }

    async fn remind(
        &self,
        caller: &Caller,
        place: &Place,
        rest: &str,
    ) -> Result<String, ChatError> {
        let offset_ms = match place.utc_offset.as_deref() {
            Some(text) => offset_ms(text)
                .ok_or_else(|| ChatError::invalid("utc_offset", "must be like +02:00"))?,
            None => 0,
        };
        let wanted = reminding::read(rest, self.clock.now(), offset_ms).ok_or_else(|| {
            let usage = "write who, when and what: /remind me in 20 minutes to stretch, /remind #team \
                         tomorrow at 9 to meet";
            ChatError::invalid("content", usage)
        })?;
        let channel = match &wanted.whom {
            Whom::Me => None,
            Whom::Here => Some(place.channel),
            Whom::Channel(name) => Some(self.chat.writable_by_name(caller, name).await?.id),
        };
        let wish = Wish {
            channel,
            thread: None,
            message: None,
            content: wanted.what,
            at: wanted.at,
            key: place.key.clone(),
        };
        let plan = self.later.make_plan(caller, PlanKind::Reminder, wish).await?;
        let zone = if place.utc_offset.is_some() { "" } else { " UTC" };
        let at = when::shown(plan.at, offset_ms);
        let whom = match wanted.whom {
            Whom::Me => "you".to_owned(),
            Whom::Here => "this channel".to_owned(),
            Whom::Channel(name) => format!("#{name}"),
        };
        Ok(format!("Will remind {whom} at {at}{zone}: {}", plan.content))
    }

    /// What a person says of themselves: the first word may be an emoji.
    async fn say(&self, caller: &Caller, words: &str) -> Result<String, ChatError> {
        let status = match words {
            "" | "off" | "clear" => None,
            words => {
                let (emoji, text) = split_emoji(words);
                let status = CustomStatus::new(emoji, text, None);
                Some(status.map_err(|error| ChatError::invalid("content", error.to_string()))?)
            }
        };
        let text = match &status {
            Some(status) => {
                format!("You say: {} {}", status.emoji, status.text).replace(":  ", ": ")
            }
            None => "You say nothing of yourself any more.".to_owned(),
        };
        self.statuses.say(caller, status).await?;
        Ok(text.trim_end().to_owned())
    }

    fn show(&self, caller: &Caller, presence: Presence, rest: &str) -> Result<String, ChatError> {
        let shown = match rest {
            "" | "on" => presence,
            "off" => Presence::Online,
            _ => return Err(ChatError::invalid("content", "takes on or off")),
        };
        self.sessions.show(caller.user(), shown);
        Ok(match shown {
            Presence::DoNotDisturb => "You are shown as not to be disturbed.",
            Presence::Away => "You are shown as away.",
            Presence::Online | Presence::Offline => "You are shown as online.",
        }
        .to_owned())
    }
}

fn said(words: &str) -> Result<Outcome, ChatError> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Err(ChatError::invalid("content", "/me needs words behind it"));
    }
    // Its own marks would end the slant in the middle.
    Ok(Outcome::Say(format!("_{}_", words.replace('_', "\\_"))))
}

/// The emoji at the beginning, as a sign or as `:name:`, and what stands behind it.
fn split_emoji(words: &str) -> (&str, &str) {
    let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let is_name = first.len() > 2 && first.starts_with(':') && first.ends_with(':');
    let is_sign = !first.is_ascii() && !first.chars().any(char::is_alphabetic);
    if is_name || is_sign { (first, rest.trim()) } else { ("", words) }
}

fn unknown(name: &str) -> ChatError {
    let known: Vec<String> = COMMANDS.iter().map(|command| format!("/{}", command.name)).collect();
    let message = format!(
        "there is no command /{name}; there are {}. To send it as words, write //{name}",
        known.join(", ")
    );
    ChatError::invalid("content", message)
}

fn help() -> String {
    let lines = COMMANDS.iter().map(|Command { name, usage, does }| match *usage {
        "" => format!("- `/{name}` — {does}"),
        usage => format!("- `/{name} {usage}` — {does}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `+02:00` in milliseconds.
fn offset_ms(text: &str) -> Option<i64> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let is_number = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    (minutes <= OFFSET_MINUTES_MAX).then_some(sign * minutes * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_like_a_command_is_words() {
        for (content, expected) in [
            ("hello /topic", "hello /topic"),
            ("/usr/bin/env", "/usr/bin/env"),
            ("/", "/"),
            ("/ x", "/ x"),
            ("/1", "/1"),
            ("//topic x", "/topic x"),
        ] {
            assert_eq!(read(content, false), Spoken::Words(Cow::Borrowed(expected)), "{content}");
        }
    }

    #[test]
    fn a_status_may_begin_with_an_emoji() {
        for (words, expected) in [
            ("🌴 on the beach", ("🌴", "on the beach")),
            (":palm: on the beach", (":palm:", "on the beach")),
            ("🌴", ("🌴", "")),
            ("on the beach", ("", "on the beach")),
            ("über den Wolken", ("", "über den Wolken")),
            ("-- busy", ("", "-- busy")),
        ] {
            assert_eq!(split_emoji(words), expected, "{words}");
        }
    }

    #[test]
    fn questions_and_commands_are_told_apart_whatever_their_case() {
        assert_eq!(read("/AIBot how many?", false), Spoken::Question("how many?"));
        assert_eq!(read(" /ask\nhow many?", false), Spoken::Question("how many?"));
        assert_eq!(read("/ask", false), Spoken::Order("ask".to_owned(), ""));
        assert_eq!(read("/Topic  new one ", false), Spoken::Order("topic".to_owned(), "new one"));
    }

    #[test]
    fn who_mistypes_a_command_is_told_which_there_are() {
        let words = unknown("tipoc").to_string();
        assert!(words.contains("/topic") && words.contains("//tipoc"), "{words}");
    }

    #[test]
    fn a_clock_on_a_wall_is_at_most_fourteen_hours_from_utc() {
        assert_eq!(offset_ms("+02:30"), Some(9_000_000));
        assert_eq!(offset_ms("-05:00"), Some(-18_000_000));
        for text in ["", "2", "+2:00", "+15:00", "02:00", "+aa:00"] {
            assert_eq!(offset_ms(text), None, "{text}");
        }
    }
}
