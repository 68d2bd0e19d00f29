//! Databases that are gone, or do not let us in any more.

use reqwest::Url;
use serde_json::{Value, json};

use super::model::{Act, Model};
use super::shop::{Shop, is_sentence};
use crate::engines::{POSTGRES, variable};
use crate::world::Server;

/// The connection to one of the engines of `tests/services.sh`, as its form wants it.
pub(super) fn engine(kind: &str, name: &str) -> Value {
    let url = Url::parse(&variable(name)).unwrap();
    json!({
        "name": "Chinook", "type": kind, "host": url.host_str(), "port": url.port(),
        "database_name": url.path().trim_start_matches('/'),
        "username": url.username(), "password": url.password(), "ssl_mode": "prefer",
    })
}

async fn fails_with(shop: &Shop, hint: &str) {
    let job = shop.ask("How many artists?").await;
    let ended = shop.ended(&job).await;
    let answer = shop.answer(&job).await;
    let seen = (&ended["state"], &answer["error_code"]);
    assert_eq!(seen, (&json!("failed"), &json!("database_unreachable")), "{answer}");
    let words = answer["content"].as_str().unwrap();
    assert!(is_sentence(&answer["content"]) && words.contains(hint), "{answer}");
    assert!(!answer.to_string().contains("planted-secret"), "{answer}");
    assert_eq!(shop.answers_told(&job).await, 1);
}

#[tokio::test]
async fn a_database_that_is_gone_or_has_another_password_is_told_and_comes_back() {
    let server = Server::start(&[]);
    let good = engine("postgresql", POSTGRES);
    let shop = Shop::of(&server, "acme", good.clone()).await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    model.play([Act::sql("SELECT count(*) AS artists FROM artist")]);
    let path = format!("/api/v1/connections/{}", shop.connection);

    let wrong = json!({ "password": "planted-secret" });
    shop.patch(&path, wrong).await;
    fails_with(&shop, "password is wrong").await;

    // Nothing listens at the discard port.
    let gone = json!({ "port": 9, "password": good["password"] });
    shop.patch(&path, gone).await;
    fails_with(&shop, "cannot be reached").await;

    let back = json!({ "port": good["port"], "password": good["password"] });
    shop.patch(&path, back).await;
    let job = shop.ask("How many artists?").await;
    let answer = shop.answer(&job).await;
    assert_eq!(
        (&answer["error_code"], &answer["full_result_row_count"]),
        (&Value::Null, &json!(1))
    );
}

#[tokio::test]
async fn a_database_that_was_never_reached_is_told_to_who_asks_it() {
    let server = Server::start(&[]);
    let mut shop = Shop::bare(&server, "acme").await;
    let dead = json!({
        "name": "Dead", "type": "postgresql", "host": "127.0.0.1", "port": 9,
        "database_name": "shop", "username": "reader", "password": "planted-secret",
    });
    let made = shop.admin.post("/api/v1/connections", dead, 201).await;
    shop.connection = crate::world::text(&made["id"]);
    let job = shop.ask("How many artists are there?").await;
    let answer = shop.answer(&job).await;
    assert!(is_sentence(&answer["content"]), "{answer}");
    assert!(!answer["error_code"].is_null() && answer["results"] == json!([]), "{answer}");
    assert!(!answer.to_string().contains("planted-secret"), "{answer}");
}
