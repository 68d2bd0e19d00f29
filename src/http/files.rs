//! `/api/v1/files`: what people attach. Taken in here; shown to who may read its message.
//!
//! A browser sends no token for a picture, so a reader's page asks for addresses that carry a
//! [pass](crate::auth) in their query. Reads by a pass are outside of the limit of calls: the pass was
//! asked for within it.

mod answer;

use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::domain::FileId;

use super::AppState;
use super::body::Body;
use super::params::{At, Params, Written};
use super::problem::{Problem, ProblemDocument};
use super::uploads::{HEADS_BYTES_MAX, piece_in_time};
use crate::auth::Admission;
use crate::files::{FileDetails, FileError, FilePart};
use crate::wire::message::{AttachmentView, file_url, thumbnail_url};
use crate::wire::time::rfc3339;

/// Addresses that are asked for at once: two pages of messages with some pictures.
const LINKS_MAX: usize = 200;

/// The routes that count as calls.
pub fn routes(bytes_max: u64) -> Router<AppState> {
    let bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    let taking =
        post(create).layer(DefaultBodyLimit::max(bytes_max.saturating_add(HEADS_BYTES_MAX)));
    Router::new().route("/api/v1/files", taking).route("/api/v1/files/links", post(links))
}

/// The routes that read, which count as calls without a pass.
pub fn reading(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/api/v1/files/{id}", get(show))
        .route("/api/v1/files/{id}/thumbnail", get(thumbnail))
        .layer(from_fn_with_state(state.clone(), limit_without_pass))
}

async fn limit_without_pass(state: State<AppState>, request: Request, next: Next) -> Response {
    let has_pass = request.uri().query().is_some_and(|query| query.contains("pass="));
    if has_pass {
        next.run(request).await
    } else {
        super::limits::limit(state, request, next).await
    }
}

/// Takes a file (the part `file`), which hangs on no message yet: it is for who gave it alone, and goes
/// after a day if no message takes it.
#[utoipa::path(post, path = "/api/v1/files", tag = "files",
    request_body(content_type = "multipart/form-data", content = Object),
    responses(
        (status = 201, description = "the file", body = AttachmentView),
        (status = 409, description = "the organization's files have no room left", body = ProblemDocument),
        (status = 413, description = "too large", body = ProblemDocument),
        (status = 415, description = "the operator takes none of these", body = ProblemDocument),
        (status = 422, description = "empty, or found to be harmful", body = ProblemDocument),
    ))]
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<AttachmentView>), Problem> {
    let mut form =
        form.map_err(|_| Problem::unsupported_media_type("the body must be multipart/form-data"))?;
    let bytes_max = state.files.upload_bytes_max();
    loop {
        let Some(mut part) = piece_in_time(form.next_field(), bytes_max).await? else {
            return Err(Problem::invalid_field("file", "is required"));
        };
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let mut coming = state.files.begin(&caller, &name).await?;
        while let Some(piece) = piece_in_time(part.chunk(), bytes_max).await? {
            coming.write(&piece).await?;
        }
        let file = state.files.finish(coming).await?;
        return Ok((StatusCode::CREATED, Json(AttachmentView::new(&file))));
    }
}

/// Files whose addresses are wanted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WantedLinks {
    /// At most 200.
    #[schema(value_type = Vec<String>)]
    ids: Vec<Written<FileId>>,
}

/// Addresses that open files without a token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinksView {
    /// One for each file, in their order.
    pub data: Vec<LinkView>,
    /// Until when they open anything.
    pub expires_at: String,
}

/// Addresses of one file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinkView {
    /// The file.
    pub id: String,
    /// Of the file.
    pub url: String,
    /// Of its small picture, if it has one.
    pub thumbnail_url: String,
}

/// Gives addresses that a browser can load without a token, for some minutes. They give no right: each
/// opens its file while the caller may read it.
#[utoipa::path(post, path = "/api/v1/files/links", tag = "files", request_body = WantedLinks,
    responses((status = 200, body = LinksView)))]
pub async fn links(
    State(state): State<AppState>,
    admission: Admission,
    Body(wanted): Body<WantedLinks>,
) -> Result<Json<LinksView>, Problem> {
    if wanted.ids.len() > LINKS_MAX {
        return Err(Problem::invalid_field("ids", format!("at most {LINKS_MAX}")));
    }
    let link = |Written(id): &Written<FileId>| -> Result<LinkView, Problem> {
        let pass = state.accounts.make_file_pass(&admission, *id)?;
        Ok(LinkView {
            id: id.to_string(),
            url: format!("{}?pass={pass}", file_url(*id)),
            thumbnail_url: format!("{}?pass={pass}", thumbnail_url(*id)),
        })
    };
    let data = wanted.ids.iter().map(link).collect::<Result<_, Problem>>()?;
    let expires_at = rfc3339(state.accounts.file_passes_until(&admission));
    Ok(Json(LinksView { data, expires_at }))
}

/// Who reads, by a token or by a pass.
#[derive(Clone, Debug)]
pub struct Reader {
    caller: Caller,
    /// The only file that their pass opens.
    only: Option<FileId>,
}

#[derive(Debug, Deserialize)]
struct PassQuery {
    pass: Option<String>,
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Params(PassQuery { pass }) = Params::from_request_parts(parts, state).await?;
        let Some(pass) = pass else {
            let caller = Caller::from_request_parts(parts, state).await?;
            return Ok(Self { caller, only: None });
        };
        let (caller, file) = state.accounts.show_file_pass(&pass).await?;
        Ok(Self { caller, only: Some(file) })
    }
}

impl Reader {
    async fn file(&self, state: &AppState, id: FileId) -> Result<FileDetails, Problem> {
        if self.only.is_some_and(|only| only != id) {
            return Err(FileError::NotFound.into());
        }
        Ok(state.files.readable(&state.chat, &self.caller, id).await?)
    }
}

/// How a file is wanted.
#[derive(Debug, Deserialize)]
pub struct ShowQuery {
    /// `true`: to be saved, whatever it is.
    download: Option<String>,
}

/// A file, for who may read its message.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files",
    params(("download" = Option<bool>, Query, description = "to be saved, never shown in place"),
        ("pass" = Option<String>, Query, description = "from /files/links, in place of a token")),
    responses(
        (status = 200, description = "its bytes", content_type = "application/octet-stream"),
        (status = 206, description = "the bytes of Range", content_type = "application/octet-stream"),
        (status = 304, description = "as If-None-Match says"),
    ))]
pub async fn show(
    State(state): State<AppState>,
    reader: Reader,
    At(Written(id)): At<Written<FileId>>,
    Params(query): Params<ShowQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = reader.file(&state, id).await?;
    let is_saved = query.download.is_some_and(|word| word == "true" || word == "1");
    let way = answer::Way {
        mime_type: &file.travels_as,
        is_shown: file.may_be_shown && !is_saved,
        name: &file.name,
        tag: &file.sha256,
        bytes: file.bytes,
    };
    answer::give(&state.files, (file.key, FilePart::Whole), &way, &headers).await
}

/// A small picture of a picture, for who may read its message.
#[utoipa::path(get, path = "/api/v1/files/{id}/thumbnail", tag = "files",
    params(("pass" = Option<String>, Query, description = "from /files/links, in place of a token")),
    responses((status = 200, description = "JPEG or PNG", content_type = "image/jpeg")))]
pub async fn thumbnail(
    State(state): State<AppState>,
    reader: Reader,
    At(Written(id)): At<Written<FileId>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = reader.file(&state, id).await?;
    let small = file.thumbnail.as_ref().ok_or(FileError::NotFound)?;
    let way = answer::Way {
        mime_type: &small.mime_type,
        is_shown: true,
        name: &file.name,
        tag: &format!("{}-small", file.sha256),
        bytes: small.bytes,
    };
    answer::give(&state.files, (file.key, FilePart::Thumbnail), &way, &headers).await
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let detail = error.to_string();
        match error {
            FileError::NotFound => Self::not_found(detail),
            FileError::Empty => Self::invalid_field("file", "is empty"),
            FileError::TooLarge { .. } => Self::too_large(detail),
            FileError::Blocked { .. } => Self::unsupported_media_type(detail),
            FileError::Refused => Self::refused_field("file_refused", "file", detail),
            FileError::NoRoom { .. } => Self::conflict("limit_reached", detail),
            FileError::Busy => Self::unavailable("overloaded", detail),
            FileError::Conflict => Self::conflict("conflict", detail),
            FileError::Unavailable => Self::unavailable("unavailable", detail),
        }
    }
}
