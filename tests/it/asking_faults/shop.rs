//! An organization with a channel, its data, and who asks.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::world::{PATIENCE, Person, Server, json_of, text};

/// Between two looks at another process.
const LOOK_EVERY: Duration = Duration::from_millis(10);

pub(super) struct Shop {
    pub(super) admin: Person,
    pub(super) channel: String,
    pub(super) connection: String,
}

impl Shop {
    /// With the demo shop, and its tables read.
    pub(super) async fn demo(server: &Server, name: &str) -> Self {
        let mut shop = Self::bare(server, name).await;
        let made = shop.admin.post("/api/v1/connections/demo", json!({}), 201).await;
        shop.connection = text(&made["id"]);
        shop.until_read().await;
        shop
    }

    /// With this database, and its tables read.
    pub(super) async fn of(server: &Server, name: &str, connection: Value) -> Self {
        let mut shop = Self::bare(server, name).await;
        let made = shop.admin.post("/api/v1/connections", connection, 201).await;
        shop.connection = text(&made["id"]);
        shop.until_read().await;
        shop
    }

    /// Without data.
    pub(super) async fn bare(server: &Server, name: &str) -> Self {
        let admin = server.sign_up_elsewhere(name, name).await;
        let channel = admin.channel("numbers").await;
        Self { admin, channel, connection: String::new() }
    }

    pub(super) async fn until_read(&self) {
        let path = format!("/api/v1/schema/{}", self.connection);
        let deadline = Instant::now() + PATIENCE;
        while self.admin.get(&path).await["refreshed_at"].is_null() {
            assert!(Instant::now() < deadline, "the tables are not read");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Value {
        let request = self.admin.request(Method::PUT, path).json(&body);
        json_of(request.send().await.unwrap(), 200).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Value {
        let request = self.admin.request(Method::PATCH, path).json(&body);
        json_of(request.send().await.unwrap(), 200).await
    }

    /// Lets the model at this address write the SQL, in one second for each order.
    pub(super) async fn use_model(&self, url: &str) {
        let model = json!({
            "provider": "openai", "base_url": url, "model": "scripted", "timeout_seconds": 1,
        });
        self.put("/api/v1/settings/model", model).await;
    }

    /// Asks in a thread with these limits; gives the job.
    pub(super) async fn ask_within(&self, question: &str, limits: Value) -> String {
        let mut thread = json!({ "channel_id": self.channel, "title": question });
        thread.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
        let thread = self.admin.post("/api/v1/threads", thread, 201).await;
        let path = format!("/api/v1/threads/{}/llm-query", text(&thread["id"]));
        text(&self.admin.post(&path, json!({ "query": question }), 202).await["job_id"])
    }

    pub(super) async fn ask(&self, question: &str) -> String {
        self.ask_within(question, json!({})).await
    }

    pub(super) async fn job(&self, job: &str) -> Value {
        self.admin.get(&format!("/api/v1/queries/{job}")).await
    }

    /// The job when it has ended.
    pub(super) async fn ended(&self, job: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.job(job).await;
            if !found["finished_at"].is_null() {
                return found;
            }
            assert!(Instant::now() < deadline, "it does not end: {found}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The answer of a question that has ended.
    pub(super) async fn answer(&self, job: &str) -> Value {
        self.ended(job).await;
        self.admin.get(&format!("/api/v1/queries/{job}/answer")).await
    }

    /// How many messages of the conversation answer it.
    pub(super) async fn answers_told(&self, job: &str) -> usize {
        let path = format!("/api/v1/channels/{}/events?after=0&limit=500", self.channel);
        let events = self.admin.get(&path).await;
        let events = events["events"].as_array().unwrap();
        events.iter().filter(|event| event["message"]["client_message_id"] == job).count()
    }

    /// What was sent to the database for it, by the audit trail.
    pub(super) async fn runs(&self, job: &str) -> usize {
        let trail = self.admin.get("/api/v1/audit/?action=query.run&limit=100").await;
        let items = trail["items"].as_array().unwrap();
        items.iter().filter(|item| item["resource_id"] == job).count()
    }
}

/// Whether a text is something that a person can do something with.
pub(super) fn is_sentence(words: &Value) -> bool {
    let words = words.as_str().unwrap_or_default();
    words.split_whitespace().count() >= 5 && words.trim_end_matches(')').ends_with('.')
}
