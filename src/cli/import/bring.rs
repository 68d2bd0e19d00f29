//! Brings an export: its people, then its channels, then what was written in each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};
use starling_actors::chat::{BroughtChannel, ChatError};
use starling_actors::domain::{Byline, Channel, ChannelId, ChannelKind, OrgId, UserId, uuid_v7};
use starling_actors::ports::Clock;

use super::source::{Export, Names, Person, Room};
use super::write::write;
use crate::app::{Node, SystemClock};
use crate::auth::{AccountError, Newcomer};
use crate::terminal::{Failure, say};

/// Names tried for a channel whose name is taken.
const NAMES_TRIED: u32 = 50;
/// What chat takes of a name, a description and a topic, in characters; longer ones are cut.
const NAME_CHARS: usize = 60;
const DESCRIPTION_CHARS: usize = 1_000;
const TOPIC_CHARS: usize = 250;

/// What was brought.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The people of the export as they are here: user name, e-mail, full name.
    pub(super) people: Vec<[String; 3]>,
    /// How many of them were made now.
    pub(super) new_people: u64,
    pub(super) channels: u64,
    pub(super) messages: u64,
    /// Messages that were here already.
    pub(super) known: u64,
    pub(super) reactions: u64,
    pub(super) files: u64,
    /// What was left out, and why.
    pub(super) notes: Vec<String>,
}

/// An import under way.
pub(super) struct Bringing<'a> {
    pub(super) node: &'a Node,
    pub(super) org: OrgId,
    pub(super) program: &'static str,
    /// Who looks after channels whose maker is not here.
    keeper: UserId,
    /// How people of the export are shown.
    pub(super) people: BTreeMap<String, Byline>,
    /// Names of the export's programs.
    pub(super) programs: BTreeMap<String, String>,
    pub(super) names: Names,
    pub(super) report: Report,
}

impl<'a> Bringing<'a> {
    /// Into the organization with this slug.
    pub(super) async fn begin(
        node: &'a Node,
        slug: &str,
        program: &'static str,
    ) -> Result<Self, Failure> {
        let found = node.accounts.organization_named(slug).await?;
        let org = found.ok_or_else(|| format!("there is no organization {slug:?}"))?.id;
        let admin = node.accounts.first_admin(org).await?;
        let admin = admin.ok_or_else(|| format!("the organization {slug:?} has no admin"))?;
        Ok(Self {
            node,
            org,
            program,
            keeper: admin.id,
            people: BTreeMap::new(),
            programs: BTreeMap::new(),
            names: Names::default(),
            report: Report::default(),
        })
    }

    /// Brings everything.
    pub(super) async fn bring(mut self, export: &mut dyn Export) -> Result<Report, Failure> {
        for person in export.people() {
            self.bring_person(person).await?;
        }
        let mut channels: Vec<Option<Channel>> = Vec::new();
        for room in export.rooms() {
            let channel = self.bring_room(room).await?;
            if let Some(channel) = &channel {
                self.names.rooms.insert(room.id.clone(), channel.name.clone());
            }
            channels.push(channel);
        }
        for (room, channel) in channels.into_iter().enumerate() {
            let Some(channel) = channel else { continue };
            let before = self.report.messages;
            write(&mut self, export, room, channel.id).await?;
            let shown = if channel.name.is_empty() { "a conversation" } else { &channel.name };
            say(&format!("{shown}: {} messages", self.report.messages - before));
        }
        Ok(self.report)
    }

    async fn bring_person(&mut self, person: &Person) -> Result<(), Failure> {
        if person.is_program {
            let shown = [&person.full_name, &person.username];
            let name = shown.into_iter().find(|name| !name.trim().is_empty());
            let name = name.unwrap_or(&person.id).clone();
            self.programs.insert(person.id.clone(), name);
            return Ok(());
        }
        let kind = (self.program, "person");
        let fresh = UserId::from_u128(SystemClock.fresh_id());
        let (id, _) = self.node.keeping.imported.settle(self.org, kind, &person.id, fresh).await?;
        let newcomer = Newcomer {
            id,
            email: person.email.clone(),
            username: person.username.clone(),
            full_name: person.full_name.clone(),
            avatar_url: person.avatar_url.clone(),
            role: person.role,
            is_active: person.is_active,
        };
        let brought = self.node.accounts.bring_person(self.org, newcomer).await;
        let (user, is_new) = brought.map_err(|error| {
            if error == AccountError::LimitReached {
                let what = "the organization may have no more people; who was brought stays";
                return Failure::from(what);
            }
            Failure::from(format!("{} cannot be brought: {error}", person.username))
        })?;
        if user.id != id {
            self.node.keeping.imported.correct(self.org, kind, &person.id, user.id).await?;
        }
        if let Some(caller) = self.node.accounts.author(self.org, user.id).await? {
            self.node.chat.welcome(&caller).await?;
        }
        self.report.new_people += u64::from(is_new);
        if user.is_active {
            let (username, email) = (user.username.clone(), user.email.clone());
            self.report.people.push([username, email, user.full_name.clone()]);
        }
        self.names.people.insert(person.id.clone(), user.username.clone());
        self.people.insert(person.id.clone(), user.byline());
        Ok(())
    }

    /// Makes a channel; `None` for a conversation with somebody who is not here.
    async fn bring_room(&mut self, room: &Room) -> Result<Option<Channel>, Failure> {
        let theirs: BTreeSet<&String> = room.members.iter().collect();
        let ours = theirs.iter().filter_map(|id| self.people.get(*id)).map(|by| by.user);
        let mut members: Vec<UserId> = ours.collect::<BTreeSet<_>>().into_iter().collect();
        let is_direct = room.kind == ChannelKind::Direct;
        if is_direct && (members.is_empty() || members.len() < theirs.len()) {
            let whom = theirs.into_iter().cloned().collect::<Vec<_>>().join(", ");
            self.report.notes.push(format!(
                "the conversation of {whom} is with a program or with somebody who is not in the \
                 export, and was left out"
            ));
            return Ok(None);
        }
        if !is_direct {
            let creator = room.creator.as_ref().and_then(|id| self.people.get(id));
            let owner = creator.map(|by| by.user).filter(|user| members.contains(user));
            let owner = owner.or(members.first().copied()).unwrap_or(self.keeper);
            members.retain(|user| *user != owner);
            members.insert(0, owner);
        }
        let kind = (self.program, "channel");
        let fresh = ChannelId::from_u128(SystemClock.fresh_id());
        let settled = self.node.keeping.imported.settle(self.org, kind, &room.id, fresh).await?;
        let (id, is_known) = settled;
        let now = SystemClock.now();
        let brought = BroughtChannel {
            id,
            kind: room.kind,
            name: String::new(),
            description: cut(&room.description, DESCRIPTION_CHARS, |sign| sign == '\0'),
            topic: cut(&room.topic, TOPIC_CHARS, char::is_control),
            members,
            created_at: room.created_at.filter(|at| *at < now).unwrap_or(now),
        };
        let channel = self.under_a_free_name(room, brought).await?;
        self.report.channels += u64::from(!is_known);
        Ok(Some(channel))
    }

    async fn under_a_free_name(
        &mut self,
        room: &Room,
        brought: BroughtChannel,
    ) -> Result<Channel, Failure> {
        let wish = cut(&room.name, NAME_CHARS, char::is_control);
        let has_name = matches!(room.kind, ChannelKind::Public | ChannelKind::Private);
        let wish = if has_name && wish.trim().is_empty() { room.id.clone() } else { wish };
        for number in 0..NAMES_TRIED {
            let name = match number {
                0 => wish.clone(),
                1 => format!("{wish}-{}", self.program),
                _ => format!("{wish}-{}-{number}", self.program),
            };
            let wanted = BroughtChannel { name: name.clone(), ..brought.clone() };
            match self.node.chat.bring_channel(self.org, wanted).await {
                Ok(channel) => {
                    if number > 0 && channel.name == name {
                        let what = format!("the channel {wish} is called {name} here");
                        self.report.notes.push(what);
                    }
                    return Ok(channel);
                }
                Err(ChatError::NameTaken) => {}
                Err(error) => return Err(format!("the channel {wish}: {error}").into()),
            }
        }
        Err(format!("{NAMES_TRIED} names like {wish} are taken").into())
    }

    /// How a program of the export, or somebody whom it does not list, is shown: the same one always under
    /// the same id, whatever its name.
    pub(super) fn program_byline(&self, theirs: &str, name: &str) -> Byline {
        let hash = Sha256::digest(format!("{}/{}/{theirs}", self.org, self.program));
        let number = |from: usize| {
            hash[from..from + 8].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let user = UserId::of_program(uuid_v7(number(0), u128::from(number(8))));
        let name = cut(name, NAME_CHARS, char::is_control);
        Byline { user, username: name.clone(), full_name: name, avatar_url: String::new() }
    }
}

impl Report {
    /// What was brought, in a sentence.
    pub(super) fn counts(&self) -> String {
        format!(
            "Brought {} new people, {} new channels, {} messages ({} were here already), {} reactions \
             and {} files.",
            self.new_people, self.channels, self.messages, self.known, self.reactions, self.files
        )
    }

    /// Writes who may sign in to a file.
    pub(super) fn write_people(&self, path: &Path) -> Result<(), Failure> {
        let mut list = csv::Writer::from_path(path)?;
        list.write_record(["username", "email", "full_name"])?;
        for person in &self.people {
            list.write_record(person)?;
        }
        list.flush()?;
        Ok(())
    }
}

/// The beginning of a text without some signs.
fn cut(text: &str, chars: usize, is_bad: impl Fn(char) -> bool) -> String {
    text.trim().chars().filter(|sign| !is_bad(*sign)).take(chars).collect()
}
