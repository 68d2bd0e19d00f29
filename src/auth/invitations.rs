//! Invitations: a token that lets one person into an organization, whatever its registration says.

use starling_actors::chat::Caller;
use starling_actors::domain::{InvitationId, OrgId, OrgRole};

use super::names::is_email;
use super::secret::{self, SecretKind, hash};
use super::store::{Unique, key_of};
use super::stored::Invitation;
use super::{AccountError, Accounts};

/// How long an invitation counts: long enough for a holiday week, short enough for a lost mail.
const LIFETIME_MS: i64 = 7 * 24 * 3600 * 1000;
/// Invitations of one organization, used ones included until they are deleted.
const INVITATIONS_MAX: usize = 1_000;

/// Whom to invite, and as what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Only this e-mail may use it; `None`: whoever holds it.
    pub email: Option<String>,
    /// What they will be.
    pub role: OrgRole,
}

/// An invitation and its token, which is shown once.
#[derive(Clone, Debug)]
pub struct NewInvitationToken {
    /// What is kept.
    pub invitation: Invitation,
    /// What is given to the person.
    pub token: String,
}

fn expect_admin(caller: &Caller) -> Result<(), AccountError> {
    if caller.role.may_administer() {
        Ok(())
    } else {
        Err(AccountError::Forbidden("only admins manage invitations"))
    }
}

impl Accounts {
    /// Makes an invitation into the caller's organization.
    pub async fn invite(
        &self,
        caller: &Caller,
        new: NewInvitation,
    ) -> Result<NewInvitationToken, AccountError> {
        expect_admin(caller)?;
        let email = new.email.unwrap_or_default().trim().to_owned();
        if !email.is_empty() && !is_email(&email) {
            return Err(AccountError::Field { field: "email", fault: "is not an e-mail address" });
        }
        if self.invitations_of(caller).await?.len() >= INVITATIONS_MAX {
            return Err(AccountError::TooMany("invitations"));
        }
        let token = secret::make(SecretKind::Invitation, &*self.inner.clock);
        let now = self.now();
        let invitation = Invitation {
            id: InvitationId::from_u128(self.inner.clock.fresh_id()),
            org: caller.org,
            email,
            role: new.role,
            token_hash: hash(&token),
            created_by: caller.user(),
            created_at: now.into(),
            expires_at: now.plus_ms(LIFETIME_MS).into(),
            is_used: false,
        };
        let owner = format!("{}/{}", invitation.org, invitation.id);
        self.inner.store.add(&invitation).await?;
        let (hash, record) = (&invitation.token_hash, key_of(&invitation));
        self.inner.store.claim(Unique::Invitation, hash, &owner, &record).await?;
        Ok(NewInvitationToken { invitation, token })
    }

    /// Invitations that can still be used, oldest first.
    pub async fn invitations(&self, caller: &Caller) -> Result<Vec<Invitation>, AccountError> {
        expect_admin(caller)?;
        let now = self.now();
        let mut invitations = self.invitations_of(caller).await?;
        invitations.retain(|invitation| !invitation.is_used && now < invitation.expires_at.into());
        Ok(invitations)
    }

    async fn invitations_of(&self, caller: &Caller) -> Result<Vec<Invitation>, AccountError> {
        self.all_invitations(caller.org).await
    }

    /// Invitations into an organization, used ones included.
    pub(super) async fn all_invitations(
        &self,
        org: OrgId,
    ) -> Result<Vec<Invitation>, AccountError> {
        let read = self.inner.store.list(org, "", None, INVITATIONS_MAX).await?;
        Ok(read.into_iter().map(|read| read.value).collect())
    }

    /// Forgets an invitation; nobody comes by it any more.
    pub(super) async fn forget_invitation(
        &self,
        invitation: &Invitation,
    ) -> Result<(), AccountError> {
        let owner = format!("{}/{}", invitation.org, invitation.id);
        self.inner.store.release(Unique::Invitation, &invitation.token_hash, &owner).await?;
        self.inner.store.remove(invitation).await?;
        Ok(())
    }

    /// Takes an invitation back.
    pub async fn withdraw(&self, caller: &Caller, id: InvitationId) -> Result<(), AccountError> {
        expect_admin(caller)?;
        let read = self.inner.store.invitation(caller.org, id).await?;
        let invitation = read.ok_or(AccountError::NotFound("invitation"))?.value;
        self.forget_invitation(&invitation).await
    }
}
