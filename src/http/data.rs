//! What the routes of the data side share: who asks and from where, and their errors.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use starling_actors::chat::Caller;

use super::AppState;
use super::caller::Whence;
use super::problem::Problem;
use crate::data::{By, DataError};

/// The caller and their address: what people change is in the audit trail.
#[derive(Clone, Debug)]
pub struct Asker(pub By);

impl FromRequestParts<AppState> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let Ok(Whence(origin)) = Whence::from_request_parts(parts, state).await;
        Ok(Self(By { caller, address: origin.address }))
    }
}

impl From<DataError> for Problem {
    fn from(error: DataError) -> Self {
        let detail = error.to_string();
        match error {
            DataError::Field { field, fault } => Self::invalid_field(field, fault),
            DataError::Forbidden(_) => Self::forbidden("forbidden", detail),
            DataError::NotFound(_) => Self::not_found(detail),
            DataError::NameTaken(_) => Self::conflict("name_taken", detail),
            DataError::LimitReached(_) | DataError::NoRoom { .. } => {
                Self::conflict("limit_reached", detail)
            }
            DataError::TooLarge(_) => Self::too_large(detail),
            DataError::Busy(_) => Self::unavailable("overloaded", detail),
            DataError::Conflict => Self::conflict("conflict", detail),
            DataError::Vault(_) => Self::conflict("vault_closed", detail),
            DataError::Unavailable => Self::unavailable("unavailable", detail),
        }
    }
}
