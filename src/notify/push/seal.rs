//! The message of a push, readable for the browser alone: RFC 8291 over the content coding `aes128gcm` of
//! RFC 8188, in one record.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;
use starling_actors::ports::Clock;

/// Bytes of a public key as an uncompressed point.
const POINT_BYTES: usize = 65;
const AUTH_BYTES: usize = 16;
const SALT_BYTES: usize = 16;
/// Bytes of a record; ours are always shorter than one.
const RECORD_BYTES: u32 = 4096;
/// What a push service must take (RFC 8030, section 7.2), less the header, the padding's mark and the
/// seal.
pub(super) const MESSAGE_BYTES_MAX: usize = 4096 - 86 - 1 - 16;
/// Ends the last record.
const LAST_RECORD: u8 = 2;
/// A random number is no key of the curve once in 2^32; so often in a row it never is.
const ATTEMPTS: usize = 4;

/// A browser's keys.
pub(super) struct Recipient {
    public: PublicKey,
    auth: [u8; AUTH_BYTES],
}

impl Recipient {
    /// From a subscription's `p256dh` and `auth`; `None` when they are none.
    pub(super) fn read(p256dh: &str, auth: &str) -> Option<Self> {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let point = decode(p256dh).filter(|point| point.len() == POINT_BYTES)?;
        let public = PublicKey::from_sec1_bytes(&point).ok()?;
        Some(Self { public, auth: decode(auth)?.try_into().ok()? })
    }
}

/// Whether these are a browser's keys.
pub(in crate::notify) fn is_recipient(p256dh: &str, auth: &str) -> bool {
    Recipient::read(p256dh, auth).is_some()
}

/// Seals a message, under a key pair and a salt of its own.
pub(super) fn seal(recipient: &Recipient, message: &[u8], clock: &dyn Clock) -> Option<Vec<u8>> {
    let key = (0..ATTEMPTS).find_map(|_| fresh_key(clock))?;
    seal_with(recipient, message, &key, clock.random().to_be_bytes())
}

/// A private key of the curve.
pub(super) fn fresh_key(clock: &dyn Clock) -> Option<SecretKey> {
    let mut bytes = [0; 32];
    let (head, tail) = bytes.split_at_mut(16);
    head.copy_from_slice(&clock.random().to_be_bytes());
    tail.copy_from_slice(&clock.random().to_be_bytes());
    SecretKey::from_slice(&bytes).ok()
}

fn seal_with(
    recipient: &Recipient,
    message: &[u8],
    key: &SecretKey,
    salt: [u8; SALT_BYTES],
) -> Option<Vec<u8>> {
    if message.len() > MESSAGE_BYTES_MAX {
        return None;
    }
    let theirs = recipient.public.to_encoded_point(false);
    let ours = key.public_key().to_encoded_point(false);
    let shared = diffie_hellman(key.to_nonzero_scalar(), recipient.public.as_affine());
    let extracted = hmac(&recipient.auth, &[shared.raw_secret_bytes()])?;
    let info: [&[u8]; 4] = [b"WebPush: info\0", theirs.as_bytes(), ours.as_bytes(), &[1]];
    let input = hmac(&extracted, &info)?;
    let extracted = hmac(&salt, &[&input])?;
    let content_key = hmac(&extracted, &[b"Content-Encoding: aes128gcm\0", &[1]])?;
    let nonce = hmac(&extracted, &[b"Content-Encoding: nonce\0", &[1]])?;
    let cipher = Aes128Gcm::new_from_slice(&content_key[..16]).ok()?;
    let nonce: [u8; 12] = nonce[..12].try_into().ok()?;
    let record = [message, &[LAST_RECORD]].concat();
    let sealed = cipher.encrypt(&nonce.into(), record.as_slice()).ok()?;
    let mut body = salt.to_vec();
    body.extend(RECORD_BYTES.to_be_bytes());
    body.push(u8::try_from(POINT_BYTES).ok()?);
    body.extend(ours.as_bytes());
    body.extend(sealed);
    Some(body)
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    const THEIRS: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_specifications_own_example_comes_out() {
        let recipient = Recipient::read(THEIRS, AUTH).unwrap();
        let key = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"));
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let message = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(&recipient, message, &key.unwrap(), salt).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6\
                        e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3o\
                        ZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected);
    }

    #[test]
    fn keys_that_are_none_are_noticed() {
        assert!(is_recipient(THEIRS, AUTH));
        let zeros = URL_SAFE_NO_PAD.encode([0_u8; 65]);
        for (key, auth) in [("", AUTH), (THEIRS, ""), (zeros.as_str(), AUTH), ("!", "!")] {
            assert!(!is_recipient(key, auth), "{key}");
        }
    }

    #[test]
    fn a_message_that_no_push_service_must_take_is_not_sealed() {
        let recipient = Recipient::read(THEIRS, AUTH).unwrap();
        let clock = starling_actors::memory::ManualClock::default();
        let fits = seal(&recipient, &[b'x'; MESSAGE_BYTES_MAX], &clock).unwrap();
        assert!(fits.len() <= 4096);
        assert!(seal(&recipient, &[b'x'; MESSAGE_BYTES_MAX + 1], &clock).is_none());
    }
}
