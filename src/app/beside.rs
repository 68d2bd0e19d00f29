//! What stands beside messages, put together for this node.

use std::sync::Arc;

use starling_actors::chat::Chat;
use starling_actors::ports::{Clock, Records};

use super::StartError;
use crate::auth::Accounts;
use crate::config::Settings;
use crate::egress::{Egress, Policy};
use crate::pins::Pins;
use crate::previews::Previews;
use crate::statuses::Statuses;

/// What stands beside messages.
pub(super) struct Beside {
    /// Messages that are pinned to their channel.
    pub(super) pins: Pins,
    /// What is shown of pages that messages link to.
    pub(super) previews: Previews,
    /// What people say of themselves.
    pub(super) statuses: Statuses,
}

impl Beside {
    /// Puts it together, and begins to read pages.
    pub(super) fn start(
        settings: &Settings,
        (records, clock): &(Arc<dyn Records>, Arc<dyn Clock>),
        (chat, accounts): (&Chat, &Accounts),
    ) -> Result<Self, StartError> {
        let policy = Policy::of_settings(&settings.egress.previews, true)
            .map_err(|error| StartError::Egress(error.to_string()))?;
        let own_host = reqwest::Url::parse(&settings.server.public_url).ok();
        let own_host = own_host.and_then(|url| url.host_str().map(str::to_owned));
        let people = (chat.clone(), accounts.clone());
        let previews = Previews::start(Arc::clone(records), people, Egress::new(policy), own_host);
        Ok(Self {
            pins: Pins::new(Arc::clone(records), chat.clone(), Arc::clone(clock)),
            previews: previews.map_err(|error| StartError::Previews(error.to_string()))?,
            statuses: Statuses::new(accounts.clone(), chat.clone()),
        })
    }

    /// Ends what is done by itself.
    pub(super) async fn stop(&self) {
        self.previews.stop().await;
    }
}
