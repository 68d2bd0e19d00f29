//! Calls a model and calls again what may pass, until there is an answer or the time is over.
//!
//! ```text
//!   ask ─▶ attempt ─▶ guard ─▶ POST ─▶ events, each within the idle time ─▶ Reply
//!    └─ 429, 5xx, cut, stalled ─▶ pause (the server's own wish, within bounds) ─▶ attempt
//!    └─ a parameter that this model does not take ─▶ without it, and remembered
//! ```
//!
//! Answers are streamed although nobody reads along: a model that has stopped is noticed by its
//! silence, and not only when all the time is over.

use std::time::Duration;

use moka::sync::Cache;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response};
use starling_actors::domain::TokenUsage;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::call::{CallError, Parameter, Prompt, Reply};
use super::config::ModelConfig;
use super::gathering::Gathering;
use super::sse::EventReader;
use super::{anthropic, openai};
use crate::config::ModelProvider as Provider;
use crate::egress::{Egress, EgressError};

/// Most bytes of a body. A streamed token takes up to 600 bytes (Azure repeats its filter's verdicts
/// with each), and answers have at most a few thousand.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most bytes of an error's body that are looked at for a word that we know.
const ERROR_BYTES_MAX: usize = 64 * 1024;
/// What follows the last word is only a count of tokens; it is not waited for long.
const TAIL_WAIT: Duration = Duration::from_secs(1);
/// Models whose refused parameters are remembered: those in use are few.
const MODELS_REMEMBERED: u64 = 1_000;

/// How patient a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// A server that does not take a connection in this time is down.
    pub connect_max: Duration,
    /// Tries of one call: a third failure in a row is no hiccup.
    pub tries_max: u32,
    /// The first pause; each later one doubles.
    pub pause_min: Duration,
    /// The longest pause, also when the server asks for a longer one: then it is given up.
    pub pause_max: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect_max: Duration::from_secs(5),
            tries_max: 3,
            pause_min: Duration::from_millis(500),
            pause_max: Duration::from_secs(10),
        }
    }
}

/// Parameters that a model does not take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Omitted {
    pub(super) max_tokens: bool,
    pub(super) temperature: bool,
    pub(super) stream_options: bool,
}

impl Omitted {
    /// Leaves it out from now on; false when it was left out already.
    const fn leave_out(&mut self, parameter: Parameter) -> bool {
        let place = match parameter {
            Parameter::MaxTokens => &mut self.max_tokens,
            Parameter::Temperature => &mut self.temperature,
            Parameter::StreamOptions => &mut self.stream_options,
        };
        !std::mem::replace(place, true)
    }
}

/// Calls models. Cheap to clone; all organizations share it.
#[derive(Clone, Debug)]
pub struct ModelClient {
    http: Client,
    egress: Egress,
    timing: Timing,
    omitted: Cache<(String, String), Omitted>,
}

/// What came of a call, and what it took, whether or not it went well.
pub(super) struct Outcome {
    pub(super) usage: TokenUsage,
    pub(super) reply: Result<Reply, CallError>,
}

impl ModelClient {
    /// Fails when the machine has no usable certificates.
    pub fn new(egress: Egress) -> Result<Self, reqwest::Error> {
        Self::with_timing(egress, Timing::default())
    }

    /// One that is more or less patient.
    pub fn with_timing(egress: Egress, timing: Timing) -> Result<Self, reqwest::Error> {
        let http = egress.client().connect_timeout(timing.connect_max).build()?;
        Ok(Self { http, egress, timing, omitted: Cache::new(MODELS_REMEMBERED) })
    }

    /// Asks until there is an answer, it makes no sense to go on, or the deadline is there.
    pub(super) async fn ask(
        &self,
        config: &ModelConfig,
        prompt: &Prompt,
        deadline: Instant,
    ) -> Outcome {
        let key = (config.address().to_owned(), config.model.clone());
        let mut omitted = self.omitted.get(&key).unwrap_or_default();
        let mut usage = TokenUsage::default();
        let mut tries = 0;
        loop {
            let mut gathering = Gathering::default();
            let attempt = self.attempt(config, prompt, omitted, &mut gathering);
            let tried = timeout_at(deadline, attempt).await.unwrap_or(Err(CallError::Late));
            count(gathering.usage);
            usage += gathering.usage;
            let Err(error) = tried else {
                let is_cut = gathering.is_cut;
                let text = gathering.into_words();
                return Outcome { usage, reply: Ok(Reply { text, is_cut, usage }) };
            };
            if let Some(parameter) = error.parameter()
                && omitted.leave_out(parameter)
            {
                self.omitted.insert(key.clone(), omitted);
                continue;
            }
            tries += 1;
            let pause = self.pause(tries, error);
            tracing::info!(
                provider = config.provider.as_str(),
                model = config.model,
                tries,
                ?error,
                will_retry = pause.is_some(),
                "a call of a model failed"
            );
            match pause {
                Some(pause) if Instant::now() + pause < deadline => sleep(pause).await,
                Some(_) | None => return Outcome { usage, reply: Err(error) },
            }
        }
    }

    /// How long to wait before the next try; `None` when there is none.
    fn pause(&self, tries: u32, error: CallError) -> Option<Duration> {
        if tries >= self.timing.tries_max || !error.may_pass() {
            return None;
        }
        if let Some(wish) = error.retry_after() {
            return (wish <= self.timing.pause_max).then_some(wish);
        }
        let doubled = self.timing.pause_min.saturating_mul(2_u32.saturating_pow(tries - 1));
        // Up to half more, so that those who failed together do not come back together.
        let jitter = 1.0 + rand::random::<f64>() / 2.0;
        Some(doubled.mul_f64(jitter).min(self.timing.pause_max))
    }

    async fn attempt(
        &self,
        config: &ModelConfig,
        prompt: &Prompt,
        omitted: Omitted,
        gathering: &mut Gathering,
    ) -> Result<(), CallError> {
        let (url, headers, body) = match config.provider {
            Provider::OpenAi => (
                openai::url(config),
                openai::headers(config)?,
                openai::body(config, prompt, omitted),
            ),
            Provider::Anthropic => (
                anthropic::url(config),
                anthropic::headers(config)?,
                anthropic::body(config, prompt, omitted),
            ),
            Provider::BuiltIn => return Err(CallError::Address("no model is configured")),
        };
        let url = self.egress.check(&url).map_err(|error| address(&error))?;
        let request = self.http.post(url).headers(headers).json(&body);
        // A silence of half the time leaves the other half for a second try.
        let idle_max = config.timeout / 2;
        let response = timeout(idle_max, request.send())
            .await
            .map_err(|_| CallError::Stalled)?
            .map_err(|error| unsent(&error))?;
        if !response.status().is_success() {
            return Err(failure(config.provider, response, idle_max).await);
        }
        read(config.provider, response, idle_max, gathering).await
    }
}

impl CallError {
    const fn parameter(self) -> Option<Parameter> {
        match self {
            Self::Status { trouble: Some(super::call::Trouble::Parameter(parameter)), .. } => {
                Some(parameter)
            }
            Self::Status { .. }
            | Self::Address(_)
            | Self::Unreachable
            | Self::Stalled
            | Self::Cut
            | Self::Late
            | Self::TooLong
            | Self::Shape => None,
        }
    }
}

/// A header that is shown in no log.
pub(super) fn secret_header(name: HeaderName, value: &str) -> Result<HeaderMap, CallError> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| CallError::Address("the key holds characters that no key has"))?;
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(name, value)]))
}

fn count(usage: TokenUsage) {
    metrics::counter!("starling_llm_tokens_total", "direction" => "input").increment(usage.input);
    metrics::counter!("starling_llm_tokens_total", "direction" => "output").increment(usage.output);
}

const fn address(error: &EgressError) -> CallError {
    match error {
        EgressError::Malformed => {
            CallError::Address("its address must begin with https:// or http:// and name a host")
        }
        EgressError::Credentials => {
            CallError::Address("its address must not hold a user name or password")
        }
        EgressError::Refused => {
            CallError::Address("its address is not one that this server may call (egress.allow)")
        }
        EgressError::Unresolved => CallError::Unreachable,
    }
}

/// Why there was no answer at all. The error's own words hold the address and are dropped.
fn unsent(error: &reqwest::Error) -> CallError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<EgressError>() {
            return address(refused);
        }
        cause = inner.source();
    }
    CallError::Unreachable
}

async fn failure(provider: Provider, mut response: Response, idle_max: Duration) -> CallError {
    let code = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let mut body = Vec::new();
    // A body that does not come only costs us its word.
    while let Ok(Ok(Some(chunk))) = timeout(idle_max, response.chunk()).await {
        body.extend_from_slice(&chunk);
        if body.len() > ERROR_BYTES_MAX {
            break;
        }
    }
    let trouble = match provider {
        Provider::OpenAi => openai::trouble(&body),
        Provider::Anthropic => anthropic::trouble(&body),
        Provider::BuiltIn => None,
    };
    CallError::Status { code, trouble, retry_after }
}

/// When to come back: milliseconds, seconds, or a date, which is compared with the server's own
/// clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let exact = HeaderName::from_static("retry-after-ms");
    if let Some(ms) = text(&exact).and_then(|ms| ms.parse().ok()) {
        return Some(Duration::from_millis(ms));
    }
    let wish = text(&RETRY_AFTER)?;
    if let Ok(seconds) = wish.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = chrono::DateTime::parse_from_rfc2822(wish).ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(text(&DATE)?).ok()?;
    (until - now).to_std().ok()
}

async fn read(
    provider: Provider,
    mut response: Response,
    idle_max: Duration,
    gathering: &mut Gathering,
) -> Result<(), CallError> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_stream = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
    let mut events = EventReader::default();
    let mut body = Vec::new();
    let mut bytes = 0;
    loop {
        let wait = if gathering.is_done { TAIL_WAIT } else { idle_max };
        let chunk = match timeout(wait, response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) if !is_stream => return whole(provider, &body, gathering),
            Ok(Ok(None) | Err(_)) | Err(_) if gathering.is_done => return Ok(()),
            Ok(Ok(None) | Err(_)) => return Err(CallError::Cut),
            Err(_) => return Err(CallError::Stalled),
        };
        bytes += chunk.len();
        if bytes > BODY_BYTES_MAX {
            return Err(CallError::TooLong);
        }
        if !is_stream {
            body.extend_from_slice(&chunk);
            continue;
        }
        for data in events.take(&chunk).map_err(|_| CallError::TooLong)? {
            match provider {
                Provider::OpenAi => openai::event(&data, gathering)?,
                Provider::Anthropic => anthropic::event(&data, gathering)?,
                Provider::BuiltIn => return Err(CallError::Shape),
            }
        }
        if gathering.is_over {
            return Ok(());
        }
    }
}

fn whole(provider: Provider, body: &[u8], gathering: &mut Gathering) -> Result<(), CallError> {
    match provider {
        Provider::OpenAi => openai::whole(body, gathering),
        Provider::Anthropic => anthropic::whole(body, gathering),
        Provider::BuiltIn => Err(CallError::Shape),
    }
}
