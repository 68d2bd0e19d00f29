//! People whom another server vouches for: by its access tokens, and by sign-in in the browser.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, Url, redirect};
use serde_json::{Value, json};

use crate::issuer::{Issuer, Signer};
use crate::world::{Person, Server, Socket, json_of, text};

/// Seconds since 1970, `later` seconds from now.
#[allow(clippy::disallowed_methods, reason = "tokens of another server have its real time")]
fn seconds(later: u64) -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    now.as_secs() + later
}

fn outside(issuer: &Issuer, more: &[(&str, &str)]) -> Server {
    let keys_url = issuer.keys_url();
    let mut settings = vec![
        ("outside.issuer", issuer.url()),
        ("outside.audience", "chat"),
        ("outside.algorithm", "ES256"),
        ("outside.jwks_url", keys_url.as_str()),
        ("outside.create_users", "true"),
    ];
    settings.extend_from_slice(more);
    Server::start(&settings)
}

fn claims(issuer: &Issuer, name: &str, later: u64) -> Value {
    json!({
        "iss": issuer.url(), "aud": "chat", "sub": format!("id-of-{name}"),
        "exp": seconds(later), "email": format!("{name}@example.org"), "name": name,
    })
}

fn holder(server: &Server, token: String) -> Person {
    let mut person = Person::from_tokens(
        &server.address,
        &json!({ "user": { "id": "" }, "access_token": token, "refresh_token": "" }),
    );
    person.token = token;
    person
}

#[tokio::test]
async fn an_outside_token_opens_the_api_and_a_socket_that_ends_with_it() {
    let signer = Signer::new("one");
    let issuer = Issuer::start(&signer).await;
    let server = outside(&issuer, &[]);
    let ann = holder(&server, signer.sign(&claims(&issuer, "ann", 60)));
    let me = ann.get("/api/v1/auth/me").await;
    assert_eq!((&me["username"], &me["role"]), (&json!("ann"), &json!("analyst")));
    assert_eq!(ann.get("/api/v1/auth/me").await["id"], me["id"]);
    let channels = ann.get("/api/v1/channels/").await;
    assert!(channels[0]["membership"].is_object(), "in the first channel: {channels}");

    let brief = holder(&server, signer.sign(&claims(&issuer, "ann", 4)));
    let ticket = brief.post("/api/v1/auth/ws-ticket", json!({}), 201).await;
    let path = format!("/ws?ticket={}", text(&ticket["ticket"]));
    let mut by_ticket = Socket::open(&server.address, &path).await;
    let mut by_token = brief.socket().await;
    assert_eq!(by_ticket.expect("hello").await["user"]["id"], me["id"]);
    assert_eq!(by_token.close_code().await, 4001);
    assert_eq!(by_ticket.close_code().await, 4001);
    let late = brief.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(json_of(late, 401).await["code"], "token_expired");
}

#[tokio::test]
async fn a_new_key_is_found_and_unknown_ones_do_not_flood_the_issuer() {
    let (first, second) = (Signer::new("one"), Signer::new("two"));
    let issuer = Issuer::start(&first).await;
    let server = outside(&issuer, &[("outside.jwks_refresh_seconds", "1")]);
    holder(&server, first.sign(&claims(&issuer, "ann", 60))).get("/api/v1/auth/me").await;
    let forged = holder(&server, Signer::new("none").sign(&claims(&issuer, "ann", 60)));
    for _ in 0..20 {
        let refused = forged.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
        json_of(refused, 401).await;
    }
    assert!(issuer.looks() <= 10, "{} looks at the keys", issuer.looks());
    issuer.publish(&second);
    let ann = holder(&server, second.sign(&claims(&issuer, "ann", 60)));
    let deadline = tokio::time::Instant::now() + crate::world::PATIENCE;
    loop {
        let answer = ann.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
        if answer.status() == 200 {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "the new key was never found");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_a_local_account_is_not_taken_over() {
    let signer = Signer::new("one");
    let issuer = Issuer::start(&signer).await;
    let server = outside(&issuer, &[]);
    server.sign_up("bob").await;
    let with = |name: &str, field: &str, value: Value| {
        let mut changed = claims(&issuer, name, 60);
        changed[field] = value;
        holder(&server, signer.sign(&changed))
    };
    for (field, value, status) in [
        ("iss", json!("https://elsewhere.example"), 401),
        ("aud", json!("another"), 401),
        ("exp", json!(seconds(0) - 10), 401),
        ("nbf", json!(seconds(600)), 401),
        ("type", json!("refresh"), 401),
        ("sub", Value::Null, 401),
    ] {
        let person = with("ann", field, value);
        let refused = person.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
        json_of(refused, status).await;
    }
    let thief = with("bob", "email_verified", json!(true));
    let refused = thief.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(json_of(refused, 403).await["code"], "no_account");
}

#[tokio::test]
async fn claims_say_organization_and_role_and_a_verified_email_may_adopt() {
    let signer = Signer::new("one");
    let issuer = Issuer::start(&signer).await;
    let more = [
        ("outside.claim_role", "groups"),
        ("outside.claim_org", "tenant"),
        ("outside.adopt_by_email", "true"),
    ];
    let server = outside(&issuer, &more);
    let bob = server.sign_up("bob").await;
    let mut said = claims(&issuer, "bob", 60);
    said["groups"] = json!(["people", "viewer"]);
    let unverified = holder(&server, signer.sign(&said));
    let refused = unverified.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    json_of(refused, 403).await;
    said["email_verified"] = json!(true);
    let adopted = holder(&server, signer.sign(&said)).get("/api/v1/auth/me").await;
    assert_eq!((&adopted["id"], &adopted["role"]), (&json!(bob.id), &json!("viewer")));
    said["tenant"] = json!("nowhere");
    let lost = holder(&server, signer.sign(&said));
    let refused = lost.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(json_of(refused, 403).await["code"], "no_account");
}

/// A browser's cookies and no redirects.
struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new() -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { client, cookies: Vec::new() }
    }

    async fn go(&mut self, method: Method, url: String) -> Response {
        let all: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, url).header(COOKIE, all.join("; "));
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite="), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }
}

fn location(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

fn with_provider(issuer: &Issuer, more: &[(&str, &str)]) -> Server {
    let mut settings = vec![
        ("oidc.issuer", issuer.url()),
        ("oidc.client_id", "starling-web"),
        ("oidc.client_secret", "a secret of the client"),
        ("oidc.algorithm", "ES256"),
        ("oidc.label", "Example login"),
        ("outside.create_users", "true"),
    ];
    settings.extend_from_slice(more);
    Server::start(&settings)
}

/// Begins a sign-in; gives the provider's address with what was asked.
async fn depart(server: &Server, browser: &mut Browser) -> Url {
    let away = browser.go(Method::GET, server.url("/api/v1/auth/oidc/login")).await;
    Url::parse(&location(&away)).unwrap()
}

fn id_token(signer: &Signer, issuer: &Issuer, asked: &Url) -> String {
    let mut claims = claims(issuer, "ann", 60);
    claims["aud"] = json!("starling-web");
    claims["nonce"] = json!(parameter(asked, "nonce"));
    signer.sign(&claims)
}

async fn come_back(server: &Server, browser: &mut Browser, state: &str) -> String {
    let path = format!("/api/v1/auth/oidc/callback?code=c0de&state={state}");
    location(&browser.go(Method::GET, server.url(&path)).await)
}

#[tokio::test]
async fn a_person_signs_in_at_the_provider_and_the_page_gets_its_tokens_once() {
    let signer = Signer::new("one");
    let issuer = Issuer::start(&signer).await;
    let server = with_provider(&issuer, &[]);
    let methods = reqwest::get(server.url("/api/v1/auth/methods")).await.unwrap();
    assert_eq!(json_of(methods, 200).await["oidc"]["label"], "Example login");

    let mut browser = Browser::new();
    let asked = depart(&server, &mut browser).await;
    assert!(asked.as_str().starts_with(&format!("{}/authorize?tenant=a&", issuer.url())));
    assert_eq!(parameter(&asked, "code_challenge_method"), "S256");
    assert_eq!(parameter(&asked, "scope"), "openid email profile");
    issuer.answer_with(id_token(&signer, &issuer, &asked));
    let state = parameter(&asked, "state");
    assert_eq!(come_back(&server, &mut browser, &state).await, "/#signed-in");
    assert_eq!(issuer.asked("code").as_deref(), Some("c0de"));
    assert_eq!(issuer.asked("client_secret").as_deref(), Some("a secret of the client"));
    assert_eq!(issuer.asked("redirect_uri"), Some(parameter(&asked, "redirect_uri")));
    assert_eq!(issuer.asked("code_verifier").map(|verifier| verifier.len()), Some(43));

    let exchange = server.url("/api/v1/auth/oidc/exchange");
    let carried = browser.cookies.clone();
    let pair = json_of(browser.go(Method::POST, exchange.clone()).await, 200).await;
    let ann = Person::from_tokens(&server.address, &pair);
    assert_eq!(ann.get("/api/v1/auth/me").await["email"], "ann@example.org");
    browser.cookies = carried;
    json_of(browser.go(Method::POST, exchange).await, 401).await;
}

#[tokio::test]
async fn a_forged_or_foreign_return_signs_nobody_in() {
    let signer = Signer::new("one");
    let issuer = Issuer::start(&signer).await;
    let server = with_provider(&issuer, &[("outside.create_users", "false")]);
    let mut victim = Browser::new();
    let asked = depart(&server, &mut victim).await;
    let state = parameter(&asked, "state");
    issuer.answer_with(id_token(&signer, &issuer, &asked));
    // Another browser is led to the attacker's return, or this one to a made-up state.
    let stale = "/#sign-in-failed=stale";
    assert_eq!(come_back(&server, &mut Browser::new(), &state).await, stale);
    assert_eq!(come_back(&server, &mut victim, "made-up").await, stale);

    let mut browser = Browser::new();
    let asked = depart(&server, &mut browser).await;
    let state = parameter(&asked, "state");
    // The provider's word about another sign-in carries that one's nonce.
    assert_eq!(come_back(&server, &mut browser, &state).await, "/#sign-in-failed=unavailable");

    let asked = depart(&server, &mut browser).await;
    issuer.answer_with(id_token(&signer, &issuer, &asked));
    let state = parameter(&asked, "state");
    assert_eq!(come_back(&server, &mut browser, &state).await, "/#sign-in-failed=no_account");
    let exchange = server.url("/api/v1/auth/oidc/exchange");
    json_of(browser.go(Method::POST, exchange).await, 401).await;
}
