//! Snowflake: a local server that speaks the documented format of its SQL API.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use parking_lot::Mutex;
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use starling::adapters::warehouse::{Login, Reach, Secret, Warehouses};
use starling_actors::domain::{
    Access, Cell, ColumnType, Connection, ConnectionId, ConnectionKind, Dialect, GuardedSql, OrgId,
    ResultTable,
};
use starling_actors::ports::{RunLimits, Warehouse, WarehouseError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wiremock::matchers::{body_partial_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::site::Logins;

const STATEMENTS: &str = "/api/v2/statements";

struct Account {
    server: MockServer,
    warehouses: Warehouses,
    logins: Arc<Logins>,
    connection: Connection,
}

impl Account {
    async fn new() -> Self {
        let server = MockServer::start().await;
        let login = Login {
            account: Some("org-shop".to_owned()),
            user: "ann".to_owned(),
            password: Some(Secret::new("a-token")),
            database: "SHOP".to_owned(),
            schema: Some("PUBLIC".to_owned()),
            warehouse: Some("SMALL".to_owned()),
            role: Some("reader".to_owned()),
            ..Login::default()
        };
        let logins = Arc::new(Logins(Mutex::new(login)));
        let warehouses = Warehouses::new(Arc::clone(&logins) as _, Reach::open())
            .with_snowflake_at(server.uri());
        let connection = Connection {
            id: ConnectionId::from_u128(1),
            org: OrgId::from_u128(1),
            name: "shop".to_owned(),
            kind: ConnectionKind::Snowflake,
            access: Access::Organization,
            is_active: true,
            version: 1,
        };
        Self { server, warehouses, logins, connection }
    }

    /// Takes a statement and gives it a handle.
    async fn accepts(&self) {
        self.accepts_after(Duration::ZERO).await;
    }

    /// The same, but the handle comes late.
    async fn accepts_after(&self, delay: Duration) {
        let accepted = json!({"code": "333334", "statementHandle": "01-handle"});
        Mock::given(method("POST"))
            .and(path(STATEMENTS))
            .respond_with(ResponseTemplate::new(202).set_body_json(accepted).set_delay(delay))
            .mount(&self.server)
            .await;
        Mock::given(method("POST"))
            .and(path(format!("{STATEMENTS}/01-handle/cancel")))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"code": "000604"})))
            .mount(&self.server)
            .await;
    }

    /// Answers a look at the handle, as often as `times` says.
    async fn answers(&self, status: u16, body: Value, times: u64) {
        Mock::given(method("GET"))
            .and(path(format!("{STATEMENTS}/01-handle")))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .up_to_n_times(times)
            .mount(&self.server)
            .await;
    }

    async fn run_within(
        &self,
        limits: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError> {
        let sql = GuardedSql::trusted(Dialect::Snowflake, "SELECT * FROM \"ORDERS\"");
        self.warehouses.run(&self.connection, &sql, limits, cancel).await
    }

    async fn run(&self) -> Result<ResultTable, WarehouseError> {
        self.run_within(RunLimits::default(), &CancellationToken::new()).await
    }

    async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// Waits until the statement was cancelled, which happens behind the caller.
    async fn until_cancelled(&self) {
        let start = Instant::now();
        while !self.requests().await.iter().any(|one| one.url.path().ends_with("/cancel")) {
            assert!(start.elapsed() < Duration::from_secs(1), "nothing was cancelled");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn result(partitions: usize) -> Value {
    json!({
        "resultSetMetaData": {
            "numRows": 3,
            "format": "jsonv2",
            "partitionInfo": vec![json!({"rowCount": 1, "uncompressedSize": 9}); partitions],
            "rowType": [
                {"name": "N", "type": "fixed", "scale": 0, "precision": 38, "nullable": false},
                {"name": "TOTAL", "type": "fixed", "scale": 2, "precision": 10, "nullable": true},
                {"name": "AT", "type": "timestamp_ntz", "scale": 9, "nullable": true},
            ],
        },
        "data": [["1", "2.50", "1616173619.000000000"], ["2", null, null]],
        "code": "090001",
        "statementHandle": "01-handle",
    })
}

#[tokio::test]
async fn a_statement_is_polled_and_all_its_partitions_are_read() {
    let account = Account::new().await;
    account.accepts().await;
    Mock::given(method("GET"))
        .and(query_param("partition", "1"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"data": [["3", "1.00", null]]})),
        )
        .with_priority(1)
        .mount(&account.server)
        .await;
    account.answers(202, json!({"code": "333334", "statementHandle": "01-handle"}), 2).await;
    account.answers(200, result(2), 1).await;
    let table = account.run().await.unwrap();
    let kinds: Vec<ColumnType> = table.columns.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [ColumnType::Integer, ColumnType::Decimal, ColumnType::Timestamp]);
    assert_eq!(table.rows.len(), 3);
    let moment = Cell::Text("2021-03-19T17:06:59".to_owned());
    assert_eq!(table.rows[0], [Cell::Int(1), Cell::Decimal("2.50".to_owned()), moment]);
    assert_eq!(table.rows[2][0], Cell::Int(3));
    let sent: Value = account.requests().await[0].body_json().unwrap();
    assert_eq!(sent["parameters"]["MULTI_STATEMENT_COUNT"], "1");
    assert_eq!(sent["parameters"]["QUERY_TAG"], "starling");
    assert_eq!((&sent["timeout"], &sent["role"]), (&json!(30), &json!("reader")));
    assert_eq!((&sent["database"], &sent["warehouse"]), (&json!("SHOP"), &json!("SMALL")));
}

#[tokio::test]
async fn rows_beyond_the_limit_are_not_fetched() {
    let account = Account::new().await;
    account.accepts().await;
    account.answers(200, result(50), 1).await;
    let limits = RunLimits { rows_max: 1, ..RunLimits::default() };
    let part = account.run_within(limits, &CancellationToken::new()).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (1, true));
    account.until_cancelled().await;
}

#[tokio::test]
async fn a_private_key_signs_a_token_that_names_its_public_half() {
    let account = Account::new().await;
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
    let public = key.to_public_key();
    account.logins.0.lock().private_key = Some(Secret::new(pem));
    Mock::given(header("X-Snowflake-Authorization-Token-Type", "KEYPAIR_JWT"))
        .and(body_partial_json(json!({"statement": "SELECT * FROM \"ORDERS\""})))
        .respond_with(ResponseTemplate::new(401))
        .mount(&account.server)
        .await;
    let error = account.run().await.unwrap_err();
    assert!(error.to_string().contains("key or token is wrong"), "{error}");
    let requests = account.requests().await;
    let bearer = requests[0].headers["authorization"].to_str().unwrap();
    let pem = public.to_public_key_pem(LineEnding::LF).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_required_spec_claims(&["exp"]);
    let deciding = DecodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let token = bearer.strip_prefix("Bearer ").unwrap();
    let claims = decode::<Value>(token, &deciding, &rules).unwrap().claims;
    let der = public.to_public_key_der().unwrap();
    let print = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(der.as_bytes()));
    assert_eq!(claims["sub"], "ORG-SHOP.ANN");
    assert_eq!(claims["iss"], format!("ORG-SHOP.ANN.SHA256:{print}"));
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 3_600);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_with_the_same_id() {
    let account = Account::new().await;
    Mock::given(method("POST"))
        .and(query_param("retry", "false"))
        .respond_with(ResponseTemplate::new(429).insert_header("Retry-After", "0"))
        .mount(&account.server)
        .await;
    Mock::given(method("POST"))
        .and(query_param("retry", "true"))
        .respond_with(ResponseTemplate::new(503).insert_header("Retry-After", "0"))
        .up_to_n_times(1)
        .mount(&account.server)
        .await;
    account.accepts().await;
    account.answers(200, result(1), 1).await;
    assert_eq!(account.run().await.unwrap().rows.len(), 2);
    let ids: Vec<String> = account.requests().await[..3]
        .iter()
        .map(|one| one.url.query_pairs().find(|(name, _)| name == "requestId").unwrap().1.into())
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
}

#[tokio::test]
async fn an_error_carries_no_text_of_the_engine() {
    let account = Account::new().await;
    account.accepts().await;
    let body = json!({
        "code": "100038", "sqlState": "22018", "statementHandle": "01-handle",
        "message": "Numeric value 'AC/DC' is not recognized",
    });
    account.answers(422, body, 1).await;
    let error = account.run().await.unwrap_err();
    assert!(!format!("{error:?}").contains("AC/DC"), "{error:?}");
    let WarehouseError::Query { code, meaning, .. } = error else { panic!("{error}") };
    assert_eq!(
        (code.as_str(), meaning.as_str()),
        ("100038", "a value cannot be read as that type")
    );
}

#[tokio::test]
async fn a_statement_is_cancelled_with_its_query_and_after_its_time() {
    let account = Account::new().await;
    account.accepts().await;
    account.answers(202, json!({"statementHandle": "01-handle"}), u64::MAX).await;
    let cancel = CancellationToken::new();
    let cancelled = async {
        let start = Instant::now();
        while account.requests().await.len() < 2 {
            assert!(start.elapsed() < Duration::from_secs(5), "nothing was asked");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(account.run_within(RunLimits::default(), &cancel), cancelled);
    assert_eq!(outcome, Err(WarehouseError::Cancelled));
    account.until_cancelled().await;

    let account = Account::new().await;
    account.accepts().await;
    account.answers(202, json!({"statementHandle": "01-handle"}), u64::MAX).await;
    let timeout = Duration::from_millis(300);
    let limits = RunLimits { timeout, ..RunLimits::default() };
    let outcome = account.run_within(limits, &CancellationToken::new()).await;
    assert_eq!(outcome, Err(WarehouseError::Timeout(timeout)));
    account.until_cancelled().await;
}

#[tokio::test]
async fn a_statement_that_is_dropped_before_its_handle_came_is_cancelled_when_it_comes() {
    let account = Account::new().await;
    account.accepts_after(Duration::from_millis(300)).await;
    let cancel = CancellationToken::new();
    let cancelled = async {
        let start = Instant::now();
        while account.requests().await.is_empty() {
            assert!(start.elapsed() < Duration::from_secs(5), "nothing was asked");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(account.run_within(RunLimits::default(), &cancel), cancelled);

    assert_eq!(outcome, Err(WarehouseError::Cancelled));
    assert_eq!(account.requests().await.len(), 1, "the handle is still on its way");
    account.until_cancelled().await;
}

#[tokio::test]
async fn a_privileged_role_is_refused_before_anything_is_sent() {
    let account = Account::new().await;
    account.logins.0.lock().role = Some("AccountAdmin".to_owned());
    let error = account.run().await.unwrap_err();
    assert_eq!(error, WarehouseError::Privileged("the role ACCOUNTADMIN".to_owned()));
    assert!(account.requests().await.is_empty());
}

#[tokio::test]
async fn an_account_that_is_no_name_leads_nowhere() {
    let account = Account::new().await;
    let login =
        Login { account: Some("evil.example/x?".to_owned()), ..account.logins.0.lock().clone() };
    let logins = Arc::new(Logins(Mutex::new(login)));
    let warehouses = Warehouses::new(logins, Reach::open());
    let sql = GuardedSql::trusted(Dialect::Snowflake, "SELECT 1");
    let cancel = CancellationToken::new();
    let outcome = warehouses.run(&account.connection, &sql, RunLimits::default(), &cancel).await;
    assert!(
        matches!(outcome, Err(WarehouseError::Unreachable(words)) if words.contains("account"))
    );
}
