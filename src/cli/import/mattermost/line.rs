//! What one line of an export says: as little as the first reading needs ([`Head`]), and a whole message
//! ([`Body`]).

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use starling_actors::domain::Timestamp;

use super::room_id;
use crate::cli::import::emoji;
use crate::cli::import::source::{Author, Enclosure, Names, Place, Writing};

/// Bytes of the hash in a key: 128 bits tell all messages of the world apart.
const KEY_BYTES: usize = 16;
/// What Mattermost says about a channel has a kind that begins so.
const SYSTEM: &str = "system_";

/// A line without words.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Head {
    Version {
        version: u32,
    },
    Channel {
        channel: Channel,
    },
    User {
        user: User,
    },
    Bot {
        bot: Bot,
    },
    Post {
        post: PostHead,
    },
    DirectChannel {
        direct_channel: DirectChannel,
    },
    DirectPost {
        direct_post: PostHead,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    pub(super) team: String,
    pub(super) name: String,
    /// `O` is open, `P` private.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) header: String,
    #[serde(default)]
    pub(super) purpose: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) username: String,
    #[serde(default)]
    pub(super) email: String,
    #[serde(default)]
    pub(super) nickname: String,
    #[serde(default)]
    pub(super) first_name: String,
    #[serde(default)]
    pub(super) last_name: String,
    #[serde(default)]
    pub(super) roles: String,
    #[serde(default)]
    pub(super) delete_at: i64,
    #[serde(default)]
    teams: Option<Vec<Team>>,
}

#[derive(Debug, Deserialize)]
struct Team {
    name: String,
    #[serde(default)]
    channels: Option<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// A channel that someone is in.
pub(super) struct MemberOf {
    pub(super) team: String,
    pub(super) channel: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Bot {
    pub(super) username: String,
    #[serde(default)]
    pub(super) display_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DirectChannel {
    #[serde(default)]
    members: Option<Vec<String>>,
    /// The same in newer exports.
    #[serde(default)]
    participants: Option<Vec<Participant>>,
}

#[derive(Debug, Deserialize)]
struct Participant {
    username: String,
}

/// Where and when a message and its replies were written.
#[derive(Debug, Deserialize)]
pub(super) struct PostHead {
    #[serde(default)]
    pub(super) team: String,
    #[serde(default)]
    pub(super) channel: String,
    #[serde(default)]
    pub(super) channel_members: Vec<String>,
    create_at: i64,
    #[serde(default)]
    replies: Option<Vec<ReplyHead>>,
}

#[derive(Debug, Deserialize)]
struct ReplyHead {
    create_at: i64,
}

/// A line with a message.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Body {
    Post { post: Post },
    DirectPost { direct_post: Post },
}

#[derive(Debug, Deserialize)]
pub(super) struct Post {
    user: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    message: String,
    create_at: i64,
    #[serde(default)]
    props: Option<serde_json::Value>,
    #[serde(default)]
    reactions: Option<Vec<Reaction>>,
    #[serde(default)]
    attachments: Option<Vec<Attachment>>,
    #[serde(default)]
    replies: Option<Vec<Self>>,
}

#[derive(Debug, Deserialize)]
struct Reaction {
    user: String,
    emoji_name: String,
}

#[derive(Debug, Deserialize)]
struct Attachment {
    path: String,
}

impl User {
    /// The channels that they are in.
    pub(super) fn memberships(&self) -> Vec<MemberOf> {
        let teams = self.teams.iter().flatten();
        let each = teams.flat_map(|team| {
            team.channels
                .iter()
                .flatten()
                .map(|channel| MemberOf { team: team.name.clone(), channel: channel.name.clone() })
        });
        each.collect()
    }
}

impl DirectChannel {
    /// Who is in it.
    pub(super) fn members(self) -> Vec<String> {
        let named = self.participants.into_iter().flatten().map(|one| one.username);
        self.members.into_iter().flatten().chain(named).collect()
    }
}

impl PostHead {
    /// The times of the message and of its replies.
    pub(super) fn times(&self) -> Vec<i64> {
        let replies = self.replies.iter().flatten().map(|reply| reply.create_at);
        std::iter::once(self.create_at).chain(replies).collect()
    }
}

impl Body {
    /// The message itself (0) or a reply to it; `None` for what nobody wrote.
    pub(super) fn writing(
        &self,
        room: &str,
        reply: u32,
        names: &Names,
        place: Place,
    ) -> Option<Writing> {
        let (Self::Post { post: root } | Self::DirectPost { direct_post: root }) = self;
        let root_key = key(room, "", root);
        let (post, key, root) = match (reply as usize).checked_sub(1) {
            None => (root, root_key, None),
            Some(index) => {
                let reply = root.replies.as_ref()?.get(index)?;
                (reply, key(room, &root_key, reply), Some(root_key))
            }
        };
        let kind = post.kind.as_deref().unwrap_or_default();
        if kind.starts_with(SYSTEM) {
            return None;
        }
        let mut text = renamed(&post.message, room, names);
        if text.is_empty() {
            text = post.words_of_apps();
        }
        if kind == "me" && !text.is_empty() {
            text = format!("_{text}_");
        }
        Some(Writing {
            key,
            by: post.author(),
            at: Timestamp(post.create_at),
            text,
            has_thread: root.is_none() && post.replies.as_ref().is_some_and(|it| !it.is_empty()),
            root,
            reactions: post.reactions(),
            files: post.attachments.iter().flatten().map(Attachment::enclosure).collect(),
            place,
        })
    }
}

impl Post {
    fn author(&self) -> Author {
        let name = self.prop("override_username").filter(|name| !name.is_empty());
        match name.filter(|_| self.prop("from_webhook") == Some("true")) {
            // The export says of a webhook no more than the name that each of its posts keeps.
            Some(name) => Author::Program { id: name.to_owned(), name: name.to_owned() },
            None => Author::Person(self.user.clone()),
        }
    }

    fn prop(&self, name: &str) -> Option<&str> {
        self.props.as_ref()?.get(name)?.as_str()
    }

    /// What apps say beside a text, and often instead of one.
    fn words_of_apps(&self) -> String {
        let said = self.props.as_ref().and_then(|props| props.get("attachments"));
        let said = said.and_then(serde_json::Value::as_array).into_iter().flatten();
        let lines = said.flat_map(|one| {
            let words = ["pretext", "title", "text"].map(|name| one[name].as_str());
            let words: Vec<&str> =
                words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
            if words.is_empty() { one["fallback"].as_str().into_iter().collect() } else { words }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn reactions(&self) -> Vec<(String, Vec<String>)> {
        let mut by_emoji: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for Reaction { user, emoji_name } in self.reactions.iter().flatten() {
            by_emoji.entry(emoji::of_name(emoji_name)).or_default().push(user.clone());
        }
        by_emoji.into_iter().collect()
    }
}

impl Attachment {
    fn enclosure(&self) -> Enclosure {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path).to_owned();
        Enclosure { name, path: Some(self.path.clone()), link: String::new() }
    }
}

/// Messages have no id in an export; what Mattermost itself takes for the same message is one of the same
/// channel, author, time and words.
fn key(room: &str, root: &str, post: &Post) -> String {
    let mut hash = Sha256::new();
    for part in [room, root, &post.user, &post.create_at.to_string(), &post.message] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits = hash.finalize().iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let digits: String = digits;
    format!("mattermost:{digits}")
}

/// Names in a message as they are here: `@name` where someone has another name now, and `~channel`.
fn renamed(message: &str, room: &str, names: &Names) -> String {
    let team = room.split_once(':').map_or("", |(team, _)| team);
    let is_part = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-');
    let mut out = String::with_capacity(message.len());
    let mut before = ' ';
    let mut rest = message;
    while let Some(sign) = rest.chars().next() {
        let after = &rest[sign.len_utf8()..];
        let is_start = !is_part(before) && before != sign;
        (before, rest) = (sign, after);
        if !is_start || !matches!(sign, '@' | '~') {
            out.push(sign);
            continue;
        }
        let length = after.find(|sign| !is_part(sign)).unwrap_or(after.len());
        let word = after[..length].trim_end_matches(['.', '-']);
        let (mark, ours) = match sign {
            '@' => ('@', names.people.get(word)),
            _ => ('#', names.rooms.get(&room_id(team, word)).filter(|name| !name.is_empty())),
        };
        match ours {
            Some(ours) => {
                out.push(mark);
                out.push_str(ours);
                rest = &after[word.len()..];
            }
            None => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place() -> Place {
        Place { file: "a.jsonl".to_owned(), number: 1, unit: "line" }
    }

    #[test]
    fn names_that_changed_are_changed_in_what_was_said() {
        let names = Names {
            people: [("ada".to_owned(), "ada2".to_owned())].into(),
            rooms: [("crew:plans".to_owned(), "plans-mattermost".to_owned())].into(),
        };
        let said = "@ada. see ~plans, not a@ada.example, ~~gone~~ or @bo";
        let here = "@ada2. see #plans-mattermost, not a@ada.example, ~~gone~~ or @bo";
        assert_eq!(renamed(said, "crew:town-square", &names), here);
    }

    #[test]
    fn a_reply_has_a_key_of_its_own_and_its_roots() {
        let line = json!({ "type": "post", "post": { "team": "crew", "channel": "plans",
            "user": "ada", "message": "ready?", "create_at": 1_700_000_000_000_i64,
            "reactions": [{ "user": "bo", "emoji_name": "tada", "create_at": 1 }],
            "replies": [{ "user": "bo", "message": "yes", "create_at": 1_700_000_000_500_i64 }] } });
        let body: Body = serde_json::from_value(line).unwrap();
        let names = Names::default();
        let root = body.writing("crew:plans", 0, &names, place()).unwrap();
        let reply = body.writing("crew:plans", 1, &names, place()).unwrap();
        assert_eq!(reply.root.as_ref(), Some(&root.key));
        assert_ne!(reply.key, root.key);
        assert_eq!(root.reactions, [("🎉".to_owned(), vec!["bo".to_owned()])]);
        assert!(body.writing("crew:plans", 2, &names, place()).is_none());
    }

    #[test]
    fn what_the_program_says_is_no_message_and_what_apps_say_is_one() {
        let joined = json!({ "type": "post", "post": { "user": "ada", "type": "system_join_channel",
            "message": "ada joined", "create_at": 1 } });
        let joined: Body = serde_json::from_value(joined).unwrap();
        assert!(joined.writing("a:b", 0, &Names::default(), place()).is_none());
        let app = json!({ "type": "direct_post", "direct_post": { "user": "ada", "message": "",
            "create_at": 1, "props": { "from_webhook": "true", "override_username": "Pager",
                "attachments": [{ "title": "Disk", "text": "full" }] } } });
        let app: Body = serde_json::from_value(app).unwrap();
        let app = app.writing("direct:a,b", 0, &Names::default(), place()).unwrap();
        let name = || "Pager".to_owned();
        assert_eq!(
            (&*app.text, app.by),
            ("Disk\nfull", Author::Program { id: name(), name: name() })
        );
    }
}
