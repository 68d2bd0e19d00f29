//! What people say of themselves: kept with their account, told to who shares a small channel with them.

use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::CustomStatus;
use starling_actors::ports::Aside;

use crate::auth::{AccountError, Accounts, User, UserChange};

/// Sets what somebody says of themselves. Cheap to clone.
#[derive(Clone)]
pub struct Statuses {
    accounts: Accounts,
    chat: Chat,
}

impl std::fmt::Debug for Statuses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statuses")
    }
}

impl Statuses {
    /// Over these.
    pub fn new(accounts: Accounts, chat: Chat) -> Self {
        Self { accounts, chat }
    }

    /// Changes oneself, and tells the others if what one says is a part of it.
    pub async fn change_self(
        &self,
        caller: &Caller,
        change: UserChange,
    ) -> Result<User, AccountError> {
        let said = change.custom_status.clone();
        let user = self.accounts.change_user(caller, caller.user(), change).await?;
        if let Some(status) = said {
            let user = caller.user();
            self.chat.tell_companions(user, Aside::Status { user, status }).await;
        }
        Ok(user)
    }

    /// Says something of oneself, or nothing any more.
    pub async fn say(
        &self,
        caller: &Caller,
        status: Option<CustomStatus>,
    ) -> Result<(), ChatError> {
        let change = UserChange { custom_status: Some(status), ..UserChange::default() };
        match self.change_self(caller, change).await {
            Ok(_) => Ok(()),
            Err(AccountError::Field { field, fault }) => Err(ChatError::invalid(field, fault)),
            Err(AccountError::NotFound(what)) => Err(ChatError::NotFound(what)),
            Err(AccountError::Forbidden(why)) => Err(ChatError::Forbidden(why)),
            Err(_) => Err(ChatError::Unavailable),
        }
    }
}
