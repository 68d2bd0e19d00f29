//! What goes wrong: every fault ends in time, with words that hold no secret.

use std::time::Duration;

use serde_json::json;
use starling_actors::ports::{Analyst, AnalystError};
use tokio::time::Instant;

use super::super::analyst::ModelAnalyst;
use super::super::{ApiKey, ModelClient, ModelConfig};
use super::server::{Act, KEY, SQL, Server, Then, analyst, task};
use crate::config::ModelProvider::{Anthropic, OpenAi};
use crate::egress::{Egress, Policy};

const QUESTION: &str = "a-secret-question";

async fn refusal(config: ModelConfig) -> AnalystError {
    let error = analyst(config).draft(&task(QUESTION)).await.unwrap_err();
    let words = format!("{error} {error:?}");
    for secret in [KEY, QUESTION, "echoed", "127.0.0.1"] {
        assert!(!words.contains(secret), "{words}");
    }
    error
}

fn is_unavailable(error: &AnalystError) -> bool {
    matches!(error, AnalystError::Unavailable(_))
}

fn is_refused(error: &AnalystError) -> bool {
    matches!(error, AnalystError::Refused(_))
}

#[tokio::test]
async fn what_an_admin_must_see_to_is_refused_without_a_second_try() {
    let echo = format!("{{\"error\": {{\"message\": \"echoed {KEY} {QUESTION}\"}}}}");
    for provider in [OpenAi, Anthropic] {
        for status in [400, 401, 403, 404, 413, 422] {
            let server = Server::start([Act::status(status, &echo)]).await;
            let error = refusal(server.config(provider)).await;
            assert!(is_refused(&error) && server.asked().len() == 1, "{status}: {error}");
        }
    }
    let quota = json!({"error": {"code": "insufficient_quota"}}).to_string();
    let server = Server::start([Act::status(429, &quota)]).await;
    let error = refusal(server.config(OpenAi)).await;
    assert!(is_refused(&error) && error.to_string().contains("quota"), "{error}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_server_that_fails_is_tried_three_times() {
    for (provider, status) in [(OpenAi, 500), (OpenAi, 503), (Anthropic, 529), (OpenAi, 429)] {
        let server = Server::start([Act::status(status, "<html>echoed</html>")]).await;
        let error = refusal(server.config(provider)).await;
        assert!(is_unavailable(&error) && server.asked().len() == 3, "{status}: {error}");
    }
}

#[tokio::test]
async fn a_wish_to_wait_that_is_too_long_is_not_waited_for() {
    let busy = Act::status(429, "").header("retry-after", "3600");
    let date = Act::status(503, "").header("retry-after", "Thu, 31 Dec 2099 23:59:59 GMT");
    for act in [busy, date] {
        let server = Server::start([act]).await;
        assert!(is_unavailable(&refusal(server.config(OpenAi)).await));
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_stream_that_stops_or_breaks_is_tried_again() {
    for provider in [OpenAi, Anthropic] {
        for then in [Then::Break, Then::End] {
            let broken = Act::says(provider, SQL).cut(1, then);
            let server = Server::start([broken.clone(), broken, Act::says(provider, SQL)]).await;
            analyst(server.config(provider)).draft(&task("How many?")).await.unwrap();
            assert_eq!(server.asked().len(), 3);
        }
    }
}

#[tokio::test]
async fn a_stalled_model_is_noticed_at_half_the_time_and_asked_again() {
    let stalled = Act::says(OpenAi, SQL).cut(1, Then::Silence);
    let server = Server::start([stalled, Act::says(OpenAi, SQL)]).await;
    let mut config = server.config(OpenAi);
    config.timeout = Duration::from_millis(600);
    analyst(config).draft(&task("How many?")).await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn no_model_holds_a_question_longer_than_the_deadline() {
    for act in [
        Act::says(OpenAi, SQL).cut(1, Then::Silence),
        Act::says(OpenAi, SQL).cut(0, Then::Silence),
        // It says something all the time, and comes to no end.
        Act { pause: Duration::from_millis(20), ..Act::says(OpenAi, SQL).cut(1, Then::Again) },
    ] {
        let server = Server::start([act]).await;
        let mut config = server.config(OpenAi);
        config.timeout = Duration::from_millis(300);
        let begun = Instant::now();
        assert!(is_unavailable(&refusal(config).await));
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
}

#[tokio::test]
async fn a_count_of_tokens_that_never_comes_is_not_waited_for() {
    let act = Act::says(OpenAi, SQL).cut(3, Then::Silence);
    let server = Server::start([act]).await;
    analyst(server.config(OpenAi)).draft(&task("How many?")).await.unwrap();
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let word = "x".repeat(10_000);
    let event = json!({"choices": [{"delta": {"content": word}}]});
    let words = Act::stream(&[event]).cut(1, Then::Again);
    let body = Act::status(200, &word).cut(1, Then::Again);
    let line =
        Act::status(200, &word).cut(1, Then::Again).header("content-type", "text/event-stream");
    for act in [words, body, line] {
        let server = Server::start([act]).await;
        let error = refusal(server.config(OpenAi)).await;
        assert!(matches!(error, AnalystError::Unreadable(_)), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_provider_is_unreadable() {
    for provider in [OpenAi, Anthropic] {
        for body in ["", "echoed", "{}", "[1]", "{\"choices\": 5}", "{\"choices\": []}", "\u{0}"] {
            let server = Server::start([Act::status(200, body)]).await;
            let error = refusal(server.config(provider)).await;
            assert!(matches!(error, AnalystError::Unreadable(_)), "{body}: {error}");
        }
        let server = Server::start([Act::stream(&[json!("echoed")])]).await;
        let error = refusal(server.config(provider)).await;
        assert!(matches!(error, AnalystError::Unreadable(_)), "{error}");
    }
}

#[tokio::test]
async fn an_error_within_a_stream_is_one() {
    let overloaded =
        json!({"type": "error", "error": {"type": "overloaded_error", "message": "echoed"}});
    let begun = json!({"type": "message_start", "message": {"usage": {"input_tokens": 5}}});
    let act = Act::stream(&[begun, overloaded]);
    let server = Server::start([act, Act::says(Anthropic, SQL)]).await;
    analyst(server.config(Anthropic)).draft(&task("How many?")).await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Server::start([
        Act::status(307, "").header("location", "http://169.254.169.254/latest/meta-data")
    ])
    .await;
    let error = refusal(server.config(OpenAi)).await;
    assert!(is_refused(&error) && error.to_string().contains("redirects"), "{error}");
}

#[tokio::test]
async fn an_address_that_may_not_be_called_is_refused_before_the_key_leaves() {
    for (policy, base_url) in [
        (Policy::open(), "http://169.254.169.254/v1"),
        (Policy::open(), "http://[::ffff:169.254.169.254]/v1"),
        (Policy::open(), "ftp://models.example"),
        (Policy::open(), "http://user:word@models.example"),
        (Policy::strict(), "http://127.0.0.1:9/v1"),
        (Policy::strict(), "http://localhost:9/v1"),
    ] {
        let client = ModelClient::new(Egress::new(policy)).unwrap();
        let config = ModelConfig {
            provider: OpenAi,
            base_url: base_url.to_owned(),
            api_key: ApiKey::new(KEY),
            ..ModelConfig::default()
        };
        let error = ModelAnalyst::new(client, config).draft(&task("How many?")).await.unwrap_err();
        assert!(is_refused(&error), "{base_url}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config =
        ModelConfig { provider: OpenAi, base_url, model: "m".to_owned(), ..ModelConfig::default() };
    assert!(is_unavailable(&refusal(config).await));
}

#[test]
fn a_key_is_shown_nowhere() {
    let config = ModelConfig { api_key: ApiKey::new(KEY), ..ModelConfig::default() };
    let analyst = analyst(config.clone());
    let words = format!("{config:?} {analyst:?} {:#?}", config.api_key);
    assert!(!words.contains(KEY) && words.contains("hidden"), "{words}");
}
