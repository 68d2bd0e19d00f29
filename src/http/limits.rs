//! How many API calls a user or an address may make: so many a minute, so many an hour.

mod allowance;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use moka::sync::Cache;
use parking_lot::Mutex;
use starling_actors::domain::UserId;

use self::allowance::{Allowance, Verdict};
use super::AppState;
use super::caller::identify;
use super::problem::Problem;
use crate::config::Limits;

/// Callers remembered at once; past that the longest unseen is forgotten, which only gives it a
/// fresh allowance.
const CALLERS_MAX: u64 = 100_000;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Who makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum CallerKey {
    User(UserId),
    Address(IpAddr),
}

/// The allowances of all callers. Cheap to clone.
#[derive(Clone)]
pub struct RestLimits {
    callers: Cache<CallerKey, Arc<Mutex<Allowance>>>,
    per_minute: u32,
    per_hour: u32,
}

impl RestLimits {
    /// Nobody has called yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            callers: Cache::builder()
                .max_capacity(CALLERS_MAX)
                .time_to_idle(std::time::Duration::from_secs(3_600))
                .build(),
            per_minute: limits.rest_per_minute,
            per_hour: limits.rest_per_hour,
        }
    }

    fn take(&self, key: CallerKey, now_ms: i64) -> Verdict {
        let allowance = self
            .callers
            .get_with(key, || Arc::new(Mutex::new(Allowance::new(self.per_minute, self.per_hour))));
        allowance.lock().take(now_ms)
    }
}

/// Counts a call and refuses it when its caller has none left.
pub async fn limit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // The token is checked here once; the route's extractor takes what was found.
    let identified = identify(&state, request.headers()).await;
    let caller = identified
        .as_ref()
        .and_then(|found| found.0.as_ref().ok())
        .map(|admission| admission.caller.user());
    if let Some(identified) = identified {
        request.extensions_mut().insert(identified);
    }
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
    let key = caller.map_or(CallerKey::Address(address), CallerKey::User);
    let verdict = state.rest_limits.take(key, state.clock.now().0);
    let mut response = if verdict.is_allowed {
        next.run(request).await
    } else {
        let detail = format!("at most {} calls in this window", verdict.limit);
        Problem::too_many(detail, verdict.reset_s * 1_000).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(verdict.limit));
    headers.insert(REMAINING, HeaderValue::from(verdict.remaining));
    headers.insert(RESET, HeaderValue::from(verdict.reset_s));
    response
}
