//! A question that is called off while the database works on it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::databases::engine;
use super::model::{Act, Model};
use super::shop::Shop;
use crate::engines::{MYSQL, MySql, POSTGRES, Postgres, Watch, until_working};
use crate::world::{PATIENCE, Server, json_of};

/// In the query, so that the engine's list of sessions shows it.
const MARK: &str = "called-off-7f3a";
/// From the answer to `DELETE` until the engine has let go.
const FREE_WITHIN: Duration = Duration::from_secs(1);

async fn frees_its_session(connection: Value, table: &str, watch: &dyn Watch) {
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
    until_working(watch, MARK, 1, PATIENCE).await;
    assert_eq!(shop.job(&job).await["state"], "running");

    let path = format!("/api/v1/queries/{job}");
    let called_off = shop.admin.request(Method::DELETE, &path).send().await.unwrap();
    json_of(called_off, 200).await;
    until_working(watch, MARK, 0, FREE_WITHIN).await;

    let ended = shop.ended(&job).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert_eq!(shop.answers_told(&job).await, 0, "what was called off is not answered");
}

#[tokio::test]
async fn a_question_called_off_frees_its_session_of_postgresql_within_a_second() {
    let connection = engine("postgresql", POSTGRES);
    frees_its_session(connection, "track", &Postgres).await;
}

#[tokio::test]
async fn a_question_called_off_frees_its_session_of_mariadb_within_a_second() {
    let connection = engine("mysql", MYSQL);
    frees_its_session(connection, "Track", &MySql).await;
}
