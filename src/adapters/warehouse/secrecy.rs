//! Columns of which no sample is ever taken, by their names. Samples go into prompts and onto the
//! schema's page, so a false alarm costs a hint and a miss costs a secret: the lists are generous.

/// Found anywhere in a name.
const PARTS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
    "apikey",
    "privatekey",
    "creditcard",
    "cardnumber",
    "iban",
    "passport",
    "fingerprint",
    "ciphertext",
    "encrypted",
    "socialsecurity",
    "taxid",
    "accountnumber",
];
/// Words of a name: `pin_code`, `PinCode`, `user-pin`.
const WORDS: &[&str] = &[
    "pass",
    "pwd",
    "hash",
    "salt",
    "ssn",
    "card",
    "cvv",
    "cvc",
    "pin",
    "key",
    "keys",
    "otp",
    "auth",
    "bic",
    "swift",
    "nonce",
    "cookie",
    "signature",
    "hmac",
    "md5",
    "sha1",
    "sha256",
    "totp",
    "mfa",
    "bearer",
    "jwt",
    "pan",
    "nin",
    "tin",
    "dob",
    "birthdate",
    "biometric",
    "medical",
    "diagnosis",
];

/// Whether values of a column of this name might be nobody's business.
pub fn looks_secret(column: &str) -> bool {
    let words = words(column);
    let joined = words.concat();
    PARTS.iter().any(|part| joined.contains(part))
        || words.iter().any(|word| WORDS.contains(&word.as_str()))
}

/// `userPinCode` and `user_pin-code` as `user`, `pin`, `code`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        let begins = letter.is_uppercase() && was_lower;
        if (begins || !letter.is_alphanumeric()) && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in [
            "password",
            "UserPassword",
            "password_hash",
            "PWD",
            "api-key",
            "apiKey",
            "IBAN",
            "customerIban",
            "card_number",
            "CVV",
            "ssn",
            "RefreshToken",
            "pinCode",
            "sha256",
        ] {
            assert!(looks_secret(name), "{name}");
        }
    }

    #[test]
    fn ordinary_names_are_no_secrets() {
        for name in ["name", "Monkey", "spinning", "Total", "BillingCity", "passenger", "discard"] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
