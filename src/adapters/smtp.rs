//! Letters by SMTP.
//!
//! Each letter has a connection of its own: they are rare, and one that was kept would be closed by most
//! servers before the next letter comes.

use std::time::Duration;

use async_trait::async_trait;
use lettre::address::AddressError;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{Smtp, SmtpTls};
use crate::mail::{Letter, MailError, Mailer};

/// Longest wait for each answer of the mail server: some look twice at who comes before they greet.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long a letter may take with all that is said: less than it is held by who sends it.
const SEND_TIMEOUT: Duration = Duration::from_secs(120);
/// Refusals of the server's own sign-in (RFC 4954, section 6).
const SIGN_IN_CODES: [&str; 4] = ["530", "534", "535", "538"];
/// The most that is told of what a mail server says.
const WORDS_MAX: usize = 300;

/// Why mail cannot be sent as the settings want it.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The address of the server is none.
    #[error("smtp.url is no address of a mail server")]
    Place,
    /// The sender is none.
    #[error("smtp.from: {0}")]
    From(#[from] AddressError),
    /// TLS cannot be begun from this machine.
    #[error("smtp.tls_authority: {0}")]
    Tls(#[from] lettre::transport::smtp::Error),
}

/// A mail server.
#[derive(Clone)]
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpMailer({})", self.from.email)
    }
}

impl SmtpMailer {
    /// The one of the settings, which greets as `host`.
    pub fn new(settings: &Smtp, host: &str) -> Result<Self, SmtpError> {
        let place = settings.place().ok_or(SmtpError::Place)?;
        let from: Mailbox = settings.from.parse()?;
        let tls = || -> Result<TlsParameters, SmtpError> {
            let mut builder = TlsParameters::builder(place.host.clone());
            if !settings.tls_authority.is_empty() {
                let authority = Certificate::from_pem(settings.tls_authority.as_bytes())?;
                builder = builder.add_root_certificate(authority);
            }
            Ok(builder.build()?)
        };
        let tls = match (place.is_implicit, settings.tls) {
            (true, _) => Tls::Wrapper(tls()?),
            (false, SmtpTls::Required) => Tls::Required(tls()?),
            (false, SmtpTls::None) => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&place.host)
            .port(place.port)
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .hello_name(ClientId::Domain(host.to_owned()));
        if !settings.user.is_empty() {
            let (user, password) = (settings.user.clone(), settings.password.clone());
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Whether the server would take letters: it is greeted, signed in to, and left again.
    pub async fn greet(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the mail server ends the connection".to_owned()),
            Err(error) => Err(words(&error)),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, lettre::error::Error> {
        let to = letter.to.parse().map(|email| Mailbox::new(None, email));
        let to = to.map_err(|_| lettre::error::Error::MissingTo)?;
        let header = |name: &'static str, value: String| {
            HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
        };
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .message_id(letter.message_id.clone())
            // Nobody is at the other end: no holiday note shall answer (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(address) = &letter.unsubscribe {
            builder =
                builder.raw_header(header("List-Unsubscribe", format!("<{address}>"))).raw_header(
                    header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
                );
        }
        let parts = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        builder.multipart(parts)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message =
            self.message(letter).map_err(|error| MailError::Refused(error.to_string()))?;
        let sending = tokio::time::timeout(SEND_TIMEOUT, self.transport.send(message));
        let Ok(sent) = sending.await else {
            return Err(MailError::Passing("the mail server fell silent".to_owned()));
        };
        match sent {
            Ok(_) => Ok(()),
            Err(error) => {
                let words = words(&error);
                let code = error.status().map(|code| code.to_string()).unwrap_or_default();
                // Who may not sign in has an operator who can mend that: letters wait for it.
                let is_final = error.is_permanent() && !SIGN_IN_CODES.contains(&code.as_str());
                Err(if is_final { MailError::Refused(words) } else { MailError::Passing(words) })
            }
        }
    }
}

/// What went wrong, with what the other side said of it.
fn words(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        cause = inner.source();
    }
    words.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(WORDS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_letter_to_a_server_that_falls_silent_is_tried_again_later() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let settings = Smtp {
            url: format!("smtp://127.0.0.1:{port}"),
            from: "starling@example.org".to_owned(),
            tls: SmtpTls::None,
            ..Smtp::default()
        };
        let mailer = SmtpMailer::new(&settings, "chat.example.org").unwrap();
        let server = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            socket.write_all(b"220 mail.example.org\r\n").await.unwrap();
            // It holds the line and says nothing more.
            std::future::pending::<()>().await;
        };
        let letter = Letter {
            to: "ada@example.org".to_owned(),
            subject: "Ada was mentioned".to_owned(),
            text: "hello".to_owned(),
            html: "<p>hello</p>".to_owned(),
            message_id: None,
            unsubscribe: None,
        };
        let begin = tokio::time::Instant::now();
        let sent = tokio::select! {
            sent = mailer.send(&letter) => sent,
            () = server => unreachable!("it never ends"),
        };
        assert!(matches!(sent, Err(MailError::Passing(_))), "{sent:?}");
        assert!(begin.elapsed() <= SEND_TIMEOUT, "it took {:?}", begin.elapsed());
    }
}
