//! A mail server of this test, which speaks SMTP as far as one must: greeting, EHLO, STARTTLS, AUTH, MAIL,
//! RCPT, DATA. What it says to RCPT can be set, so a mailbox can be missing or busy.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::world::PATIENCE;

/// A letter as it came.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Who signed in, as `user:password`.
    pub(crate) signed_in: Option<String>,
    pub(crate) was_encrypted: bool,
    raw: String,
}

impl Letter {
    /// A header of the letter, its lines joined.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let prefix = format!("{}: ", name.to_lowercase());
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix));
        line.map(|line| line[prefix.len()..].to_owned()).unwrap_or_default()
    }

    /// The part of a type, decoded.
    pub(crate) fn part(&self, kind: &str) -> String {
        let start = self.raw.find(&format!("Content-Type: {kind}")).expect("the part");
        let (head, body) = self.raw[start..].split_once("\r\n\r\n").unwrap();
        let body = body.split("\r\n--").next().unwrap();
        if head.contains("base64") {
            let plain: String = body.split_whitespace().collect();
            return String::from_utf8(STANDARD.decode(plain).unwrap()).unwrap();
        }
        if head.contains("quoted-printable") { unquoted(body) } else { body.to_owned() }
    }
}

fn unquoted(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), body.as_bytes());
    while let [first, tail @ ..] = rest {
        if *first == b'=' && tail.len() >= 2 {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

struct Shared {
    letters: mpsc::Sender<Letter>,
    /// What RCPT is answered with.
    answer: Mutex<&'static str>,
    tls: Option<TlsAcceptor>,
}

/// A mail server.
pub(crate) struct Mailbox {
    pub(crate) url: String,
    letters: mpsc::Receiver<Letter>,
    shared: Arc<Shared>,
}

impl Mailbox {
    /// One without TLS.
    pub(crate) async fn start() -> Self {
        Self::with(None).await
    }

    /// One that takes letters only after STARTTLS, and the authority to be believed.
    pub(crate) async fn start_with_tls() -> (Self, String) {
        let (authority, config) = certificate();
        (Self::with(Some(TlsAcceptor::from(Arc::new(config)))).await, authority)
    }

    async fn with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://localhost:{}", listener.local_addr().unwrap().port());
        let (sender, letters) = mpsc::channel(100);
        let shared = Arc::new(Shared { letters: sender, answer: Mutex::new("250 fine"), tls });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { url, letters, shared }
    }

    /// What it says of whoever is written to, from now on.
    pub(crate) fn answers(&self, answer: &'static str) {
        *self.shared.answer.lock() = answer;
    }

    pub(crate) async fn next(&mut self) -> Letter {
        tokio::time::timeout(PATIENCE, self.letters.recv()).await.expect("a letter").unwrap()
    }

    /// That nothing comes is only known after what comes for sure.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.letters.try_recv().is_err()
    }
}

/// What a connection has said so far.
#[derive(Default)]
struct Talk {
    from: String,
    to: String,
    signed_in: Option<String>,
    was_encrypted: bool,
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 a mail server of a test\r\n").await.ok();
    if !talk(&mut stream, &shared, Talk::default()).await {
        return;
    }
    let Some(tls) = &shared.tls else { return };
    if let Ok(stream) = tls.accept(stream.into_inner()).await {
        let talked = Talk { was_encrypted: true, ..Talk::default() };
        talk(&mut BufReader::new(stream), &shared, talked).await;
    }
}

/// Answers until the end, or until TLS shall begin: then `true`.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    shared: &Shared,
    mut talk: Talk,
) -> bool {
    let mut line = String::new();
    while next_line(stream, &mut line).await {
        let word = line.trim_end();
        let upper = word.to_uppercase();
        let needs_tls = shared.tls.is_some() && !talk.was_encrypted;
        let answer = if upper.starts_with("EHLO") {
            let offered = if needs_tls { "STARTTLS" } else { "AUTH PLAIN" };
            format!("250-localhost\r\n250-8BITMIME\r\n250 {offered}")
        } else if upper == "STARTTLS" {
            stream.write_all(b"220 go ahead\r\n").await.ok();
            return true;
        } else if upper.starts_with("AUTH PLAIN ") {
            let proof = STANDARD.decode(&word["AUTH PLAIN ".len()..]).unwrap();
            let proof = String::from_utf8(proof).unwrap();
            talk.signed_in = Some(proof.trim_start_matches('\0').replace('\0', ":"));
            "235 welcome".to_owned()
        } else if upper.starts_with("MAIL FROM:") {
            talk.from = address(word);
            if needs_tls { "530 STARTTLS first".to_owned() } else { "250 fine".to_owned() }
        } else if upper.starts_with("RCPT TO:") {
            talk.to = address(word);
            (*shared.answer.lock()).to_owned()
        } else if upper == "DATA" {
            stream.write_all(b"354 go ahead\r\n").await.ok();
            take_letter(stream, shared, &mut talk).await;
            "250 taken".to_owned()
        } else if upper == "QUIT" {
            stream.write_all(b"221 bye\r\n").await.ok();
            return false;
        } else {
            "250 fine".to_owned()
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok();
    }
    false
}

/// Reads a line; `false` at the end.
async fn next_line<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    line: &mut String,
) -> bool {
    line.clear();
    stream.read_line(line).await.unwrap_or(0) > 0
}

async fn take_letter<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    shared: &Shared,
    talk: &mut Talk,
) {
    let (mut raw, mut line) = (String::new(), String::new());
    while next_line(stream, &mut line).await {
        if line == ".\r\n" {
            break;
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
    let letter = Letter {
        from: std::mem::take(&mut talk.from),
        to: std::mem::take(&mut talk.to),
        signed_in: talk.signed_in.clone(),
        was_encrypted: talk.was_encrypted,
        raw,
    };
    shared.letters.try_send(letter).unwrap();
}

fn address(line: &str) -> String {
    let start = line.find('<').unwrap() + 1;
    line[start..line.find('>').unwrap()].to_owned()
}

/// A certificate for `localhost`, and the authority that a client must believe to take it.
fn certificate() -> (String, ServerConfig) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = names.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (authority.as_ref().pem(), config)
}
