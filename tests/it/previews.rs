//! What is shown of pages that messages link to; the pages are of this test.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Person, Server, Socket, json_of, text};

/// The only way to this machine's own pages.
const OPEN: &[(&str, &str)] = &[("egress.previews", "127.0.0.1")];

/// Pages on this machine, and how often they were called.
pub(crate) struct Pages {
    pub(crate) url: String,
    calls: Arc<AtomicUsize>,
}

impl Pages {
    pub(crate) async fn start() -> Self {
        let calls = Arc::<AtomicUsize>::default();
        let router = Router::new().fallback(page).with_state(Arc::clone(&calls));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, calls }
    }
}

fn html(head: &str) -> Response {
    let page = format!("<!doctype html><html><head>{head}</head><body>hello</body></html>");
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn page(State(calls): State<Arc<AtomicUsize>>, uri: Uri) -> Response {
    calls.fetch_add(1, Ordering::SeqCst);
    let redirect = |to: String| (StatusCode::FOUND, [(LOCATION, to)]).into_response();
    match uri.path() {
        "/birds" => html(
            "<title>no</title><meta property='og:title' content='Birds &amp; nests'>\
             <meta property='og:description' content='All\nof   them'>\
             <meta property='og:site_name' content='Birds, Inc.'>",
        ),
        "/moved" => redirect("/birds".to_owned()),
        "/loop" => redirect("/loop".to_owned()),
        "/inner" => redirect("http://10.1.2.3/".to_owned()),
        "/metadata" => redirect("http://169.254.169.254/latest".to_owned()),
        "/hostile" => html(&format!(
            "<script>'<title>x</title>'</script><title>pay \u{202e}em\u{2066} {}",
            "x".repeat(9_000)
        )),
        "/packed" => {
            ([(CONTENT_TYPE, "text/html"), (CONTENT_ENCODING, "gzip")], "\x1f").into_response()
        }
        "/picture" => ([(CONTENT_TYPE, "image/png")], "<title>no</title>").into_response(),
        "/endless" => {
            let never =
                futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>("<p>".repeat(1_000)));
            ([(CONTENT_TYPE, "text/html")], Body::from_stream(never)).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn write(person: &Person, channel: &str, content: &str) -> String {
    let body = json!({ "channel_id": channel, "content": content });
    text(&person.post("/api/v1/messages/", body, 201).await["id"])
}

pub(crate) async fn told(ears: &mut Socket, message: &str) -> Vec<Value> {
    loop {
        let frame = ears.expect("link_previews").await;
        if frame["message_id"] == json!(message) {
            return frame["link_previews"].as_array().unwrap().clone();
        }
    }
}

async fn shown(person: &Person, message: &str) -> Value {
    person.get(&format!("/api/v1/messages/{message}")).await["link_previews"].clone()
}

#[tokio::test]
async fn a_links_page_is_shown_beside_the_message_to_live_and_later_readers() {
    let (server, pages) = (Server::start(OPEN), Pages::start().await);
    let (alice, bob) = (server.sign_up("alice").await, server.sign_up("bob").await);
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let link = format!("{}/moved", pages.url);
    let content = format!("look: {link}, and `{}/birds`", pages.url);
    let message = write(&alice, &channel, &content).await;
    let expected = json!({ "url": link, "title": "Birds & nests", "description": "All of them", "site_name": "Birds, Inc." });
    assert_eq!(told(&mut ears, &message).await, std::slice::from_ref(&expected));
    let page = alice.get(&format!("/api/v1/messages/channel/{channel}")).await;
    assert_eq!(page[0]["link_previews"], json!([expected]));
    assert_eq!((&page[0]["content"], &page[0]["is_edited"]), (&json!(content), &json!(false)));

    let calls = pages.calls.load(Ordering::SeqCst);
    ears.send(json!({ "type": "send_message", "channel_id": channel, "content": link })).await;
    let again = text(&ears.expect("new_message").await["message"]["id"]);
    assert_eq!(told(&mut ears, &again).await.len(), 1);
    assert_eq!(pages.calls.load(Ordering::SeqCst), calls, "a page is read once");

    let path = format!("/api/v1/messages/{message}/link_previews");
    alice
        .post(&format!("/api/v1/channels/{channel}/members"), json!({ "user_id": bob.id }), 201)
        .await;
    assert_eq!(bob.request(Method::DELETE, &path).send().await.unwrap().status(), 403);
    let one = alice.request(Method::DELETE, &path).query(&[("url", &link)]);
    assert_eq!(one.send().await.unwrap().status(), 204);
    assert!(told(&mut ears, &message).await.is_empty());
    let body = json!({ "content": format!("{link} {}/birds", pages.url) });
    let edit = alice.request(Method::PATCH, &format!("/api/v1/messages/{message}")).json(&body);
    json_of(edit.send().await.unwrap(), 200).await;
    let links = told(&mut ears, &message).await;
    assert_eq!(links.len(), 1, "what was taken away does not come back");
    assert_eq!(links[0]["url"], format!("{}/birds", pages.url));
    assert_eq!(shown(&bob, &message).await, json!(links));
    let gone = alice.request(Method::DELETE, &format!("/api/v1/messages/{message}"));
    assert_eq!(gone.send().await.unwrap().status(), 204);
    assert!(told(&mut ears, &message).await.is_empty());
}

#[tokio::test]
async fn a_hostile_page_does_no_harm() {
    let (server, pages) = (Server::start(OPEN), Pages::start().await);
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let at = |path: &str| format!("{}/{path}", pages.url);
    // None of these is shown; each with a page behind it that is, which says when it was looked at.
    for path in ["loop", "inner", "metadata", "packed", "picture", "endless", "missing"] {
        let content = format!("{} {}", at(path), at("birds"));
        let message = write(&alice, &channel, &content).await;
        let links = told(&mut ears, &message).await;
        assert_eq!(links.len(), 1, "{path}: {links:?}");
        assert_eq!(links[0]["url"], at("birds"), "{path}");
    }
    let message = write(&alice, &channel, &at("hostile")).await;
    let links = told(&mut ears, &message).await;
    let title = text(&links[0]["title"]);
    assert!(title.starts_with("pay em x"), "{title}");
    assert!(title.chars().count() <= 160);
    assert_eq!(links[0]["site_name"], "127.0.0.1");
}

#[tokio::test]
async fn only_what_the_operator_lets_through_is_called() {
    let server = Server::start(&[("egress.previews", "localhost")]);
    let pages = Pages::start().await;
    let alice = server.sign_up("alice").await;
    let channel = alice.channel("birds").await;
    let mut ears = alice.socket().await;
    let allowed = pages.url.replace("127.0.0.1", "localhost");
    let content = format!("{0}/birds {1}/inner {1}/birds", pages.url, allowed);
    let message = write(&alice, &channel, &content).await;
    let links = told(&mut ears, &message).await;
    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!(links[0]["url"], format!("{allowed}/birds"));
    assert_eq!(
        pages.calls.load(Ordering::SeqCst),
        2,
        "neither the address nor where it leads on to"
    );
}

#[tokio::test]
async fn an_organization_switches_previews_off() {
    let (server, pages) = (Server::start(OPEN), Pages::start().await);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let channel = admin.channel("birds").await;
    let mut ears = admin.socket().await;
    let message = write(&admin, &channel, &format!("{}/birds", pages.url)).await;
    assert_eq!(told(&mut ears, &message).await.len(), 1);
    let patch = async |path: &str, body: Value| {
        let request = admin.request(Method::PATCH, path).json(&body);
        json_of(request.send().await.unwrap(), 200).await
    };
    patch("/api/v1/orgs/current", json!({ "settings": { "link_previews": false } })).await;
    let calls = pages.calls.load(Ordering::SeqCst);
    let other = json!({ "content": format!("{}/hostile", pages.url) });
    patch(&format!("/api/v1/messages/{message}"), other).await;
    assert!(
        told(&mut ears, &message).await.is_empty(),
        "the old link is gone, the new one not read"
    );
    assert_eq!(pages.calls.load(Ordering::SeqCst), calls);
    assert_eq!(shown(&admin, &message).await, json!([]));
}

#[tokio::test]
async fn what_a_webhook_links_to_is_shown_unless_it_says_otherwise() {
    let (server, pages) = (Server::start(OPEN), Pages::start().await);
    let admin = server.sign_up_elsewhere("ada", "acme").await;
    let channel = admin.channel("birds").await;
    let mut ears = admin.socket().await;
    let form = json!({ "channel_id": channel, "name": "CI" });
    let made = admin.post("/api/v1/webhooks/incoming", form, 201).await;
    let url = server.url(&format!("/hooks/{}", text(&made["url"]).rsplit('/').next().unwrap()));
    for is_wanted in [false, true] {
        let link = format!("{}/birds?{is_wanted}", pages.url);
        let mut body = json!({ "text": format!("see <{link}|birds>") });
        if !is_wanted {
            body["unfurl_links"] = json!(false);
        }
        let sent = reqwest::Client::new().post(&url).json(&body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
    }
    let frame = ears.expect("link_previews").await;
    assert_eq!(frame["link_previews"][0]["url"], format!("{}/birds?true", pages.url));
    assert_eq!(pages.calls.load(Ordering::SeqCst), 1, "the other page was not read");
}
