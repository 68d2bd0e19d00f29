//! Any input: every route of the OpenAPI document gets bodies and addresses that nobody meant.
//!
//! The document says which routes there are and which fields they know, so a new route is tested
//! from its first day. Whatever comes in, the answer is never a 5xx, and each refusal is a problem
//! document with a stable code.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use crate::world::{Person, Server, text};

/// Requests to each route; a failing one is made smaller by up to as many again.
const CASES: u32 = 32;

/// Times that a request is sent that gets no answer.
const TRIES: usize = 3;

/// What is sent as a body.
#[derive(Clone, Debug)]
enum Sent {
    Bytes(Vec<u8>),
    Json(Value),
}

/// A route and what the document says of it.
#[derive(Clone, Debug)]
struct Route {
    method: Method,
    path: String,
    fields: Vec<String>,
    queries: Vec<String>,
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    name.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

fn routes(document: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = method.to_uppercase();
            if !["GET", "POST", "PATCH", "PUT"].contains(&method.as_str()) {
                continue;
            }
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let properties = resolved(document, schema)["properties"].as_object();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let queries = parameters.iter().filter(|one| one["in"] == "query");
            routes.push(Route {
                method: method.parse().unwrap(),
                path: path.clone(),
                fields: properties.map(|all| all.keys().cloned().collect()).unwrap_or_default(),
                queries: queries.map(|one| text(&one["name"])).collect(),
            });
        }
    }
    routes
}

fn word() -> impl Strategy<Value = String> {
    let chosen = ["", " ", "default", "true", "-1", "0", "9223372036854775808", "\u{0}", "a@b.c"];
    prop_oneof![
        select(chosen.map(str::to_owned).to_vec()),
        "\\PC{0,20}",
        any::<String>(),
        (0_usize..8_000).prop_map(|length| "x".repeat(length)),
    ]
}

fn value(ids: Vec<String>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word().prop_map(Value::from),
        select(ids).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(word(), inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn body(fields: &[String], ids: &[String]) -> impl Strategy<Value = Sent> + use<> {
    let names = if fields.is_empty() { vec!["content".to_owned()] } else { fields.to_vec() };
    let known = prop::collection::hash_map(select(names), value(ids.to_vec()), 0..10);
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Sent::Bytes),
        1 => value(ids.to_vec()).prop_map(Sent::Json),
        4 => known.prop_map(|map| Sent::Json(json!(map.into_iter().collect::<Map<_, _>>()))),
    ]
}

fn address(route: &Route, ids: &[String]) -> impl Strategy<Value = String> + use<> {
    let nonsense = ["nonsense", "%00", "%ff", "..%2f..", "0", "-1", "%F0%9F%91%8D", "%20"];
    let segment = prop_oneof![
        3 => select(ids.to_vec()),
        1 => select(nonsense.map(str::to_owned).to_vec()),
    ];
    let query = (
        select(route.queries.iter().cloned().chain(["x".to_owned()]).collect::<Vec<_>>()),
        prop_oneof![word(), select(ids.to_vec())],
    );
    let (path, has_queries) = (route.path.clone(), !route.queries.is_empty());
    let segments = prop::collection::vec(segment, path.matches('{').count());
    let queries = prop::collection::vec(query, 0..if has_queries { 4 } else { 1 });
    (segments, queries).prop_map(move |(segments, queries)| {
        let mut address = String::new();
        let mut segments = segments.into_iter();
        for part in path.split('/').skip(1) {
            let part = if part.starts_with('{') { segments.next() } else { Some(part.to_owned()) };
            address = format!("{address}/{}", part.unwrap_or_default());
        }
        let mut url = reqwest::Url::parse(&format!("http://x{address}")).unwrap();
        if !queries.is_empty() {
            url.query_pairs_mut().extend_pairs(queries);
        }
        format!("{}{}", address, url.query().map(|query| format!("?{query}")).unwrap_or_default())
    })
}

/// What a hook answers in place of a problem document, as programs that post to Slack expect it.
const WORDS_OF_HOOKS: [&str; 6] =
    ["invalid_payload", "no_text", "no_service", "channel_not_found", "too_large", "rate_limited"];

/// Who answers without having read a long body closes the connection, and the closing may be seen before the
/// answer (RFC 9112, section 9.6). What never answers fails all the same.
async fn answer_to(request: &RequestBuilder) -> Result<Response, String> {
    let mut failure = String::new();
    for _ in 0..TRIES {
        match request.try_clone().unwrap().send().await {
            Ok(answer) => return Ok(answer),
            Err(error) => failure = format!("no answer: {error}"),
        }
    }
    Err(failure)
}

async fn send(request: RequestBuilder, sent: Sent) -> Result<(), String> {
    let request = match sent {
        Sent::Json(value) => request.json(&value),
        Sent::Bytes(bytes) => request.header("content-type", "application/json").body(bytes),
    };
    let answer = answer_to(&request).await?;
    let status = answer.status();
    let is_hook = answer.url().path().starts_with("/hooks/");
    let is_problem =
        answer.headers().get("content-type").is_some_and(|kind| kind == "application/problem+json");
    let body = answer.text().await.unwrap();
    if status.is_server_error() {
        return Err(format!("{status}: {body}"));
    }
    if is_hook && WORDS_OF_HOOKS.contains(&body.as_str()) {
        return Ok(());
    }
    let document: Value = serde_json::from_str(&body).unwrap_or_default();
    if status.is_client_error() && !(is_problem && document["code"].is_string()) {
        return Err(format!("{status} is no problem document: {body}"));
    }
    Ok(())
}

/// Ids that mean something here, so that what is nonsense is not only the address.
async fn ids(person: &Person) -> Vec<String> {
    let channel = person.channel("birds").await;
    let post = json!({ "channel_id": channel, "content": "hello" });
    let message = person.post("/api/v1/messages/", post, 201).await;
    let root = json!({ "channel_id": channel, "root_message_id": message["id"] });
    let thread = person.post("/api/v1/threads/", root, 201).await;
    let nobody = "018bcfe5-687b-7fff-bfff-ffffffffffff".to_owned();
    vec![channel, text(&message["id"]), text(&thread["id"]), person.id.clone(), nobody]
}

async fn is_signed_in(person: &Person) -> bool {
    let me = person.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    me.status().is_success()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_and_no_address_makes_a_route_fail() {
    let server = Server::start(&[]);
    let reader = server.sign_up("reader").await;
    let document = reader.get("/openapi.json").await;
    let routes = routes(&document);
    let client = Client::new();
    assert!(routes.len() > 40, "the document names its routes: {}", routes.len());
    let mut founders = 0;
    let mut known: Option<(Person, Vec<String>)> = None;
    for route in routes {
        // Some routes end a sign-in: then somebody else goes on, in an organization of their own.
        let (person, ids) = match known.take() {
            Some(one) if is_signed_in(&one.0).await => one,
            Some(_) | None => {
                founders += 1;
                let org = format!("org-{founders}");
                let person = server.sign_up_elsewhere("founder", &org).await;
                let ids = ids(&person).await;
                (person, ids)
            }
        };
        let strategy = (address(&route, &ids), body(&route.fields, &ids));
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let result = tokio::task::block_in_place(|| {
            TestRunner::new(config).run(&strategy, |(address, sent)| {
                let request = client.request(route.method.clone(), server.url(&address));
                let sending = send(request.bearer_auth(&person.token), sent);
                Handle::current().block_on(sending).map_err(TestCaseError::fail)
            })
        });
        assert!(result.is_ok(), "{} {}: {}", route.method, route.path, result.unwrap_err());
        known = Some((person, ids));
    }
    let metrics = reader.request(Method::GET, "/metrics").send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let restarts = metrics.lines().filter(|line| line.starts_with("starling_actor_restarts_total"));
    assert!(
        restarts.clone().all(|line| line.ends_with(" 0")),
        "{:?}",
        restarts.collect::<Vec<_>>()
    );
}
