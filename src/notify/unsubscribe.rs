//! The address in a letter that ends letters like it, for whoever holds the letter: no sign-in is needed,
//! and mail programs call it by one click (RFC 8058).
//!
//! It names its person and is signed with a secret that all nodes have, so nothing is stored for it. All
//! that it can do is to switch mail off.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::Precondition;

use super::wishes::{WISHES, Wishes};
use super::{Notifier, NotifyError};

/// Where it leads.
pub(super) const PATH: &str = "/api/v1/notifications/unsubscribe";
/// Keeps these signatures apart from all others under the same secrets.
const PURPOSE: &[u8] = b"starling unsubscribe\0";
/// Bytes of a signature: nobody guesses 128 bits by calling an address.
const SIGNATURE_BYTES: usize = 16;
/// Times a change is tried again when another came between.
const ATTEMPTS: usize = 5;

impl Notifier {
    /// The address that ends mail to somebody.
    pub(super) fn unsubscribe_link(&self, org: OrgId, user: UserId) -> String {
        let secrets = &self.inner.settings.link_secrets;
        let secret = secrets.first().map(String::as_str).unwrap_or_default();
        let token = token_of(secret, org, user).unwrap_or_default();
        format!("{}{PATH}?token={token}", self.inner.settings.server)
    }

    /// Ends mail to the person of a token; `false` when it is none.
    pub async fn unsubscribe(&self, token: &str) -> Result<bool, NotifyError> {
        let secrets = &self.inner.settings.link_secrets;
        let Some((org, user)) = secrets.iter().find_map(|secret| read(secret, token)) else {
            return Ok(false);
        };
        let person = user.to_string();
        for _ in 0..ATTEMPTS {
            let found = self.inner.shelves.get(&WISHES, org, "", &person).await?;
            let (wishes, when) = match found {
                Some(found) => (found.value, Precondition::Version(found.version)),
                None => (Wishes::default(), Precondition::Absent),
            };
            let wishes = Wishes { email: false, ..wishes };
            match self.inner.shelves.put(&WISHES, (org, "", &person), &wishes, when).await {
                Ok(_) => return Ok(true),
                Err(NotifyError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(NotifyError::Conflict)
    }
}

fn signature(secret: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(PURPOSE);
    mac.update(body);
    Some(mac)
}

fn token_of(secret: &str, org: OrgId, user: UserId) -> Option<String> {
    let mut bytes = org.as_u128().to_be_bytes().to_vec();
    bytes.extend(user.as_u128().to_be_bytes());
    let signature = signature(secret, &bytes)?.finalize().into_bytes();
    bytes.extend(&signature[..SIGNATURE_BYTES]);
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

fn read(secret: &str, token: &str) -> Option<(OrgId, UserId)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, signed) = bytes.split_at_checked(32)?;
    if signed.len() != SIGNATURE_BYTES {
        return None;
    }
    signature(secret, body)?.verify_truncated_left(signed).ok()?;
    let (org, user) = body.split_at_checked(16)?;
    let number = |part: &[u8]| part.try_into().ok().map(u128::from_be_bytes);
    Some((OrgId::from_u128(number(org)?), UserId::from_u128(number(user)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_for_its_person_alone() {
        let (org, user) = (OrgId::from_u128(1), UserId::from_u128(2));
        let token = token_of("secret", org, user).unwrap();
        assert_eq!(read("secret", &token), Some((org, user)));
        assert_eq!(read("another", &token), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for place in [0, 20, 40] {
            bytes[place] ^= 1;
            assert_eq!(read("secret", &URL_SAFE_NO_PAD.encode(&bytes)), None);
            bytes[place] ^= 1;
        }
        bytes.truncate(32);
        assert_eq!(read("secret", &URL_SAFE_NO_PAD.encode(&bytes)), None);
        assert_eq!(read("secret", "nonsense"), None);
    }
}
