//! One message of a Slack export.

use std::collections::BTreeMap;

use serde::Deserialize;
use starling_actors::domain::Timestamp;

use crate::cli::import::emoji;
use crate::cli::import::mrkdwn::to_markdown;
use crate::cli::import::source::{Author, Broken, Enclosure, Names, Place, Writing};

/// Kinds of messages that somebody wrote; all others are what Slack says about a channel.
const WRITTEN: &[&str] = &[
    "",
    "bot_message",
    "file_share",
    "file_comment",
    "me_message",
    "thread_broadcast",
    "reply_broadcast",
    "huddle_thread",
];

/// What a message is read with.
pub(super) struct Naming<'a> {
    /// What Slack calls the channel.
    pub(super) channel: &'a str,
    /// What people and channels are called here.
    pub(super) names: &'a Names,
    /// Files in the export.
    pub(super) uploads: &'a BTreeMap<String, String>,
    /// Apps that are among the people, by what Slack calls them as apps.
    pub(super) bots: &'a BTreeMap<String, String>,
}

/// A message as Slack writes it.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    subtype: String,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    bot_id: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    text: Option<String>,
    ts: String,
    #[serde(default)]
    thread_ts: Option<String>,
    #[serde(default)]
    reactions: Vec<Reaction>,
    #[serde(default)]
    files: Vec<SlackFile>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
struct Reaction {
    name: String,
    #[serde(default)]
    users: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct SlackFile {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    url_private: Option<String>,
    #[serde(default)]
    permalink: Option<String>,
    #[serde(default)]
    mode: Option<String>,
}

/// What apps hang on their messages, often instead of a text.
#[derive(Debug, Deserialize)]
struct Attachment {
    #[serde(default)]
    pretext: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    title_link: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    fallback: Option<String>,
    /// Where it was taken from, when it shows what a link leads to: that is not the message's own.
    #[serde(default)]
    from_url: Option<String>,
}

impl Message {
    /// What the message is here; `None` when nobody wrote it.
    pub(super) fn writing(
        self,
        naming: &Naming<'_>,
        place: Place,
    ) -> Result<Option<Writing>, Broken> {
        if !WRITTEN.contains(&self.subtype.as_str()) {
            return Ok(None);
        }
        let Some(at) = moment(&self.ts) else {
            let what = format!("has the time {:?}, which is none", self.ts);
            return Err(Broken { place, what });
        };
        let key = |ts: &str| format!("slack:{}:{ts}", naming.channel);
        let has_thread = self.thread_ts.as_deref() == Some(&self.ts);
        let root = self.thread_ts.as_deref().filter(|_| !has_thread).map(key);
        let mut text = to_markdown(self.text.as_deref().unwrap_or_default(), naming.names);
        if self.subtype == "me_message" && !text.is_empty() {
            text = format!("_{text}_");
        }
        for more in self.attachments.iter().filter(|more| more.from_url.is_none()) {
            join(&mut text, &more.words(naming.names));
        }
        let mut files = Vec::new();
        for file in self.files {
            files.extend(file.enclosure(naming));
        }
        let by = match (self.user, self.bot_id) {
            (Some(user), _) if self.subtype != "bot_message" => Author::Person(user),
            (user, bot) => {
                // An app that is among the people, too, is one and the same.
                let bot = bot.map(|bot| naming.bots.get(&bot).cloned().unwrap_or(bot));
                let id = bot.or(user).or_else(|| self.username.clone());
                let id = id.unwrap_or_else(|| "app".to_owned());
                Author::Program { name: self.username.unwrap_or_else(|| id.clone()), id }
            }
        };
        let reactions = self.reactions.into_iter();
        Ok(Some(Writing {
            key: key(&self.ts),
            by,
            at,
            text,
            root,
            has_thread,
            reactions: reactions.map(|it| (emoji::of_name(&it.name), it.users)).collect(),
            files,
            place,
        }))
    }
}

impl SlackFile {
    /// The file here; `None` when Slack has deleted it.
    fn enclosure(self, naming: &Naming<'_>) -> Option<Enclosure> {
        if self.mode.as_deref() == Some("tombstone") {
            return None;
        }
        let path = naming.uploads.get(&self.id).cloned();
        let name = self.name.or(self.title).unwrap_or_else(|| self.id.clone());
        let link = self.permalink.or(self.url_private).unwrap_or_default();
        Some(Enclosure { name, path, link })
    }
}

impl Attachment {
    fn words(&self, names: &Names) -> String {
        let mut words = String::new();
        let text = |text: &Option<String>| to_markdown(text.as_deref().unwrap_or_default(), names);
        join(&mut words, &text(&self.pretext));
        let title = text(&self.title);
        match &self.title_link {
            Some(link) if !title.is_empty() => join(&mut words, &format!("[{title}]({link})")),
            _ => join(&mut words, &title),
        }
        join(&mut words, &text(&self.text));
        if words.is_empty() { text(&self.fallback) } else { words }
    }
}

/// Adds lines to lines.
fn join(text: &mut String, more: &str) {
    if more.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}

/// The time in a name of a message: seconds since 1970, and six digits behind a point.
fn moment(ts: &str) -> Option<Timestamp> {
    let (seconds, rest) = ts.split_once('.').unwrap_or((ts, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(seconds) || !is_number(rest) || rest.len() > 9 {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    let thousandths: i64 = format!("{rest:0<3}")[..3].parse().ok()?;
    Some(Timestamp(seconds.checked_mul(1000)?.checked_add(thousandths)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn writing(message: serde_json::Value) -> Option<Writing> {
        let names = Names::default();
        let uploads = [("F1".to_owned(), "__uploads/F1/plan.pdf".to_owned())].into();
        let bots = [("B2".to_owned(), "U2".to_owned())].into();
        let naming = Naming { channel: "C1", names: &names, uploads: &uploads, bots: &bots };
        let message: Message = serde_json::from_value(message).unwrap();
        let place = Place { file: "a/2024-01-01.json".to_owned(), number: 1, unit: "message" };
        message.writing(&naming, place).unwrap()
    }

    #[test]
    fn what_slack_says_about_a_channel_is_no_message() {
        let joined =
            json!({ "subtype": "channel_join", "user": "U1", "ts": "1.000100", "text": "" });
        assert!(writing(joined).is_none());
    }

    #[test]
    fn a_reply_names_its_root_and_a_root_does_not() {
        let reply = json!({ "user": "U1", "ts": "1700000001.000200", "text": "yes",
            "thread_ts": "1700000000.000100" });
        let reply = writing(reply).unwrap();
        assert_eq!(reply.root.as_deref(), Some("slack:C1:1700000000.000100"));
        assert_eq!(reply.at, Timestamp(1_700_000_001_000));
        let root = json!({ "user": "U1", "ts": "1.000100", "text": "?", "thread_ts": "1.000100" });
        assert_eq!(writing(root).unwrap().root, None);
    }

    #[test]
    fn an_app_that_writes_in_attachments_is_heard() {
        let alarm = json!({ "subtype": "bot_message", "username": "Pager", "ts": "1.5", "text": "",
            "attachments": [
                { "title": "Disk full", "title_link": "https://p.example/1", "text": "*now*" },
                { "from_url": "https://x.example", "text": "a preview" },
            ] });
        let alarm = writing(alarm).unwrap();
        let pager = || "Pager".to_owned();
        assert_eq!(alarm.by, Author::Program { id: pager(), name: pager() });
        assert_eq!(alarm.text, "[Disk full](https://p.example/1)\n**now**");
        assert_eq!(alarm.at, Timestamp(1_500));
    }

    #[test]
    fn an_app_is_known_by_what_slack_calls_it_whatever_its_name() {
        let by = |more: serde_json::Value| {
            let mut message = json!({ "subtype": "bot_message", "ts": "1.5", "text": "x" });
            message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            writing(message).unwrap().by
        };
        let app =
            |id: &str, name: &str| Author::Program { id: id.to_owned(), name: name.to_owned() };
        assert_eq!(by(json!({ "bot_id": "B1", "username": "Harbor" })), app("B1", "Harbor"));
        assert_eq!(by(json!({ "bot_id": "B1", "username": "Port" })), app("B1", "Port"));
        assert_eq!(by(json!({ "bot_id": "B2", "user": "U2" })), app("U2", "U2"));
        assert_eq!(by(json!({})), app("app", "app"));
    }

    #[test]
    fn a_file_is_found_in_the_export_or_stays_a_link() {
        let message = json!({ "user": "U1", "ts": "1.0", "files": [
            { "id": "F1", "name": "plan.pdf", "permalink": "https://s.example/F1" },
            { "id": "F2", "name": "old.pdf", "url_private": "https://s.example/F2" },
            { "id": "F3", "mode": "tombstone" },
        ] });
        let files = writing(message).unwrap().files;
        assert_eq!(files.len(), 2);
        assert_eq!(files[0].path.as_deref(), Some("__uploads/F1/plan.pdf"));
        assert_eq!((files[1].path.as_deref(), &*files[1].link), (None, "https://s.example/F2"));
    }

    #[test]
    fn a_time_that_is_none_is_refused() {
        for ts in ["", "x", "1.x", ".5", "-1.0", "99999999999999999999.0"] {
            assert_eq!(moment(ts), None, "{ts}");
        }
    }
}
