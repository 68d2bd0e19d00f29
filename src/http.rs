//! The HTTP API: routes, extractors, errors, headers.
//!
//! ```text
//!   request ─▶ protect (headers) ─▶ count ─▶ cors ─▶ trim the slash ─▶ health, page
//!                                                                  └▶ limit ─▶ the API
//! ```

pub mod accounts;
pub mod audit;
pub mod body;
pub mod bootstrap;
pub mod bot_users;
pub mod caller;
pub mod channels;
pub mod commands;
pub mod connections;
pub mod data;
pub mod drafts;
pub mod events;
pub mod exports;
pub mod files;
pub mod forwarded;
pub mod groups;
pub mod headers;
pub mod health;
pub mod incoming_hooks;
pub mod invitations;
pub mod limits;
pub mod members;
pub mod messages;
pub mod metrics;
pub mod model_settings;
pub mod notifications;
pub mod observe;
pub mod oidc;
pub mod old_paths;
pub mod openapi;
pub mod orgs;
pub mod outgoing_hooks;
pub mod page;
pub mod params;
pub mod password_reset;
pub mod pins;
pub mod plans;
pub mod problem;
pub mod questions;
pub mod refusals;
pub mod retention;
pub mod saved_queries;
pub mod schema;
pub mod search;
pub mod threads;
pub mod tokens;
pub mod uncut;
pub mod uploads;
pub mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use starling_actors::chat::Chat;
use starling_actors::ports::Clock;
use starling_actors::query::Questions;
use starling_actors::search::Search;
use starling_actors::session::Sessions;
use tower_http::cors::{AllowOrigin, CorsLayer};

use self::health::Dependencies;
use self::limits::RestLimits;
use crate::auth::Accounts;
use crate::commands::Commands;
use crate::config::Settings;
use crate::data::{Data, Explorer};
use crate::dossier::Dossiers;
use crate::erasure::Erasures;
use crate::files::Files;
use crate::gateway::Gateway;
use crate::hooks::{Incoming, Outgoing};
use crate::later::Later;
use crate::mail::Postbox;
use crate::notify::Notifier;
use crate::pins::Pins;
use crate::previews::Previews;
use crate::retention::Retention;
use crate::statuses::Statuses;
use crate::telemetry::Meters;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Read once at the start.
    pub settings: Arc<Settings>,
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// What a person may do.
    pub chat: Chat,
    /// Questions about data.
    pub questions: Questions,
    /// Finds messages.
    pub search: Search,
    /// Live sessions of this node.
    pub sessions: Sessions,
    /// Who asks.
    pub accounts: Accounts,
    /// Connections, schemas, answers, settings and the audit trail.
    pub data: Data,
    /// Tests connections and reads what they hold.
    pub explorer: Explorer,
    /// What hangs on messages.
    pub files: Files,
    /// Carries out slash commands.
    pub commands: Commands,
    /// Drafts, messages to be sent later, reminders.
    pub later: Later,
    /// Messages that are pinned to their channel.
    pub pins: Pins,
    /// What is shown of pages that messages link to.
    pub previews: Previews,
    /// What people say of themselves.
    pub statuses: Statuses,
    /// How long messages are kept.
    pub retention: Retention,
    /// All that is kept of people.
    pub dossiers: Dossiers,
    /// Erases people.
    pub erasures: Erasures,
    /// Webhooks by which other programs write.
    pub incoming: Incoming,
    /// Webhooks by which other programs are told.
    pub outgoing: Outgoing,
    /// Tells who is away.
    pub notifier: Notifier,
    /// Sends what is stored nowhere.
    pub postbox: Postbox,
    /// Open sockets of this node.
    pub gateway: Gateway,
    /// How much each caller may still call.
    pub rest_limits: RestLimits,
    /// What `/ready` asks.
    pub dependencies: Dependencies,
    /// What `/metrics` shows.
    pub meters: Meters,
}

/// Every route of the server.
pub fn router(state: AppState) -> Router {
    let proxies = forwarded::Proxies::of_settings(&state.settings.server.trusted_proxies);
    let api = Router::new()
        .merge(finished().layer(from_fn(uncut::finish)))
        .merge(ended_with_their_caller(&state))
        .layer(from_fn_with_state(state.clone(), limits::limit))
        .layer(DefaultBodyLimit::max(state.settings.limits.body_bytes));
    Router::new()
        .merge(health::routes())
        .merge(openapi::routes())
        .merge(crate::gateway::routes())
        .merge(files::reading(&state))
        .merge(incoming_hooks::open_routes().layer(from_fn(uncut::finish)))
        .merge(api)
        .fallback(page::fallback)
        .method_not_allowed_fallback(|| async { problem::Problem::method_not_allowed() })
        .layer(cors(&state.settings.server.cors_origins))
        .layer(from_fn(observe::count))
        .layer(from_fn_with_state(state.clone(), headers::protect))
        .layer(from_fn_with_state(proxies, forwarded::believe))
        .with_state(state)
}

/// What is finished once it has begun, also when its caller has gone: all that is not named below.
fn finished() -> Router<AppState> {
    Router::new()
        .merge(bootstrap::routes())
        .merge(channels::routes())
        .merge(members::routes())
        .merge(accounts::routes())
        .merge(users::routes())
        .merge(orgs::routes())
        .merge(invitations::routes())
        .merge(tokens::routes())
        .merge(connections::routes())
        .merge(pins::routes())
        .merge(groups::routes())
        .merge(retention::routes())
        .merge(exports::routes())
        .merge(events::routes())
        .merge(messages::routes())
        .merge(threads::routes())
        .merge(old_paths::routes())
        .merge(saved_queries::routes())
        .merge(search::routes())
        .merge(oidc::routes())
        .merge(metrics::routes())
        .merge(model_settings::routes())
        .merge(audit::routes())
        .merge(drafts::routes())
        .merge(plans::routes())
        .merge(incoming_hooks::routes())
        .merge(outgoing_hooks::routes())
        .merge(commands::routes())
        .merge(bot_users::routes())
        .merge(notifications::routes())
        .merge(password_reset::routes())
}

/// Work for one caller, who cancels it by going (decision 0009), and bodies that end with who sends them.
fn ended_with_their_caller(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(questions::routes())
        .merge(schema::routes())
        .merge(uploads::routes())
        .merge(files::routes(state.files.upload_bytes_max()))
}

/// Pages of the listed origins may call the API; no cookies are used, so none are allowed.
fn cors(origins: &[String]) -> CorsLayer {
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    let exposed = ["x-next-cursor", "x-has-more", "x-request-id", "x-ratelimit-limit"]
        .into_iter()
        .chain(["x-ratelimit-remaining", "x-ratelimit-reset"])
        .map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers(exposed.chain([header::RETRY_AFTER]).collect::<Vec<_>>())
}
