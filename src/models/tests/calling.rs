//! What goes well: each way of talking, and what is asked again.

use std::time::Duration;

use serde_json::json;
use starling_actors::domain::TokenUsage;
use starling_actors::ports::{Analyst, Draft};

use super::server::{Act, KEY, SQL, Server, analyst, task};
use crate::config::ModelProvider::{Anthropic, OpenAi};

const USED: TokenUsage = TokenUsage { input: 11, output: 7 };

#[tokio::test]
async fn a_streamed_answer_is_put_together_and_its_tokens_are_counted() {
    for provider in [OpenAi, Anthropic] {
        let server = Server::start([Act::says(provider, SQL)]).await;
        let drafted = analyst(server.config(provider)).draft(&task("How many?")).await.unwrap();
        let sql = Draft::Sql { sql: "SELECT 1".to_owned(), reasoning: "why".to_owned() };
        assert_eq!(drafted.draft, sql);
        assert_eq!((drafted.usage, drafted.model.as_str()), (USED, "a-model"));
    }
}

#[tokio::test]
async fn each_provider_is_asked_in_its_own_way() {
    let server = Server::start([Act::says(OpenAi, SQL)]).await;
    analyst(server.config(OpenAi)).draft(&task("How many?")).await.unwrap();
    let asked = server.asked().remove(0);
    assert_eq!(asked.path, "/v1/chat/completions");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(asked.body["max_tokens"], 2_000);
    assert_eq!(asked.body["temperature"], 0.1);
    assert_eq!(asked.body["stream_options"], json!({"include_usage": true}));
    assert_eq!(asked.body["messages"][0]["role"], "system");

    let server = Server::start([Act::says(Anthropic, SQL)]).await;
    analyst(server.config(Anthropic)).draft(&task("How many?")).await.unwrap();
    let asked = server.asked().remove(0);
    assert_eq!(asked.path, "/v1/messages");
    assert_eq!(asked.headers["x-api-key"], KEY);
    assert_eq!(asked.headers["anthropic-version"], "2023-06-01");
    assert_eq!(asked.body["messages"].as_array().unwrap().len(), 1);
    assert!(asked.body["system"].as_str().unwrap().contains("SQLite"));
}

#[tokio::test]
async fn azure_is_asked_by_deployment_and_version() {
    let server = Server::start([Act::says(OpenAi, SQL)]).await;
    let mut config = server.config(OpenAi);
    config.api_version = Some("2024-10-21".to_owned());
    analyst(config).draft(&task("How many?")).await.unwrap();
    let asked = server.asked().remove(0);
    let path = "/openai/deployments/a-model/chat/completions?api-version=2024-10-21";
    assert_eq!(asked.path, path);
    assert_eq!(asked.headers["api-key"], KEY);
    assert!(!asked.headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_server_that_does_not_stream_or_calls_a_tool_is_understood() {
    let usage = json!({"prompt_tokens": 11, "completion_tokens": 7});
    let arguments = "{\"sql\": \"SELECT 1\", \"reasoning\": \"why\"}";
    let call = json!([{"function": {"name": "answer", "arguments": arguments}}]);
    let openai = [
        json!({"choices": [{"message": {"content": SQL}, "finish_reason": "stop"}], "usage": usage}),
        json!({"choices": [{"message": {"content": null, "tool_calls": call}}], "usage": usage}),
        json!({"choices": [{"message": {"content": [{"type": "text", "text": SQL}]}}], "usage": usage}),
    ];
    let usage = json!({"input_tokens": 11, "output_tokens": 7});
    let tool =
        json!({"type": "tool_use", "id": "1", "input": {"sql": "SELECT 1", "reasoning": "why"}});
    let anthropic = [
        json!({"content": [{"type": "text", "text": SQL}], "stop_reason": "end_turn", "usage": usage}),
        json!({"content": [tool], "stop_reason": "tool_use", "usage": usage}),
    ];
    let all = openai.iter().map(|body| (OpenAi, body));
    for (provider, body) in all.chain(anthropic.iter().map(|body| (Anthropic, body))) {
        let server = Server::start([Act::json(body)]).await;
        let drafted = analyst(server.config(provider)).draft(&task("How many?")).await.unwrap();
        let sql = Draft::Sql { sql: "SELECT 1".to_owned(), reasoning: "why".to_owned() };
        assert_eq!((drafted.draft, drafted.usage), (sql, USED), "{body}");
    }
}

#[tokio::test]
async fn a_slow_stream_is_read_to_its_end() {
    let mut act = Act::says(OpenAi, SQL);
    act.pause = Duration::from_millis(60);
    let server = Server::start([act]).await;
    let mut config = server.config(OpenAi);
    // Each silence is shorter than half of this, the whole answer longer.
    config.timeout = Duration::from_millis(900);
    let drafted = analyst(config).draft(&task("How many?")).await.unwrap();
    assert_eq!(drafted.usage, USED);
}

#[tokio::test]
async fn a_parameter_that_the_model_does_not_take_is_left_out_and_remembered() {
    let refusal = |name: &str| {
        let error =
            json!({"error": {"param": name, "code": "unsupported_parameter", "message": "no"}});
        Act::status(400, &error.to_string())
    };
    let acts = ["max_tokens", "temperature", "stream_options"].map(refusal);
    let server = Server::start(acts.into_iter().chain([Act::says(OpenAi, SQL)])).await;
    let analyst = analyst(server.config(OpenAi));
    analyst.draft(&task("How many?")).await.unwrap();
    analyst.draft(&task("How many?")).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), 5, "the second question needs one call");
    let last = asked[4].body.as_object().unwrap();
    assert_eq!(last["max_completion_tokens"], 2_000);
    for name in ["max_tokens", "temperature", "stream_options"] {
        assert!(!last.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let error =
        json!({"error": {"type": "rate_limit_error", "code": "rate_limit_exceeded"}}).to_string();
    for (name, value) in [("retry-after", "1"), ("retry-after-ms", "20")] {
        for provider in [OpenAi, Anthropic] {
            let busy = Act::status(429, &error).header(name, value);
            let server = Server::start([busy, Act::says(provider, SQL)]).await;
            let drafted = analyst(server.config(provider)).draft(&task("How many?")).await.unwrap();
            assert_eq!((drafted.usage, server.asked().len()), (USED, 2));
        }
    }
}

#[tokio::test]
async fn tokens_of_tries_that_broke_off_are_counted_too() {
    let broken = Act::says(Anthropic, SQL).cut(4, super::server::Then::Break);
    let server = Server::start([broken, Act::says(Anthropic, SQL)]).await;
    let drafted = analyst(server.config(Anthropic)).draft(&task("How many?")).await.unwrap();
    assert_eq!(drafted.usage, TokenUsage { input: 22, output: 8 });
}
