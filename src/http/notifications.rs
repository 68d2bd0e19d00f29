//! `/api/v1/notifications` and `/api/v1/push`: how one is told when one is away.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Deserializer};
use starling_actors::chat::{Caller, ChatError};

use super::AppState;
use super::body::Body;
use super::caller::Whence;
use super::params::{At, Params};
use super::problem::{Problem, ProblemDocument};
use crate::notify::{NotifyError, SubscriptionForm, Trial, WishesChange};
use crate::wire::data::Listed;
use crate::wire::notify::{
    MailTrialView, NotifySettingsView, PushSubscriptionView, QuietHoursView,
};
use crate::wire::time::parse_rfc3339;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/notifications/settings", get(show).patch(change))
        .route("/api/v1/notifications/test-email", post(try_mail))
        .route("/api/v1/notifications/unsubscribe", get(ask).post(unsubscribe))
        .route("/api/v1/push/subscriptions", get(list).post(subscribe))
        .route("/api/v1/push/subscriptions/{id}", delete(remove))
}

/// Tells `null` from what is missing.
#[allow(clippy::option_option, reason = "missing, taken away, and set are three things")]
fn said<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// What changes; what is missing stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NotifySettingsPatch {
    /// Whether mail is wanted.
    email: Option<bool>,
    /// After how many minutes away: 0 to 1440.
    email_after_minutes: Option<u32>,
    /// Whether pushes to one's browsers are wanted.
    push: Option<bool>,
    /// By its name of IANA, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// When nothing is told; `null`: always may be.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<QuietHoursView>)]
    #[allow(clippy::option_option, reason = "missing, taken away, and set are three things")]
    quiet_hours: Option<Option<QuietHoursView>>,
    /// Until when nothing is told, once: RFC 3339, within a year; `null`: no more.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    #[allow(clippy::option_option, reason = "missing, taken away, and set are three things")]
    do_not_disturb_until: Option<Option<String>>,
}

impl NotifySettingsPatch {
    fn change(self) -> Result<WishesChange, Problem> {
        let quiet = self.quiet_hours.map(|quiet| {
            let fault = "days must be of mon, tue, wed, thu, fri, sat, sun";
            let parts = |quiet: QuietHoursView| {
                quiet.parts().ok_or_else(|| Problem::invalid_field("quiet_hours", fault))
            };
            quiet.map(parts).transpose()
        });
        let until = self.do_not_disturb_until.map(|until| {
            let fault = "must be a time like 2026-01-31T09:30:00Z";
            let moment = |text: String| {
                let moment = parse_rfc3339(&text);
                moment.ok_or_else(|| Problem::invalid_field("do_not_disturb_until", fault))
            };
            until.map(moment).transpose()
        });
        Ok(WishesChange {
            email: self.email,
            email_after_minutes: self.email_after_minutes,
            push: self.push,
            time_zone: self.time_zone,
            quiet: quiet.transpose()?,
            silent_until: until.transpose()?,
        })
    }
}

/// How one wants to be told when one is away.
#[utoipa::path(get, path = "/api/v1/notifications/settings", tag = "notifications",
    responses((status = 200, description = "the settings", body = NotifySettingsView)))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<NotifySettingsView>, Problem> {
    Ok(Json(state.notifier.details(&caller).await?.into()))
}

/// Changes that.
#[utoipa::path(patch, path = "/api/v1/notifications/settings", tag = "notifications",
    request_body = NotifySettingsPatch,
    responses(
        (status = 200, description = "the settings", body = NotifySettingsView),
        (status = 422, description = "a field is wrong", body = ProblemDocument),
    ))]
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<NotifySettingsPatch>,
) -> Result<Json<NotifySettingsView>, Problem> {
    let change = body.change()?;
    Ok(Json(state.notifier.change_wishes(&caller, change).await?.into()))
}

/// Sends oneself a letter and tells what the mail server said; at most one a minute.
#[utoipa::path(post, path = "/api/v1/notifications/test-email", tag = "notifications",
    responses(
        (status = 200, description = "what came of it", body = MailTrialView),
        (status = 409, description = "no mail is sent, or there is no address", body = ProblemDocument),
        (status = 429, description = "a minute is not over", body = ProblemDocument),
    ))]
pub async fn try_mail(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<MailTrialView>, Problem> {
    let error = match state.notifier.try_mail(&caller).await? {
        Trial::Sent => None,
        Trial::Failed(why) => Some(why),
    };
    Ok(Json(MailTrialView { is_sent: error.is_none(), error }))
}

/// Whose mail shall end.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub struct UnsubscribeQuery {
    /// As it stands in the letter.
    #[serde(default)]
    token: String,
}

/// A page of its own, without scripts: whoever reads a letter may be signed in nowhere.
fn page(words: &str, form: &str) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Starling</title>\
         <p>{words}</p>{form}"
    );
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Asks whether mail shall end: programs that look at every link of a letter end nothing.
#[utoipa::path(get, path = "/api/v1/notifications/unsubscribe", tag = "notifications",
    params(UnsubscribeQuery),
    responses((status = 200, description = "a page with a button", content_type = "text/html")))]
pub async fn ask() -> Response {
    page(
        "No more mail from Starling about messages?",
        "<form method=\"post\"><button>No more mail</button></form>",
    )
}

/// Ends mail to the person of a letter, without a sign-in (RFC 8058).
#[utoipa::path(post, path = "/api/v1/notifications/unsubscribe", tag = "notifications",
    params(UnsubscribeQuery),
    responses(
        (status = 200, description = "a page that says so", content_type = "text/html"),
        (status = 404, description = "the address is of no letter", body = ProblemDocument),
    ))]
pub async fn unsubscribe(
    State(state): State<AppState>,
    Params(query): Params<UnsubscribeQuery>,
) -> Result<Response, Problem> {
    let ended = state.notifier.unsubscribe(&query.token).await;
    match ended.map_err(|error: NotifyError| Problem::from(ChatError::from(error)))? {
        true => Ok(page("Done: no more mail about messages. The settings can bring it back.", "")),
        false => Err(Problem::not_found("this address is of no letter")),
    }
}

/// One's browsers that are pushed to.
#[utoipa::path(get, path = "/api/v1/push/subscriptions", tag = "notifications",
    responses((status = 200, description = "browsers", body = Listed<PushSubscriptionView>)))]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<Listed<PushSubscriptionView>>, Problem> {
    let found = state.notifier.subscriptions(&caller).await?;
    Ok(Json(Listed::new(found, PushSubscriptionView::from)))
}

/// What a browser's `PushSubscription` says of itself.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SubscriptionBody {
    /// Where its push service takes pushes.
    endpoint: String,
    /// Its keys.
    keys: SubscriptionKeys,
}

/// A browser's keys, in base64url.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct SubscriptionKeys {
    /// Its public key.
    p256dh: String,
    /// Its secret.
    auth: String,
}

/// Pushes to a browser from now on, for as long as this sign-in lasts; the same one again changes it.
#[utoipa::path(post, path = "/api/v1/push/subscriptions", tag = "notifications",
    request_body = SubscriptionBody,
    responses(
        (status = 201, description = "the browser", body = PushSubscriptionView),
        (status = 422, description = "its push service may not be called", body = ProblemDocument),
    ))]
pub async fn subscribe(
    State(state): State<AppState>,
    caller: Caller,
    Whence(origin): Whence,
    Body(body): Body<SubscriptionBody>,
) -> Result<(StatusCode, Json<PushSubscriptionView>), Problem> {
    let form = SubscriptionForm {
        endpoint: body.endpoint,
        p256dh: body.keys.p256dh,
        auth: body.keys.auth,
        name: origin.user_agent,
    };
    let made = state.notifier.subscribe(&caller, form).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Pushes to a browser no more.
#[utoipa::path(delete, path = "/api/v1/push/subscriptions/{id}", tag = "notifications",
    params(("id" = String, Path, description = "the browser")),
    responses((status = 204, description = "forgotten")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    state.notifier.unsubscribe_browser(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
