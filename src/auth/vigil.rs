//! What open sockets ask: whether what opened them still counts; and what tells them to ask.
//!
//! An end of a sign-in and a change of a role are told on the bus. What the bus loses, each node finds
//! by looking again: after every gap that it knows of, every few seconds while it hears nobody, and
//! each minute in any case. A node whose own words may have been lost says them once more.
//!
//! **Invariant:** what is looked at again is read from the store, never from this node's memory.

use std::collections::{HashMap, HashSet, VecDeque};

use futures_util::{StreamExt, stream};
use parking_lot::Mutex;
use starling_actors::chat::Caller;
use starling_actors::domain::{LoginId, OrgId, Timestamp, UserId};
use starling_actors::ports::{BusEvent, Topic};

use super::stored::{Login, User};
use super::{Accounts, TokenError, caller_of};
use crate::records::Versioned;

/// Personal access tokens that are read at the same time.
const TOKENS_AT_ONCE: usize = 16;
/// How long it is remembered whose rights changed: what is older, sockets have found by themselves.
const TOLD_MS: i64 = 60_000;
/// How many of these are remembered, at 24 bytes each. An organization that is taken over by another
/// issuer changes a few thousand people at once.
const TOLD_MAX: usize = 10_000;

/// Whose rights changed on this node in the last minute.
#[derive(Debug, Default)]
pub(super) struct ToldLately(Mutex<VecDeque<(Timestamp, UserId)>>);

impl ToldLately {
    fn note(&self, user: UserId, now: Timestamp) {
        let mut told = self.0.lock();
        while told.front().is_some_and(|(at, _)| now.0 - at.0 > TOLD_MS) || told.len() >= TOLD_MAX {
            told.pop_front();
        }
        told.push_back((now, user));
    }

    fn since(&self, from: Timestamp) -> HashSet<UserId> {
        let told = self.0.lock();
        told.iter().filter(|(at, _)| *at >= from).map(|(_, user)| *user).collect()
    }
}

/// People and sign-ins as they are stored now.
struct Stored {
    people: HashMap<UserId, User>,
    logins: HashMap<LoginId, Login>,
}

impl Accounts {
    /// Tells all nodes that a sign-in ended, or all of a person's.
    pub(super) async fn announce_revoked(&self, user: UserId, login: Option<LoginId>) {
        self.tell_of(user, BusEvent::Revoked(login)).await;
    }

    /// Tells all nodes that a person's role or state is another one.
    pub(super) async fn announce_rights(&self, user: UserId) {
        self.tell_of(user, BusEvent::RightsChanged).await;
    }

    async fn tell_of(&self, user: UserId, event: BusEvent) {
        self.inner.told.note(user, self.now());
        if let Err(error) = self.inner.bus.publish(Topic::User(user), event).await {
            tracing::warn!(%user, %error, "a change of someone's rights was not announced");
        }
    }

    /// This node may not have been heard for a while: whose rights changed in the last minute is said
    /// again. Whoever heard it before looks once more, and finds nothing new.
    pub async fn announce_again(&self) {
        let from = Timestamp(self.now().0 - TOLD_MS);
        for user in self.inner.told.since(from) {
            let said = self.inner.bus.publish(Topic::User(user), BusEvent::RightsChanged).await;
            if let Err(error) = said {
                tracing::warn!(%user, %error, "a change of someone's rights was not said again");
            }
        }
    }

    /// Whether these people may still be here, and as whom, by one question to the store.
    pub async fn look_again(&self, callers: &[&Caller]) -> Vec<Result<Caller, TokenError>> {
        // Gathered before they are waited for: a closure must not live over the wait.
        match self.stored(callers).await {
            Some(stored) => {
                let looks: Vec<_> =
                    callers.iter().map(|caller| self.standing(&stored, caller)).collect();
                stream::iter(looks).buffered(TOKENS_AT_ONCE).collect().await
            }
            // A record that cannot be read must not hide what is to be known of the others.
            None => {
                let looks: Vec<_> = callers.iter().map(|caller| self.still_valid(caller)).collect();
                stream::iter(looks).buffered(TOKENS_AT_ONCE).collect().await
            }
        }
    }

    async fn stored(&self, callers: &[&Caller]) -> Option<Stored> {
        let people: HashSet<(OrgId, UserId)> =
            callers.iter().map(|caller| (caller.org, caller.user())).collect();
        let logins: HashSet<(OrgId, UserId, LoginId)> = callers
            .iter()
            .filter_map(|caller| Some((caller.org, caller.user(), caller.login?)))
            .collect();
        let (people, logins): (Vec<_>, Vec<_>) =
            (people.into_iter().collect(), logins.into_iter().collect());
        let read = self.inner.store.people_and_logins(&people, &logins).await;
        let (people, logins) = read.ok()?;
        let inner = &self.inner;
        let person = |Versioned { version, value, .. }: Versioned<User>| {
            let id = value.id;
            (id, inner.users.keep(id, version, value).value.clone())
        };
        let login = |Versioned { version, value, .. }: Versioned<Login>| {
            let id = value.id;
            (id, inner.logins.keep(id, version, value).value.clone())
        };
        Some(Stored {
            people: people.into_iter().map(person).collect(),
            logins: logins.into_iter().map(login).collect(),
        })
    }

    async fn standing(&self, stored: &Stored, caller: &Caller) -> Result<Caller, TokenError> {
        let (org, user) = (caller.org, caller.user());
        if let Some(id) = caller.login {
            let login = stored.logins.get(&id).ok_or(TokenError::Revoked)?;
            if login.user != user || !login.counts_at(self.now()) {
                return Err(TokenError::Revoked);
            }
        }
        if let Some(token) = caller.token {
            self.checked_personal(org, user, token).await?;
        }
        let person = stored.people.get(&user).ok_or(TokenError::Invalid)?;
        if !person.is_active {
            return Err(TokenError::Revoked);
        }
        Ok(Caller { token: caller.token, ..caller_of(person, caller.login) })
    }
}
