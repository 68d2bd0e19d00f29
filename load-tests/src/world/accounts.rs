//! Accounts and channels over REST. A password hash takes about 30 ms of a core, so there are few
//! accounts and many sockets for each.

use std::io::{Write, stderr};
use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::wire::http;

/// Requests at the same time: enough to keep a few cores hashing.
const REQUESTS_AT_ONCE: usize = 8;

/// Members that a channel can be made with; further ones join.
const FIRST_MEMBERS_MAX: usize = 1_000;
/// A long wait is told of every so many steps.
const TOLD_EVERY: usize = 1_000;

/// A registered account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Registers `count` accounts in the default organization.
pub(crate) async fn register(address: SocketAddr, count: usize) -> Result<Vec<User>> {
    let run = run_name();
    in_turn(count, move |index| {
        let name = format!("load-{run}-{index}");
        async move {
            let body = json!({
                "email": format!("{name}@example.com"),
                "username": name,
                "password": format!("Correct-Horse-{name}-Battery"),
            });
            let user = http::request(address, "POST", "/api/v1/auth/register", None, Some(&body))
                .await?
                .success("register")?;
            let token = text_of(&user, "access_token")?;
            let id = text_of(&user, "id").or_else(|_| text_of(&user["user"], "id"))?;
            Ok(User { id, token })
        }
    })
    .await
}

/// Makes public channels owned by the first account, with the first `members` accounts in each.
pub(crate) async fn make_channels(
    address: SocketAddr,
    users: &[User],
    members: usize,
    count: usize,
) -> Result<Vec<String>> {
    let run = run_name();
    let users: Vec<User> = users.iter().take(members).cloned().collect();
    in_turn(count, move |index| make_channel(address, users.clone(), format!("load-{run}-{index}")))
        .await
}

/// Makes a public channel for each `members` accounts in turn; nobody is in two of them.
pub(crate) async fn make_rooms(
    address: SocketAddr,
    users: &[User],
    members: usize,
) -> Result<Vec<String>> {
    let run = run_name();
    let rooms: Vec<Vec<User>> = users.chunks(members.max(1)).map(<[User]>::to_vec).collect();
    in_turn(rooms.len(), move |index| {
        make_channel(address, rooms[index].clone(), format!("load-{run}-{index}"))
    })
    .await
}

async fn make_channel(address: SocketAddr, users: Vec<User>, name: String) -> Result<String> {
    let owner = users.first().context("no account")?;
    let others: Vec<&str> =
        users.iter().take(FIRST_MEMBERS_MAX).skip(1).map(|user| user.id.as_str()).collect();
    let first = others.len() + 1;
    let body = json!({"name": name, "kind": "public", "member_ids": others});
    let channel =
        http::request(address, "POST", "/api/v1/channels/", Some(&owner.token), Some(&body))
            .await?
            .success("making a channel")?;
    let id = text_of(&channel, "id")?;
    let taken = channel["member_count"].as_u64() == u64::try_from(first).ok();
    let path = format!("/api/v1/channels/{id}/join");
    for user in users.iter().skip(if taken { first } else { 1 }) {
        http::request(address, "POST", &path, Some(&user.token), None)
            .await?
            .success("joining a channel")?;
    }
    Ok(id)
}

/// Runs `make` for each index, a few at once, and returns the results in order.
async fn in_turn<T, F>(count: usize, make: impl Fn(usize) -> F) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut results: Vec<(usize, T)> = Vec::with_capacity(count);
    for index in 0..count {
        if tasks.len() >= REQUESTS_AT_ONCE
            && let Some(done) = tasks.join_next().await
        {
            results.push(done??);
            if results.len().is_multiple_of(TOLD_EVERY) {
                writeln!(stderr(), "{} of {count}", results.len())?;
            }
        }
        let work = make(index);
        tasks.spawn(async move { anyhow::Ok((index, work.await?)) });
    }
    while let Some(done) = tasks.join_next().await {
        results.push(done??);
    }
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Keeps the names of runs against the same server apart.
fn run_name() -> String {
    format!("{:08x}", rand::random::<u32>())
}

fn text_of(object: &Value, field: &str) -> Result<String> {
    let text = object[field].as_str().with_context(|| format!("no {field} in {object}"))?;
    Ok(text.to_owned())
}
