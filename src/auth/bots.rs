//! Bot users: accounts of programs. They have no password and no e-mail, so nobody signs in as one; what they
//! do, they do by personal access tokens that admins make for them.
//!
//! **Invariant:** an account is a bot's by its id, from its making on: a person's account never becomes one,
//! nor the other way round.

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgRole, TokenId, UserId};

use super::names::{NAME_CHARS_MAX, username_fault};
use super::personal_tokens::NewPersonalToken;
use super::register::Name;
use super::stored::{BotMark, PersonalToken, User};
use super::{AccountError, Accounts, UserChange};

/// Bots of one organization: all are read for a list.
const BOTS_MAX: usize = 200;
/// What the first token of a bot is called.
const FIRST_TOKEN: &str = "first token";

/// A bot to be made.
#[derive(Clone, Debug)]
pub struct BotForm {
    /// Unique within the organization.
    pub username: String,
    /// As it is shown; empty: by its user name.
    pub full_name: String,
    /// What it may do; never to administer.
    pub role: OrgRole,
}

/// A bot and its tokens, without their secrets.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its account.
    pub user: User,
    /// What it can come by.
    pub tokens: Vec<PersonalToken>,
}

impl Accounts {
    /// Makes a bot and its first token, whose secret is shown once.
    pub async fn make_bot(
        &self,
        caller: &Caller,
        form: BotForm,
    ) -> Result<(User, NewPersonalToken), AccountError> {
        expect_admin(caller)?;
        let username = form.username.trim();
        if let Some(fault) = username_fault(username) {
            return Err(AccountError::Field { field: "username", fault });
        }
        let full_name = form.full_name.trim();
        if full_name.chars().nth(NAME_CHARS_MAX).is_some() || full_name.contains(char::is_control) {
            let fault = "must have at most 200 printable characters";
            return Err(AccountError::Field { field: "full_name", fault });
        }
        if !matches!(form.role, OrgRole::Viewer | OrgRole::Analyst) {
            return Err(AccountError::Field { field: "role", fault: "must be viewer or analyst" });
        }
        if self.marks(caller).await?.len() >= BOTS_MAX {
            return Err(AccountError::TooMany("bots"));
        }
        let id = UserId::of_program(self.inner.clock.fresh_id());
        let mark = BotMark {
            id,
            org: caller.org,
            created_by: caller.user(),
            created_at: self.now().into(),
        };
        // First: a bot that is in no list could not be switched off.
        self.inner.store.add(&mark).await?;
        let user = User {
            id,
            org: caller.org,
            email: String::new(),
            username: String::new(),
            full_name: full_name.to_owned(),
            avatar_url: String::new(),
            password_hash: String::new(),
            role: form.role,
            is_active: true,
            is_superuser: false,
            created_at: self.now().into(),
            guest: None,
            is_awaited: false,
            custom_status: None,
            is_erased: false,
        };
        let user = match self.add_user(user, Name::Exactly(username), None).await {
            Ok(user) => user,
            Err(error) => {
                // Whether it is stored may be open: then it stays in the list.
                if error != AccountError::Unavailable {
                    self.inner.store.remove(&mark).await?;
                }
                return Err(error);
            }
        };
        let token = self.make_bot_token(&user, FIRST_TOKEN, None).await?;
        Ok((user, token))
    }

    /// The organization's bots; only admins look after them.
    pub async fn bots(&self, caller: &Caller) -> Result<Vec<Bot>, AccountError> {
        expect_admin(caller)?;
        let mut bots = Vec::new();
        for mark in self.marks(caller).await? {
            if let Some(read) = self.inner.store.user(caller.org, mark.id).await? {
                let tokens = self.tokens_of(caller.org, mark.id).await?;
                bots.push(Bot { user: read.value, tokens });
            }
        }
        Ok(bots)
    }

    /// Makes another token for a bot.
    pub async fn add_bot_token(
        &self,
        caller: &Caller,
        bot: UserId,
        name: &str,
        expires_in_days: Option<u32>,
    ) -> Result<NewPersonalToken, AccountError> {
        let bot = self.bot(caller, bot).await?;
        if !bot.is_active {
            return Err(AccountError::Forbidden("the bot is switched off"));
        }
        self.make_bot_token(&bot, name, expires_in_days).await
    }

    /// Deletes a token of a bot; it counts no more from the next request on.
    pub async fn delete_bot_token(
        &self,
        caller: &Caller,
        bot: UserId,
        token: TokenId,
    ) -> Result<(), AccountError> {
        let bot = self.bot(caller, bot).await?;
        self.delete_token_of(bot.org, bot.id, token).await
    }

    /// Switches a bot off and deletes its tokens. What it wrote stays, and so does its name.
    pub async fn remove_bot(&self, caller: &Caller, bot: UserId) -> Result<User, AccountError> {
        let bot = self.bot(caller, bot).await?;
        let change = UserChange { is_active: Some(false), ..UserChange::default() };
        let user = self.change_user(caller, bot.id, change).await?;
        self.delete_personal_tokens(bot.org, bot.id).await?;
        Ok(user)
    }

    async fn bot(&self, caller: &Caller, id: UserId) -> Result<User, AccountError> {
        expect_admin(caller)?;
        let read = self.inner.store.user(caller.org, id).await?;
        let bot = read.map(|read| read.value).filter(|user| user.id.is_program());
        bot.ok_or(AccountError::NotFound("bot"))
    }

    async fn marks(&self, caller: &Caller) -> Result<Vec<BotMark>, AccountError> {
        let read = self.inner.store.list(caller.org, "", None, BOTS_MAX).await?;
        Ok(read.into_iter().map(|read| read.value).collect())
    }
}

fn expect_admin(caller: &Caller) -> Result<(), AccountError> {
    if caller.role.may_administer() {
        Ok(())
    } else {
        Err(AccountError::Forbidden("only admins look after bots"))
    }
}
