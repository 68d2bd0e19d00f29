//! The names in a search, as whom and what they mean to its reader.

use std::collections::HashMap;

use super::parse::{NoteCode, Query};
use super::{Search, SearchPorts};
use crate::chat::{Caller, ChatError};
use crate::domain::{ChannelId, ChannelKind, ConnectionId, OrgRole, UserId};
use crate::ports::Sought;

/// The reader themselves.
const ME: &str = "me";

/// Channels that a person may read, and what they are called.
pub(super) struct Readable {
    pub(super) ids: Vec<ChannelId>,
    names: HashMap<String, ChannelId>,
}

impl Search {
    /// What the caller may read, as the directory has it at this moment.
    pub(super) async fn readable(&self, caller: &Caller) -> Result<Readable, ChatError> {
        let directory = &self.inner.ports.directory;
        let own = directory.channels_of(caller.org, caller.user()).await?;
        let mut channels: Vec<_> = own.into_iter().map(|(channel, _)| channel).collect();
        if caller.role.may_open_channels() {
            channels.extend(directory.public_channels(caller.org).await?);
        }
        channels.sort_by_key(|channel| channel.id);
        channels.dedup_by_key(|channel| channel.id);
        let has_name = |kind| matches!(kind, ChannelKind::Public | ChannelKind::Private);
        let named = channels.iter().filter(|channel| has_name(channel.kind));
        let names = named.map(|channel| (channel.name.to_lowercase(), channel.id)).collect();
        Ok(Readable { ids: channels.iter().map(|channel| channel.id).collect(), names })
    }

    /// What a search means to its reader; `None` when nothing can be found by it. Names that mean
    /// nothing are noted.
    pub(super) async fn mean(
        &self,
        caller: &Caller,
        query: &mut Query,
        readable: &Readable,
    ) -> Result<Option<Sought>, ChatError> {
        let people = self.people(caller, query).await?;
        let person = |query: &mut Query, name: &String| {
            let found = people.get(&name.to_lowercase()).copied();
            noted(query, found, NoteCode::UnknownPerson, name)
        };
        let channel = |query: &mut Query, name: &String| {
            noted(query, readable.channel(name), NoteCode::UnknownChannel, name)
        };
        let authors = each(query, |query| query.from.clone(), person);
        let without_authors = each(query, |query| query.without_from.clone(), person);
        let inside = each(query, |query| query.inside.clone(), channel);
        let outside = each(query, |query| query.without_inside.clone(), channel);
        // "From somebody unknown" is nobody, not anybody.
        let is_nowhere = authors.is_empty() && !query.from.is_empty()
            || inside.is_empty() && !query.inside.is_empty();
        let mut channels = if query.inside.is_empty() { readable.ids.clone() } else { inside };
        channels.retain(|channel| !outside.contains(channel));
        if is_nowhere || channels.is_empty() {
            return Ok(None);
        }
        if !query.has_positive() {
            if !query.is_empty() {
                query.note(NoteCode::OnlyExclusions, "");
            }
            return Ok(None);
        }
        Ok(Some(Sought {
            channels,
            connections: open_connections(&self.inner.ports, caller).await?,
            words: query.words.clone(),
            without_words: query.without_words.clone(),
            authors,
            without_authors,
            traits: query.traits.clone(),
            without_traits: query.without_traits.clone(),
            since: query.since,
            until: query.until,
        }))
    }

    async fn people(
        &self,
        caller: &Caller,
        query: &Query,
    ) -> Result<HashMap<String, UserId>, ChatError> {
        let names = query.from.iter().chain(&query.without_from);
        let names: Vec<String> = names.filter(|name| *name != ME).cloned().collect();
        let mut found = HashMap::from([(ME.to_owned(), caller.user())]);
        if !names.is_empty() {
            let people = self.inner.ports.people.by_usernames(caller.org, &names).await?;
            found.extend(people.into_iter().map(|(name, user)| (name.to_lowercase(), user)));
        }
        Ok(found)
    }
}

impl Readable {
    /// The channel of a name or an id.
    fn channel(&self, name: &str) -> Option<ChannelId> {
        let named = self.names.get(&name.to_lowercase()).copied();
        named.or_else(|| name.parse().ok().filter(|id| self.ids.binary_search(id).is_ok()))
    }
}

fn each<T>(
    query: &mut Query,
    names: impl FnOnce(&Query) -> Vec<String>,
    meaning: impl Fn(&mut Query, &String) -> Option<T>,
) -> Vec<T> {
    let names = names(query);
    names.iter().filter_map(|name| meaning(query, name)).collect()
}

fn noted<T>(query: &mut Query, found: Option<T>, code: NoteCode, name: &str) -> Option<T> {
    if found.is_none() {
        query.note(code, name);
    }
    found
}

/// Connections whose answers the caller may see at this moment. A deleted one counts as it was.
async fn open_connections(
    ports: &SearchPorts,
    caller: &Caller,
) -> Result<Vec<ConnectionId>, ChatError> {
    let is_guest = caller.role == OrgRole::Guest;
    let mut open = Vec::new();
    let known = ports.index.connections(caller.org).await;
    for connection in known.map_err(|_| ChatError::Unavailable)? {
        let access = ports.catalog.access(caller.org, connection).await;
        let access = access.map_err(|_| ChatError::Unavailable)?;
        if access.is_some_and(|access| access.admits(caller.user(), is_guest)) {
            open.push(connection);
        }
    }
    Ok(open)
}
