//! A backend for tests of the gateway's own rules.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use starling_actors::channel::{Amended, Receipt};
use starling_actors::chat::Caller;
use starling_actors::domain::{Byline, ChannelId, JobId, MessageId, OrgId, OrgRole, Seq, UserId};

use super::backend::{Admitted, Backend, Credential, Denied, Recent, Refusal, Standing};
use crate::commands::{Outcome, Place};
use crate::wire::client::{Draft, Question};

/// What reading the newest messages comes to, and what happens meanwhile.
pub(super) type Reading = BoxFuture<'static, Result<Recent, Refusal>>;

/// A backend that knows how all people stand and, once, what was said.
#[derive(Default)]
pub(super) struct Doorman {
    pub(super) is_over: AtomicBool,
    pub(super) has_changed: AtomicBool,
    /// How many people were looked at.
    pub(super) looks: AtomicUsize,
    pub(super) reading: Mutex<Option<Reading>>,
}

pub(super) fn refusal<T>() -> Result<T, Refusal> {
    let message = String::new();
    Err(Refusal { code: "unavailable", message, retry: true, retry_after_ms: None })
}

#[async_trait]
impl Backend for Doorman {
    async fn admit(&self, _: Credential, _: IpAddr) -> Result<Admitted, Denied> {
        Err(Denied::Unavailable)
    }

    async fn look_again(&self, callers: &[&Caller]) -> Vec<Standing> {
        self.looks.fetch_add(callers.len(), Ordering::Relaxed);
        let is_over = self.is_over.load(Ordering::Relaxed);
        let has_changed = self.has_changed.load(Ordering::Relaxed);
        let standing = match (is_over, has_changed) {
            (true, _) => Standing::Over,
            (false, true) => Standing::Changed,
            (false, false) => Standing::Same,
        };
        vec![standing; callers.len()]
    }

    async fn post(
        &self,
        _: &Caller,
        _: Draft,
    ) -> Result<BoxFuture<'static, Result<Receipt, Refusal>>, Refusal> {
        refusal()
    }

    async fn command(&self, _: &Caller, _: &Place, _: (&str, &str)) -> Result<Outcome, Refusal> {
        refusal()
    }

    async fn ask(&self, _: &Caller, _: Question) -> Result<(JobId, MessageId), Refusal> {
        refusal()
    }

    async fn cancel(&self, _: &Caller, _: Option<JobId>) -> Result<usize, Refusal> {
        refusal()
    }

    async fn edit(
        &self,
        _: &Caller,
        _: MessageId,
        _: String,
    ) -> Result<(ChannelId, Amended), Refusal> {
        refusal()
    }

    async fn delete(&self, _: &Caller, _: MessageId) -> Result<(ChannelId, Amended), Refusal> {
        refusal()
    }

    async fn react(
        &self,
        _: &Caller,
        _: MessageId,
        _: String,
        _: bool,
    ) -> Result<(ChannelId, Amended), Refusal> {
        refusal()
    }

    async fn mark_read(&self, _: &Caller, _: ChannelId, _: Seq) -> Result<(), Refusal> {
        refusal()
    }

    async fn recent(&self, _: &Caller, _: ChannelId, _: usize) -> Result<Recent, Refusal> {
        let reading = self.reading.lock().take();
        match reading {
            Some(reading) => reading.await,
            None => refusal(),
        }
    }
}

/// Someone with this number.
pub(super) fn caller(number: u128) -> Caller {
    let byline = Byline {
        user: UserId::from_u128(number),
        username: String::new(),
        full_name: String::new(),
        avatar_url: String::new(),
    };
    let org = OrgId::from_u128(1);
    let role = OrgRole::Analyst;
    Caller { org, byline, role, is_superuser: false, login: None, token: None }
}
