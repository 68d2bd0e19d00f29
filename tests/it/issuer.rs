//! Another server that vouches for people: publishes keys, describes itself, gives id_tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use parking_lot::Mutex;
use serde_json::{Value, json};

/// A key pair made for one test.
pub(crate) struct Signer {
    id: String,
    key: EncodingKey,
}

impl Signer {
    pub(crate) fn new(id: &str) -> Self {
        let secret = p256::SecretKey::random(&mut rsa::rand_core::OsRng);
        let pem = secret.to_pkcs8_pem(LineEnding::LF).unwrap();
        let key = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
        Self { id: id.to_owned(), key }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key).unwrap()
    }

    fn published(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(self.id.clone());
        serde_json::to_value(jwk).unwrap()
    }
}

/// What the issuer's handlers share.
struct Shared {
    url: String,
    keys: Mutex<Vec<Value>>,
    looks: AtomicUsize,
    /// The one whom the next code stands for.
    id_token: Mutex<String>,
    /// The last form that came for a code.
    form: Mutex<Vec<(String, String)>>,
}

/// A running issuer; it ends with the test's runtime.
pub(crate) struct Issuer {
    shared: Arc<Shared>,
}

impl Issuer {
    pub(crate) async fn start(signer: &Signer) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            url: format!("http://{}", listener.local_addr().unwrap()),
            keys: Mutex::new(vec![signer.published()]),
            looks: AtomicUsize::new(0),
            id_token: Mutex::default(),
            form: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared }
    }

    pub(crate) fn url(&self) -> &str {
        &self.shared.url
    }

    pub(crate) fn keys_url(&self) -> String {
        format!("{}/keys", self.shared.url)
    }

    /// How often its keys were read.
    pub(crate) fn looks(&self) -> usize {
        self.shared.looks.load(Ordering::Relaxed)
    }

    pub(crate) fn publish(&self, signer: &Signer) {
        self.shared.keys.lock().push(signer.published());
    }

    /// What the next code is worth.
    pub(crate) fn answer_with(&self, id_token: String) {
        *self.shared.id_token.lock() = id_token;
    }

    /// A field of the last request for a token.
    pub(crate) fn asked(&self, name: &str) -> Option<String> {
        let form = self.shared.form.lock();
        form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }
}

async fn describe(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let url = &shared.url;
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize?tenant=a"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }))
}

async fn keys(State(shared): State<Arc<Shared>>) -> Json<Value> {
    shared.looks.fetch_add(1, Ordering::Relaxed);
    let of_another_kind = json!({ "kty": "new-kind", "kid": "strange" });
    let mut keys = shared.keys.lock().clone();
    keys.push(of_another_kind);
    Json(json!({ "keys": keys }))
}

async fn token(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<Vec<(String, String)>>,
) -> Json<Value> {
    *shared.form.lock() = form;
    Json(json!({
        "access_token": "opaque", "token_type": "Bearer", "id_token": *shared.id_token.lock(),
    }))
}
