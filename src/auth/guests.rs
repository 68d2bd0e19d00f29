//! Guests: a name alone lets someone into the default organization's channel `default`.
//!
//! The browser keeps a secret; with it, the same name is the same person again. Another browser
//! that asks for a name that is taken gets it with a number.
//!
//! **Invariant:** a guest is made only out of the allowance of the network that they come from:
//! whoever needs no sign-up can ask in a loop, and every guest stays.

use std::net::{IpAddr, Ipv6Addr};

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgRole, UserId};

use super::names::{fold, guest_name_fault};
use super::register::DEFAULT_SLUG;
use super::secret::{self, SecretKind, hash};
use super::stored::{GuestMark, User};
use super::{AccountError, Accounts, caller_of};

/// A guest who came in.
#[derive(Clone, Debug)]
pub struct GuestEntry {
    /// Who they are now.
    pub caller: Caller,
    /// What their browser keeps to be the same person again.
    pub resume_token: String,
}

impl Accounts {
    /// Lets a guest in by a name, as the person of `resume_token` if that one had the same name.
    pub async fn guest(
        &self,
        username: &str,
        resume_token: Option<&str>,
        address: IpAddr,
    ) -> Result<GuestEntry, AccountError> {
        if !self.inner.has_guests {
            return Err(AccountError::Forbidden("guests are not let in here"));
        }
        let username = username.trim();
        if let Some(fault) = guest_name_fault(username) {
            return Err(AccountError::Field { field: "username", fault });
        }
        let org = self.org_by_slug(DEFAULT_SLUG).await?;
        let org = org.ok_or(AccountError::NotFound("organization"))?.id;
        if let Some((id, secret)) = resume_token.and_then(split) {
            let known = self.inner.store.user(org, id).await?.map(|read| read.value);
            let known = known.filter(|user| {
                user.is_active
                    && user.guest.as_ref().is_some_and(|mark| {
                        mark.asked_name == fold(username) && mark.secret_hash == hash(secret)
                    })
            });
            if let (Some(user), Some(token)) = (known, resume_token) {
                let caller = caller_of(&user, None);
                return Ok(GuestEntry { caller, resume_token: token.to_owned() });
            }
        }
        let network = [network(address).to_string()];
        let admitted = self.inner.guest_throttle.admit(&network, self.now()).await;
        admitted.map_err(|throttled| AccountError::Throttled {
            retry_after_ms: throttled.retry_after_ms,
        })?;
        let id = UserId::from_u128(self.inner.clock.fresh_id());
        let secret = secret::make(SecretKind::Guest, &*self.inner.clock);
        let user = User {
            id,
            org,
            email: String::new(),
            username: self.take_numbered(org, username, &id.to_string()).await?,
            full_name: String::new(),
            avatar_url: String::new(),
            password_hash: String::new(),
            role: OrgRole::Guest,
            is_active: true,
            is_superuser: false,
            created_at: self.now().into(),
            guest: Some(GuestMark { asked_name: fold(username), secret_hash: hash(&secret) }),
            is_awaited: false,
            custom_status: None,
            is_erased: false,
        };
        let version = self.inner.store.add(&user).await?;
        let user = self.inner.users.keep(id, version, user);
        let resume_token = format!("{id}.{secret}");
        Ok(GuestEntry { caller: caller_of(&user.value, None), resume_token })
    }
}

/// What one customer of a provider is given: an address of version 4, 64 bits of one of version 6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

fn split(token: &str) -> Option<(UserId, &str)> {
    let (id, secret) = token.split_once('.')?;
    Some((id.parse().ok()?, secret))
}
