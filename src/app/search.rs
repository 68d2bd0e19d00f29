//! The search of this node: its index on disk, and what keeps that up to date.

use std::sync::Arc;

use starling_actors::chat::ChatPorts;
use starling_actors::query::AskingPorts;
use starling_actors::search::{Search, SearchNews, SearchPorts};
use tokio_util::task::AbortOnDropHandle;

use super::StartError;
use crate::adapters::search::SearchFiles;
use crate::config::Settings;

/// The search, and the task that follows the log while this is held.
pub(super) struct Searching {
    /// Finds messages.
    pub(super) search: Search,
    _following: AbortOnDropHandle<()>,
}

impl Searching {
    /// Opens the folder of indexes. They are written by the threads that stand back behind chat.
    pub(super) fn start(
        settings: &Settings,
        chat: &ChatPorts,
        asking: &AskingPorts,
        news: SearchNews,
    ) -> Result<Self, StartError> {
        let path = settings.search_dir();
        let writers = asking.background.as_ref().map(|background| background.runtime.clone());
        let index = SearchFiles::open(&path, writers)
            .map_err(|cause| StartError::DataFolder { path, cause })?;
        let ports = SearchPorts {
            index: Arc::new(index),
            log: Arc::clone(&chat.log),
            history: Arc::clone(&chat.history),
            directory: Arc::clone(&chat.directory),
            people: Arc::clone(&chat.people),
            answers: Arc::clone(&asking.answers),
            catalog: Arc::clone(&asking.catalog),
            clock: Arc::clone(&chat.clock),
        };
        let search = Search::new(ports, news);
        let follower = search.clone();
        let following = tokio::spawn(async move { match follower.run().await {} });
        Ok(Self { search, _following: AbortOnDropHandle::new(following) })
    }
}
