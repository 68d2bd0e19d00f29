//! An issuer's claims as a person: which claim says what is the operator's choice.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use starling_actors::domain::{OrgRole, Timestamp};

use crate::auth::names::{NAME_CHARS_MAX, is_email};
use crate::config::Outside;

/// Longest name of a person at their issuer. OpenID Connect Core, section 2, says 255.
const SUBJECT_BYTES_MAX: usize = 1_024;

/// Someone as their issuer knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::auth) struct OutsidePerson {
    /// Issuer and subject, hashed: who they are for ever.
    pub(in crate::auth) key: String,
    /// Absent when the token has none that can be one.
    pub(in crate::auth) email: Option<String>,
    /// Whether the issuer says that the e-mail is theirs.
    pub(in crate::auth) is_email_verified: bool,
    /// Empty when the token has none.
    pub(in crate::auth) full_name: String,
    /// What they would like to be called.
    pub(in crate::auth) username: Option<String>,
    /// Their organization's slug.
    pub(in crate::auth) org: String,
    /// Present when the issuer rules over roles.
    pub(in crate::auth) role: Option<OrgRole>,
    /// Until when the issuer vouches for them.
    pub(in crate::auth) until: Timestamp,
}

/// Which claim says what.
#[derive(Clone, Debug)]
pub(in crate::auth) struct ClaimNames {
    mapping: Outside,
}

/// Whose e-mail the standard claim of that name vouches for (OpenID Connect Core, section 5.1).
const STANDARD_EMAIL: &str = "email";
const STANDARD_VOUCHER: &str = "email_verified";

impl ClaimNames {
    pub(super) fn new(mapping: &Outside) -> Self {
        // The key is not a matter of claims, and is long.
        Self { mapping: Outside { public_key: String::new(), ..mapping.clone() } }
    }

    /// The claim that says whether the e-mail is theirs. The standard one speaks of the standard
    /// e-mail and of no other, so another needs its own.
    fn email_voucher(&self) -> Option<&str> {
        match (self.mapping.claim_email_verified.as_str(), self.mapping.claim_email.as_str()) {
            ("", STANDARD_EMAIL) => Some(STANDARD_VOUCHER),
            ("", _) => None,
            (name, _) => Some(name),
        }
    }

    /// Whom the claims speak of; `None` when they name nobody.
    pub(super) fn person(
        &self,
        issuer: &str,
        claims: &Map<String, Value>,
        until: Timestamp,
    ) -> Option<OutsidePerson> {
        let text = |name: &str| find(claims, name).and_then(word);
        let subject = text(&self.mapping.claim_subject)?;
        if subject.len() > SUBJECT_BYTES_MAX {
            return None;
        }
        let verified = self.email_voucher().and_then(|name| find(claims, name));
        let org = match self.mapping.claim_org.as_str() {
            "" => self.mapping.default_org.clone(),
            name => text(name).unwrap_or_else(|| self.mapping.default_org.clone()),
        };
        let full_name = text(&self.mapping.claim_name).unwrap_or_default();
        Some(OutsidePerson {
            key: key_of(issuer, &subject),
            email: text(&self.mapping.claim_email).filter(|email| is_email(email)),
            is_email_verified: verified.is_some_and(|it| *it == true || *it == "true"),
            full_name: full_name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect(),
            username: text(&self.mapping.claim_username),
            org,
            role: find(claims, &self.mapping.claim_role).and_then(role),
            until,
        })
    }
}

/// A claim by its own name, or by the path to it (`realm_access.roles`). An empty name is no claim.
fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    if name.is_empty() {
        return None;
    }
    if let Some(value) = claims.get(name) {
        return Some(value);
    }
    let (first, rest) = name.split_once('.')?;
    find(claims.get(first)?.as_object()?, rest)
}

/// A claim that is one word; numbers are taken, since some issuers number their people.
fn word(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The highest role that a claim names, by itself or in a list.
fn role(value: &Value) -> Option<OrgRole> {
    let names = |role: OrgRole| match value {
        Value::String(word) => word == role.as_str(),
        Value::Array(words) => words.iter().any(|word| word == role.as_str()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    [OrgRole::Admin, OrgRole::Analyst, OrgRole::Viewer].into_iter().find(|role| names(*role))
}

/// A moment in seconds since 1970; issuers also write fractions.
pub(super) fn seconds(value: &Value) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
}

fn key_of(issuer: &str, subject: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{issuer}\0{subject}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn person(mapping: &Outside, claims: &Value) -> Option<OutsidePerson> {
        let claims = claims.as_object().expect("an object");
        ClaimNames::new(mapping).person("https://issuer.example", claims, Timestamp(0))
    }

    #[test]
    fn claims_are_found_by_name_and_by_path() {
        let mapping = Outside {
            claim_org: "https://acme.example/org".to_owned(),
            claim_role: "realm_access.roles".to_owned(),
            ..Outside::default()
        };
        let claims = json!({
            "sub": 17, "email": "ann@acme.example", "email_verified": true, "name": "Ann\u{0}",
            "https://acme.example/org": "acme",
            "realm_access": { "roles": ["offline_access", "viewer", "admin"] },
        });
        let ann = person(&mapping, &claims).expect("someone");
        assert_eq!((ann.org.as_str(), ann.role), ("acme", Some(OrgRole::Admin)));
        assert_eq!((ann.full_name.as_str(), ann.is_email_verified), ("Ann", true));
    }

    #[test]
    fn a_claim_vouches_only_for_the_email_that_it_speaks_of() {
        let claims = json!({
            "sub": "a", "email": "a@example.org", "email_verified": true, "upn": "b@example.org",
            "upn_info": { "verified": "true" },
        });
        let said = |email: &str, voucher: &str| {
            let (claim_email, claim_email_verified) = (email.to_owned(), voucher.to_owned());
            let mapping = Outside { claim_email, claim_email_verified, ..Outside::default() };
            person(&mapping, &claims).expect("someone").is_email_verified
        };
        assert!(said("email", "") && said("upn", "upn_info.verified"));
        assert!(!said("upn", "") && !said("upn", "nowhere") && !said("email", "nowhere"));
    }

    #[test]
    fn who_has_no_subject_is_nobody_and_what_is_missing_has_a_default() {
        let mapping = Outside::default();
        for claims in [json!({}), json!({ "sub": "" }), json!({ "sub": ["a"] })] {
            assert_eq!(person(&mapping, &claims), None, "{claims}");
        }
        let claims = json!({ "sub": "a", "email": "no e-mail", "role": "admin" });
        let someone = person(&mapping, &claims).expect("someone");
        assert_eq!((someone.email, someone.role, someone.is_email_verified), (None, None, false));
        assert_eq!(someone.org, "default");
    }
}
