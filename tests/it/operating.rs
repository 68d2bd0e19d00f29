//! What an operator and a proxy see.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Server, json_of};

#[tokio::test]
async fn health_ready_and_metrics_answer_without_a_sign_in() {
    let server = Server::start(&[]);
    let client = reqwest::Client::new();
    let health = json_of(client.get(server.url("/health")).send().await.unwrap(), 200).await;
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["service"], "starling");
    let ready = json_of(client.get(server.url("/ready")).send().await.unwrap(), 200).await;
    assert_eq!(ready["checks"]["database"]["ok"], true, "{ready}");
    let metrics = client.get(server.url("/metrics")).send().await.unwrap();
    assert_eq!(metrics.status(), 200);
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_the_security_headers() {
    let server = Server::start(&[]);
    let response = reqwest::get(server.url("/api/v1/nothing")).await.unwrap();
    let headers = response.headers().clone();
    for name in ["x-request-id", "content-security-policy", "referrer-policy", "cache-control"] {
        assert!(headers.contains_key(name), "{name}: {headers:?}");
    }
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let problem = json_of(response, 404).await;
    assert_eq!(problem["code"], "not_found");
}

#[tokio::test]
async fn what_is_logged_about_a_request_carries_its_id() {
    let server = Server::start(&[("telemetry.log_level", "starling=debug,info")]);
    let client = reqwest::Client::new();
    let asked = client.get(server.url("/api/v1/auth/me")).header("x-request-id", "find-me.7");
    assert_eq!(asked.send().await.unwrap().headers()["x-request-id"], "find-me.7");
    let logged = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_default());
        lines.filter(|line: &Value| line["span"]["request_id"] == "find-me.7").collect::<Vec<_>>()
    };
    let reading = async {
        loop {
            let files = std::fs::read_dir(server.data.path()).unwrap();
            let lines: Vec<_> = files.flat_map(|file| logged(file.unwrap().path())).collect();
            if let [line, ..] = &*lines {
                return line.clone();
            }
            tokio::task::yield_now().await;
        }
    };
    let line = tokio::time::timeout(crate::world::PATIENCE, reading).await.expect("a log line");
    assert_eq!((&line["fields"]["status"], &line["span"]["method"]), (&json!(401), &json!("GET")));
}

#[tokio::test]
async fn a_wrong_method_is_405_and_broken_json_is_400() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let wrong = alice.request(Method::DELETE, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(json_of(wrong, 405).await["code"], "method_not_allowed");
    let broken = alice
        .request(Method::POST, "/api/v1/channels/")
        .header("content-type", "application/json")
        .body("{\"name\": ")
        .send()
        .await
        .unwrap();
    json_of(broken, 400).await;
}

#[tokio::test]
async fn calls_past_the_limit_are_429_with_the_time_to_wait() {
    let server = Server::start(&[("limits.rest_per_minute", "3")]);
    let client = reqwest::Client::new();
    for left in ["2", "1", "0"] {
        let response = client.get(server.url("/api/v1/auth/me")).send().await.unwrap();
        assert_eq!(response.headers()["x-ratelimit-remaining"], left);
        assert_eq!(response.status(), 401);
    }
    let refused = client.get(server.url("/api/v1/auth/me")).send().await.unwrap();
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(json_of(refused, 429).await["code"], "rate_limited");
    assert_eq!(client.get(server.url("/health")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_termination_tells_sockets_to_come_back_and_ends_cleanly() {
    let mut server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let mut socket = alice.socket().await;
    let id = rustix::process::Pid::from_raw(i32::try_from(server.process_id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert_eq!(socket.close_code().await, 1012);
    assert!(server.wait().success());
}

#[tokio::test]
async fn a_second_server_on_the_same_data_refuses_to_start() {
    let server = Server::start(&[]);
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_starling"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(server.data.path())
        .output()
        .unwrap();
    assert!(!second.status.success());
    let words = String::from_utf8_lossy(&second.stderr);
    assert!(words.contains("another"), "{words}");
}

#[tokio::test]
async fn the_api_describes_itself() {
    let server = Server::start(&[]);
    let openapi = json_of(reqwest::get(server.url("/openapi.json")).await.unwrap(), 200).await;
    for path in ["/api/v1/auth/register", "/api/v1/channels", "/api/v1/messages"] {
        assert!(openapi["paths"][path].is_object(), "{path} is not described");
    }
    let asyncapi = json_of(reqwest::get(server.url("/asyncapi.json")).await.unwrap(), 200).await;
    assert_eq!(asyncapi["asyncapi"], json!("3.1.0"));
}

#[tokio::test]
async fn the_documentation_needs_no_other_server_and_can_be_read_without_scripts() {
    let server = Server::start(&[]);
    for (path, words) in [
        ("/docs/plain", "/api/v1/channels"),
        ("/docs/sockets", "message_edited"),
        ("/docs", "/docs/plain"),
        ("/redoc", "Starling API"),
    ] {
        let response = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("script-src 'unsafe") && !policy.contains("http"), "{policy}");
        let text = response.text().await.unwrap();
        assert!(text.contains(words), "{path} says nothing of {words}");
        assert!(!text.contains("=\"http"), "{path} asks another server");
    }
    // A binary with the page has the viewer too; its address names its content.
    let page = reqwest::get(server.url("/docs")).await.unwrap().text().await.unwrap();
    let script = page.split('"').find(|word| word.starts_with("/docs/reference.js?"));
    let script = script.expect("the viewer: build the page before the tests");
    let response = reqwest::get(server.url(script)).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(reqwest::get(server.url("/docs/start.js")).await.unwrap().status(), 200);
}

/// Every name that docs/operating.md lists; alerts come with their own.
#[tokio::test]
async fn every_documented_metric_is_exported_with_its_help() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut socket = alice.socket().await;
    socket
        .send(json!({ "type": "send_message", "id": 1, "channel_id": channel, "content": "hi" }))
        .await;
    socket.expect("new_message").await;
    socket.send(json!({ "type": "ask", "channel_id": channel, "query": "hello" })).await;
    socket.expect("llm_response").await;
    let client = reqwest::Client::new();
    let document = include_str!("../../docs/operating.md");
    let (alone, _) = document.split_once("| metric of a cluster |").expect("two lists");
    let named = alone.lines().filter_map(|line| line.strip_prefix("| `starling_"));
    let names: Vec<String> =
        named.map(|line| format!("starling_{}", line.split(['`', '{']).next().unwrap())).collect();
    assert!(names.len() >= 13, "the list is not there: {names:?}");
    let polling = async {
        loop {
            let text =
                client.get(server.url("/metrics")).send().await.unwrap().text().await.unwrap();
            let missing = |name: &&String| {
                let help = format!("# HELP {name} ");
                !text.contains(&help) || !text.lines().any(|line| line.starts_with(&***name))
            };
            let missing: Vec<_> = names.iter().filter(missing).cloned().collect();
            // A socket that is open shows no close, and a quiet server no failure.
            if missing.iter().all(|name| name == "starling_ws_closes_total") {
                return text;
            }
            tokio::task::yield_now().await;
        }
    };
    let text = tokio::time::timeout(crate::world::PATIENCE, polling).await.expect("all metrics");
    for queue in ["channel_orders", "relay_events", "session_events", "sqlite_writes", "lane_bytes"]
    {
        let line = format!("starling_queue_depth{{queue=\"{queue}\"}} ");
        assert!(text.contains(&line), "{queue}: {text}");
    }
}
