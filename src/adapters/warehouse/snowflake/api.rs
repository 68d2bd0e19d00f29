//! The requests: submit, poll, fetch, cancel; again with the same id when Snowflake is busy.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use starling_actors::ports::WarehouseError;
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use super::super::dial::Reach;
use super::super::login::Login;
use super::super::meaning::sqlstate;
use super::token::{Token, token};

/// For one request, not for the statement.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two looks whether a statement is done: short at first, for the short ones.
const POLL_FIRST: Duration = Duration::from_millis(100);
const POLL_MAX: Duration = Duration::from_secs(2);
/// Times that a request is made again, and the longest pause that Snowflake may ask for.
const TRIES_MAX: u32 = 4;
const PAUSE_MAX: Duration = Duration::from_secs(20);
/// Bytes of one partition; Snowflake's own are about ten times smaller.
const PARTITION_BYTES_MAX: usize = 128 << 20;

/// A column's type.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct RowType {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) scale: Option<i64>,
}

/// One partition of a result.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) types: Vec<RowType>,
    pub(super) partitions: usize,
    pub(super) rows: Vec<Vec<Option<String>>>,
}

#[derive(Deserialize)]
struct ResultSet {
    #[serde(rename = "resultSetMetaData", default)]
    meta: Option<Meta>,
    #[serde(default)]
    data: Vec<Vec<Option<String>>>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "rowType", default)]
    row_type: Vec<RowType>,
    #[serde(rename = "partitionInfo", default)]
    partitions: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    code: String,
    sql_state: String,
    statement_handle: String,
}

/// Makes the requests.
pub(super) struct Api {
    reach: Reach,
    base_url: Option<String>,
    client: Client,
}

fn unreachable(words: &str) -> WarehouseError {
    WarehouseError::Unreachable(words.to_owned())
}

impl Api {
    pub(super) fn new(reach: Reach, base_url: Option<String>) -> Self {
        // Redirects would carry the token to wherever they point.
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("starling")
            .build()
            .unwrap_or_default();
        Self { reach, base_url, client }
    }

    async fn base(&self, login: &Login) -> Result<String, WarehouseError> {
        if let Some(base_url) = &self.base_url {
            return Ok(base_url.clone());
        }
        let account = login.account.as_deref().unwrap_or_default().to_ascii_lowercase();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if account.is_empty() || !account.chars().all(is_name) {
            return Err(unreachable("its account is not an account's name"));
        }
        let host = format!("{}.snowflakecomputing.com", account.replace('_', "-"));
        self.reach.resolve(&host, 443).await?;
        Ok(format!("https://{host}"))
    }

    /// Sends a statement; dropping what comes back cancels it. It is sent by a task of its own: whoever
    /// stops waiting before the handle is known does not keep Snowflake from being told to stop, since a
    /// cancel needs the handle.
    pub(super) async fn submit(
        &self,
        login: &Login,
        sql: &str,
        timeout: Duration,
    ) -> Result<Statement, WarehouseError> {
        let token = token(login)?;
        let base = format!("{}/api/v2/statements", self.base(login).await?);
        let mut body = json!({
            "statement": sql,
            "timeout": timeout.as_secs().max(1),
            "parameters": { "MULTI_STATEMENT_COUNT": "1", "QUERY_TAG": "starling" },
        });
        let places = [
            ("database", Some(login.database.as_str())),
            ("schema", login.schema.as_deref()),
            ("warehouse", login.warehouse.as_deref()),
            ("role", login.role.as_deref()),
        ];
        for (name, value) in places {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                body[name] = value.into();
            }
        }
        let id = Uuid::from_u128(rand::random()).to_string();
        let mut statement =
            Statement { client: self.client.clone(), base, token, handle: String::new() };
        let (reply, handed_over) = oneshot::channel();
        tokio::spawn(async move {
            let taken = statement.taken(&id, &body, timeout, &reply).await;
            // Nobody may wait for it any more: then it is dropped here, and so cancelled.
            drop(reply.send(taken.map(|()| statement)));
        });
        handed_over.await.unwrap_or_else(|_| Err(unreachable("the connection was lost")))
    }
}

/// Where a statement that was taken is handed over.
type HandOver = oneshot::Sender<Result<Statement, WarehouseError>>;

/// A statement that Snowflake has; cancelled when dropped.
pub(super) struct Statement {
    client: Client,
    base: String,
    token: Token,
    handle: String,
}

impl Statement {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token.value)
            .header("X-Snowflake-Authorization-Token-Type", self.token.kind)
            .header("Accept", "application/json")
    }

    /// Has Snowflake take it, and learns its handle. One that nobody waits for any more is not sent
    /// again.
    async fn taken(
        &mut self,
        id: &str,
        body: &Value,
        timeout: Duration,
        reply: &HandOver,
    ) -> Result<(), WarehouseError> {
        let submit = |is_again: bool| {
            let retry = if is_again { "true" } else { "false" };
            let query = [("requestId", id), ("async", "true"), ("retry", retry)];
            self.request(Method::POST, "").query(&query).json(body)
        };
        let response = patient_while(submit, || !reply.is_closed()).await?;
        let status: Status = match response.status() {
            StatusCode::OK | StatusCode::ACCEPTED => read(response).await?,
            _ => return Err(refused(response, timeout).await),
        };
        let is_handle = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if status.statement_handle.is_empty() || !status.statement_handle.chars().all(is_handle) {
            return Err(unreachable("its answer is not Snowflake's"));
        }
        self.handle = status.statement_handle;
        Ok(())
    }

    /// The first partition, once the statement is done.
    pub(super) async fn finished(&self, timeout: Duration) -> Result<Part, WarehouseError> {
        let end = Instant::now() + timeout;
        let mut pause = POLL_FIRST;
        loop {
            let path = format!("/{}", self.handle);
            let response = patient(|_| self.request(Method::GET, &path)).await?;
            match response.status() {
                StatusCode::OK => return part(read(response).await?),
                StatusCode::ACCEPTED if Instant::now() >= end => {
                    return Err(WarehouseError::Timeout(timeout));
                }
                StatusCode::ACCEPTED => {}
                _ => return Err(refused(response, timeout).await),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(POLL_MAX);
        }
    }

    /// One of the further partitions.
    pub(super) async fn partition(&self, number: usize) -> Result<Part, WarehouseError> {
        let path = format!("/{}", self.handle);
        let number = number.to_string();
        let fetch = |_| self.request(Method::GET, &path).query(&[("partition", &number)]);
        let response = patient(fetch).await?;
        match response.status() {
            StatusCode::OK => part(read(response).await?),
            _ => Err(refused(response, REQUEST_TIMEOUT).await),
        }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        if self.handle.is_empty() {
            return;
        }
        // Also for one that is done, whose rows nobody wants any more: a cancel then does nothing.
        let cancel = self.request(Method::POST, &format!("/{}/cancel", self.handle));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if cancel.send().await.is_err() {
                    tracing::debug!("a Snowflake statement was not cancelled");
                }
            });
        }
    }
}

/// Makes a request again while Snowflake is busy.
async fn patient(request: impl Fn(bool) -> RequestBuilder) -> Result<Response, WarehouseError> {
    patient_while(request, || true).await
}

/// The same as long as the answer is wanted.
async fn patient_while(
    request: impl Fn(bool) -> RequestBuilder,
    is_wanted: impl Fn() -> bool,
) -> Result<Response, WarehouseError> {
    let mut tries = 0;
    loop {
        let sent = request(tries > 0).send().await;
        let response = sent.map_err(|error| match error.is_timeout() {
            true => unreachable("its server does not answer"),
            false => unreachable("its server cannot be reached"),
        })?;
        tries += 1;
        let is_busy = matches!(
            response.status(),
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::BAD_GATEWAY
                | StatusCode::GATEWAY_TIMEOUT
        );
        if !is_busy {
            return Ok(response);
        }
        if tries >= TRIES_MAX || !is_wanted() {
            return Err(WarehouseError::Busy);
        }
        let asked = response.headers().get("Retry-After").and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let pause = asked.unwrap_or_else(|| POLL_FIRST * 2_u32.pow(tries));
        tokio::time::sleep(pause.min(PAUSE_MAX)).await;
        if !is_wanted() {
            return Err(WarehouseError::Busy);
        }
    }
}

/// The body of a response, if it is not too large.
async fn read<T: serde::de::DeserializeOwned>(mut response: Response) -> Result<T, WarehouseError> {
    let mut body = Vec::new();
    let lost = |_| unreachable("the connection was lost");
    while let Some(piece) = response.chunk().await.map_err(lost)? {
        body.extend_from_slice(&piece);
        if body.len() > PARTITION_BYTES_MAX {
            return Err(unreachable("its answer is too large"));
        }
    }
    serde_json::from_slice(&body).map_err(|_| unreachable("its answer is not Snowflake's"))
}

fn part(set: ResultSet) -> Result<Part, WarehouseError> {
    let (types, partitions) = match set.meta {
        Some(meta) => (meta.row_type, meta.partitions.len()),
        None => (Vec::new(), 0),
    };
    Ok(Part { types, partitions, rows: set.data })
}

/// Why Snowflake did not do it; of its text nothing goes on.
async fn refused(response: Response, timeout: Duration) -> WarehouseError {
    match response.status() {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            unreachable("user, key or token is wrong, or not let in from here")
        }
        StatusCode::NOT_FOUND => unreachable("there is no such account, or its result is gone"),
        StatusCode::REQUEST_TIMEOUT => WarehouseError::Timeout(timeout),
        StatusCode::UNPROCESSABLE_ENTITY => {
            let status: Status = read(response).await.unwrap_or_default();
            // Its number for a statement that ran out of time, and for one that was cancelled.
            if matches!(status.code.as_str(), "000630" | "000604") {
                return WarehouseError::Timeout(timeout);
            }
            let state = match status.code.as_str() {
                "000904" => "42703",
                "002003" => "42P01",
                "001003" => "42601",
                "002140" | "002141" => "42883",
                "100051" => "22012",
                "003001" => "42501",
                _ => status.sql_state.as_str(),
            };
            WarehouseError::Query {
                meaning: sqlstate(state).to_owned(),
                code: status.code,
                position: None,
                names: Vec::new(),
            }
        }
        other => unreachable(&format!("its server answered {}", other.as_u16())),
    }
}
