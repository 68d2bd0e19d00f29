//! A Slack export: a ZIP file with lists of people and channels, and a folder for each channel with a file
//! a day.
//!
//! ```text
//!   users.json (org_users.json)      channels.json  groups.json  mpims.json  dms.json
//!   general/2024-03-01.json …        one folder by the channel's name, or by the id of a direct one
//!   __uploads/F012/plan.pdf          files, where a tool has put them into the export
//! ```
//!
//! Slack itself exports links to files only; such a file becomes a link in its message. What Slack says
//! of a channel's life (joins, topics, pins) is left out.

mod message;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use starling_actors::domain::{ChannelKind, OrgRole, Timestamp};

use super::package::Package;
use super::source::{Broken, Export, Names, Person, Place, Room, Writing};
use message::{Message, Naming};

/// The word for Slack.
const SLACK: &str = "slack";
/// The folder into which tools put files.
const UPLOADS: &str = "__uploads/";
/// The lists of channels: the file, and what its channels are.
const LISTS: &[(&str, ChannelKind)] = &[
    ("channels.json", ChannelKind::Public),
    ("groups.json", ChannelKind::Private),
    ("mpims.json", ChannelKind::Group),
    ("dms.json", ChannelKind::Direct),
];

/// An export of Slack.
pub(super) struct Slack {
    package: Package,
    people: Vec<Person>,
    rooms: Vec<Room>,
    /// The files of each channel, a day each, in order.
    days: Vec<Vec<String>>,
    /// Files in the export by what Slack calls them.
    uploads: BTreeMap<String, String>,
    /// Apps that are among the people: what Slack calls them as apps, and as people.
    bots: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct User {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    real_name: String,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    is_restricted: bool,
    #[serde(default)]
    is_ultra_restricted: bool,
    #[serde(default)]
    profile: Profile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Profile {
    real_name: String,
    display_name: String,
    email: Option<String>,
    image_192: Option<String>,
    bot_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Channel {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    created: i64,
    #[serde(default)]
    creator: Option<String>,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    topic: Line,
    #[serde(default)]
    purpose: Line,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    value: String,
}

impl Slack {
    /// Reads the lists of an export.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let mut package = Package::open(path)?;
        let shown = path.display().to_string();
        let users = users(&mut package, &shown)?;
        let bots =
            users.iter().filter_map(|user| Some((user.profile.bot_id.clone()?, user.id.clone())));
        let bots = bots.collect();
        let people: Vec<Person> = users.into_iter().map(person).collect();
        let mut rooms = Vec::new();
        let mut days = Vec::new();
        for (list, kind) in LISTS {
            for channel in listed::<Channel>(&mut package, list)? {
                let folder = if *kind == ChannelKind::Direct { &channel.id } else { &channel.name };
                days.push(days_of(&package, folder));
                rooms.push(room(channel, *kind));
            }
        }
        if rooms.is_empty() {
            let what = "holds no channels.json, groups.json, mpims.json or dms.json with a channel";
            return Err(Broken::file(&shown, what));
        }
        let uploads = package.names().iter().filter_map(|name| upload(name)).collect();
        Ok(Self { package, people, rooms, days, uploads, bots })
    }
}

impl Export for Slack {
    fn program(&self) -> &'static str {
        SLACK
    }

    fn people(&self) -> &[Person] {
        &self.people
    }

    fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    fn parts(&self, room: usize) -> usize {
        self.days.get(room).map_or(0, Vec::len)
    }

    fn part(&mut self, room: usize, part: usize, names: &Names) -> Result<Vec<Writing>, Broken> {
        let file = self.days[room][part].clone();
        // A message that cannot be read spoils itself only, so that its number can be told.
        let raw: Vec<serde_json::Value> = listed(&mut self.package, &file)?;
        let (channel, uploads, bots) = (&*self.rooms[room].id, &self.uploads, &self.bots);
        let naming = Naming { channel, names, uploads, bots };
        let mut writings = Vec::with_capacity(raw.len());
        for (index, value) in raw.into_iter().enumerate() {
            let place = Place { file: file.clone(), number: index + 1, unit: "message" };
            let message: Message = serde_json::from_value(value)
                .map_err(|error| Broken { place: place.clone(), what: error.to_string() })?;
            writings.extend(message.writing(&naming, place)?);
        }
        writings.sort_by(|one, other| one.order().cmp(&other.order()));
        Ok(writings)
    }

    fn open(&mut self, path: &str) -> Result<Option<Box<dyn Read + '_>>, Broken> {
        Ok(self.package.file(path)?.map(|file| Box::new(file) as Box<dyn Read + '_>))
    }
}

impl Writing {
    /// By what messages of a day are sorted: the time, then Slack's own number within it.
    fn order(&self) -> (Timestamp, &str) {
        (self.at, &self.key)
    }
}

fn users(package: &mut Package, shown: &str) -> Result<Vec<User>, Broken> {
    for list in ["users.json", "org_users.json"] {
        if let Some(users) = package.list(list)? {
            return Ok(users);
        }
    }
    Err(Broken::file(shown, "holds no users.json: it is no export of Slack"))
}

fn listed<T: DeserializeOwned>(package: &mut Package, name: &str) -> Result<Vec<T>, Broken> {
    Ok(package.list(name)?.unwrap_or_default())
}

/// The files of a channel's folder, which are named by their days.
fn days_of(package: &Package, folder: &str) -> Vec<String> {
    if folder.is_empty() {
        return Vec::new();
    }
    let prefix = format!("{folder}/");
    let from = package.names().range(prefix.clone()..);
    let own = from.take_while(|name| name.starts_with(&prefix));
    let is_day = |name: &&String| {
        let rest = &name[prefix.len()..];
        rest.ends_with(".json") && !rest.contains('/')
    };
    own.filter(is_day).cloned().collect()
}

/// What Slack calls a file, and where it is, from its name in the export.
fn upload(name: &str) -> Option<(String, String)> {
    let (id, file) = name.strip_prefix(UPLOADS)?.split_once('/')?;
    (!file.is_empty()).then(|| (id.to_owned(), name.to_owned()))
}

fn person(user: User) -> Person {
    let first_of = |names: [String; 3]| names.into_iter().find(|name| !name.trim().is_empty());
    let Profile { real_name, display_name, email, image_192, bot_id: _ } = user.profile;
    let full_name = first_of([real_name, user.real_name, display_name]).unwrap_or_default();
    let is_limited = user.is_restricted || user.is_ultra_restricted;
    Person {
        username: if user.name.is_empty() { user.id.to_lowercase() } else { user.name },
        id: user.id,
        email: email.unwrap_or_default(),
        full_name,
        avatar_url: image_192.unwrap_or_default(),
        role: if is_limited { OrgRole::Viewer } else { OrgRole::Analyst },
        is_active: !user.deleted,
        is_program: user.is_bot,
    }
}

fn room(channel: Channel, kind: ChannelKind) -> Room {
    let has_name = matches!(kind, ChannelKind::Public | ChannelKind::Private);
    Room {
        id: channel.id,
        kind,
        name: if has_name { channel.name } else { String::new() },
        topic: channel.topic.value,
        description: channel.purpose.value,
        created_at: (channel.created > 0).then(|| Timestamp(channel.created.saturating_mul(1000))),
        creator: channel.creator,
        members: channel.members,
    }
}
