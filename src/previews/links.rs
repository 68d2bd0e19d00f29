//! Which pages a message links to, as its readers see links.

use reqwest::Url;

/// Links of one message whose pages are shown: more is a list, and each costs a call to a stranger.
pub(super) const LINKS_MAX: usize = 3;
/// Longest address that is read.
const URL_BYTES_MAX: usize = 2_000;
/// What ends a sentence or a mark of Markdown, and is no part of the address before it.
const TRAILING: &[char] = &['.', ',', ';', ':', '!', '?', '\'', '"', '*', '_', '~'];

/// Whether there may be links in it at all: most messages have none, and are done with here.
pub(super) fn may_link(content: &str) -> bool {
    content.contains("://")
}

/// The first different links of a message, outside of code.
pub(super) fn links_of(content: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let mut is_code = false;
    for line in content.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        // Every second part lies between backticks.
        for words in line.split('`').step_by(2) {
            for link in links_in(words) {
                if !links.contains(&link) {
                    links.push(link);
                }
                if links.len() == LINKS_MAX {
                    return links;
                }
            }
        }
    }
    links
}

fn links_in(words: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut rest = words;
    while let Some(at) = rest.find("http") {
        let is_inside = rest[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let link = &rest[at..];
        let end = link.find(ends_link).unwrap_or(link.len());
        let (link, behind) = link.split_at(end);
        let is_link = link.starts_with("http://") || link.starts_with("https://");
        if is_link && !is_inside {
            links.extend(trimmed(link).filter(|link| is_web(link)).map(str::to_owned));
            rest = behind;
        } else {
            rest = &rest[at + "http".len()..];
        }
    }
    links
}

fn ends_link(sign: char) -> bool {
    sign.is_whitespace() || sign.is_control() || matches!(sign, '<' | '>' | '"' | '|' | '\\')
}

/// The link without what belongs to the sentence around it.
fn trimmed(link: &str) -> Option<&str> {
    let mut link = link;
    loop {
        let before = link;
        link = link.trim_end_matches(TRAILING);
        for (open, close) in [('(', ')'), ('[', ']')] {
            let count = |sign| link.matches(sign).count();
            if link.ends_with(close) && count(close) > count(open) {
                link = &link[..link.len() - 1];
            }
        }
        if link == before {
            return (link.len() <= URL_BYTES_MAX).then_some(link);
        }
    }
}

fn is_web(link: &str) -> bool {
    Url::parse(link).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_where_a_reader_would_see_them() {
        let cases: [(&str, &[&str]); 12] = [
            ("no link", &[]),
            ("see https://a.example/x.", &["https://a.example/x"]),
            ("(https://a.example/x_(y)), and", &["https://a.example/x_(y)"]),
            ("[birds](https://a.example/b)!", &["https://a.example/b"]),
            ("<https://a.example/c>", &["https://a.example/c"]),
            ("**https://a.example**", &["https://a.example"]),
            ("xhttps://a.example ftp://b.example", &[]),
            ("`https://a.example` http://b.example:81/?q=1#f", &["http://b.example:81/?q=1#f"]),
            ("```\nhttps://a.example\n```\nhttps://b.example", &["https://b.example"]),
            ("https://me:secret@a.example", &[]),
            ("https:// http://", &[]),
            ("https://a.example https://a.example", &["https://a.example"]),
        ];
        for (content, links) in cases {
            assert_eq!(links_of(content), links, "{content}");
        }
    }

    #[test]
    fn only_the_first_links_are_taken_and_none_that_is_too_long() {
        let many: String = (0..9).map(|n| format!("https://a{n}.example\n")).collect();
        assert_eq!(links_of(&many).len(), LINKS_MAX);
        assert!(links_of(&format!("https://a.example/{}", "x".repeat(3_000))).is_empty());
    }
}
