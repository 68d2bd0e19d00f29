//! The backend that the server has: accounts say who comes, the chat says what they may do.

use std::net::IpAddr;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use starling_actors::channel::{Amended, Receipt};
use starling_actors::chat::{self, Caller, Chat, ChatError, PageWish, ReadTo};
use starling_actors::domain::{
    ChannelId, JobId, JobState, MessageId, Position, Presence, Priority, Seq,
};
use starling_actors::ports::Page;
use starling_actors::query::{Ask, AskError, Questions};

use super::backend::{Admitted, Backend, Credential, Denied, Recent, Refusal, Standing};
use crate::auth::{AccountError, Accounts, Admission, GuestEntry, TokenError};
use crate::commands::{Commands, Outcome, Place};
use crate::http::caller::lead_in;
use crate::previews::Previews;
use crate::retention::Retention;
use crate::wire::account::UserView;
use crate::wire::client::{Draft, Question};

/// Accounts and chat of this node.
#[derive(Clone, Debug)]
pub struct Rooms {
    accounts: Accounts,
    chat: Chat,
    previews: Previews,
    questions: Questions,
    commands: Commands,
    retention: Retention,
}

impl Rooms {
    /// Over these.
    pub fn new(
        accounts: Accounts,
        (chat, previews): (Chat, Previews),
        questions: Questions,
        (commands, retention): (Commands, Retention),
    ) -> Self {
        Self { accounts, chat, previews, questions, commands, retention }
    }

    async fn admitted(
        &self,
        admission: Admission,
        guest_channel: Option<ChannelId>,
    ) -> Result<Admitted, Denied> {
        let Admission { caller, expires_at, .. } = admission;
        let profile = self.accounts.profile(caller.org, caller.user()).await;
        let user = profile.map_err(|_| Denied::Unavailable)?.ok_or(Denied::Credential)?;
        let view = UserView::private(&user, Presence::Online, self.accounts.now());
        let user = serde_json::to_value(view).unwrap_or_default();
        Ok(Admitted { caller, user, expires_at, guest_channel, resume_token: None })
    }

    async fn guest(
        &self,
        name: &str,
        resume_token: Option<&str>,
        peer: IpAddr,
    ) -> Result<Admitted, Denied> {
        let entered = self.accounts.guest(name, resume_token, peer).await;
        let entry = entered.map_err(|error| {
            if matches!(error, AccountError::Field { .. }) {
                Denied::Name
            } else if matches!(error, AccountError::Throttled { .. }) {
                Denied::TooManyGuests
            } else if matches!(error, AccountError::Unavailable) {
                Denied::Unavailable
            } else {
                Denied::Credential
            }
        })?;
        let GuestEntry { caller, resume_token } = entry;
        let membership = self.chat.welcome(&caller).await.map_err(|error| {
            tracing::warn!(%error, "a guest could not be welcomed");
            Denied::Unavailable
        })?;
        let admission = Admission { caller, expires_at: None, is_new: false };
        let admitted = self.admitted(admission, Some(membership.channel)).await?;
        Ok(Admitted { resume_token: Some(resume_token), ..admitted })
    }

    async fn channel_of(&self, caller: &Caller, id: MessageId) -> Result<ChannelId, Refusal> {
        Ok(self.chat.message(caller, id).await?.channel)
    }
}

#[async_trait]
impl Backend for Rooms {
    async fn admit(&self, credential: Credential, peer: IpAddr) -> Result<Admitted, Denied> {
        let known = match credential {
            Credential::Token(token) => self.accounts.admit(&token).await,
            Credential::Ticket(ticket) => self.accounts.redeem_ticket(&ticket).await,
            Credential::Guest { name, resume_token } => {
                return self.guest(&name, resume_token.as_deref(), peer).await;
            }
        };
        let admission = known.map_err(|error| match error {
            TokenError::Unavailable => Denied::Unavailable,
            TokenError::Invalid
            | TokenError::Expired
            | TokenError::WrongType
            | TokenError::NoAccount
            | TokenError::Revoked => Denied::Credential,
        })?;
        if admission.is_new {
            lead_in(&self.accounts, &self.chat, &admission.caller).await;
        }
        self.admitted(admission, None).await
    }

    async fn look_again(&self, callers: &[&Caller]) -> Vec<Standing> {
        let found = self.accounts.look_again(callers).await;
        callers.iter().zip(found).map(|(before, now)| standing(before, now)).collect()
    }

    async fn post(
        &self,
        caller: &Caller,
        draft: Draft,
    ) -> Result<BoxFuture<'static, Result<Receipt, Refusal>>, Refusal> {
        let channel = draft.channel;
        let draft = chat::Draft {
            content: draft.content,
            thread: draft.thread,
            parent: draft.parent,
            mentions: draft.mentions,
            attachments: draft.attachments,
            client_message_id: draft.client_message_id,
            after_seq: draft.after_seq,
        };
        let noted = self.previews.noted(caller, channel, &draft.content);
        let pending = self.chat.post(caller, channel, draft).await?;
        let stored = pending.receipt().map(|stored| -> Result<Receipt, Refusal> {
            let receipt = stored.map_err(ChatError::from)?;
            if let Some(noted) = noted {
                noted.written(receipt.message);
            }
            Ok(receipt)
        });
        Ok(stored.boxed())
    }

    async fn command(
        &self,
        caller: &Caller,
        place: &Place,
        order: (&str, &str),
    ) -> Result<Outcome, Refusal> {
        Ok(self.commands.carry_out(caller, place, order).await?)
    }

    async fn ask(
        &self,
        caller: &Caller,
        question: Question,
    ) -> Result<(JobId, MessageId), Refusal> {
        let ask = Ask {
            channel: question.channel,
            thread: question.thread,
            question: question.query,
            context: None,
            connection: question.connection,
            client_message_id: question.client_message_id,
            priority: Priority::Person,
        };
        let asked = self.questions.ask(caller, ask).await?;
        Ok((asked.job.id, asked.job.message))
    }

    async fn cancel(&self, caller: &Caller, job: Option<JobId>) -> Result<usize, Refusal> {
        let Some(id) = job else { return Ok(self.questions.cancel_all(caller).await) };
        // One at work says itself when it has ended.
        let job = self.questions.cancel(caller, id).await?;
        Ok(usize::from(!job.state.is_final() || job.state == JobState::Cancelled))
    }

    async fn edit(
        &self,
        caller: &Caller,
        message: MessageId,
        content: String,
    ) -> Result<(ChannelId, Amended), Refusal> {
        let channel = self.channel_of(caller, message).await?;
        let amended = self.chat.edit(caller, message, content.clone()).await?;
        self.previews.changed(caller, channel, message, &content).await;
        Ok((channel, amended))
    }

    async fn delete(
        &self,
        caller: &Caller,
        message: MessageId,
    ) -> Result<(ChannelId, Amended), Refusal> {
        let channel = self.channel_of(caller, message).await?;
        let amended = self.chat.delete(caller, message).await?;
        self.previews.changed(caller, channel, message, "").await;
        Ok((channel, amended))
    }

    async fn react(
        &self,
        caller: &Caller,
        message: MessageId,
        emoji: String,
        added: bool,
    ) -> Result<(ChannelId, Amended), Refusal> {
        let channel = self.channel_of(caller, message).await?;
        Ok((channel, self.chat.react(caller, message, emoji, added).await?))
    }

    async fn mark_read(
        &self,
        caller: &Caller,
        channel: ChannelId,
        seq: Seq,
    ) -> Result<(), Refusal> {
        self.chat.mark_read(caller, channel, ReadTo::Seq(seq)).await?;
        Ok(())
    }

    async fn recent(
        &self,
        caller: &Caller,
        channel: ChannelId,
        limit: usize,
    ) -> Result<Recent, Refusal> {
        // Before the page, so that nothing is between the two.
        let head = self.chat.head(caller, channel).await?;
        let mut page = self.chat.page(caller, channel, PageWish::Newest, false, limit).await?;
        self.retention.trim(caller.org, channel, &mut page, false).await?;
        let Page { messages, has_more, .. } = page;
        let shown = messages.last().map_or(Seq(0), |last| last.seq);
        let position = Position { after: head.seq.max(shown), generation: Some(head.generation) };
        Ok(Recent { messages, has_more, position })
    }
}

fn standing(before: &Caller, now: Result<Caller, TokenError>) -> Standing {
    let rights = |caller: &Caller| (caller.role, caller.is_superuser);
    match now {
        Ok(now) if rights(&now) == rights(before) => Standing::Same,
        Ok(_) => Standing::Changed,
        // What only expires has its own end: the census closes it as expired, not as revoked.
        Err(TokenError::Unavailable | TokenError::Expired) => Standing::Same,
        Err(
            TokenError::Invalid
            | TokenError::WrongType
            | TokenError::NoAccount
            | TokenError::Revoked,
        ) => Standing::Over,
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        if let AskError::Chat(error) = error {
            return error.into();
        }
        let retry = error.is_retryable();
        Self { code: error.code(), message: error.to_string(), retry, retry_after_ms: None }
    }
}

impl From<ChatError> for Refusal {
    fn from(error: ChatError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            retry: error.is_retryable(),
            retry_after_ms: error.retry_after_ms(),
        }
    }
}
