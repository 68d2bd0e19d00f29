//! Settings of what reaches people who are away: mail, and pushes to their browsers.
//!
//! **Invariant:** settings that pass [`check`] never send a password over a network in the clear.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

use super::{ConfigError, Settings};

/// Bytes of a private key of P-256.
const PRIVATE_KEY_BYTES: usize = 32;
/// Ports that mail servers take letters at, by how TLS begins (RFC 8314, RFC 6409).
const IMPLICIT_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// How mail leaves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// `smtp://host:587` or `smtps://host:465`; empty: no mail is sent.
    pub url: String,
    /// As whom: `chat@example.org`, or `Starling <chat@example.org>`.
    pub from: String,
    /// Whether `smtp://` changes over to TLS.
    pub tls: SmtpTls,
    /// A further authority in PEM whose certificates are believed.
    pub tls_authority: String,
    /// As whom the server signs in; empty: it does not.
    pub user: String,
    /// What it proves that with.
    pub password: String,
}

/// Whether an address of `smtp://` changes over to TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// By STARTTLS, or nothing is sent.
    #[default]
    Required,
    /// Never: for a server on the same machine, and for trying things out.
    None,
}

/// How notifications reach browsers that are closed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSettings {
    /// Signs what is pushed: 32 bytes in base64url; made on the first start when empty.
    pub private_key: String,
    /// Whom push services ask when something is wrong: `mailto:` or `https://`; made from
    /// `smtp.from` or `server.public_url` when empty.
    pub contact: String,
}

/// Where a mail server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpPlace {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS begins with the connection.
    pub is_implicit: bool,
}

impl Smtp {
    /// Whether mail can be sent.
    pub fn is_set(&self) -> bool {
        !self.url.is_empty()
    }

    /// Where the mail server is; `None` for an address that is none.
    pub fn place(&self) -> Option<SmtpPlace> {
        let (is_implicit, rest) = match self.url.split_once("://")? {
            ("smtp", rest) => (false, rest),
            ("smtps", rest) => (true, rest),
            _ => return None,
        };
        let rest = rest.trim_end_matches('/');
        let usual = if is_implicit { IMPLICIT_PORT } else { SUBMISSION_PORT };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            Some(_) | None => (rest, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_odd = |sign: char| sign.is_whitespace() || "@/?#".contains(sign);
        (!host.is_empty() && !host.contains(is_odd)).then_some(SmtpPlace {
            host,
            port,
            is_implicit,
        })
    }
}

impl Settings {
    /// Whom push services ask when something is wrong.
    pub fn push_contact(&self) -> String {
        if !self.push.contact.is_empty() {
            return self.push.contact.clone();
        }
        match self.smtp.from.parse::<Mailbox>() {
            Ok(mailbox) => format!("mailto:{}", mailbox.email),
            Err(_) => self.server.address(),
        }
    }
}

/// What must be there together. Gives what an operator should know.
pub(super) fn check(settings: &Settings) -> Result<Vec<String>, ConfigError> {
    check_push(&settings.push)?;
    let smtp = &settings.smtp;
    if !smtp.is_set() {
        let unused = [("smtp.from", &smtp.from), ("smtp.user", &smtp.user)];
        let unused = unused.into_iter().filter(|(_, value)| !value.is_empty());
        return Ok(unused
            .map(|(key, _)| format!("{key} has no use without smtp.url: no mail is sent"))
            .collect());
    }
    let Some(place) = smtp.place() else {
        return wrong("smtp.url", "must be smtp://host:port or smtps://host:port");
    };
    if smtp.from.parse::<Mailbox>().is_err() {
        return wrong("smtp.from", "must be an e-mail address, or a name with one in < >");
    }
    if smtp.user.is_empty() != smtp.password.is_empty() {
        return wrong("smtp.user and smtp.password", "go together");
    }
    let is_here = matches!(place.host.as_str(), "localhost" | "127.0.0.1" | "::1");
    if smtp.tls == SmtpTls::None && !place.is_implicit && !smtp.user.is_empty() && !is_here {
        return wrong("smtp.tls", "must be \"required\": the password would travel in the clear");
    }
    let authority = &smtp.tls_authority;
    if !authority.is_empty() && !authority.contains("-----BEGIN CERTIFICATE-----") {
        return wrong("smtp.tls_authority", "must be certificates in PEM");
    }
    let mut notices = Vec::new();
    if settings.server.public_url.is_empty() {
        let address = settings.server.address();
        notices.push(format!("links in mails lead to {address}: set server.public_url"));
    }
    Ok(notices)
}

fn check_push(push: &PushSettings) -> Result<(), ConfigError> {
    let key = URL_SAFE_NO_PAD.decode(push.private_key.trim_end_matches('='));
    if !push.private_key.is_empty() && !key.is_ok_and(|key| key.len() == PRIVATE_KEY_BYTES) {
        return wrong("push.private_key", "must be 32 bytes in base64url");
    }
    let is_contact = ["mailto:", "https://"].iter().any(|way| push.contact.starts_with(way));
    if !push.contact.is_empty() && !is_contact {
        return wrong("push.contact", "must begin with mailto: or https://");
    }
    Ok(())
}

fn wrong<T>(key: &str, message: &str) -> Result<T, ConfigError> {
    Err(ConfigError::Value { source_name: key.to_owned(), message: message.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: fn(&mut Settings)) -> Settings {
        let mut settings = Settings::default();
        settings.server.public_url = "https://chat.example".to_owned();
        settings.smtp.url = "smtp://mail.example".to_owned();
        settings.smtp.from = "Starling <chat@example.org>".to_owned();
        change(&mut settings);
        settings
    }

    fn refused(change: fn(&mut Settings)) -> String {
        check(&with(change)).expect_err("is refused").to_string()
    }

    #[test]
    fn the_usual_ports_and_others_are_understood() {
        let place = |url: &str| Smtp { url: url.to_owned(), ..Smtp::default() }.place();
        let at = |host: &str, port, is_implicit| {
            Some(SmtpPlace { host: host.to_owned(), port, is_implicit })
        };
        assert_eq!(place("smtp://mail.example"), at("mail.example", 587, false));
        assert_eq!(place("smtps://mail.example/"), at("mail.example", 465, true));
        assert_eq!(place("smtp://[::1]:25"), at("::1", 25, false));
        assert_eq!(place("smtp://[::1]"), at("::1", 587, false));
        for odd in ["mail.example", "http://mail.example", "smtp://", "smtp://a:b", "smtp://u@h"] {
            assert_eq!(place(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_key() {
        assert!(check(&with(|_| ())).unwrap().is_empty());
        assert!(refused(|all| all.smtp.url = "mail.example".to_owned()).starts_with("smtp.url"));
        assert!(refused(|all| all.smtp.from = "nobody".to_owned()).starts_with("smtp.from"));
        assert!(refused(|all| all.smtp.user = "u".to_owned()).contains("go together"));
        let in_the_clear = |all: &mut Settings| {
            all.smtp.tls = SmtpTls::None;
            all.smtp.user = "u".to_owned();
            all.smtp.password = "p".to_owned();
        };
        assert!(refused(in_the_clear).starts_with("smtp.tls"));
        assert!(refused(|all| all.smtp.tls_authority = "x".to_owned()).contains("PEM"));
        assert!(refused(|all| all.push.private_key = "x".to_owned()).contains("base64url"));
        assert!(refused(|all| all.push.contact = "me".to_owned()).contains("mailto:"));
    }

    #[test]
    fn half_of_it_is_told() {
        let told = |change: fn(&mut Settings)| check(&with(change)).unwrap().join(" ");
        assert!(told(|all| all.smtp.url.clear()).contains("smtp.from has no use"));
        assert!(told(|all| all.server.public_url.clear()).contains("set server.public_url"));
    }

    #[test]
    fn push_services_are_told_whom_to_ask() {
        assert_eq!(with(|_| ()).push_contact(), "mailto:chat@example.org");
        assert_eq!(with(|all| all.smtp.from.clear()).push_contact(), "https://chat.example");
    }
}
