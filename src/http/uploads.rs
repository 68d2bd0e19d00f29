//! `/api/v1/upload`: a file with tables becomes a connection.

use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use serde::Serialize;

use super::AppState;
use super::data::Asker;
use super::problem::{Problem, ProblemDocument};
use crate::data::{By, UPLOAD_BYTES_MAX, Upload, UploadKind};
use crate::wire::data::{ConnectionView, UploadView};

/// What the parts' heads take beside the file.
pub(super) const HEADS_BYTES_MAX: usize = 64 * 1024;
/// Silence after which an upload is given up: it holds room on the disk.
const PIECE_TIMEOUT: Duration = Duration::from_secs(30);

/// The routes of this file.
pub fn routes() -> Router<AppState> {
    let bytes_max = usize::try_from(UPLOAD_BYTES_MAX).unwrap_or(usize::MAX);
    Router::new()
        .route("/api/v1/upload/csv", post(csv))
        .route("/api/v1/upload/excel", post(excel))
        .layer(DefaultBodyLimit::max(bytes_max.saturating_add(HEADS_BYTES_MAX)))
}

/// An upload and the connection that it became.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Uploaded {
    /// The file.
    pub upload: UploadView,
    /// Its tables.
    pub connection: ConnectionView,
}

/// Takes a CSV file (the part `file`) of at most 100 MiB; admins and analysts may.
#[utoipa::path(post, path = "/api/v1/upload/csv", tag = "data",
    request_body(content_type = "multipart/form-data", content = Object),
    responses(
        (status = 201, description = "the upload and its connection", body = Uploaded),
        (status = 413, description = "too large", body = ProblemDocument),
        (status = 422, description = "what is wrong with the file", body = ProblemDocument),
    ))]
pub async fn csv(
    State(state): State<AppState>,
    Asker(by): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    take(&state, &by, UploadKind::Csv, form).await
}

/// Takes a workbook (the part `file`) of at most 100 MiB: every sheet is a table.
#[utoipa::path(post, path = "/api/v1/upload/excel", tag = "data",
    request_body(content_type = "multipart/form-data", content = Object),
    responses(
        (status = 201, description = "the upload and its connection", body = Uploaded),
        (status = 413, description = "too large", body = ProblemDocument),
        (status = 422, description = "what is wrong with the file", body = ProblemDocument),
    ))]
pub async fn excel(
    State(state): State<AppState>,
    Asker(by): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    take(&state, &by, UploadKind::Excel, form).await
}

async fn take(
    state: &AppState,
    by: &By,
    kind: UploadKind,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    let mut form =
        form.map_err(|_| Problem::unsupported_media_type("the body must be multipart/form-data"))?;
    loop {
        let part = in_time(form.next_field()).await?;
        let Some(mut part) = part else {
            return Err(Problem::invalid_field("file", "is required"));
        };
        if part.name() != Some("file") {
            continue;
        }
        let filename = part.file_name().unwrap_or_default().to_owned();
        let mut upload = state.data.begin_upload(by, kind, &filename).await?;
        fill(&mut upload, &mut part).await?;
        let (upload, connection) = state.explorer.finish_upload(by, upload).await?;
        let uploaded = Uploaded { upload: upload.into(), connection: connection.into() };
        return Ok((StatusCode::CREATED, Json(uploaded)));
    }
}

async fn fill(upload: &mut Upload, part: &mut Field<'_>) -> Result<(), Problem> {
    while let Some(piece) = in_time(part.chunk()).await? {
        upload.write(&piece).await?;
    }
    Ok(())
}

async fn in_time<T>(piece: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    piece_in_time(piece, UPLOAD_BYTES_MAX).await
}

/// The next piece of a form whose file may have so many bytes.
pub(super) async fn piece_in_time<T>(
    piece: impl Future<Output = Result<T, MultipartError>>,
    bytes_max: u64,
) -> Result<T, Problem> {
    let piece = tokio::time::timeout(PIECE_TIMEOUT, piece).await;
    let piece = piece.map_err(|_| Problem::malformed("the body stopped before its end"))?;
    piece.map_err(|error| {
        if error.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large(format!("the file has more than {} MiB", bytes_max >> 20))
        } else {
            Problem::malformed("the body is no whole multipart/form-data")
        }
    })
}
