//! How many API calls a user or an address may make: so many a minute, so many an hour. In a cluster
//! that counts here and over all nodes; without the others this node's own counts have to do.

mod allowance;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use moka::sync::Cache;
use parking_lot::Mutex;
use starling_actors::domain::UserId;
use starling_actors::ports::{SharedLimit, SharedLimits};

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
    shared: Option<Arc<dyn SharedLimits>>,
}

impl RestLimits {
    /// Nobody has called yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            callers: Cache::builder()
                .max_capacity(CALLERS_MAX)
                .time_to_idle(Duration::from_secs(3_600))
                .build(),
            per_minute: limits.rest_per_minute,
            per_hour: limits.rest_per_hour,
            shared: None,
        }
    }

    /// Counts over all nodes.
    #[must_use]
    pub fn shared(self, shared: Arc<dyn SharedLimits>) -> Self {
        Self { shared: Some(shared), ..self }
    }

    /// What a caller may do, by the counts of all nodes.
    async fn take_shared(&self, key: CallerKey, now_ms: i64) -> Verdict {
        let here = self.take(key, now_ms);
        let Some(shared) = self.shared.as_ref().filter(|_| here.is_allowed) else { return here };
        let whose = match key {
            CallerKey::User(user) => format!("user/{user}"),
            CallerKey::Address(address) => format!("address/{address}"),
        };
        let limits: Vec<SharedLimit> =
            [("minute", self.per_minute, 60), ("hour", self.per_hour, 3_600)]
                .into_iter()
                .filter(|(_, max, _)| *max > 0)
                .map(|(word, max, seconds)| SharedLimit {
                    key: format!("calls/{word}/{whose}"),
                    max,
                    window: Duration::from_secs(seconds),
                })
                .collect();
        match shared.take(&limits).await {
            Ok(Some(wait)) => here.refused_for(wait),
            Ok(None) | Err(_) => here,
        }
    }

    /// Counts a call of a program that does not come through [`limit`]; how long to wait when it has none
    /// left.
    pub async fn count_user(&self, user: UserId, now_ms: i64) -> Option<u64> {
        let verdict = self.take_shared(CallerKey::User(user), now_ms).await;
        (!verdict.is_allowed).then_some(verdict.reset_s * 1_000)
    }

    /// The same for whoever is only known by their address.
    pub async fn count_address(&self, address: IpAddr, now_ms: i64) -> Option<u64> {
        let verdict = self.take_shared(CallerKey::Address(address), now_ms).await;
        (!verdict.is_allowed).then_some(verdict.reset_s * 1_000)
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
    let verdict = state.rest_limits.take_shared(key, state.clock.now().0).await;
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
