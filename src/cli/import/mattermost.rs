//! A bulk export of Mattermost: a file with one JSON object a line, alone or in a ZIP file beside its
//! attachments.
//!
//! ```text
//!   {"type":"version","version":1}  team  channel  user  post  direct_channel  direct_post
//!   import.jsonl + data/…           in a ZIP file
//! ```
//!
//! The lines are read twice: first all of them, remembering of each message only its channel, its time and
//! where its line begins; then, channel by channel, the messages in the order of their times. A reply
//! stands within its root's line and has its own place in that order.

mod line;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use starling_actors::domain::{ChannelKind, OrgRole};

use super::package::Package;
use super::source::{Broken, Export, Names, Person, Room, Writing};
use line::{Body, Head, MemberOf, User};
use lines::Lines;

/// The word for Mattermost.
const MATTERMOST: &str = "mattermost";
/// The version of the format that is read; there is no other.
const VERSION: u32 = 1;
/// Messages of one part.
const PART: usize = 500;
/// Where attachments are in a ZIP file.
const DATA: &str = "data/";

/// An export of Mattermost.
pub(super) struct Mattermost {
    lines: Lines,
    store: Store,
    people: Vec<Person>,
    rooms: Vec<Room>,
    /// The messages of each channel, in order.
    spots: Vec<Vec<Spot>>,
}

/// Where attachments are.
enum Store {
    Package(Package),
    Folder(PathBuf),
}

/// A message: its time, its line, and which reply of it (0: the message itself).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    at: i64,
    line: u32,
    reply: u32,
    offset: u64,
}

/// What the first reading gathers.
#[derive(Default)]
struct Gathered {
    people: Vec<Person>,
    rooms: Vec<Room>,
    spots: Vec<Vec<Spot>>,
    /// Places of channels by what the export calls them.
    known: BTreeMap<String, usize>,
}

impl Mattermost {
    /// Reads through an export.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let is_package = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
        let (mut lines, store) = if is_package {
            let mut package = Package::open(path)?;
            (Lines::unpacked(&mut package, path)?, Store::Package(package))
        } else {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            (Lines::open(path)?, Store::Folder(folder))
        };
        let mut gathered = Gathered::default();
        let mut has_version = false;
        while let Some(line) = lines.next_line()? {
            let head: Head = line.parse()?;
            if !has_version && !matches!(head, Head::Version { version: VERSION }) {
                let what =
                    "must be the version of the format: {\"type\":\"version\",\"version\":1}";
                return Err(line.broken(what));
            }
            has_version = true;
            gathered.take(head, line.number, line.offset);
        }
        if !has_version {
            return Err(Broken::file(lines.name(), "is empty"));
        }
        let Gathered { people, mut rooms, mut spots, .. } = gathered;
        spots.iter_mut().for_each(|spots| spots.sort_unstable());
        for room in &mut rooms {
            let distinct: BTreeSet<String> = room.members.drain(..).collect();
            room.members = distinct.into_iter().collect();
        }
        Ok(Self { lines, store, people, rooms, spots })
    }
}

impl Gathered {
    fn take(&mut self, head: Head, line: u32, offset: u64) {
        match head {
            Head::Channel { channel } => {
                let is_open = channel.kind == "O";
                let kind = if is_open { ChannelKind::Public } else { ChannelKind::Private };
                let id = room_id(&channel.team, &channel.name);
                let room = self.room(&id, kind);
                // Its messages may have come before it.
                room.kind = kind;
                room.name = channel.name;
                room.topic = channel.header;
                room.description = channel.purpose;
            }
            Head::User { user } => self.user(user),
            Head::Bot { bot } => self.people.push(Person {
                id: bot.username.clone(),
                full_name: bot.display_name,
                username: bot.username,
                email: String::new(),
                avatar_url: String::new(),
                role: OrgRole::Viewer,
                is_active: false,
                is_program: true,
            }),
            Head::DirectChannel { direct_channel: direct } => {
                let members = direct.members();
                self.direct(&members);
            }
            Head::Post { post } => {
                let id = room_id(&post.team, &post.channel);
                let is_new = !self.known.contains_key(&id);
                // What the export does not say is open may have been said behind a door.
                let room = self.room(&id, ChannelKind::Private);
                if is_new {
                    room.name.clone_from(&post.channel);
                }
                let place = self.known[&id];
                self.spot(place, &post.times(), line, offset);
            }
            Head::DirectPost { direct_post: post } => {
                let place = self.direct(&post.channel_members);
                self.spot(place, &post.times(), line, offset);
            }
            Head::Version { .. } | Head::Other => {}
        }
    }

    fn user(&mut self, user: User) {
        for MemberOf { team, channel } in user.memberships() {
            let id = room_id(&team, &channel);
            if let Some(place) = self.known.get(&id) {
                self.rooms[*place].members.push(user.username.clone());
            }
        }
        let full_name = format!("{} {}", user.first_name, user.last_name);
        let full_name = Some(full_name.trim()).filter(|name| !name.is_empty());
        let is_guest = user.roles.split_whitespace().any(|role| role == "system_guest");
        self.people.push(Person {
            full_name: full_name.unwrap_or(&user.nickname).to_owned(),
            id: user.username.clone(),
            username: user.username,
            email: user.email,
            avatar_url: String::new(),
            role: if is_guest { OrgRole::Viewer } else { OrgRole::Analyst },
            is_active: user.delete_at == 0,
            is_program: false,
        });
    }

    fn room(&mut self, id: &str, kind: ChannelKind) -> &mut Room {
        let place = *self.known.entry(id.to_owned()).or_insert_with(|| {
            self.rooms.push(Room {
                id: id.to_owned(),
                kind,
                name: String::new(),
                topic: String::new(),
                description: String::new(),
                created_at: None,
                creator: None,
                members: Vec::new(),
            });
            self.spots.push(Vec::new());
            self.rooms.len() - 1
        });
        &mut self.rooms[place]
    }

    /// The place of the conversation of these people.
    fn direct(&mut self, members: &[String]) -> usize {
        let distinct: BTreeSet<&String> = members.iter().collect();
        let names: Vec<String> = distinct.into_iter().cloned().collect();
        let kind = if names.len() > 2 { ChannelKind::Group } else { ChannelKind::Direct };
        let id = format!("direct:{}", names.join(","));
        self.room(&id, kind).members = names;
        self.known[&id]
    }

    fn spot(&mut self, place: usize, times: &[i64], line: u32, offset: u64) {
        let spots = times.iter().zip(0..).map(|(at, reply)| Spot { at: *at, line, reply, offset });
        self.spots[place].extend(spots);
    }
}

impl Export for Mattermost {
    fn program(&self) -> &'static str {
        MATTERMOST
    }

    fn people(&self) -> &[Person] {
        &self.people
    }

    fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    fn parts(&self, room: usize) -> usize {
        self.spots.get(room).map_or(0, |spots| spots.len().div_ceil(PART))
    }

    fn part(&mut self, room: usize, part: usize, names: &Names) -> Result<Vec<Writing>, Broken> {
        let spots = self.spots[room].chunks(PART).nth(part).unwrap_or_default().to_vec();
        let id = self.rooms[room].id.clone();
        let mut writings = Vec::with_capacity(spots.len());
        let mut last: Option<(u32, Body)> = None;
        for spot in spots {
            let body = match last.take() {
                Some((line, body)) if line == spot.line => body,
                Some(_) | None => self.lines.at(spot.offset, spot.line)?.parse::<Body>()?,
            };
            let place = self.lines.place(spot.line);
            writings.extend(body.writing(&id, spot.reply, names, place));
            last = Some((spot.line, body));
        }
        Ok(writings)
    }

    fn open(&mut self, path: &str) -> Result<Option<Box<dyn Read + '_>>, Broken> {
        match &mut self.store {
            Store::Package(package) => {
                let within = format!("{DATA}{path}");
                let name = if package.names().contains(&within) { &within } else { path };
                Ok(package.file(name)?.map(|file| Box::new(file) as Box<dyn Read + '_>))
            }
            Store::Folder(folder) => {
                let path = Path::new(path);
                // An export names what lies beside it, and nothing else of this machine.
                let is_beside = path.components().all(|part| matches!(part, Component::Normal(_)));
                if !is_beside {
                    return Ok(None);
                }
                let places = [folder.join(DATA).join(path), folder.join(path)];
                let found = places.iter().find_map(|place| File::open(place).ok());
                Ok(found.map(|file| Box::new(file) as Box<dyn Read + '_>))
            }
        }
    }
}

/// What a channel of a team is called.
fn room_id(team: &str, channel: &str) -> String {
    format!("{team}:{channel}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn gathered(lines: &[serde_json::Value]) -> Vec<(String, ChannelKind)> {
        let mut gathered = Gathered::default();
        for (line, number) in lines.iter().zip(1..) {
            gathered.take(serde_json::from_value(line.clone()).unwrap(), number, 0);
        }
        gathered.rooms.into_iter().map(|room| (room.id, room.kind)).collect()
    }

    fn channel(name: &str, kind: &str) -> serde_json::Value {
        json!({ "type": "channel", "channel": { "team": "crew", "name": name,
            "display_name": name, "type": kind } })
    }

    fn post(name: &str) -> serde_json::Value {
        json!({ "type": "post", "post": { "team": "crew", "channel": name, "user": "ada",
            "message": "hello", "create_at": 1 } })
    }

    #[test]
    fn only_what_the_export_calls_open_is_open() {
        let lines = [post("plans"), channel("plans", "O"), channel("board", "P"), post("gone")];
        let rooms = gathered(&lines);
        let (open, closed) = (ChannelKind::Public, ChannelKind::Private);
        let expected = [("crew:plans", open), ("crew:board", closed), ("crew:gone", closed)];
        assert_eq!(rooms, expected.map(|(id, kind)| (id.to_owned(), kind)));
        let unknown = gathered(&[channel("later", "X")]);
        assert_eq!(unknown, [("crew:later".to_owned(), closed)], "a kind that is not known");
    }
}
