//! A real server in a folder of its own, people who sign up at it, and their sockets.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long anything may take before a test fails: generous, for a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A server process; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) data: TempDir,
    settings: Vec<(String, String)>,
    /// A command that ends by executing the server, whose words are appended to it.
    wrapper: Vec<String>,
}

impl Server {
    /// Starts a server on a free port with settings on top of those that suit tests.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_through(&[], settings)
    }

    /// The same through a command that changes what the server has around it; it finds the data
    /// folder in `DATA`.
    pub(crate) fn start_through(wrapper: &[&str], settings: &[(&str, &str)]) -> Self {
        let wrapper: Vec<String> = wrapper.iter().map(|word| (*word).to_owned()).collect();
        let data = tempfile::tempdir().unwrap();
        let roomy = [
            ("limits.rest_per_minute", "0"),
            ("limits.rest_per_hour", "0"),
            ("limits.messages_per_second", "0"),
        ];
        let settings: Vec<(String, String)> = roomy
            .iter()
            .chain(settings)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let (child, address) = spawn(&wrapper, &data, "127.0.0.1:0", &settings);
        Self { child, address, data, settings, wrapper }
    }

    /// SIGKILL: nothing is flushed, nobody is told.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts again on the same data and address.
    pub(crate) fn start_again(&mut self) {
        let (child, address) =
            spawn(&self.wrapper, &self.data, &self.address.clone(), &self.settings);
        self.child = child;
        self.address = address;
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs someone up in the default organization.
    pub(crate) async fn sign_up(&self, name: &str) -> Person {
        self.register(name, json!({})).await
    }

    /// Signs someone up as the admin of an organization of their own.
    pub(crate) async fn sign_up_elsewhere(&self, name: &str, org: &str) -> Person {
        self.register(name, json!({ "org_name": org, "org_slug": org })).await
    }

    /// Signs someone up whom an admin invites as this.
    pub(crate) async fn sign_up_as(&self, admin: &Person, name: &str, role: &str) -> Person {
        let invitation = admin.post("/api/v1/invitations", json!({ "role": role }), 201).await;
        self.register(name, json!({ "invite_token": invitation["invite_token"] })).await
    }

    async fn register(&self, name: &str, more: Value) -> Person {
        let mut body = json!({
            "email": format!("{name}@example.org"),
            "username": name,
            "password": PASSWORD,
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = self.url("/api/v1/auth/register");
        let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        let answer = json_of(response, 201).await;
        Person::from_tokens(&self.address, &answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// The server's command, executed by `wrapper` if there is one.
pub(crate) fn command_of(wrapper: &[impl AsRef<str>], data: &Path) -> Command {
    let binary = env!("CARGO_BIN_EXE_starling");
    let mut command = match wrapper {
        [] => Command::new(binary),
        [program, words @ ..] => {
            let mut command = Command::new(program.as_ref());
            command.args(words.iter().map(AsRef::as_ref)).arg(binary);
            command
        }
    };
    command.env("DATA", data);
    command
}

fn spawn(
    wrapper: &[String],
    data: &TempDir,
    listen: &str,
    settings: &[(String, String)],
) -> (Child, String) {
    let mut command = command_of(wrapper, data.path());
    command.args(["serve", "--listen", listen, "--data"]).arg(data.path());
    for (key, value) in settings {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut seen = Vec::new();
    let address = loop {
        let Some(Ok(line)) = lines.next() else {
            panic!("the server ended before it listened: {seen:#?}");
        };
        let parsed: Value = serde_json::from_str(&line).unwrap_or_default();
        if parsed["fields"]["message"] == "listening" {
            break parsed["fields"]["address"].as_str().unwrap().to_owned();
        }
        seen.push(line);
    };
    // The pipe must be read on, or the server blocks when it is full.
    std::thread::spawn(move || lines.for_each(drop));
    (child, address)
}

/// Someone with tokens.
#[derive(Clone)]
pub(crate) struct Person {
    address: String,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) refresh_token: String,
}

impl Person {
    pub(crate) fn from_tokens(address: &str, answer: &Value) -> Self {
        Self {
            address: address.to_owned(),
            id: text(&answer["user"]["id"]),
            token: text(&answer["access_token"]),
            refresh_token: text(&answer["refresh_token"]),
        }
    }

    /// The same person at another node of a cluster.
    pub(crate) fn at(&self, server: &Server) -> Self {
        Self { address: server.address.clone(), ..self.clone() }
    }

    /// Somebody else of the same server, by their token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        reqwest::Client::new().request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        json_of(self.request(Method::GET, path).send().await.unwrap(), 200).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        json_of(self.request(Method::POST, path).json(&body).send().await.unwrap(), status).await
    }

    /// Makes a public channel and gives its id.
    pub(crate) async fn channel(&self, name: &str) -> String {
        text(&self.post("/api/v1/channels/", json!({ "name": name }), 201).await["id"])
    }

    /// Opens a socket and takes its `hello`.
    pub(crate) async fn socket(&self) -> Socket {
        let mut socket = Socket::open(&self.address, &format!("/ws?token={}", self.token)).await;
        socket.expect("hello").await;
        socket
    }
}

/// One WebSocket in JSON.
pub(crate) struct Socket {
    inner: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
}

impl Socket {
    pub(crate) async fn open(address: &str, path: &str) -> Self {
        let url = format!("ws://{address}{path}");
        let (inner, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        Self { inner }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.inner.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame, or `None` when the socket has ended without one.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.inner.next()).await.expect("a frame");
            match message {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => (),
                Some(Ok(Message::Close(_) | Message::Binary(_) | Message::Frame(_))) => {
                    return None;
                }
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next frame of this type; others are passed over.
    pub(crate) async fn expect(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("no {kind} before the end"));
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The code with which the server closes.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match tokio::time::timeout(PATIENCE, self.inner.next()).await.expect("a close") {
                Some(Ok(Message::Close(Some(close)))) => return close.code.into(),
                Some(Ok(_)) => (),
                Some(Err(error)) => panic!("ended without a close frame: {error}"),
                None => panic!("ended without a close frame"),
            }
        }
    }
}

/// The body, after its status was checked.
pub(crate) async fn json_of(response: Response, status: u16) -> Value {
    let found = response.status().as_u16();
    let body = response.text().await.unwrap();
    assert_eq!(found, status, "{body}");
    serde_json::from_str(&body).unwrap_or_default()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
