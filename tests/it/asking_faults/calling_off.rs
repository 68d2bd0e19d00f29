//! A question that is called off while the database works on it.

use std::time::Duration;

use async_trait::async_trait;
use mysql_async::prelude::Queryable;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_postgres::NoTls;

use super::databases::engine;
use super::model::{Act, Model};
use super::shop::Shop;
use crate::warehouse::site::variable;
use crate::world::{PATIENCE, Server, json_of};

/// In the query, so that the engine's list of sessions shows it.
const MARK: &str = "called-off-7f3a";
/// From the answer to `DELETE` until the engine has let go.
const FREE_WITHIN: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks at an engine as its administrator.
#[async_trait]
trait Watch {
    async fn working(&mut self) -> i64;
}

struct Postgres(tokio_postgres::Client);

impl Postgres {
    async fn enter() -> Self {
        let mut url = Url::parse(&variable("STARLING_TEST_POSTGRES")).unwrap();
        url.set_username("boss").unwrap();
        url.set_password(Some("boss")).unwrap();
        let (client, driver) = tokio_postgres::connect(url.as_str(), NoTls).await.unwrap();
        tokio::spawn(driver);
        Self(client)
    }
}

#[async_trait]
impl Watch for Postgres {
    async fn working(&mut self) -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity
                   WHERE state <> 'idle' AND query LIKE $1 AND pid <> pg_backend_pid()";
        self.0.query_one(sql, &[&format!("%{MARK}%")]).await.unwrap().get(0)
    }
}

struct Mysql(mysql_async::Conn);

impl Mysql {
    async fn enter() -> Self {
        let mut url = Url::parse(&variable("STARLING_TEST_MYSQL")).unwrap();
        url.set_username("boss").unwrap();
        url.set_password(Some("boss")).unwrap();
        let options = mysql_async::Opts::from_url(url.as_str()).unwrap();
        Self(mysql_async::Conn::new(options).await.unwrap())
    }
}

#[async_trait]
impl Watch for Mysql {
    async fn working(&mut self) -> i64 {
        let sql = "SELECT count(*) FROM information_schema.processlist
                   WHERE command <> 'Sleep' AND info LIKE ? AND id <> connection_id()";
        self.0.exec_first(sql, (format!("%{MARK}%"),)).await.unwrap().unwrap()
    }
}

async fn until_working(watch: &mut impl Watch, count: i64, patience: Duration) -> Duration {
    let begin = Instant::now();
    loop {
        let working = watch.working().await;
        let took = begin.elapsed();
        if working == count {
            return took;
        }
        assert!(took < patience, "{working} sessions work on it after {took:?}, not {count}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn frees_its_session(connection: Value, table: &str, watch: &mut impl Watch) {
    let server = Server::start(&[]);
    let shop = Shop::of(&server, "acme", connection).await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    // Its cost would ask for an approval first.
    shop.put("/api/v1/settings/query-limits", json!({ "approval_cost": 0 })).await;
    let heavy = format!(
        "SELECT '{MARK}' AS mark, count(*) AS n FROM {table} AS a CROSS JOIN {table} AS b \
         CROSS JOIN {table} AS c CROSS JOIN {table} AS d"
    );
    model.play([Act::sql(&heavy)]);
    let job = shop.ask("How many in all?").await;
    until_working(watch, 1, PATIENCE).await;
    assert_eq!(shop.job(&job).await["state"], "running");

    let path = format!("/api/v1/queries/{job}");
    let called_off = shop.admin.request(Method::DELETE, &path).send().await.unwrap();
    json_of(called_off, 200).await;
    until_working(watch, 0, FREE_WITHIN).await;

    let ended = shop.ended(&job).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert_eq!(shop.answers_told(&job).await, 0, "what was called off is not answered");
}

#[tokio::test]
async fn a_question_called_off_frees_its_session_of_postgresql_within_a_second() {
    let connection = engine("postgresql", "STARLING_TEST_POSTGRES");
    frees_its_session(connection, "track", &mut Postgres::enter().await).await;
}

#[tokio::test]
async fn a_question_called_off_frees_its_session_of_mariadb_within_a_second() {
    let connection = engine("mysql", "STARLING_TEST_MYSQL");
    frees_its_session(connection, "Track", &mut Mysql::enter().await).await;
}
