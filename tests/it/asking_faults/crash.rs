//! kill -9 in the middle of a question.

use serde_json::json;
use tokio::task::block_in_place;

use super::model::{Act, Model, words};
use super::shop::{Shop, is_sentence};
use crate::world::Server;

const ORDERS: &str = "SELECT count(*) AS orders FROM orders";

fn restart(server: &mut Server) {
    block_in_place(|| {
        server.kill();
        server.start_again();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_a_kill_interrupts_is_answered_once_after_the_restart() {
    let mut server = block_in_place(|| Server::start(&[]));
    let shop = Shop::demo(&server, "acme").await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    // Killed while the SQL is written, and while the words are, when the rows are there already.
    for before in [vec![Act::Hangs], vec![Act::sql(ORDERS), Act::Hangs]] {
        let calls = before.len();
        model.play(before);
        let job = shop.ask("How many orders?").await;
        model.called(calls).await;
        block_in_place(|| server.kill());
        model.play([Act::sql(ORDERS), words()]);
        block_in_place(|| server.start_again());

        let ended = shop.ended(&job).await;
        assert_eq!((&ended["state"], &ended["attempts"]), (&json!("done"), &json!(2)), "{ended}");
        assert_eq!(shop.answer(&job).await["full_result_row_count"], 1);
        assert_eq!(shop.answers_told(&job).await, 1);
        restart(&mut server);
        assert_eq!(shop.answers_told(&job).await, 1, "and not again at the next start");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_meets_a_kill_again_and_again_is_given_up_in_words() {
    let mut server = block_in_place(|| Server::start(&[]));
    let shop = Shop::demo(&server, "acme").await;
    let model = Model::start().await;
    shop.use_model(&model.url).await;
    model.play([Act::Hangs]);
    let job = shop.ask("How many orders?").await;
    for attempt in 1..=3 {
        model.called(attempt).await;
        restart(&mut server);
    }

    let ended = shop.ended(&job).await;
    assert_eq!((&ended["state"], &ended["error_code"]), (&json!("failed"), &json!("given_up")));
    assert!(is_sentence(&shop.answer(&job).await["content"]));
    assert_eq!(shop.answers_told(&job).await, 1);
    let dead = shop.admin.get("/api/v1/queries/dead").await;
    assert_eq!(dead["data"][0]["id"], job.as_str());
}
