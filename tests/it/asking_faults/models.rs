//! Models that are down, slow, or say something else than one query.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::model::{Act, Model, words};
use super::shop::{Shop, is_sentence};
use crate::world::Server;

/// A model has a second here; with its repeats and a busy machine it is over well before this.
const SOON: Duration = Duration::from_secs(10);

async fn ends_in_words(shop: &Shop, question: &str, state: &str, code: &str) -> Value {
    let begin = Instant::now();
    let job = shop.ask(question).await;
    let ended = shop.ended(&job).await;
    let answer = shop.answer(&job).await;
    assert!(begin.elapsed() < SOON, "{question}: took {:?}", begin.elapsed());
    assert_eq!((&ended["state"], &answer["error_code"]), (&json!(state), &json!(code)), "{answer}");
    assert!(is_sentence(&answer["content"]), "{answer}");
    assert_eq!(shop.answers_told(&job).await, 1, "{question}");
    assert_eq!(shop.runs(&job).await, 0, "nothing was run for {question}");
    answer
}

#[tokio::test]
async fn a_model_that_is_down_is_told_and_is_asked_again_when_it_is_back() {
    let server = Server::start(&[]);
    let shop = Shop::demo(&server, "acme").await;
    shop.use_model("http://127.0.0.1:9/v1").await;
    ends_in_words(&shop, "How many orders?", "failed", "model_unavailable").await;

    let model = Model::start().await;
    shop.use_model(&model.url).await;
    model.play([Act::Fails(503)]);
    ends_in_words(&shop, "How many orders?", "failed", "model_unavailable").await;

    model.play([Act::sql("SELECT count(*) AS orders FROM orders"), words()]);
    let job = shop.ask("How many orders?").await;
    let answer = shop.answer(&job).await;
    assert_eq!(
        (&answer["error_code"], &answer["full_result_row_count"]),
        (&Value::Null, &json!(1))
    );
}

#[tokio::test]
async fn a_model_that_never_answers_is_given_up_in_its_time() {
    let server = Server::start(&[]);
    let shop = Shop::demo(&server, "acme").await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    model.play([Act::Hangs]);
    ends_in_words(&shop, "How many orders?", "failed", "model_unavailable").await;

    // Silent only when it comes to words, it does not cost the rows.
    model.play([Act::sql("SELECT count(*) AS orders FROM orders"), Act::Hangs]);
    let job = shop.ask("How many orders?").await;
    let answer = shop.answer(&job).await;
    assert_eq!(shop.job(&job).await["state"], "done");
    assert!(answer["content"].as_str().unwrap().starts_with("The answer is "), "{answer}");
}

#[tokio::test]
async fn prose_several_statements_nonsense_and_nothing_are_told_and_not_run() {
    let server = Server::start(&[]);
    let shop = Shop::demo(&server, "acme").await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    let five = "<sql>SELECT 1 FROM orders; SELECT 2 FROM orders; SELECT 3 FROM orders; \
                DELETE FROM orders; DROP TABLE orders</sql>";
    for (said, state, code, hint) in [
        ("There are so many orders these days.", "done", "cannot_answer", "no query"),
        (five, "done", "cannot_answer", "several statements"),
        ("", "done", "cannot_answer", "no query"),
        ("{\"rows\": []}", "done", "cannot_answer", "no query"),
        ("<sql>SELEC wibble FORM orders</sql>", "rejected", "query_rejected", "cannot be run"),
        ("<sql>SELECT wibble FROM nowhere</sql>", "rejected", "query_rejected", "nowhere"),
        ("<sql>DROP TABLE orders</sql>", "rejected", "query_rejected", "cannot be run"),
    ] {
        model.play([Act::says(said)]);
        let answer = ends_in_words(&shop, &format!("How many? {hint}"), state, code).await;
        assert!(answer["content"].as_str().unwrap().contains(hint), "{said}: {answer}");
        assert!(model.prompts().len() <= 2, "{said}: one more try at most");
    }
}
