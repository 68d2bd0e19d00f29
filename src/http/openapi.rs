//! The server describes itself: OpenAPI for the API, AsyncAPI for the sockets, and pages to read.

mod asyncapi;
mod reader;
mod viewer;

use axum::Json;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{
    AppState, accounts, audit, bootstrap, bot_users, channels, connections, drafts, events,
    exports, files, groups, incoming_hooks, invitations, members, messages, metrics,
    model_settings, notifications, oidc, old_paths, orgs, pins, plans, retention, saved_queries,
    schema, search, threads, tokens, uploads, users,
};

/// The API as its handlers and types say it.
#[derive(OpenApi)]
#[openapi(
    info(title = "Starling", description = "Team chat that loses nothing. Beside this API: [the frames of the sockets](/docs/sockets)."),
    modifiers(&Bearer),
    paths(
        accounts::register, accounts::login, accounts::refresh, accounts::logout, accounts::me,
        accounts::ws_ticket, accounts::sessions, accounts::end_session,
        accounts::end_other_sessions, accounts::change_password,
        super::password_reset::begin, super::password_reset::finish,
        oidc::methods, oidc::login, oidc::callback, oidc::exchange,
        bootstrap::show,
        channels::list, channels::create, channels::show, channels::change, channels::remove,
        members::join, members::leave, members::list, members::add, members::change,
        members::remove, members::read,
        events::list,
        messages::create, messages::list, messages::show, messages::edit, messages::remove,
        messages::history, messages::react, messages::unreact,
        pins::list, pins::pin, pins::unpin, pins::remove_previews,
        threads::create, threads::list, threads::show, threads::change, threads::messages,
        search::find,
        super::questions::ask_in_thread,
        super::questions::show,
        super::questions::cancel,
        super::questions::approve,
        super::questions::retry,
        super::questions::dead,
        super::questions::answers::show,
        super::questions::answers::verify,
        super::questions::chart::show,
        super::questions::execute::run,
        super::questions::sessions::ask,
        super::questions::sessions::history,
        super::questions::sessions::list,
        super::questions::sessions::change,
        super::questions::sessions::remove,
        groups::list, groups::make, groups::change, groups::remove,
        users::list, users::one, users::change, users::change_me,
        orgs::current, orgs::change,
        invitations::invite, invitations::list, invitations::withdraw,
        tokens::make, tokens::list, tokens::remove,
        connections::list, connections::create, connections::create_demo, connections::show, connections::change,
        connections::remove, connections::test,
        schema::show, schema::describe, schema::refresh,
        saved_queries::list, saved_queries::create, saved_queries::change, saved_queries::remove,
        metrics::list, metrics::create, metrics::change, metrics::remove,
        model_settings::model, model_settings::change_model, model_settings::test_model,
        model_settings::limits, model_settings::change_limits,
        audit::list, uploads::csv, uploads::excel,
        files::create, files::links, files::show, files::thumbnail,
        incoming_hooks::list, incoming_hooks::create, incoming_hooks::change,
        incoming_hooks::renew, incoming_hooks::remove, incoming_hooks::receive,
        bot_users::list, bot_users::make, bot_users::remove, bot_users::make_token,
        bot_users::remove_token,
        super::outgoing_hooks::list, super::outgoing_hooks::create,
        super::outgoing_hooks::change, super::outgoing_hooks::remove,
        super::outgoing_hooks::deliveries, super::outgoing_hooks::ping,
        super::commands::list,
        notifications::show, notifications::change, notifications::try_mail, notifications::ask,
        notifications::unsubscribe, notifications::list, notifications::subscribe,
        notifications::remove,
        drafts::list, drafts::keep, drafts::remove,
        plans::list_scheduled, plans::schedule, plans::show_scheduled, plans::reschedule,
        plans::unschedule,
        plans::list_reminders, plans::remind, plans::show_reminder, plans::put_off, plans::forget,
        exports::ask, exports::list, exports::show, exports::remove, exports::erase,
        retention::show, retention::change, retention::show_default, retention::change_default,
        old_paths::list, old_paths::create, old_paths::messages, old_paths::send,
    )
)]
struct Api;

/// Access tokens and personal access tokens travel the same way.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Routes that are never limited and need no sign-in.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/openapi.json", get(openapi))
        .route("/asyncapi.json", get(async || Json(asyncapi::document())))
        .merge(viewer::routes())
}

async fn openapi() -> Response {
    Json(Api::openapi()).into_response()
}
