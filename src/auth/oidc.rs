//! Sign-in in the browser with OpenID Connect: authorization code flow with PKCE.
//!
//! ```text
//!   begin ─▶ cookie (one secret) + the provider's address
//!             the person signs in there and comes back with a code
//!   finish ─▶ state fits the cookie ─▶ code for id_token ─▶ checked ─▶ ticket
//!   redeem ─▶ ticket, once ─▶ tokens
//! ```
//!
//! Each step may come to another node: the browser carries all that there is to know, and the ticket is
//! a [pass](super::passes).
//!
//! **Invariant:** state, nonce and PKCE verifier come from one secret that only the browser which
//! began has: nobody can make another browser finish their sign-in.

mod provider;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::Clock;

use self::provider::{Provider, ProviderBook, provider_fault};
use super::fetch::Fetcher;
use super::outside::FederationError;
use super::passes::{Pass, Passes};
use super::secret::{self, SecretKind};
use super::sign_in::{Origin, SignedIn};
use super::{AccountError, Accounts, TokenError};
use crate::config::Settings;

/// How long a sign-in at the provider may take, in seconds; then the browser begins again.
pub const SIGN_IN_SECONDS: u64 = 600;
/// How long the page may take to fetch its tokens, in seconds: it does so as its first act.
pub const ARRIVAL_SECONDS: u64 = 60;
/// Longest code that is passed on.
const CODE_BYTES_MAX: usize = 4 * 1024;

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The server has no such sign-in.
    #[error("there is no single sign-on here")]
    NotConfigured,
    /// The browser that returns is not the one that began, or it took too long.
    #[error("this sign-in was not begun in this browser, or took too long")]
    Stale,
    /// The provider or the person said no.
    #[error("the provider did not sign the person in")]
    Refused,
    /// The provider cannot be reached, or what it says does not fit.
    #[error("the provider did not answer as it should")]
    Provider,
    /// The provider knows the person, but they have no account here.
    #[error(transparent)]
    Account(#[from] AccountError),
}

/// Where a browser goes to sign in, and what it keeps meanwhile.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The provider's address.
    pub url: String,
    /// For a cookie that no script reads.
    pub secret: String,
}

/// What the provider sends a browser back with.
#[derive(Clone, Debug, Default)]
pub struct Return {
    /// The cookie of [`Departure`].
    pub secret: String,
    /// Must fit the secret.
    pub state: String,
    /// Good for one `id_token`.
    pub code: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

/// The sign-in of the settings.
pub(super) struct SingleSignOn {
    settings: crate::config::Oidc,
    fetcher: Fetcher,
    book: Arc<ProviderBook>,
    /// What signs in whom the provider has sent.
    pub(super) arrivals: Passes,
}

impl SingleSignOn {
    /// Asks nobody yet: a provider that is down must not keep the server from starting.
    pub(super) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, FederationError> {
        let Settings { oidc, outside, tokens, .. } = settings;
        let fetcher = Fetcher::new().map_err(|cause| FederationError::Client(cause.to_string()))?;
        let book = ProviderBook::new(oidc, outside, fetcher.clone(), clock);
        let (newest, previous) = (&tokens.access_secret, &tokens.previous_access_secrets);
        let arrivals = Passes::new(SecretKind::SignOn, newest, previous);
        Ok(Self { settings: oidc.clone(), fetcher, book, arrivals })
    }

    /// What stands on the button.
    pub(super) fn label(&self) -> &str {
        &self.settings.label
    }

    /// Spends a code for the provider's word about a person.
    async fn id_token(
        &self,
        provider: &Provider,
        back: &Return,
        redirect_uri: &str,
    ) -> Result<String, OidcError> {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let verifier = derived("verifier", &back.secret);
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &back.code),
            ("redirect_uri", redirect_uri),
            ("client_id", id),
            ("code_verifier", &verifier),
        ];
        let methods = &provider.discovery.token_endpoint_auth_methods_supported;
        let is_in_form = methods.iter().any(|method| method == "client_secret_post");
        let mut basic = None;
        if !secret.is_empty() && is_in_form {
            form.push(("client_secret", secret));
        } else if !secret.is_empty() {
            basic = Some((id.as_str(), secret.as_str()));
        }
        let url = &provider.discovery.token_endpoint;
        let answer = self.fetcher.post::<TokenAnswer>(url, &form, basic).await;
        Ok(answer.map_err(|error| provider_fault("token", &error))?.id_token)
    }
}

/// State, nonce and verifier: each is told to someone else, and none tells the secret.
fn derived(purpose: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("starling oidc\0{purpose}\0{secret}").as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}

impl Accounts {
    fn single_sign_on(&self) -> Result<&SingleSignOn, OidcError> {
        self.inner.single_sign_on.as_ref().ok_or(OidcError::NotConfigured)
    }

    /// What stands on the button of single sign-on; `None` when there is none.
    pub fn single_sign_on_label(&self) -> Option<&str> {
        self.inner.single_sign_on.as_ref().map(SingleSignOn::label)
    }

    /// Sends a browser to the provider, which sends it back to `redirect_uri`.
    pub async fn depart(&self, redirect_uri: &str) -> Result<Departure, OidcError> {
        let sso = self.single_sign_on()?;
        let provider = sso.book.provider().await?;
        let secret = secret::make(SecretKind::SignOn, &*self.inner.clock);
        let challenge = Sha256::digest(derived("verifier", &secret).as_bytes());
        let parameters = [
            ("response_type", "code"),
            ("client_id", &sso.settings.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", &sso.settings.scopes.join(" ")),
            ("state", &derived("state", &secret)),
            ("nonce", &derived("nonce", &secret)),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(challenge)),
            ("code_challenge_method", "S256"),
        ];
        let address = &provider.discovery.authorization_endpoint;
        let url = reqwest::Url::parse_with_params(address, parameters).map_err(|error| {
            tracing::warn!(%error, "a provider's address is none");
            OidcError::Provider
        })?;
        Ok(Departure { url: url.into(), secret })
    }

    /// Takes a browser back from the provider; gives the ticket for which it gets its tokens.
    pub async fn arrive_from_provider(
        &self,
        back: &Return,
        redirect_uri: &str,
    ) -> Result<String, OidcError> {
        let sso = self.single_sign_on()?;
        if back.secret.is_empty() || derived("state", &back.secret) != back.state {
            return Err(OidcError::Stale);
        }
        if back.code.is_empty() || back.code.len() > CODE_BYTES_MAX {
            return Err(OidcError::Refused);
        }
        let provider = sso.book.provider().await?;
        let id_token = sso.id_token(&provider, back, redirect_uri).await?;
        let verified = provider.verifier.verify(&id_token, self.now()).await.map_err(|error| {
            tracing::warn!(%error, "a provider's id_token does not count");
            OidcError::Provider
        })?;
        let claim = |name: &str| verified.claims.get(name).and_then(Value::as_str);
        let is_for_us = claim("azp").is_none_or(|party| party == sso.settings.client_id);
        if claim("nonce") != Some(&derived("nonce", &back.secret)) || !is_for_us {
            tracing::warn!("a provider's id_token belongs to another sign-in");
            return Err(OidcError::Provider);
        }
        let user = self.outside_user(&verified.person).await?;
        Ok(self.arrival_of(sso, user.org, user.id).map_err(AccountError::Token)?)
    }

    fn arrival_of(
        &self,
        sso: &SingleSignOn,
        org: OrgId,
        user: UserId,
    ) -> Result<String, TokenError> {
        sso.arrivals.sign(&Pass {
            org: org.to_string(),
            sub: user.to_string(),
            sid: None,
            token: None,
            ends: None,
            until: self.now().plus_ms(ARRIVAL_SECONDS.cast_signed() * 1000).0,
            jti: self.fresh_jti(),
        })
    }

    /// Signs in whom a ticket was made for, once; also says whether they are new. A ticket that
    /// could not be looked into counts again.
    pub async fn redeem_arrival(
        &self,
        ticket: &str,
        origin: Origin,
    ) -> Result<(SignedIn, bool), AccountError> {
        let sso = self.inner.single_sign_on.as_ref().ok_or(TokenError::Invalid)?;
        // One that came too late is to the page what one that never was is: the person begins anew.
        let late = |error| if error == TokenError::Expired { TokenError::Invalid } else { error };
        let pass = sso.arrivals.redeem(ticket, self.now()).await.map_err(late)?;
        let (org, id) = pass.person()?;
        let signed_in = self.sign_in_arrived(org, id, origin).await;
        if matches!(
            signed_in,
            Err(AccountError::Unavailable | AccountError::Token(TokenError::Unavailable))
        ) {
            sso.arrivals.give_back(&pass).await;
        }
        signed_in
    }

    async fn sign_in_arrived(
        &self,
        org: OrgId,
        id: UserId,
        origin: Origin,
    ) -> Result<(SignedIn, bool), AccountError> {
        // Not from the cache: `sign_in` compares it with what is stored.
        let user = self.inner.store.user(org, id).await?.ok_or(TokenError::Invalid)?.value;
        if !user.is_active {
            return Err(TokenError::Revoked.into());
        }
        let is_new = user.is_awaited;
        Ok((self.sign_in(user, origin).await?, is_new))
    }
}

#[cfg(test)]
mod tests {
    use starling_actors::ports::{Precondition, RecordKey, Records};

    use super::*;
    use crate::auth::tests::World;

    #[tokio::test]
    async fn a_ticket_that_could_not_be_looked_into_counts_again_and_once() {
        let set = |settings: &mut crate::config::Settings| {
            settings.oidc.issuer = "https://issuer.example".to_owned();
        };
        let world = World::with(set).await;
        let ann = world.sign_up("ann").await.user;
        let sso = world.accounts.single_sign_on().expect("is configured");
        let ticket = world.accounts.arrival_of(sso, ann.org, ann.id).expect("is signed");
        let (kind, id) = ("user".to_owned(), ann.id.to_string());
        let key = RecordKey { org: ann.org, kind, parent: String::new(), id };
        let kept = world.records.get(&key).await.expect("reads").expect("is there").body;
        let redeem = || world.accounts.redeem_arrival(&ticket, Origin::default());

        world.records.put(&key, b"unreadable".to_vec(), Precondition::Any).await.expect("stores");
        assert_eq!(redeem().await.err(), Some(AccountError::Unavailable));
        world.records.put(&key, kept, Precondition::Any).await.expect("stores");
        assert_eq!(redeem().await.expect("signs in").0.user.id, ann.id);
        assert_eq!(redeem().await.err(), Some(TokenError::Invalid.into()));
    }
}
