//! Settings about people whom another server vouches for: tokens of an outside issuer, and sign-in
//! in the browser with OpenID Connect.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use starling_actors::domain::OrgRole;

use super::ConfigError;

/// How outside tokens are signed. It is fixed here: what a token says of itself only has to agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutsideAlgorithm {
    /// RSA with SHA-256.
    #[default]
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
}

/// Access tokens of an outside issuer, and how an issuer's claims become people here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outside {
    /// The `iss` of tokens that are taken; empty: none are.
    pub issuer: String,
    /// The `aud` that they must carry.
    pub audience: String,
    /// How they are signed.
    pub algorithm: OutsideAlgorithm,
    /// The issuer's public key as PEM.
    pub public_key: String,
    /// A file with that key.
    pub public_key_file: PathBuf,
    /// Where the issuer publishes its keys, in place of a PEM.
    pub jwks_url: String,
    /// Least time between two looks at the keys, whatever key a token names, in seconds.
    pub jwks_refresh_seconds: u64,
    /// Whether someone new gets an account at first sight.
    pub create_users: bool,
    /// Whether someone with a verified e-mail takes over the local account that has it.
    pub adopt_by_email: bool,
    /// The claim that names a person for ever.
    pub claim_subject: String,
    /// The claim of their e-mail.
    pub claim_email: String,
    /// The claim that says whether that e-mail is theirs; empty: `email_verified`, which speaks of
    /// the claim `email` only.
    pub claim_email_verified: String,
    /// The claim of their full name.
    pub claim_name: String,
    /// The claim of their user name.
    pub claim_username: String,
    /// The claim with their organization's slug; empty: all are of `default_org`.
    pub claim_org: String,
    /// The claim with their role, a word or a list; empty: it is kept here.
    pub claim_role: String,
    /// The organization of those whose token names none.
    pub default_org: String,
    /// The role of someone new whose token names none.
    pub default_role: String,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            audience: String::new(),
            algorithm: OutsideAlgorithm::default(),
            public_key: String::new(),
            public_key_file: PathBuf::new(),
            jwks_url: String::new(),
            jwks_refresh_seconds: 60,
            create_users: false,
            adopt_by_email: false,
            claim_subject: "sub".to_owned(),
            claim_email: "email".to_owned(),
            claim_email_verified: String::new(),
            claim_name: "name".to_owned(),
            claim_username: "preferred_username".to_owned(),
            claim_org: String::new(),
            claim_role: String::new(),
            default_org: "default".to_owned(),
            default_role: "analyst".to_owned(),
        }
    }
}

/// Sign-in in the browser with OpenID Connect. Who comes this way is mapped as `outside` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// The provider; its discovery document is below it. Empty: there is no such sign-in.
    pub issuer: String,
    /// As what Starling is known there.
    pub client_id: String,
    /// What it shows there; empty for a public client.
    pub client_secret: String,
    /// How the provider signs.
    pub algorithm: OutsideAlgorithm,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// What stands on the button.
    pub label: String,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            algorithm: OutsideAlgorithm::default(),
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
            label: "Single sign-on".to_owned(),
        }
    }
}

/// What must be there together.
pub(super) fn check(outside: &Outside, oidc: &Oidc) -> Result<(), ConfigError> {
    let wrong = |key: &str, message: &str| {
        let (source_name, message) = (key.to_owned(), message.to_owned());
        Err(ConfigError::Value { source_name, message })
    };
    let is_known_role =
        outside.default_role.parse::<OrgRole>().is_ok_and(|role| role != OrgRole::Guest);
    if !is_known_role {
        return wrong("outside.default_role", "must be admin, analyst or viewer");
    }
    if outside.claim_subject.is_empty() {
        return wrong("outside.claim_subject", "must not be empty");
    }
    let is_vouched_for = outside.claim_email == "email" || !outside.claim_email_verified.is_empty();
    if outside.adopt_by_email && !is_vouched_for {
        return wrong(
            "outside.claim_email_verified",
            "is needed with outside.adopt_by_email: email_verified says nothing of another claim \
             than email",
        );
    }
    let has_pem = !outside.public_key.is_empty();
    if outside.issuer.is_empty() && (has_pem || !outside.jwks_url.is_empty()) {
        return wrong(
            "outside.issuer",
            "is needed with a key (outside.public_key, public_key_file or jwks_url)",
        );
    }
    if !outside.issuer.is_empty() {
        if outside.audience.is_empty() {
            return wrong("outside.audience", "is needed with outside.issuer");
        }
        if has_pem != outside.jwks_url.is_empty() {
            return wrong(
                "outside.issuer",
                "needs a key: either outside.public_key_file or outside.jwks_url",
            );
        }
        if !has_pem && !is_address(&outside.jwks_url) {
            return wrong("outside.jwks_url", "must be an http or https address");
        }
    }
    if !oidc.issuer.is_empty() {
        if oidc.client_id.is_empty() {
            return wrong("oidc.client_id", "is needed with oidc.issuer");
        }
        if !is_address(&oidc.issuer) {
            return wrong("oidc.issuer", "must be an http or https address");
        }
        if !oidc.scopes.iter().any(|scope| scope == "openid") {
            return wrong("oidc.scopes", "must have openid");
        }
    }
    Ok(())
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(outside: &Outside) -> String {
        check(outside, &Oidc::default()).expect_err("is refused").to_string()
    }

    #[test]
    fn a_key_without_an_issuer_is_not_taken_in_silence() {
        let pem = Outside { public_key: "a PEM".to_owned(), ..Outside::default() };
        let url = "https://issuer.example/keys".to_owned();
        let published = Outside { jwks_url: url, ..Outside::default() };
        for outside in [pem, published] {
            let said = refused(&outside);
            assert!(said.starts_with("outside.issuer: is needed"), "{said}");
        }
        assert!(check(&Outside::default(), &Oidc::default()).is_ok());
    }

    #[test]
    fn adopting_by_another_claim_than_email_needs_one_that_vouches_for_it() {
        let upn =
            Outside { adopt_by_email: true, claim_email: "upn".to_owned(), ..Outside::default() };
        let said = refused(&upn);
        assert!(said.starts_with("outside.claim_email_verified: is needed"), "{said}");
        let vouched = Outside { claim_email_verified: "upn_verified".to_owned(), ..upn };
        assert!(check(&vouched, &Oidc::default()).is_ok());
    }
}
