//! Whom a message names: those that its sender listed, and every `@username` and `@group` in its words.

use super::{Caller, Chat, ChatError};
use crate::domain::{ChannelId, UserId};

/// People one message can name: more is a way to disturb everyone, and each costs a look-up.
pub(super) const MENTIONS_MAX: usize = 50;
/// People one message reaches by all names in it, of groups too: each is a line in the log, and a look into
/// the channel's members.
pub(super) const REACHED_MAX: usize = 100;
/// Longest user name that is looked up, in characters; longer words after an `@` are just words.
const USERNAME_CHARS_MAX: usize = 64;

/// The user names after an `@` in the words, in order, each once, in lower case.
fn named(content: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut before = ' ';
    for (place, sign) in content.char_indices() {
        // An `@` inside a word is an e-mail address, not a call.
        let starts_word = !before.is_alphanumeric();
        before = sign;
        if sign != '@' || !starts_word {
            continue;
        }
        let rest = &content[place + 1..];
        let word = rest.split(|c: char| !is_name_sign(c)).next().unwrap_or_default();
        // A name can hold a dot but not end with one: that is the end of the sentence.
        let name = word.trim_end_matches(['.', '-']).to_lowercase();
        let fits = !name.is_empty() && name.chars().nth(USERNAME_CHARS_MAX).is_none();
        if fits && !names.contains(&name) {
            names.push(name);
        }
        if names.len() >= MENTIONS_MAX {
            break;
        }
    }
    names
}

fn is_name_sign(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '.' | '-')
}

impl Chat {
    /// The members whom the words name.
    pub(super) async fn named_in(
        &self,
        caller: &Caller,
        channel: ChannelId,
        content: &str,
    ) -> Result<Vec<UserId>, ChatError> {
        let names = named(content);
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.inner.ports.people.by_usernames(caller.org, &names).await?;
        let is_person = |name: &&String| found.iter().any(|(known, _)| known == *name);
        let others: Vec<String> = names.iter().filter(|name| !is_person(name)).cloned().collect();
        let mut called: Vec<UserId> = found.iter().map(|(_, user)| *user).collect();
        if !others.is_empty() {
            called.extend(self.inner.ports.people.of_groups(caller.org, &others).await?);
        }
        let mut members = Vec::new();
        // Twice as many are looked at: people of a group who are not here do not crowd out those who are.
        for user in called.into_iter().take(2 * REACHED_MAX) {
            if members.len() >= REACHED_MAX {
                break;
            }
            if self.is_member(caller, channel, user).await? && !members.contains(&user) {
                members.push(user);
            }
        }
        Ok(members)
    }

    /// The members whom a new message names; a listed person who is no member is a mistake.
    pub(super) async fn mentioned(
        &self,
        caller: &Caller,
        channel: ChannelId,
        content: &str,
        listed: &[UserId],
    ) -> Result<Vec<UserId>, ChatError> {
        if listed.len() > MENTIONS_MAX {
            let message = format!("must have at most {MENTIONS_MAX} people");
            return Err(ChatError::invalid("mentions", message));
        }
        let mut mentions: Vec<UserId> = Vec::new();
        for user in listed {
            if !self.is_member(caller, channel, *user).await? {
                let message = format!("{user} is not a member of this channel");
                return Err(ChatError::invalid("mentions", message));
            }
            if !mentions.contains(user) {
                mentions.push(*user);
            }
        }
        for user in self.named_in(caller, channel, content).await? {
            if !mentions.contains(&user) {
                mentions.push(user);
            }
        }
        mentions.truncate(REACHED_MAX);
        Ok(mentions)
    }

    async fn is_member(
        &self,
        caller: &Caller,
        channel: ChannelId,
        user: UserId,
    ) -> Result<bool, ChatError> {
        let place = self.place(caller.org, channel, user).await?;
        Ok(place.is_some_and(|place| place.role.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_where_a_reader_would_see_them() {
        let cases: [(&str, &[&str]); 8] = [
            ("no one", &[]),
            ("@Ada, look", &["ada"]),
            ("thanks @ada. And (@bob_b)!", &["ada", "bob_b"]),
            ("mail ada@example.org", &[]),
            ("@ada @ADA @ada", &["ada"]),
            ("@", &[]),
            ("@@ada", &["ada"]),
            ("@jo.el-x hi", &["jo.el-x"]),
        ];
        for (content, names) in cases {
            assert_eq!(named(content), names, "{content}");
        }
    }

    #[test]
    fn a_text_of_names_alone_is_cut() {
        let content = (0..200).map(|n| format!("@u{n} ")).collect::<String>();
        assert_eq!(named(&content).len(), MENTIONS_MAX);
    }
}
