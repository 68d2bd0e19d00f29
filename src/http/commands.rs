//! `/api/v1/commands`: which slash commands there are, for clients that complete them.

use axum::routing::get;
use axum::{Json, Router};
use starling_actors::chat::Caller;

use super::AppState;
use crate::commands::COMMANDS;
use crate::wire::command::CommandHelpView;
use crate::wire::data::Listed;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/commands", get(list))
}

/// The commands that a message may begin with.
#[utoipa::path(get, path = "/api/v1/commands", tag = "messages",
    responses((status = 200, description = "commands", body = Listed<CommandHelpView>)))]
pub async fn list(_: Caller) -> Json<Listed<CommandHelpView>> {
    Json(Listed::new(COMMANDS.iter().collect(), CommandHelpView::from))
}
