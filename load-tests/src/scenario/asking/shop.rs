//! An organization of its own with the demo shop and a channel to ask in.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::caller::Caller;
use crate::link::Dial;
use crate::wire::http;

/// Reading what a new connection holds takes a second or two on a busy machine.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(60);
/// A job that was answered is stored as ended a moment later.
const END_TIMEOUT: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Who asks, and where.
pub(super) struct Shop {
    pub(super) address: SocketAddr,
    pub(super) channel: String,
    token: String,
}

impl Shop {
    /// Makes all of it, and waits until the tables are known.
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let name = format!("shop-{:08x}", rand::random::<u32>());
        let body = json!({
            "email": format!("{name}@example.com"),
            "username": name,
            "password": format!("Correct-Horse-{name}-Battery"),
            "org_name": name,
            "org_slug": name,
        });
        let admin = http::request(address, "POST", "/api/v1/auth/register", None, Some(&body))
            .await?
            .success("registering an organization")?;
        let token = text_of(&admin, "access_token")?;
        let mut shop = Self { address, channel: String::new(), token };
        let channel = shop.call("POST", "/api/v1/channels/", json!({"name": "questions"})).await?;
        shop.channel = text_of(&channel, "id")?;
        // Every question reaches the database: answers out of the cache would cost less.
        let limits = json!({"cache_seconds": 0});
        shop.call("PUT", "/api/v1/settings/query-limits", limits).await?;
        let connection = shop.call("POST", "/api/v1/connections/demo", json!({})).await?;
        shop.until_read(&text_of(&connection, "id")?).await?;
        Ok(shop)
    }

    async fn until_read(&self, connection: &str) -> Result<()> {
        let deadline = Instant::now() + SCHEMA_TIMEOUT;
        let path = format!("/api/v1/schema/{connection}");
        while self.get(&path).await?["refreshed_at"].is_null() {
            ensure!(Instant::now() < deadline, "the demo shop's tables were not read");
            sleep(LOOK_EVERY * 10).await;
        }
        Ok(())
    }

    /// Lets a model write the SQL from now on.
    pub(super) async fn use_model(&self, url: &str) -> Result<()> {
        let model = json!({"provider": "openai", "base_url": url, "model": "at-once"});
        self.call("PUT", "/api/v1/settings/model", model).await?;
        Ok(())
    }

    /// A socket of the admin that follows nothing by itself.
    pub(super) async fn socket(&self) -> Result<Caller> {
        let path = format!("/ws?token={}&subscribe=none", self.token);
        Caller::open(&Dial { address: self.address, source: None, path, stalls: false }).await
    }

    /// One that hears the channel.
    pub(super) async fn ear(&self) -> Result<Caller> {
        let mut ear = self.socket().await?;
        ear.send(&json!({"type": "join_channel", "id": 1, "channel_id": self.channel})).await?;
        ear.answer(1).await?;
        Ok(ear)
    }

    /// The frame that asks.
    pub(super) fn question(&self, id: u64, words: &str) -> Value {
        json!({
            "type": "ask",
            "id": id,
            "channel_id": self.channel,
            "query": words,
            "client_message_id": uuid::Uuid::now_v7().to_string(),
        })
    }

    /// The job as it ended.
    pub(super) async fn ended(&self, job: &str) -> Result<Value> {
        let deadline = Instant::now() + END_TIMEOUT;
        let path = format!("/api/v1/queries/{job}");
        loop {
            let found = self.get(&path).await?;
            if !found["finished_at"].is_null() {
                return Ok(found);
            }
            ensure!(Instant::now() < deadline, "a question does not end: {found}");
            sleep(LOOK_EVERY).await;
        }
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value> {
        http::request(self.address, "GET", path, Some(&self.token), None).await?.success(path)
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        http::request(self.address, method, path, Some(&self.token), Some(&body))
            .await?
            .success(path)
    }
}

fn text_of(object: &Value, field: &str) -> Result<String> {
    let text = object[field].as_str().with_context(|| format!("no {field} in {object}"))?;
    Ok(text.to_owned())
}
