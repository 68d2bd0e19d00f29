//! Words of other programs as the Markdown of a message.
//!
//! **Invariant:** what a stranger named (a title, a branch, a label) stays words: it neither ends the link
//! it stands in nor begins another one.

/// Signs that would mean something between words.
const SIGNS: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '~', '|', '#'];

/// One line of a stranger's words, at most `max` characters, as it was written.
pub(super) fn plain(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut plain = String::with_capacity(line.len());
    for sign in line.chars().take(max) {
        if SIGNS.contains(&sign) {
            plain.push('\\');
        }
        plain.push(sign);
    }
    if line.chars().nth(max).is_some() {
        plain.push('…');
    }
    plain
}

/// Words that lead somewhere; only the words where the address is none of the web's.
pub(super) fn link(words: &str, address: &str, max: usize) -> String {
    let words = plain(words, max);
    match web(address) {
        Some(address) if !words.is_empty() => format!("[{words}]({address})"),
        Some(address) => address,
        None => words,
    }
}

/// An address of the web that can stand in a link.
pub(super) fn web(address: &str) -> Option<String> {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let is_whole = !address.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    (is_web && is_whole).then(|| {
        address.replace('(', "%28").replace(')', "%29").replace('<', "%3C").replace('>', "%3E")
    })
}

/// Words as code; a backtick in them does not end it.
pub(super) fn code(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    let cut: String = line.chars().take(max).collect();
    if cut.is_empty() { cut } else { format!("`{cut}`") }
}

/// A text of at most `max` characters; what is more is cut with a sign that says so.
pub(super) fn cut(text: &str, max: usize) -> String {
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_title_does_not_end_the_link_that_it_stands_in() {
        let shown = link("](https://evil.example) [x", "https://good.example/a(b)", 80);
        assert_eq!(shown, r"[\](https://evil.example) \[x](https://good.example/a%28b%29)");
        assert_eq!(link("x", "javascript:alert(1)", 80), "x");
        assert_eq!(code("a`b", 10), "`a'b`");
    }

    #[test]
    fn what_is_long_is_cut_in_characters() {
        assert_eq!(plain(&"ä".repeat(9), 3), "äää…");
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
