//! All that is kept of a person, as one ZIP file: for themself, or for an admin who answers for it.
//!
//! ```text
//!   profile.json  sign_ins.json  tokens.json  groups.json  memberships.json  drafts.json  scheduled.json
//!   reminders.json  notifications.json  browsers.json  notices.json  saved_queries.json
//!   conversations.json                         what is kept of them
//!   audit.jsonl                                what they did and what was done with them, a line each
//!   channels.json  channels/ID.jsonl           what they wrote, edited and put on messages, a line each
//!   files/ID-name  missing_files.json          what they attached, and what of it the store has lost
//! ```
//!
//! Reading order: here (what is gathered), `package` (the file), `jobs` (asked for over the API, done by one
//! node, given to who asked).
//!
//! **Invariants:** no secret is in it, no hash of one, and nothing that others wrote; it is read by who asked
//! for it alone.

mod jobs;
mod package;

use std::fs::File;
use std::sync::Arc;

use serde_json::{Value, json};
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::{Attachment, Entry, Event, OrgId, Seq, Timestamp, UserId};
use starling_actors::ports::Clock;

use crate::auth::{AccountError, Accounts, User};
use crate::data::{By, Data, DataError};
use crate::files::{FileError, Files};
use crate::later::{Later, PlanKind};
use crate::notify::Notifier;
use crate::retention::Retention;
use crate::wire::time::rfc3339;
use package::Package;

pub use self::jobs::{Dossier, DossierState, Dossiers, DossiersPorts, Working};

/// Entries of a log that are read at once.
const ENTRIES: usize = 500;
/// Rows of the audit trail that are read at once.
const ROWS: usize = 500;

/// Why what is kept of a person cannot be gathered.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// There is no such person.
    #[error("no such person")]
    NoPerson,
    /// Nobody may ask for this but the person and admins.
    #[error("only admins ask for what is kept of others")]
    Forbidden,
    /// There is no such export of the caller.
    #[error("no such export")]
    NotFound,
    /// Too many were asked for.
    #[error("there are too many exports already")]
    TooMany,
    /// The stores of chat.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// The accounts.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The data side.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The files.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ZIP file could not be written.
    #[error("the archive cannot be written: {0}")]
    Written(String),
}

impl DossierError {
    /// Whether its cause passes by itself.
    fn is_passing(&self) -> bool {
        match self {
            Self::Chat(error) => error.is_retryable(),
            Self::Account(error) => matches!(error, AccountError::Unavailable),
            Self::Data(error) => {
                matches!(error, DataError::Unavailable | DataError::Busy(_) | DataError::Conflict)
            }
            Self::File(error) => {
                matches!(error, FileError::Unavailable | FileError::Busy | FileError::Conflict)
            }
            Self::NoPerson
            | Self::Forbidden
            | Self::NotFound
            | Self::TooMany
            | Self::Written(_) => false,
        }
    }

    /// Whether trying again does not help.
    fn is_final(&self) -> bool {
        let has_no_room = matches!(self, Self::File(FileError::NoRoom { .. }));
        has_no_room || matches!(self, Self::NoPerson | Self::Forbidden)
    }
}

/// Where all that is kept of people is. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    /// Who they are, and how they come in.
    pub accounts: Accounts,
    /// What they wrote.
    pub chat: Chat,
    /// What they attached.
    pub files: Files,
    /// What they have not said yet.
    pub later: Later,
    /// How they are told when they are away.
    pub notifier: Notifier,
    /// What they asked, and what was noted about them.
    pub data: Data,
    /// Which channels there are.
    pub retention: Retention,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sources")
    }
}

impl Sources {
    /// Writes all that is kept of a person into a file. That is refused where files are to be kept for which
    /// `takes` finds no room, given how many bytes what they attached has.
    pub async fn write(
        &self,
        (org, user): (OrgId, UserId),
        file: File,
        takes: impl AsyncFnOnce(u64) -> Result<(), DossierError>,
    ) -> Result<(), DossierError> {
        let person = self.accounts.profile(org, user).await?.ok_or(DossierError::NoPerson)?;
        let caller = Caller {
            org,
            byline: person.byline(),
            role: person.role,
            is_superuser: false,
            login: None,
            token: None,
        };
        let mut package = Package::new(file);
        package.json("profile.json", profile(&person, self.clock.now())).await?;
        self.write_access(&caller, &mut package).await?;
        self.write_places(&caller, &mut package).await?;
        self.write_plans(&caller, &mut package).await?;
        self.write_notices(&caller, &mut package).await?;
        self.write_data(&caller, &mut package).await?;
        self.write_trail(&caller, &mut package).await?;
        let files = self.write_words(&caller, &mut package).await?;
        takes(files.iter().map(|file| file.bytes).sum()).await?;
        self.write_files(&caller, files, &mut package).await?;
        package.finish().await
    }

    async fn write_access(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let logins = self.accounts.logins(caller).await?.into_iter().map(|login| {
            json!({ "id": login.id.to_string(), "created_at": rfc3339(login.created_at.into()),
                "used_at": rfc3339(login.used_at.into()), "ip_address": login.address,
                "user_agent": login.user_agent })
        });
        package.json("sign_ins.json", logins.collect()).await?;
        let tokens = self.accounts.personal_tokens(caller).await?.into_iter().map(|token| {
            json!({ "id": token.id.to_string(), "name": token.name,
                "created_at": rfc3339(token.created_at.into()),
                "expires_at": token.expires_at.map(|at| rfc3339(at.into())) })
        });
        package.json("tokens.json", tokens.collect()).await
    }

    /// Where they are, and who calls them by one name.
    async fn write_places(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let groups = self.accounts.groups_of(caller.org, caller.user()).await?.into_iter();
        let groups = groups.map(|group| {
            json!({ "id": group.id.to_string(), "handle": group.handle, "name": group.name })
        });
        package.json("groups.json", groups.collect()).await?;
        let places = self.chat.places_of(caller.org, caller.user()).await?.into_iter();
        let places = places.map(|(channel, place)| {
            json!({ "channel_id": channel.id.to_string(), "name": channel.name,
                "kind": channel.kind.as_str(), "role": place.role.as_str(),
                "notification_level": place.notification_level.as_str(),
                "last_read_seq": place.last_read_seq.0, "joined_at": rfc3339(place.joined_at) })
        });
        package.json("memberships.json", places.collect()).await
    }

    /// How they are told when they are away, by which browsers, and of what.
    async fn write_notices(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let wishes = self.notifier.details(caller).await?;
        let trouble =
            wishes.email_trouble.map(|(why, at)| json!({ "why": why, "at": rfc3339(at) }));
        let quiet = wishes.quiet.map(
            |quiet| json!({ "from_minute": quiet.from, "to_minute": quiet.to, "days": quiet.days }),
        );
        let wishes = json!({ "email": wishes.email,
            "email_after_minutes": wishes.email_after_minutes, "email_trouble": trouble,
            "push": wishes.push, "time_zone": wishes.time_zone, "quiet_hours": quiet,
            "do_not_disturb_until": wishes.silent_until.map(rfc3339) });
        package.json("notifications.json", wishes).await?;
        let browsers = self.notifier.subscriptions(caller).await?.into_iter().map(|browser| {
            json!({ "id": browser.id, "name": browser.name,
                "created_at": rfc3339(browser.created_at),
                "used_at": browser.used_at.map(rfc3339) })
        });
        package.json("browsers.json", browsers.collect()).await?;
        let notices = self.notifier.notices(caller).await?.into_iter().map(|notice| {
            json!({ "channel_id": notice.channel.to_string(),
                "message_id": notice.message.to_string(), "at": rfc3339(notice.at) })
        });
        package.json("notices.json", notices.collect()).await
    }

    async fn write_plans(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let drafts = self.later.drafts(caller).await?.into_iter().map(|draft| {
            json!({ "channel_id": draft.channel.to_string(),
                "thread_id": draft.thread.map(|id| id.to_string()), "content": draft.content,
                "at": rfc3339(draft.at) })
        });
        package.json("drafts.json", drafts.collect()).await?;
        for (name, kind) in
            [("scheduled.json", PlanKind::Message), ("reminders.json", PlanKind::Reminder)]
        {
            let plans = self.later.plans(caller, kind).await?.into_iter().map(|plan| {
                json!({ "id": plan.id, "content": plan.content, "at": rfc3339(plan.at),
                    "channel_id": plan.channel.map(|id| id.to_string()),
                    "message_id": plan.message.map(|id| id.to_string()),
                    "created_at": rfc3339(plan.created_at) })
            });
            package.json(name, plans.collect()).await?;
        }
        Ok(())
    }

    async fn write_data(&self, caller: &Caller, package: &mut Package) -> Result<(), DossierError> {
        let by = By { caller: caller.clone(), address: String::new() };
        let saved = match self.data.list_saved(&by).await {
            Ok(saved) => saved,
            // Guests have no part in data.
            Err(DataError::Forbidden(_)) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let own = saved.into_iter().filter(|query| query.owner == caller.user()).map(|query| {
            json!({ "id": query.id, "name": query.name, "description": query.description,
                "sql_text": query.sql, "tags": query.tags, "is_shared": query.is_shared,
                "created_at": rfc3339(query.created_at) })
        });
        package.json("saved_queries.json", own.collect()).await?;
        let sessions = self.data.list_sessions(&by).await?.into_iter().map(|session| {
            json!({ "channel_id": session.channel.to_string(), "title": session.title,
                "created_at": rfc3339(session.created_at),
                "updated_at": rfc3339(session.updated_at) })
        });
        package.json("conversations.json", sessions.collect()).await
    }

    /// What they did, and what was done with them.
    async fn write_trail(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        package.begin("audit.jsonl").await?;
        let mut after = 0;
        loop {
            let (items, last) =
                self.data.audit_about(caller.org, caller.user(), after, ROWS).await?;
            for item in items {
                // Whose address it is, is theirs to know: of others' doings they get none.
                let is_own = item.user == Some(caller.user());
                let details: serde_json::Map<String, Value> =
                    item.details.into_iter().map(|(name, text)| (name, text.into())).collect();
                let row = json!({ "id": item.id, "action": item.action, "is_own": is_own,
                    "resource_type": item.resource_type, "resource_id": item.resource_id,
                    "ip_address": item.ip_address.filter(|_| is_own), "details": details,
                    "created_at": rfc3339(item.at) });
                package.line(row).await?;
            }
            let Some(last) = last else { return Ok(()) };
            after = last;
        }
    }

    /// Writes what they wrote, channel by channel; gives the files that hang on it.
    async fn write_words(
        &self,
        caller: &Caller,
        package: &mut Package,
    ) -> Result<Vec<Attachment>, DossierError> {
        let (mut files, mut channels) = (Vec::new(), Vec::new());
        for channel in self.retention.channels(caller.org).await? {
            let place = (caller.org, channel);
            let (mut after, mut has_any) = (Seq(0), false);
            loop {
                let own = match self.chat.own_words(place, caller.user(), after, ENTRIES).await {
                    Ok(own) => own,
                    // It was removed in this moment.
                    Err(ChatError::NotFound(_)) => break,
                    Err(error) => return Err(error.into()),
                };
                for entry in &own.entries {
                    let Some(line) = line(entry) else { continue };
                    if !has_any {
                        package.begin(&format!("channels/{channel}.jsonl")).await?;
                        has_any = true;
                    }
                    package.line(line).await?;
                    let posted = entry.posted().into_iter().flat_map(|posted| &posted.attachments);
                    files.extend(posted.cloned());
                }
                let Some(next) = own.next else { break };
                after = next;
            }
            if has_any {
                let found = self.chat.channel_of(caller.org, channel).await?;
                let (name, kind) =
                    found.map_or((String::new(), ""), |found| (found.name, found.kind.as_str()));
                channels.push(json!({ "id": channel.to_string(), "name": name, "kind": kind }));
            }
        }
        package.json("channels.json", channels.into()).await?;
        Ok(files)
    }

    async fn write_files(
        &self,
        caller: &Caller,
        files: Vec<Attachment>,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let mut missing = Vec::new();
        for file in files {
            match self.write_file(caller, &file, package).await {
                Ok(()) => {}
                // The store has lost it, or it was deleted in this moment: the rest is theirs all the same.
                Err(DossierError::File(FileError::NotFound)) => {
                    missing.push(json!({ "id": file.id.to_string(), "name": file.name }));
                }
                Err(error) => return Err(error),
            }
        }
        package.json("missing_files.json", missing.into()).await
    }

    async fn write_file(
        &self,
        caller: &Caller,
        file: &Attachment,
        package: &mut Package,
    ) -> Result<(), DossierError> {
        let mut bytes = self.files.own_bytes(caller, file.id).await?;
        let name = file.name.replace(['/', '\\'], "_");
        package.begin_bytes(&format!("files/{}-{name}", file.id)).await?;
        loop {
            match bytes.next().await {
                Ok(Some(piece)) => package.bytes(piece).await?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    package.undo().await?;
                    return Err(error.into());
                }
            }
        }
    }
}

fn profile(person: &User, now: Timestamp) -> Value {
    let status = person.says_at(now).map(|status| {
        json!({ "emoji": status.emoji, "text": status.text,
            "expires_at": status.until.map(rfc3339) })
    });
    json!({ "id": person.id.to_string(), "email": person.email, "username": person.username,
        "full_name": person.full_name, "avatar_url": person.avatar_url,
        "role": person.role.as_str(), "is_active": person.is_active, "custom_status": status,
        "created_at": rfc3339(person.created_at.into()) })
}

/// What an entry says of what its author did; `None`: only that they came or went.
fn line(entry: &Entry) -> Option<Value> {
    let (seq, at) = (entry.seq.0, rfc3339(entry.at));
    Some(match &entry.event {
        Event::Posted(posted) => {
            json!({ "kind": "message", "id": posted.id.to_string(), "seq": seq,
            "at": at, "content": posted.content,
            "thread_id": posted.thread.map(|id| id.to_string()),
            "mentions": posted.mentions.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "files": posted.attachments.iter().map(|file| file.id.to_string()).collect::<Vec<_>>() })
        }
        Event::Edited { message, content, .. } => json!({ "kind": "edit", "seq": seq, "at": at,
            "message_id": message.to_string(), "content": content }),
        Event::Deleted { message, .. } => json!({ "kind": "deletion", "seq": seq, "at": at,
            "message_id": message.to_string() }),
        Event::Reacted { message, emoji, added, .. } => json!({ "kind": "reaction", "seq": seq,
            "at": at, "message_id": message.to_string(), "emoji": emoji, "added": added }),
        Event::Joined { .. } | Event::Left { .. } => return None,
    })
}
