//! Incoming webhooks: an address with a secret in it, and whatever is sent there is a message.
//!
//! ```text
//!   POST /hooks/<secret> ─▶ whose? (hash, claim) ─▶ what shape? ─▶ Markdown ─▶ said in its channel
//! ```
//!
//! **Invariant:** a webhook says things in the one channel that it was made for; a channel that a message
//! names itself is passed over.

mod alerts;
mod github;
mod slack;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use starling_actors::chat::{Caller, Chat, ChatError, Said};
use starling_actors::domain::{Byline, ChannelId, MessageKind, OrgId, Timestamp, UserId};
use starling_actors::ports::{Clock, Precondition, Records};

use super::markdown::{cut, web};
use crate::auth::{SecretKind, hash_secret, make_secret};
use crate::previews::Previews;
use crate::records::{Shelf, Shelves, Versioned};

/// Incoming webhooks, below their organization.
const INCOMING: Shelf<StoredIncoming> = Shelf::new("incoming_hook");
/// The kind of unique key that finds one by its secret.
const SECRETS: &str = "incoming_hook_secret";
/// Incoming webhooks of an organization: all are read for a list.
const HOOKS_MAX: usize = 500;
/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 80;
/// Its last use is noted at most so often: a webhook that is used a lot is not written a lot.
const USE_NOTED_MS: i64 = 60 * 1000;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredIncoming {
    name: String,
    #[serde(with = "crate::records::text")]
    channel: ChannelId,
    /// Also the key of its claim.
    secret_hash: String,
    #[serde(with = "crate::records::text")]
    created_by: UserId,
    created_at: i64,
    is_active: bool,
    #[serde(default)]
    used_at: Option<i64>,
}

/// An incoming webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingHook {
    /// Its id, also the author's of its messages.
    pub id: String,
    /// As what it writes unless a message says otherwise.
    pub name: String,
    /// Where it writes.
    pub channel: ChannelId,
    /// Whether what comes is taken.
    pub is_active: bool,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When something came last, to the minute.
    pub used_at: Option<Timestamp>,
}

/// One that was just made, with the secret that is shown once.
#[derive(Clone, Debug)]
pub struct NewIncoming {
    /// What is kept.
    pub hook: IncomingHook,
    /// The last part of its address.
    pub secret: String,
}

/// What of one changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct IncomingChange {
    /// Another name.
    pub name: Option<String>,
    /// Another channel.
    pub channel: Option<ChannelId>,
    /// Whether what comes is taken.
    pub is_active: Option<bool>,
}

/// What came.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The last part of the address.
    pub secret: &'a str,
    /// What GitHub calls its event.
    pub github_event: Option<&'a str>,
    /// Whether it is a form, with the document in its field `payload`.
    pub is_form: bool,
    /// The body.
    pub body: &'a [u8],
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It is a message now.
    Said,
    /// It was understood, and is nothing that people need to hear of.
    PassedOver,
}

/// Why something that came is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// There is no such webhook, or it is switched off.
    #[error("no such webhook")]
    NoHook,
    /// The body is not of a shape that is read.
    #[error("the body is not a message that is understood")]
    InvalidPayload,
    /// There are no words in it.
    #[error("the message has no text")]
    NoText,
    /// The channel is gone.
    #[error("the webhook's channel is gone")]
    NoChannel,
    /// It cannot be said now.
    #[error(transparent)]
    Chat(ChatError),
}

impl From<ChatError> for ReceiveError {
    fn from(error: ChatError) -> Self {
        Self::Chat(error)
    }
}

/// Words, and as whom they are shown.
struct Message {
    content: String,
    name: Option<String>,
    avatar: Option<String>,
    /// Whether pages that it links to are shown. What reports of other programs lead to is what they have
    /// said already.
    has_previews: bool,
}

impl Message {
    /// Of a program whose shape is read, under the webhook's own name.
    fn report(content: String) -> Self {
        Self { content, name: None, avatar: None, has_previews: false }
    }
}

/// The incoming webhooks of all. Cheap to clone.
#[derive(Clone)]
pub struct Incoming {
    shelves: Shelves<ChatError>,
    chat: Chat,
    previews: Previews,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

/// One that was found by its secret.
#[derive(Clone, Debug)]
pub struct Found {
    org: OrgId,
    read: Versioned<StoredIncoming>,
}

impl Found {
    /// Its number, for counting what comes.
    pub fn author(&self) -> UserId {
        self.read.id.parse().unwrap_or(self.read.value.created_by)
    }
}

impl Incoming {
    /// Over these.
    pub fn new(
        records: Arc<dyn Records>,
        (chat, previews): (Chat, Previews),
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { shelves: Shelves::new(records), chat, previews, clock }
    }

    /// Those that the caller may manage: their own, and as an admin all.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<IncomingHook>, ChatError> {
        let found = self.shelves.list(&INCOMING, caller.org, "", HOOKS_MAX).await?;
        let may = |hook: &StoredIncoming| {
            caller.role.may_administer() || hook.created_by == caller.user()
        };
        Ok(found.into_iter().filter(|found| may(&found.value)).map(shown).collect())
    }

    /// Makes one for a channel.
    pub async fn create(
        &self,
        caller: &Caller,
        channel: ChannelId,
        name: &str,
    ) -> Result<NewIncoming, ChatError> {
        let name = checked_name(name)?;
        self.chat.equippable(caller, channel).await?;
        if self.shelves.list(&INCOMING, caller.org, "", HOOKS_MAX).await?.len() >= HOOKS_MAX {
            let detail = "the organization has as many webhooks as it may have";
            return Err(ChatError::Conflict { code: "limit_reached", detail });
        }
        let id = UserId::of_program(self.clock.fresh_id()).to_string();
        let secret = make_secret(SecretKind::IncomingHook, &*self.clock);
        let value = StoredIncoming {
            name,
            channel,
            secret_hash: hash_secret(&secret),
            created_by: caller.user(),
            created_at: self.clock.now().0,
            is_active: true,
            used_at: None,
        };
        let place = (caller.org, "", id.as_str());
        let version = self.shelves.put(&INCOMING, place, &value, Precondition::Absent).await?;
        self.claim(caller.org, &id, &value.secret_hash).await?;
        Ok(NewIncoming { hook: shown(Versioned { id, version, value }), secret })
    }

    /// Changes one.
    pub async fn change(
        &self,
        caller: &Caller,
        id: &str,
        change: IncomingChange,
    ) -> Result<IncomingHook, ChatError> {
        let Versioned { id, version, mut value } = self.managed(caller, id).await?;
        if let Some(name) = &change.name {
            value.name = checked_name(name)?;
        }
        if let Some(channel) = change.channel {
            self.chat.equippable(caller, channel).await?;
            value.channel = channel;
        }
        value.is_active = change.is_active.unwrap_or(value.is_active);
        let (place, when) = ((caller.org, "", id.as_str()), Precondition::Version(version));
        let version = self.shelves.put(&INCOMING, place, &value, when).await?;
        Ok(shown(Versioned { id, version, value }))
    }

    /// Gives one another secret; the old one counts no more.
    pub async fn renew(&self, caller: &Caller, id: &str) -> Result<NewIncoming, ChatError> {
        let Versioned { id, version, mut value } = self.managed(caller, id).await?;
        let secret = make_secret(SecretKind::IncomingHook, &*self.clock);
        let old = std::mem::replace(&mut value.secret_hash, hash_secret(&secret));
        self.claim(caller.org, &id, &value.secret_hash).await?;
        let (place, when) = ((caller.org, "", id.as_str()), Precondition::Version(version));
        let version = self.shelves.put(&INCOMING, place, &value, when).await?;
        self.shelves.release(SECRETS, &old, &owner_of(caller.org, &id)).await?;
        Ok(NewIncoming { hook: shown(Versioned { id, version, value }), secret })
    }

    /// Takes one away.
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<IncomingHook, ChatError> {
        let found = self.managed(caller, id).await?;
        let owner = owner_of(caller.org, id);
        self.shelves.release(SECRETS, &found.value.secret_hash, &owner).await?;
        self.shelves.delete(&INCOMING, caller.org, "", id).await?;
        Ok(shown(found))
    }

    /// The webhook that a secret opens.
    pub async fn find(&self, secret: &str) -> Result<Found, ReceiveError> {
        let hash = hash_secret(secret);
        let owner = self.shelves.claimed_by(SECRETS, &hash).await?;
        let (org, id) = owner.as_deref().and_then(parse_owner).ok_or(ReceiveError::NoHook)?;
        let found = self.shelves.get(&INCOMING, org, "", id).await?;
        // A claim outlives its webhook when a removal was cut off.
        let found = found.filter(|found| found.value.is_active && found.value.secret_hash == hash);
        Ok(Found { org, read: found.ok_or(ReceiveError::NoHook)? })
    }

    /// Says what came.
    pub async fn receive(
        &self,
        found: &Found,
        request: &Request<'_>,
    ) -> Result<Delivered, ReceiveError> {
        let Found { org, read: hook } = found;
        let Some(message) = read(request)? else {
            return Ok(Delivered::PassedOver);
        };
        if message.content.trim().is_empty() {
            return Err(ReceiveError::NoText);
        }
        let content = message.content.replace('\0', "");
        let content = cut(&content, self.chat.limits().content_chars);
        let noted = self.previews.noted_of(*org, hook.value.channel, &content);
        let noted = noted.filter(|_| message.has_previews);
        let name = message.name.as_deref().map(shown_name).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| hook.value.name.clone());
        let said = Said {
            by: Byline {
                user: found.author(),
                username: name.clone(),
                full_name: name,
                avatar_url: message.avatar.unwrap_or_default(),
            },
            kind: MessageKind::Text,
            content,
            parent: None,
            mentions: Vec::new(),
            key: None,
        };
        let pending = self.chat.say(*org, hook.value.channel, said).await;
        let pending = pending.map_err(|error| {
            let is_gone = matches!(error, ChatError::NotFound(_));
            if is_gone { ReceiveError::NoChannel } else { error.into() }
        })?;
        let receipt = pending.receipt().await.map_err(ChatError::from)?;
        if let Some(noted) = noted {
            noted.written(receipt.message);
        }
        self.note_use(*org, hook).await;
        Ok(Delivered::Said)
    }

    async fn note_use(&self, org: OrgId, hook: &Versioned<StoredIncoming>) {
        let now = self.clock.now().0;
        if hook.value.used_at.is_some_and(|at| now - at < USE_NOTED_MS) {
            return;
        }
        let value = StoredIncoming { used_at: Some(now), ..hook.value.clone() };
        let (place, when) = ((org, "", hook.id.as_str()), Precondition::Version(hook.version));
        if let Err(error) = self.shelves.put(&INCOMING, place, &value, when).await {
            tracing::debug!(%error, hook = hook.id, "the use of a webhook was not noted");
        }
    }

    async fn claim(&self, org: OrgId, id: &str, hash: &str) -> Result<(), ChatError> {
        let record = INCOMING.key(org, "", id);
        self.shelves.claim(SECRETS, hash, &owner_of(org, id), &record).await
    }

    async fn managed(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<Versioned<StoredIncoming>, ChatError> {
        let found = self.shelves.get(&INCOMING, caller.org, "", id).await?;
        let found = found.ok_or(ChatError::NotFound("webhook"))?;
        if caller.role.may_administer() || found.value.created_by == caller.user() {
            return Ok(found);
        }
        Err(ChatError::NotFound("webhook"))
    }
}

fn owner_of(org: OrgId, id: &str) -> String {
    format!("{org}/{id}")
}

fn parse_owner(owner: &str) -> Option<(OrgId, &str)> {
    let (org, id) = owner.split_once('/')?;
    Some((org.parse().ok()?, id))
}

fn shown(read: Versioned<StoredIncoming>) -> IncomingHook {
    let StoredIncoming { name, channel, is_active, created_by, created_at, used_at, .. } =
        read.value;
    IncomingHook {
        id: read.id,
        name,
        channel,
        is_active,
        created_by,
        created_at: Timestamp(created_at),
        used_at: used_at.map(Timestamp),
    }
}

fn checked_name(name: &str) -> Result<String, ChatError> {
    let name = name.trim();
    let is_long = name.chars().nth(NAME_CHARS_MAX).is_some();
    if name.is_empty() || is_long || name.chars().any(char::is_control) {
        let message = format!("must have 1 to {NAME_CHARS_MAX} printable characters");
        return Err(ChatError::invalid("name", message));
    }
    Ok(name.to_owned())
}

/// A name that a message gives itself: one line, not too long.
fn shown_name(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|sign| !sign.is_control()).take(NAME_CHARS_MAX).collect()
}

/// Reads what came; `None` when it is nothing that people need to hear of.
fn read(request: &Request<'_>) -> Result<Option<Message>, ReceiveError> {
    let document = if request.is_form {
        let field = reqwest::Url::parse("form:?").ok().and_then(|mut form| {
            form.set_query(Some(std::str::from_utf8(request.body).ok()?));
            let field = form.query_pairs().find(|(name, _)| name == "payload");
            field.map(|(_, value)| value.into_owned())
        });
        serde_json::from_str(&field.ok_or(ReceiveError::InvalidPayload)?)
    } else {
        serde_json::from_slice(request.body)
    };
    let document: Value = document.map_err(|_| ReceiveError::InvalidPayload)?;
    if !document.is_object() {
        return Err(ReceiveError::InvalidPayload);
    }
    if let Some(event) = request.github_event {
        let content = github::words(event, &document);
        return Ok(content.map(Message::report));
    }
    if alerts::is_alerts(&document) {
        return Ok(Some(Message::report(alerts::words(&document))));
    }
    let text = |field: &str| document[field].as_str().map(str::to_owned);
    let avatar = document["icon_url"].as_str().and_then(web);
    // An emoji for an avatar stands before the name, where it is one and not the name of one.
    let emoji = text("icon_emoji").filter(|emoji| !emoji.is_ascii());
    let name = match (text("username"), emoji) {
        (Some(name), Some(emoji)) => Some(format!("{emoji} {name}")),
        (name, _) => name,
    };
    let has_previews = document["unfurl_links"].as_bool().unwrap_or(true);
    Ok(Some(Message { content: slack::words(&document), name, avatar, has_previews }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request<'a>(body: &'a [u8], is_form: bool) -> Request<'a> {
        Request { secret: "", github_event: None, is_form, body }
    }

    #[test]
    fn a_form_carries_the_same_as_a_document() {
        let form = b"payload=%7B%22text%22%3A%22a+b%22%2C%22username%22%3A%22ci%22%7D";
        let message = read(&request(form, true)).ok().flatten().expect("a message");
        assert_eq!((message.content.as_str(), message.name.as_deref()), ("a b", Some("ci")));
        let refused = read(&request(b"text=hello", true));
        assert_eq!(refused.err(), Some(ReceiveError::InvalidPayload));
    }

    #[test]
    fn what_is_no_object_is_not_understood() {
        for body in [&b"hello"[..], b"[]", b"\"text\"", b"", b"\xff"] {
            assert_eq!(read(&request(body, false)).err(), Some(ReceiveError::InvalidPayload));
        }
    }

    #[test]
    fn an_emoji_stands_before_the_name() {
        let body = r#"{"text": "x", "username": "ci", "icon_emoji": "🚀"}"#.as_bytes();
        let message = read(&request(body, false)).ok().flatten().expect("a message");
        assert_eq!(message.name.as_deref(), Some("🚀 ci"));
    }
}
