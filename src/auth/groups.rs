//! Groups: people of an organization who are called by one name.
//!
//! A handle is claimed where user names are, so that `@name` means one of the two and never both.
//!
//! **Invariants:** only admins change groups; what a group holds are people of its own organization.

use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::{GroupFace, GroupId, OrgId, UserId};
use starling_actors::ports::RecordsError;

use super::names::{NAME_CHARS_MAX, fold, username_fault};
use super::store::{Unique, key_of, within};
use super::stored::Moment;
use super::{AccountError, Accounts};
use crate::records::Versioned;

/// Groups of an organization: all are read by each page at its start.
const GROUPS_MAX: usize = 200;
/// People of a group, as many as one message can reach: a larger one is a channel.
pub const GROUP_MEMBERS_MAX: usize = 100;
/// Longest description.
const DESCRIPTION_CHARS_MAX: usize = 500;
/// Times a change is tried again when another came between.
const CHANGE_ATTEMPTS: usize = 5;
/// Before the id in the claim of a handle: no user's id looks like it.
const OWNER_PREFIX: &str = "group.";
/// Words that mean everyone in other chats: who writes one must not reach a handful of people.
const RESERVED: [&str; 4] = ["all", "channel", "everyone", "here"];

/// People who are called by one name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    #[serde(with = "crate::records::text")]
    pub id: GroupId,
    /// The tenant.
    #[serde(with = "crate::records::text")]
    pub org: OrgId,
    /// What stands behind the `@`.
    pub handle: String,
    /// As it is shown.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// By id, in the order in which they were added.
    pub members: Vec<String>,
    /// When it was made.
    pub created_at: Moment,
}

/// What of a group changes; `None` stays. All of it for a new one.
#[derive(Clone, Debug, Default)]
pub struct GroupChange {
    /// New handle.
    pub handle: Option<String>,
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New people, in place of those before.
    pub members: Option<Vec<UserId>>,
}

impl Group {
    /// Who is in it.
    pub fn people(&self) -> impl Iterator<Item = UserId> + '_ {
        self.members.iter().filter_map(|id| id.parse().ok())
    }

    /// Takes a person out; nothing where they are not in it.
    pub fn leave(&mut self, person: UserId) {
        let id = person.to_string();
        self.members.retain(|member| *member != id);
    }

    /// As people see it.
    pub fn face(&self) -> GroupFace {
        GroupFace {
            id: self.id,
            handle: self.handle.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            members: self.people().collect(),
            created_at: self.created_at.into(),
        }
    }
}

impl Accounts {
    /// The organization's groups, by their handles.
    pub async fn groups(&self, caller: &Caller) -> Result<Vec<Group>, AccountError> {
        if !caller.role.may_open_channels() {
            return Err(AccountError::Forbidden("guests see no groups"));
        }
        let read = self.inner.store.list::<Group>(caller.org, "", None, GROUPS_MAX).await?;
        let mut groups: Vec<Group> = read.into_iter().map(|read| read.value).collect();
        groups.sort_by_key(|group| fold(&group.handle));
        Ok(groups)
    }

    /// Makes a group.
    pub async fn make_group(
        &self,
        caller: &Caller,
        form: GroupChange,
    ) -> Result<Group, AccountError> {
        expect_admin(caller)?;
        let empty = Group {
            id: GroupId::from_u128(self.inner.clock.fresh_id()),
            org: caller.org,
            handle: String::new(),
            name: String::new(),
            description: String::new(),
            members: Vec::new(),
            created_at: self.now().into(),
        };
        let form = GroupChange { handle: Some(form.handle.unwrap_or_default()), ..form };
        let mut group = self.applied_group(empty, form).await?;
        if group.name.is_empty() {
            group.name.clone_from(&group.handle);
        }
        let read = self.inner.store.list::<Group>(caller.org, "", None, GROUPS_MAX).await?;
        if read.len() >= GROUPS_MAX {
            return Err(AccountError::TooMany("groups"));
        }
        self.claim_handle(&group).await?;
        match self.inner.store.add(&group).await {
            Ok(_) => Ok(group),
            // It may be there after all: then the handle stays its.
            Err(RecordsError::Unknown) => Err(AccountError::Unavailable),
            Err(error) => {
                self.release_handle(&group).await?;
                Err(error.into())
            }
        }
    }

    /// Changes a group.
    pub async fn change_group(
        &self,
        caller: &Caller,
        id: GroupId,
        change: GroupChange,
    ) -> Result<Group, AccountError> {
        expect_admin(caller)?;
        for _ in 0..CHANGE_ATTEMPTS {
            let Versioned { version, value: before, .. } = self.stored_group(caller, id).await?;
            let after = self.applied_group(before.clone(), change.clone()).await?;
            let is_renamed = fold(&before.handle) != fold(&after.handle);
            if is_renamed {
                self.claim_handle(&after).await?;
            }
            let put = self.inner.store.replace(&after, version).await;
            // Which one is in use is not known after an open outcome: then both stay its.
            if is_renamed && !matches!(put, Err(RecordsError::Unknown)) {
                self.release_handle(if put.is_ok() { &before } else { &after }).await?;
            }
            match put {
                Ok(_) => return Ok(after),
                Err(RecordsError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Unavailable)
    }

    /// Deletes a group; its handle is free again.
    pub async fn remove_group(&self, caller: &Caller, id: GroupId) -> Result<(), AccountError> {
        expect_admin(caller)?;
        let Versioned { value: group, .. } = self.stored_group(caller, id).await?;
        self.inner.store.remove(&group).await?;
        self.release_handle(&group).await
    }

    /// Takes a person out of all groups of their organization.
    pub(super) async fn leave_groups(&self, org: OrgId, id: UserId) -> Result<(), AccountError> {
        for mut read in self.inner.store.list::<Group>(org, "", None, GROUPS_MAX).await? {
            for _ in 0..CHANGE_ATTEMPTS {
                if !read.value.people().any(|person| person == id) {
                    break;
                }
                read.value.leave(id);
                match self.inner.store.replace(&read.value, read.version).await {
                    Ok(_) => break,
                    Err(RecordsError::Conflict) => {}
                    Err(error) => return Err(error.into()),
                }
                // It was changed meanwhile, or is gone.
                let Some(now) = self.inner.store.group(org, read.value.id).await? else { break };
                read = now;
            }
        }
        Ok(())
    }

    /// Names of the groups that a person is in.
    pub async fn groups_of(&self, org: OrgId, id: UserId) -> Result<Vec<Group>, AccountError> {
        let read = self.inner.store.list::<Group>(org, "", None, GROUPS_MAX).await?;
        let groups = read.into_iter().map(|read| read.value);
        Ok(groups.filter(|group| group.people().any(|person| person == id)).collect())
    }

    /// Whom groups of these names hold; names of none are left out.
    pub(super) async fn people_of_groups(
        &self,
        org: OrgId,
        handles: &[String],
    ) -> Result<Vec<UserId>, RecordsError> {
        let mut people = Vec::new();
        for handle in handles {
            let key = within(org, &fold(handle));
            let owner = self.inner.store.claimed_by(Unique::Username, &key).await?;
            let id = owner.as_deref().and_then(|owner| owner.strip_prefix(OWNER_PREFIX));
            let Some(id) = id.and_then(|id| id.parse().ok()) else { continue };
            let Some(group) = self.inner.store.group(org, id).await? else { continue };
            people.extend(group.value.people());
        }
        Ok(people)
    }

    async fn stored_group(
        &self,
        caller: &Caller,
        id: GroupId,
    ) -> Result<Versioned<Group>, AccountError> {
        let read = self.inner.store.group(caller.org, id).await?;
        read.ok_or(AccountError::NotFound("group"))
    }

    /// A group with what changes of it, checked.
    async fn applied_group(
        &self,
        group: Group,
        change: GroupChange,
    ) -> Result<Group, AccountError> {
        let GroupChange { handle, name, description, members } = change;
        let field = |field, fault| AccountError::Field { field, fault };
        let handle = handle.map(|handle| handle.trim().trim_start_matches('@').to_owned());
        if let Some(fault) = handle.as_deref().and_then(handle_fault) {
            return Err(field("handle", fault));
        }
        let name = name.map(|name| name.trim().to_owned());
        if name.as_deref().is_some_and(|name| is_long(name, NAME_CHARS_MAX)) {
            return Err(field("name", "must have at most 200 printable characters"));
        }
        let description = description.map(|text| text.trim().to_owned());
        if description.as_deref().is_some_and(|text| is_long(text, DESCRIPTION_CHARS_MAX)) {
            return Err(field("description", "must have at most 500 printable characters"));
        }
        let members = match members {
            Some(members) => self.checked_members(group.org, members).await?,
            None => group.members,
        };
        Ok(Group {
            handle: handle.unwrap_or(group.handle),
            name: name.unwrap_or(group.name),
            description: description.unwrap_or(group.description),
            members,
            ..group
        })
    }

    async fn checked_members(
        &self,
        org: OrgId,
        members: Vec<UserId>,
    ) -> Result<Vec<String>, AccountError> {
        let field = |fault| AccountError::Field { field: "member_ids", fault };
        if members.len() > GROUP_MEMBERS_MAX {
            return Err(field("must have at most 100 people"));
        }
        let mut ids: Vec<String> = Vec::with_capacity(members.len());
        for member in members {
            let found = self.profile(org, member).await?;
            if found.is_none_or(|user| user.guest.is_some() || user.is_erased) {
                return Err(field("must be people of the organization"));
            }
            let id = member.to_string();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    async fn claim_handle(&self, group: &Group) -> Result<(), AccountError> {
        let (key, owner) = (within(group.org, &fold(&group.handle)), owner_of(group));
        let claimed = self.inner.store.claim(Unique::Username, &key, &owner, &key_of(group)).await;
        match claimed {
            Ok(()) => Ok(()),
            Err(RecordsError::Conflict) => Err(AccountError::UsernameTaken),
            Err(error) => Err(error.into()),
        }
    }

    async fn release_handle(&self, group: &Group) -> Result<(), AccountError> {
        let (key, owner) = (within(group.org, &fold(&group.handle)), owner_of(group));
        Ok(self.inner.store.release(Unique::Username, &key, &owner).await?)
    }
}

fn owner_of(group: &Group) -> String {
    format!("{OWNER_PREFIX}{}", group.id)
}

fn is_long(text: &str, chars_max: usize) -> bool {
    text.chars().nth(chars_max).is_some() || text.chars().any(char::is_control)
}

/// Why a handle is not taken; `None` when it is: what a mention reads as one name.
fn handle_fault(handle: &str) -> Option<&'static str> {
    if handle.contains('+') || handle.ends_with(['.', '-']) {
        return Some("may have letters, digits, '.', '_' and '-', and does not end in '.' or '-'");
    }
    if RESERVED.contains(&fold(handle).as_str()) {
        return Some("is a word that means everyone");
    }
    username_fault(handle)
}

fn expect_admin(caller: &Caller) -> Result<(), AccountError> {
    if caller.role.may_administer() {
        Ok(())
    } else {
        Err(AccountError::Forbidden("only admins look after groups"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_what_a_mention_reads_as_one_name() {
        for good in ["ops", "Data-Team", "on_call", "v1.2", "größe"] {
            assert_eq!(handle_fault(good), None, "{good}");
        }
        for bad in ["", "a b", "ops.", "ops-", "a+b", "...", "Here", "everyone"] {
            assert!(handle_fault(bad).is_some(), "{bad:?}");
        }
    }
}
