//! Mail to who is away: what of channels reaches them, when, and when not; and letters with a secret.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::mailbox::{Letter, Mailbox};
use crate::world::{PASSWORD, PATIENCE, Person, Server, text};

const SETTINGS: &str = "/api/v1/notifications/settings";

fn with_mail(url: &str) -> Vec<(&str, &str)> {
    vec![
        ("smtp.url", url),
        ("smtp.from", "Starling <chat@example.org>"),
        ("smtp.tls", "none"),
        ("server.public_url", "https://chat.example"),
    ]
}

/// Alice and Bob in one channel; Bob wants mail at once.
async fn couple(server: &Server) -> (Person, Person, String) {
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let bob = server.sign_up_as(&alice, "bob", "viewer").await;
    let channel = alice.channel("ops").await;
    bob.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    wish(&bob, json!({ "email_after_minutes": 0 })).await;
    (alice, bob, channel)
}

async fn wish(person: &Person, wishes: Value) -> Value {
    let answer = person.request(Method::PATCH, SETTINGS).json(&wishes).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn say(person: &Person, channel: &str, content: &str) -> Value {
    let body = json!({ "channel_id": channel, "content": content });
    person.post("/api/v1/messages", body, 201).await
}

fn subjects(letters: &[Letter]) -> Vec<String> {
    letters.iter().map(|letter| letter.header("subject")).collect()
}

#[tokio::test]
async fn who_is_named_while_away_gets_a_letter_that_leads_to_the_message() {
    let mut mailbox = Mailbox::start().await;
    let server = Server::start(&with_mail(&mailbox.url));
    let (alice, _bob, channel) = couple(&server).await;
    say(&alice, &channel, "nobody in particular").await;
    let message = say(&alice, &channel, "@bob <b>look</b> & tell").await;
    let letter = mailbox.next().await;
    assert_eq!((letter.from.as_str(), letter.to.as_str()), ("chat@example.org", "bob@example.org"));
    assert_eq!(letter.header("subject"), "alice in #ops");
    let link = format!("https://chat.example/#{channel}/{}", text(&message["id"]));
    let plain = letter.part("text/plain");
    assert!(plain.contains("> @bob <b>look</b> & tell") && plain.contains(&link), "{plain}");
    assert!(!plain.contains("nobody in particular"));
    let html = letter.part("text/html");
    assert!(html.contains("&lt;b&gt;look&lt;/b&gt; &amp; tell") && html.contains(&link), "{html}");
    assert!(letter.header("message-id").ends_with("@chat.example>"));
    assert!(mailbox.is_empty());
}

#[tokio::test]
async fn every_message_is_told_in_one_letter_and_the_address_in_it_ends_mail() {
    let mut mailbox = Mailbox::start().await;
    let mut settings = with_mail(&mailbox.url);
    settings.retain(|(key, _)| *key != "server.public_url");
    let server = Server::start(&settings);
    let (alice, bob, channel) = couple(&server).await;
    let carl = server.sign_up_as(&alice, "carl", "viewer").await;
    let direct = json!({ "kind": "direct", "member_ids": [bob.id] });
    let direct = text(&carl.post("/api/v1/channels/", direct, 201).await["id"]);
    say(&alice, &channel, "@bob one").await;
    say(&carl, &direct, "two").await;
    say(&alice, &channel, "@bob three").await;
    // How many letters it takes depends on when each channel is looked at; no message is in two.
    let mut letter = mailbox.next().await;
    let mut plain = letter.part("text/plain");
    while ["> @bob one", "> two", "> @bob three"].iter().any(|told| !plain.contains(told)) {
        letter = mailbox.next().await;
        plain += &letter.part("text/plain");
    }
    assert_eq!(plain.matches("\n> ").count(), 3, "{plain}");
    assert!(plain.contains("carl wrote to you"), "{plain}");
    let end = letter.header("list-unsubscribe");
    assert_eq!(letter.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    let token = end.trim_matches(['<', '>']).split_once("?token=").unwrap().1.to_owned();
    let end = server.url(&format!("/api/v1/notifications/unsubscribe?token={token}"));
    let asked = Client::new().get(&end).send().await.unwrap();
    assert!(asked.text().await.unwrap().contains("<form method=\"post\">"));
    assert_eq!(bob.get(SETTINGS).await["email"], true, "looking at an address ends nothing");
    assert_eq!(Client::new().post(&end).send().await.unwrap().status(), 200);
    assert_eq!(bob.get(SETTINGS).await["email"], false);
    let other = server.url("/api/v1/notifications/unsubscribe?token=nonsense");
    assert_eq!(Client::new().post(other).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn who_is_here_or_has_read_it_or_wants_quiet_gets_no_letter() {
    let mut mailbox = Mailbox::start().await;
    let server = Server::start(&with_mail(&mailbox.url));
    let (alice, bob, channel) = couple(&server).await;
    let people = ["carl", "dora", "emil", "fred"];
    let mut others = Vec::new();
    for name in people {
        let person = server.sign_up_as(&alice, name, "viewer").await;
        person.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
        wish(&person, json!({ "email_after_minutes": 0 })).await;
        others.push(person);
    }
    let [carl, dora, emil, fred] = &others[..] else { panic!("four people") };
    let _carl_is_here = carl.socket().await;
    let quiet = json!({ "from": "00:00", "to": "00:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] });
    let shown = wish(dora, json!({ "quiet_hours": quiet, "time_zone": "Europe/Berlin" })).await;
    assert_eq!((&shown["quiet_hours"], &shown["time_zone"]), (&quiet, &json!("Europe/Berlin")));
    let level = format!("/api/v1/channels/{channel}/members/{}", emil.id);
    let none = json!({ "notification_level": "none" });
    assert_eq!(emil.request(Method::PATCH, &level).json(&none).send().await.unwrap().status(), 200);
    let message = say(&alice, &channel, "@bob @carl @dora @emil @fred look").await;
    let read = json!({ "message_id": message["id"] });
    fred.post(&format!("/api/v1/channels/{channel}/read"), read, 200).await;
    let letter = mailbox.next().await;
    assert_eq!(letter.to, "bob@example.org");
    say(&alice, &channel, "@bob the end").await;
    let second = mailbox.next().await;
    assert_eq!(subjects(&[letter, second]), ["alice in #ops", "alice in #ops"]);
    assert!(mailbox.is_empty());
    drop(bob);
}

#[tokio::test]
async fn what_somebody_may_not_read_any_more_is_not_told() {
    let mut mailbox = Mailbox::start().await;
    let server = Server::start(&with_mail(&mailbox.url));
    let (alice, bob, channel) = couple(&server).await;
    let in_an_hour = chrono::Utc::now() + chrono::Duration::hours(1);
    wish(&bob, json!({ "do_not_disturb_until": in_an_hour.to_rfc3339() })).await;
    let secret = json!({ "name": "secret", "is_private": true, "member_ids": [bob.id] });
    let secret = text(&alice.post("/api/v1/channels/", secret, 201).await["id"]);
    say(&alice, &secret, "@bob a secret").await;
    let gone = say(&alice, &channel, "@bob a slip").await;
    say(&alice, &channel, "@bob a word").await;
    let out = format!("/api/v1/channels/{secret}/members/{}", bob.id);
    assert!(alice.request(Method::DELETE, &out).send().await.unwrap().status().is_success());
    let slip = format!("/api/v1/messages/{}", text(&gone["id"]));
    assert!(alice.request(Method::DELETE, &slip).send().await.unwrap().status().is_success());
    wish(&bob, json!({ "do_not_disturb_until": null })).await;
    let letter = mailbox.next().await;
    let plain = letter.part("text/plain");
    assert!(plain.contains("a word") && !plain.contains("secret") && !plain.contains("slip"));
}

#[tokio::test]
async fn a_reply_reaches_those_of_its_thread_and_nobody_else() {
    let mut mailbox = Mailbox::start().await;
    let server = Server::start(&with_mail(&mailbox.url));
    let (alice, bob, channel) = couple(&server).await;
    let carl = server.sign_up_as(&alice, "carl", "viewer").await;
    carl.post(&format!("/api/v1/channels/{channel}/join"), json!({}), 200).await;
    wish(&carl, json!({ "email_after_minutes": 0 })).await;
    let root = say(&bob, &channel, "who has the keys?").await;
    let thread = json!({ "channel_id": channel, "root_message_id": root["id"] });
    let thread = alice.post("/api/v1/threads/", thread, 201).await;
    let reply =
        json!({ "channel_id": channel, "thread_id": thread["id"], "content": "I have them" });
    alice.post("/api/v1/messages", reply, 201).await;
    let letter = mailbox.next().await;
    assert_eq!(letter.to, "bob@example.org");
    assert!(letter.part("text/plain").contains("I have them"));
    say(&alice, &channel, "@carl the end").await;
    assert_eq!(mailbox.next().await.to, "carl@example.org");
}

#[tokio::test]
async fn a_refusal_for_ever_is_shown_to_the_person() {
    let mailbox = Mailbox::start().await;
    mailbox.answers("550 no such person");
    let server = Server::start(&with_mail(&mailbox.url));
    let (alice, bob, channel) = couple(&server).await;
    say(&alice, &channel, "@bob look").await;
    let deadline = Instant::now() + PATIENCE;
    let problem = loop {
        let problem = bob.get(SETTINGS).await["email_problem"].clone();
        if !problem.is_null() {
            break problem;
        }
        assert!(Instant::now() < deadline, "nothing is shown");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(text(&problem["message"]).contains("no such person"), "{problem}");
    let tried = bob.post("/api/v1/notifications/test-email", json!({}), 200).await;
    assert_eq!(tried["is_sent"], false);
    assert!(text(&tried["error"]).contains("no such person"), "{tried}");
    bob.post("/api/v1/notifications/test-email", json!({}), 429).await;
}

#[tokio::test]
async fn what_was_written_before_a_crash_is_told_after_it_and_once() {
    let mut mailbox = Mailbox::start().await;
    let mut server = Server::start(&with_mail(&mailbox.url));
    let (alice, _bob, channel) = couple(&server).await;
    say(&alice, &channel, "@bob before the crash").await;
    server.kill();
    server.start_again();
    let letter = mailbox.next().await;
    assert!(letter.part("text/plain").contains("before the crash"));
    say(&alice, &channel, "@bob after it").await;
    let second = mailbox.next().await;
    assert!(!second.part("text/plain").contains("before the crash"));
    assert_ne!(letter.header("message-id"), second.header("message-id"));
}

#[tokio::test]
async fn letters_leave_by_starttls_and_a_sign_in() {
    let (mut mailbox, authority) = Mailbox::start_with_tls().await;
    let mut settings = with_mail(&mailbox.url);
    settings.retain(|(key, _)| *key != "smtp.tls");
    settings.extend([
        ("smtp.tls_authority", authority.as_str()),
        ("smtp.user", "starling"),
        ("smtp.password", "the password of a test"),
    ]);
    let server = Server::start(&settings);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let tried = alice.post("/api/v1/notifications/test-email", json!({}), 200).await;
    assert_eq!(tried, json!({ "is_sent": true, "error": null }));
    let letter = mailbox.next().await;
    assert!(letter.was_encrypted);
    assert_eq!(letter.signed_in.as_deref(), Some("starling:the password of a test"));
    assert_eq!(letter.to, "alice@example.org");
}

#[tokio::test]
async fn an_invitation_and_a_new_password_come_by_mail() {
    let mut mailbox = Mailbox::start().await;
    let server = Server::start(&with_mail(&mailbox.url));
    let methods = Client::new().get(server.url("/api/v1/auth/methods")).send().await.unwrap();
    assert_eq!(methods.json::<Value>().await.unwrap()["password_reset"], true);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let guest = json!({ "email": "bob@example.org", "role": "viewer" });
    let invitation = alice.post("/api/v1/invitations", guest, 201).await;
    assert_eq!(invitation["is_mailed"], true);
    let letter = mailbox.next().await;
    assert_eq!(letter.header("subject"), "alice invites you to birds");
    assert!(letter.part("text/plain").contains(&text(&invitation["url"])));

    let ask = |email: &str| {
        let body = json!({ "email": email });
        Client::new().post(server.url("/api/v1/auth/password-reset")).json(&body).send()
    };
    assert_eq!(ask("nobody@example.org").await.unwrap().status(), 202);
    assert_eq!(ask("alice@example.org").await.unwrap().status(), 202);
    let letter = mailbox.next().await;
    assert_eq!(letter.to, "alice@example.org");
    let plain = letter.part("text/plain");
    let token = plain.split("/?reset=").nth(1).unwrap().split_whitespace().next().unwrap();
    let confirm = |password: &str| {
        let body = json!({ "token": token, "password": password });
        let url = server.url("/api/v1/auth/password-reset/confirm");
        Client::new().post(url).json(&body).send()
    };
    assert_eq!(confirm("password").await.unwrap().status(), 422);
    assert_eq!(confirm("a walk by the sea").await.unwrap().status(), 204);
    assert_eq!(confirm("a walk by the lake").await.unwrap().status(), 422);
    let me = alice.request(Method::GET, "/api/v1/auth/me").send().await.unwrap();
    assert_eq!(me.status(), 401, "all sign-ins have ended");
    let log_in = |password: &str| {
        let body = json!({ "email": "alice@example.org", "password": password });
        Client::new().post(server.url("/api/v1/auth/login")).json(&body).send()
    };
    assert_eq!(log_in(PASSWORD).await.unwrap().status(), 401);
    assert_eq!(log_in("a walk by the sea").await.unwrap().status(), 200);
    assert!(mailbox.is_empty());
}

#[tokio::test]
async fn a_server_without_mail_says_so() {
    let server = Server::start(&[]);
    let alice = server.sign_up_elsewhere("alice", "birds").await;
    let settings = alice.get(SETTINGS).await;
    assert_eq!(settings["email_available"], false);
    assert!(text(&settings["push_key"]).len() > 80, "pushes need no setting");
    let refused = alice.post("/api/v1/notifications/test-email", json!({}), 409).await;
    assert_eq!(refused["code"], "mail_off");
    let body = json!({ "email": "alice@example.org" });
    alice.post("/api/v1/auth/password-reset", body, 409).await;
}
