//! What an organization allows its questions.

use serde::{Deserialize, Serialize};
use starling_actors::domain::OrgId;
use starling_actors::ports::{OrgQueryLimits, Precondition, QuestionsError};

use super::{By, Data, DataError};
use crate::records::Shelf;

/// One record below its organization.
const LIMITS: Shelf<StoredLimits> = Shelf::new("query_limits");
const ID: &str = "limits";
/// Jobs at work at the same time: more would only wait for the databases.
const CONCURRENT_MAX: usize = 64;
/// A day.
const CACHE_SECONDS_MAX: u64 = 24 * 3600;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct StoredLimits {
    concurrent_max: usize,
    approval_cost: Option<f64>,
    cache_seconds: u64,
}

/// What is written about the limits; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct QueryLimitsForm {
    /// Questions at work at the same time, 1 to 64.
    pub concurrent_max: Option<usize>,
    /// Over this estimate of the database the asker has to agree first; 0: never asked.
    pub approval_cost: Option<f64>,
    /// How long a result may be used again, in seconds; 0: never.
    pub cache_seconds: Option<u64>,
}

impl Data {
    /// The limits of one's organization.
    pub async fn show_limits(&self, by: &By) -> Result<OrgQueryLimits, DataError> {
        Ok(self.stored_limits(by.org()).await?)
    }

    /// Changes the limits; only admins may.
    pub async fn change_limits(
        &self,
        by: &By,
        form: &QueryLimitsForm,
    ) -> Result<OrgQueryLimits, DataError> {
        if !by.caller.role.may_administer() {
            return Err(DataError::Forbidden("only admins set the limits of questions"));
        }
        let mut limits = self.stored_limits(by.org()).await?;
        if let Some(concurrent_max) = form.concurrent_max {
            if !(1..=CONCURRENT_MAX).contains(&concurrent_max) {
                return Err(DataError::field("concurrent_max", "must be from 1 to 64"));
            }
            limits.concurrent_max = concurrent_max;
        }
        if let Some(cost) = form.approval_cost {
            if !cost.is_finite() || cost < 0.0 {
                return Err(DataError::field("approval_cost", "must be 0 or more"));
            }
            limits.approval_cost = Some(cost).filter(|cost| *cost > 0.0);
        }
        if let Some(seconds) = form.cache_seconds {
            if seconds > CACHE_SECONDS_MAX {
                return Err(DataError::field("cache_seconds", "must be at most 86400"));
            }
            limits.cache_seconds = seconds;
        }
        let OrgQueryLimits { concurrent_max, approval_cost, cache_seconds } = limits;
        let stored = StoredLimits { concurrent_max, approval_cost, cache_seconds };
        let place = (by.org(), "", ID);
        self.inner.shelves.put(&LIMITS, place, &stored, Precondition::Any).await?;
        let org = by.org().to_string();
        self.note(by.did("query_limits.update", ("query_limits", org), Vec::new())).await;
        Ok(limits)
    }

    pub(super) async fn stored_limits(&self, org: OrgId) -> Result<OrgQueryLimits, QuestionsError> {
        let found = self.inner.shelves.get(&LIMITS, org, "", ID).await?;
        Ok(found.map_or_else(OrgQueryLimits::default, |found| {
            let StoredLimits { concurrent_max, approval_cost, cache_seconds } = found.value;
            OrgQueryLimits { concurrent_max, approval_cost, cache_seconds }
        }))
    }
}
