//! What e-mails, user names and slugs may look like, and how they are compared.

/// Longest e-mail (RFC 5321, section 4.5.3.1: a path of 256 with its brackets).
const EMAIL_BYTES_MAX: usize = 254;
/// Longest part before the `@` (RFC 5321, section 4.5.3.1.1).
const EMAIL_LOCAL_BYTES_MAX: usize = 64;
/// Longest user name: it stands beside each message.
const USERNAME_CHARS_MAX: usize = 64;
/// Longest slug (wire.md).
const SLUG_BYTES_MAX: usize = 100;
/// Longest name of a person, an organization or a token.
pub(super) const NAME_CHARS_MAX: usize = 200;
/// Longest address of a picture: what browsers and proxies take everywhere.
pub(super) const URL_BYTES_MAX: usize = 2_000;

/// The form by which two names are the same.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether it can be an e-mail. Only sending to it could tell more.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let has_good_domain = domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let has_good_local = !local.is_empty()
        && local.len() <= EMAIL_LOCAL_BYTES_MAX
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    text.len() <= EMAIL_BYTES_MAX && has_good_local && has_good_domain
}

/// Why a user name is not taken; `None` when it is. No `@`, so that it is never an e-mail.
pub(super) fn username_fault(name: &str) -> Option<&'static str> {
    name_fault(name, "._-+")
}

/// As for user names; guests may also use spaces, since they type a name and not a handle.
pub(super) fn guest_name_fault(name: &str) -> Option<&'static str> {
    name_fault(name, "._-+ ")
}

fn name_fault(name: &str, marks: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("must not be empty");
    }
    if name.chars().nth(USERNAME_CHARS_MAX).is_some() {
        return Some("must have at most 64 characters");
    }
    if !name.chars().any(char::is_alphanumeric)
        || !name.chars().all(|c| c.is_alphanumeric() || marks.contains(c))
    {
        return Some("may have letters, digits, '.', '_', '-' and '+'");
    }
    None
}

/// A user name made from an e-mail: its local part, with what a user name may not have left out.
pub(super) fn username_from_email(email: &str) -> String {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let name: String = local
        .chars()
        .map(|c| if c.is_alphanumeric() || "._-+".contains(c) { c } else { '-' })
        .take(USERNAME_CHARS_MAX - NUMBER_CHARS)
        .collect();
    if username_fault(&name).is_some() { "user".to_owned() } else { name }
}

/// Characters kept free for a number behind a name that is taken.
pub(super) const NUMBER_CHARS: usize = 9;

/// Whether it is a slug: `[a-z0-9-]{1,100}`.
pub(super) fn is_slug(text: &str) -> bool {
    (1..=SLUG_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A slug made from an organization's name; empty when nothing of it is left.
pub(super) fn slug_from_name(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(SLUG_BYTES_MAX);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_a_local_part_and_a_domain() {
        for good in ["a@b.example", "first.last+tag@sub.example.org", "ü@exämple.de"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["", "a", "@b.c", "a@", "a@b", "a b@c.d", "a@b..c", ".a@b.c", "a@-b.c", "a@b.c\n"]
        {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_user_name_is_never_an_email_and_shows_something() {
        for good in ["alice", "Bob.2", "jürgen", "a+b", "李"] {
            assert_eq!(username_fault(good), None, "{good}");
        }
        for bad in ["", " ", "a b", "a@b", "...", "a\0", &"x".repeat(65)] {
            assert!(username_fault(bad).is_some(), "{bad:?}");
        }
        assert_eq!(username_from_email("o'neil@x.org"), "o-neil");
        assert_eq!(username_from_email("__@x.org"), "user");
    }

    #[test]
    fn a_slug_is_made_from_letters_digits_and_hyphens() {
        assert_eq!(slug_from_name("  Ærø & Søn, Inc. "), "r-s-n-inc");
        assert_eq!(slug_from_name("Acme  Corp"), "acme-corp");
        assert_eq!(slug_from_name("李"), "");
        assert!(is_slug("acme-corp") && !is_slug("Acme") && !is_slug("") && !is_slug("a_b"));
    }
}
