//! Short names of emoji, as other programs store them.

/// What stands between a short name and the tone of the skin.
const TONE: &str = "::skin-tone-";

/// Names that the common tables do not have.
const MORE: &[(&str, &str)] = &[
    ("simple_smile", "🙂"),
    ("slightly_smiling_face", "🙂"),
    ("thumbsup_all", "👍"),
    ("white_tick", "✅"),
];

/// The emoji of a short name without its colons; a name that nobody knows (one of a team's own emoji)
/// stays a name.
pub(super) fn of_name(name: &str) -> String {
    let plain = name.split_once(TONE).map_or(name, |(plain, _)| plain);
    let more = MORE.iter().find(|(known, _)| *known == plain).map(|(_, emoji)| *emoji);
    match more.or_else(|| emojis::get_by_shortcode(plain).map(emojis::Emoji::as_str)) {
        Some(emoji) => emoji.to_owned(),
        None => format!(":{plain}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_becomes_its_emoji_and_an_unknown_one_stays() {
        assert_eq!(of_name("tada"), "🎉");
        assert_eq!(of_name("+1::skin-tone-4"), "👍");
        assert_eq!(of_name("our-own-parrot"), ":our-own-parrot:");
    }
}
