//! `/api/v1/exports`: all that is kept of a person, as an archive for who asked; and
//! `/api/v1/users/{id}/erase`, which takes it away.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::UserId;

use super::AppState;
use super::body::Body;
use super::caller::Whence;
use super::data::Asker;
use super::params::{At, Written};
use super::problem::{Problem, ProblemDocument};
use crate::auth::Admission;
use crate::data::By;
use crate::dossier::{Dossier, DossierError, DossierState};
use crate::wire::time::rfc3339;

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/exports", get(list).post(ask))
        .route("/api/v1/exports/{id}", get(show).delete(remove))
        .route("/api/v1/users/{id}/erase", post(erase))
}

/// Whose data is wanted.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ExportBody {
    /// Missing: one's own.
    #[schema(value_type = Option<String>)]
    user_id: Option<Written<UserId>>,
}

/// An export.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportView {
    /// Its id.
    pub id: String,
    /// Whose data it is.
    pub user_id: String,
    /// `pending`, `done` or `failed`.
    pub state: &'static str,
    /// When it was asked for.
    pub created_at: String,
    /// Until when it is kept.
    pub expires_at: String,
    /// How large the archive is; 0 until it is done.
    pub bytes: u64,
    /// Opens the archive without a token for some minutes, for the asker alone; `null` until it is done.
    pub url: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

fn view(state: &AppState, admission: &Admission, found: Dossier) -> Result<ExportView, Problem> {
    let url = match found.file {
        Some(file) => {
            let pass = state.accounts.make_file_pass(admission, file)?;
            Some(format!("/api/v1/files/{file}?download=true&pass={pass}"))
        }
        None => None,
    };
    Ok(ExportView {
        id: found.id,
        user_id: found.of.to_string(),
        state: match found.state {
            DossierState::Pending => "pending",
            DossierState::Done => "done",
            DossierState::Failed => "failed",
        },
        created_at: rfc3339(found.at),
        expires_at: rfc3339(found.until),
        bytes: found.bytes,
        url,
        error: found.why,
    })
}

/// Asks for all that is kept of oneself, or as an admin of anyone. It takes a while; until it is done, asking
/// again gives the same. A new one takes the place of the archive that the caller has of that person.
#[utoipa::path(post, path = "/api/v1/exports", tag = "users", request_body = ExportBody,
    responses(
        (status = 202, description = "it is gathered", body = ExportView),
        (status = 403, description = "of others only admins", body = ProblemDocument),
        (status = 409, description = "there are too many already", body = ProblemDocument),
    ))]
pub async fn ask(
    State(state): State<AppState>,
    admission: Admission,
    Whence(origin): Whence,
    Body(body): Body<ExportBody>,
) -> Result<(StatusCode, Json<ExportView>), Problem> {
    let by = By { caller: admission.caller.clone(), address: origin.address };
    let of = body.user_id.map_or(by.user(), |Written(user)| user);
    let asked = state.dossiers.ask(&by, of).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&state, &admission, asked)?)))
}

/// What the caller has asked for within the last week.
#[utoipa::path(get, path = "/api/v1/exports", tag = "users",
    responses((status = 200, description = "exports, oldest first", body = Vec<ExportView>)))]
pub async fn list(
    State(state): State<AppState>,
    admission: Admission,
) -> Result<Json<Vec<ExportView>>, Problem> {
    let found = state.dossiers.list(&admission.caller).await?;
    let views = found.into_iter().map(|one| view(&state, &admission, one));
    Ok(Json(views.collect::<Result<_, _>>()?))
}

/// One that the caller has asked for.
#[utoipa::path(get, path = "/api/v1/exports/{id}", tag = "users",
    responses((status = 200, description = "the export", body = ExportView)))]
pub async fn show(
    State(state): State<AppState>,
    admission: Admission,
    At(id): At<String>,
) -> Result<Json<ExportView>, Problem> {
    let found = state.dossiers.get(&admission.caller, &id).await?;
    Ok(Json(view(&state, &admission, found)?))
}

/// Takes away one that the caller has asked for, with its archive. One that is being gathered comes to nothing.
#[utoipa::path(delete, path = "/api/v1/exports/{id}", tag = "users",
    responses((status = 204, description = "it is gone")))]
pub async fn remove(
    State(state): State<AppState>,
    caller: Caller,
    At(id): At<String>,
) -> Result<StatusCode, Problem> {
    state.dossiers.remove(&caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How somebody is erased.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct EraseBody {
    /// Whether what they wrote goes too; else it stays under no name.
    delete_messages: Option<bool>,
}

/// Erases somebody: their account is nobody's at once, what they wrote within moments. There is no way back.
/// Only admins may; neither themselves, nor the last admin, nor who runs the server.
#[utoipa::path(post, path = "/api/v1/users/{id}/erase", tag = "users", request_body = EraseBody,
    responses(
        (status = 202, description = "it is being done"),
        (status = 403, description = "not an admin, or nobody who may be erased", body = ProblemDocument),
    ))]
pub async fn erase(
    State(state): State<AppState>,
    Asker(by): Asker,
    At(Written(id)): At<Written<UserId>>,
    Body(body): Body<EraseBody>,
) -> Result<StatusCode, Problem> {
    state.erasures.ask(&by, id, body.delete_messages.unwrap_or(false)).await?;
    Ok(StatusCode::ACCEPTED)
}

impl From<DossierError> for Problem {
    fn from(error: DossierError) -> Self {
        let detail = error.to_string();
        match error {
            DossierError::NoPerson | DossierError::NotFound => Self::not_found(detail),
            DossierError::Forbidden => Self::forbidden("forbidden", detail),
            DossierError::TooMany => Self::conflict("limit_reached", detail),
            DossierError::Chat(error) => error.into(),
            DossierError::Account(error) => error.into(),
            DossierError::Data(error) => error.into(),
            DossierError::File(error) => error.into(),
            DossierError::Written(_) => Self::unavailable("unavailable", detail),
        }
    }
}
