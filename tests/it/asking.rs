//! Questions about data from outside: the demo shop, answered by the built-in assistant.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::{PATIENCE, Person, Server, json_of, text};

/// Pause between two looks at a job that is about to end.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Connects the demo shop: admins and analysts may.
async fn shop(person: &Person) -> String {
    let made = person.post("/api/v1/connections/demo", json!({}), 201).await;
    assert_eq!(made["name"], "Demo shop");
    text(&made["id"])
}

async fn join(person: &Person, channel: &str) {
    person.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
}

/// The job when it has ended: its answer is told a moment before that is stored.
async fn ended(person: &Person, job: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = person.get(&format!("/api/v1/queries/{job}")).await;
        if !found["finished_at"].is_null() {
            return found;
        }
        assert!(Instant::now() < deadline, "it does not end: {found}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn status_of(person: &Person, path: &str) -> u16 {
    person.request(Method::GET, path).send().await.unwrap().status().as_u16()
}

/// Runs SQL: the status and the answer, whichever it is.
async fn execute_as(person: &Person, body: Value) -> (u16, Value) {
    let sent = person.request(Method::POST, "/api/v1/query/execute").json(&body).send();
    let response = sent.await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn rows(answer: &Value) -> &Vec<Value> {
    answer["query_result_preview"]["rows"].as_array().expect("rows")
}

#[tokio::test]
async fn a_question_in_a_channel_is_answered_before_everyones_eyes() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("numbers").await;
    join(&bob, &channel).await;
    shop(&alice).await;
    let (mut asker, mut reader) = (alice.socket().await, bob.socket().await);

    let words = "/ask top 5 products by revenue";
    let ask = json!({ "type": "send_message", "id": 1, "channel_id": channel, "content": words });
    asker.send(ask).await;
    let asked = asker.expect("ack").await;
    let answer = reader.expect("llm_response").await;

    assert_eq!(answer["job_id"], asked["job_id"]);
    let message = &answer["message"];
    assert_eq!(message["parent_message_id"], asked["message_id"]);
    assert_eq!(message["results"].as_array().map(Vec::len), Some(5), "{message}");
    let context = &message["llm_context"];
    assert_eq!(context["sql_was_executed"], true);
    assert_eq!(context["chart_config"]["chart_type"], "horizontal_bar");
    let job = ended(&bob, &text(&answer["job_id"])).await;
    assert_eq!((&job["state"], &job["answer_message_id"]), (&json!("done"), &message["id"]));
    let page = bob.get(&format!("/api/v1/messages/channel/{channel}")).await;
    let last = page.as_array().and_then(|page| page.last()).expect("a message");
    assert_eq!(last["message_type"], "llm_response");
    assert_eq!(last["llm_context"]["sql"], context["sql"]);
}

#[tokio::test]
async fn a_chart_comes_as_a_picture_that_loads_and_runs_nothing() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("numbers").await;
    shop(&alice).await;
    let mut socket = alice.socket().await;
    let query = "top 5 products by revenue";
    socket.send(json!({ "type": "ask", "channel_id": channel, "query": query })).await;
    let job = text(&socket.expect("llm_response").await["job_id"]);

    let path = format!("/api/v1/queries/{job}/chart.svg");
    let sent = alice.request(Method::GET, &format!("{path}?theme=dark&width=480")).send();
    let response = sent.await.unwrap();

    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/svg+xml");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    let svg = response.text().await.unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("width=\"480\""), "{svg}");
    assert_eq!(status_of(&alice, &format!("{path}?theme=sepia")).await, 422);
    let none = "/api/v1/queries/00000000-0000-0000-0000-000000000001/chart.svg";
    assert_eq!(status_of(&alice, none).await, 404);
}

#[tokio::test]
async fn progress_is_told_to_all_who_follow_the_channel() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("numbers").await;
    shop(&alice).await;
    let mut socket = alice.socket().await;

    socket.send(json!({ "type": "ask", "channel_id": channel, "query": "how many orders?" })).await;

    let mut states = Vec::new();
    while states.last().is_none_or(|state| state != "done") {
        states.push(text(&socket.expect("query_progress").await["state"]));
    }
    let expected = ["reading_schema", "writing_sql", "checking", "running", "explaining", "done"];
    assert_eq!(states, expected);
}

#[tokio::test]
async fn a_private_conversation_is_answered_in_one_call_and_follows_up() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let connection = shop(&alice).await;
    let ask = async |message: &str, session: Option<&Value>| {
        let body = json!({
            "message": message, "connection_id": connection, "session_id": session,
        });
        alice.post("/api/v1/chat/message", body, 200).await
    };

    let first = ask("how many customers are there in Germany?", None).await;
    let second = ask("and in France?", Some(&first["session_id"])).await;

    assert_eq!(rows(&first).len(), 1);
    assert_eq!(second["session_id"], first["session_id"]);
    assert_ne!(rows(&first)[0][0], rows(&second)[0][0]);
    let session = text(&first["session_id"]);
    let history = alice.get(&format!("/api/v1/chat/history/{session}")).await;
    assert_eq!(history["count"], 4, "two questions and two answers: {history}");
    let sessions = alice.get("/api/v1/chat/sessions").await;
    assert_eq!(sessions["data"][0]["id"], first["session_id"]);
    let bob = server.sign_up("bob").await;
    assert_eq!(status_of(&bob, &format!("/api/v1/chat/history/{session}")).await, 404);
}

#[tokio::test]
async fn sql_of_a_person_is_guarded_with_the_place_of_what_is_wrong() {
    let server = Server::start(&[]);
    let alice = server.sign_up("alice").await;
    let connection = shop(&alice).await;
    let execute = async |sql: &str| {
        let body = json!({ "connection_id": connection, "sql": sql });
        execute_as(&alice, body).await
    };

    let (status, rows) = execute("SELECT count(*) AS n FROM orders").await;
    assert_eq!((status, &rows["rows"]), (200, &json!([[5000]])), "{rows}");
    let (status, refused) = execute("SELECT title,\n  pric FROM products").await;
    assert_eq!((status, &refused["code"]), (422, &json!("query_rejected")));
    assert_eq!((&refused["rule"], &refused["line"]), (&json!("column"), &json!(2)), "{refused}");
    for sql in ["DROP TABLE orders", "SELECT * FROM sqlite_master", "SELECT 1; SELECT 2"] {
        let (status, refused) = execute(sql).await;
        assert_eq!((status, &refused["code"]), (422, &json!("query_rejected")), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn data_that_not_everyone_may_see_stays_with_its_asker_in_every_reading() {
    let server = Server::start(&[]);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("numbers").await;
    join(&bob, &channel).await;
    let connection = shop(&alice).await;
    let me = text(&alice.get("/api/v1/users/me").await["id"]);
    let access = json!({ "access": { "mode": "users", "user_ids": [me] } });
    let path = format!("/api/v1/connections/{connection}");
    let changed = alice.request(Method::PATCH, &path).json(&access).send().await.unwrap();
    json_of(changed, 200).await;
    let mut reader = bob.socket().await;

    let mut socket = alice.socket().await;
    let query = "top 3 customers by revenue";
    socket.send(json!({ "type": "ask", "channel_id": channel, "query": query })).await;
    let frame = reader.expect("llm_response").await;

    let job = text(&frame["job_id"]);
    assert!(frame["message"]["llm_context"].is_null(), "{frame}");
    assert!(frame["message"]["results"].is_null(), "{frame}");
    assert_eq!(status_of(&bob, &format!("/api/v1/queries/{job}/answer")).await, 403);
    assert_eq!(status_of(&bob, &format!("/api/v1/queries/{job}/chart.svg")).await, 403);
    assert_eq!(status_of(&alice, &format!("/api/v1/queries/{job}/chart.svg")).await, 200);
    let page = bob.get(&format!("/api/v1/messages/channel/{channel}")).await;
    let last = page.as_array().and_then(|page| page.last()).expect("a message");
    assert_eq!(last["llm_context"], json!({ "restricted": true, "job_id": job }));
    let answer = alice.get(&format!("/api/v1/queries/{job}/answer")).await;
    assert_eq!(rows(&answer).len(), 3);
}

#[tokio::test]
async fn every_query_is_in_the_audit_trail() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "harbour").await;
    let connection = shop(&alice).await;
    let body = json!({ "message": "how many orders?", "connection_id": connection });
    alice.post("/api/v1/chat/message", body, 200).await;
    let body = json!({ "connection_id": connection, "sql": "DELETE FROM orders" });
    execute_as(&alice, body).await;

    let trail = alice.get("/api/v1/audit/").await;

    let actions: Vec<String> =
        trail["items"].as_array().expect("items").iter().map(|one| text(&one["action"])).collect();
    for action in
        ["auth.register", "query.start", "query.run", "query.rejected", "connection.create"]
    {
        assert!(actions.iter().any(|other| other == action), "{action}: {actions:?}");
    }
}

/// Where an answer's rows or words could be read.
async fn readings(person: &Person, channel: &str, asked: &Value, message: &str) -> Vec<Value> {
    let position = json!({ "channel_id": channel, "after_seq": asked["seq"], "gen": asked["gen"] });
    let mut socket = person.socket().await;
    socket.send(json!({ "type": "resume", "channels": [position] })).await;
    let replayed = socket.expect("llm_response").await;
    let page = person.get(&format!("/api/v1/messages/channel/{channel}")).await;
    let last = page.as_array().and_then(|page| page.last()).expect("a message").clone();
    let events = person.get(&format!("/api/v1/channels/{channel}/events?after=0")).await;
    let mut events = events["events"].as_array().expect("events").iter();
    let event = events.rfind(|event| event["type"] == "llm_response");
    vec![
        replayed["message"].clone(),
        last,
        person.get(&format!("/api/v1/messages/{message}")).await,
        event.expect("an answer")["message"].clone(),
    ]
}

#[tokio::test]
async fn who_loses_access_reads_neither_rows_nor_words_a_moment_later_in_any_way() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "harbour").await;
    let bob = server.sign_up_as(&alice, "bob", "analyst").await;
    let channel = alice.channel("numbers").await;
    join(&bob, &channel).await;
    let connection = shop(&alice).await;
    let mut reader = bob.socket().await;
    let mut socket = alice.socket().await;
    let query = "top 3 customers by revenue";
    socket.send(json!({ "type": "ask", "channel_id": channel, "query": query })).await;
    let question = reader.expect("new_message").await;
    let frame = reader.expect("llm_response").await;
    let (job, message) = (text(&frame["job_id"]), text(&frame["message"]["id"]));
    let words = text(&frame["message"]["content"]);
    assert_eq!(frame["message"]["results"].as_array().map(Vec::len), Some(3), "{frame}");
    let open = readings(&bob, &channel, &question, &message).await;
    assert!(open[0]["results"].is_null() && open[0]["content"] == "", "{}", open[0]);
    for reading in &open[1..] {
        assert_eq!(reading["llm_context"]["job_id"], job.as_str(), "{reading}");
        assert_eq!(reading["content"], words.as_str(), "{reading}");
    }

    let path = format!("/api/v1/connections/{connection}");
    let me = text(&alice.get("/api/v1/users/me").await["id"]);
    let access = json!({ "access": { "mode": "users", "user_ids": [me] } });
    let changed = alice.request(Method::PATCH, &path).json(&access).send().await.unwrap();
    json_of(changed, 200).await;

    for is_deleted in [false, true] {
        if is_deleted {
            let deleted = alice.request(Method::DELETE, &path).send().await.unwrap();
            assert_eq!(deleted.status(), 204);
        }
        for reading in readings(&bob, &channel, &question, &message).await {
            assert!(!reading.to_string().contains(&words), "{reading}");
            assert!(reading["results"].is_null(), "{reading}");
            assert!(reading["llm_context"]["sql"].is_null(), "{reading}");
        }
        assert_eq!(status_of(&bob, &format!("/api/v1/queries/{job}/answer")).await, 403);
        assert_eq!(status_of(&bob, &format!("/api/v1/queries/{job}/chart.svg")).await, 403);
        assert!(bob.get(&format!("/api/v1/queries/{job}")).await["sql"].is_null());
        let answer = alice.get(&format!("/api/v1/queries/{job}/answer")).await;
        assert_eq!(rows(&answer).len(), 3);
    }
    // What was read before is not given again to another asker.
    let body = json!({ "connection_id": connection, "sql": "SELECT count(*) FROM orders" });
    assert_eq!(execute_as(&bob, body).await.0, 404);
}
