//! What a page says about itself, from the first part of its HTML.
//!
//! Nothing of the page is run or followed: its tags are read to the end of its head, whatever it is in truth.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use starling_actors::domain::{LinkPreview, harmless_line};

/// Longest title, description and name of a site that are shown.
const TITLE_CHARS_MAX: usize = 160;
const DESCRIPTION_CHARS_MAX: usize = 300;
const SITE_CHARS_MAX: usize = 80;
/// Bytes in which a page has to say in which letters it is written (HTML, 13.2.3.2).
const PRESCAN_BYTES: usize = 1_024;

/// What the head of a page has.
#[derive(Debug, Default)]
struct Head {
    title: String,
    og_title: String,
    description: String,
    og_description: String,
    site: String,
    charset: Option<String>,
}

/// What is shown of a page; nothing of one that does not say what it is called.
pub(super) fn preview(
    url: &str,
    host: &str,
    bytes: &[u8],
    charset: Option<&str>,
) -> Option<LinkPreview> {
    let head = head_of(&decoded(bytes, charset));
    let first = |texts: [&str; 2], chars_max| {
        let lines = texts.map(|text| harmless_line(text, chars_max));
        lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default()
    };
    let title = first([&head.og_title, &head.title], TITLE_CHARS_MAX);
    let description = first([&head.og_description, &head.description], DESCRIPTION_CHARS_MAX);
    let site = first([&head.site, host], SITE_CHARS_MAX);
    let url = url.to_owned();
    (!title.is_empty()).then_some(LinkPreview { url, title, description, site })
}

/// Letters of a page: by its mark, by what its server says, by what it says itself, or as most are written.
fn decoded<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    let named = |label: &str| Encoding::for_label(label.trim().as_bytes());
    let by_mark = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = by_mark.or_else(|| charset.and_then(named)).or_else(|| {
        let beginning = &bytes[..bytes.len().min(PRESCAN_BYTES)];
        let (beginning, _) = WINDOWS_1252.decode_without_bom_handling(beginning);
        head_of(&beginning).charset.as_deref().and_then(named)
    });
    let is_utf_8 = || match std::str::from_utf8(bytes) {
        Ok(_) => true,
        // Cut in the middle of a letter.
        Err(error) => error.error_len().is_none(),
    };
    let encoding = encoding.unwrap_or(if is_utf_8() { UTF_8 } else { WINDOWS_1252 });
    encoding.decode(bytes).0
}

fn head_of(html: &str) -> Head {
    let mut head = Head::default();
    let mut in_title = false;
    let mut emitter = DefaultEmitter::default();
    // What stands in scripts, styles and titles are no tags.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"body" => break,
                b"title" => in_title = head.title.is_empty(),
                b"meta" => head.take(&tag),
                _ => {}
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"head" => break,
                b"title" => in_title = false,
                _ => {}
            },
            Token::String(text) if in_title => {
                head.title.push_str(&String::from_utf8_lossy(&text));
            }
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    head
}

impl Head {
    /// Takes what a `meta` says. What was said first stays.
    fn take(&mut self, tag: &StartTag<()>) {
        let value = |name: &[u8]| {
            let found = tag.attributes.iter().find(|(known, _)| known.as_slice() == name);
            found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
        };
        if let Some(charset) = value(b"charset") {
            self.charset.get_or_insert(charset);
        }
        let Some(content) = value(b"content") else { return };
        let name = value(b"property").or_else(|| value(b"name")).unwrap_or_default();
        let place = match name.to_ascii_lowercase().as_str() {
            "og:title" => &mut self.og_title,
            "og:description" => &mut self.og_description,
            "og:site_name" => &mut self.site,
            "description" => &mut self.description,
            _ => {
                if let Some((_, charset)) = content.split_once("charset=") {
                    self.charset.get_or_insert(charset.trim_matches(['"', '\'', ' ']).to_owned());
                }
                return;
            }
        };
        if place.is_empty() {
            *place = content;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &[u8], charset: Option<&str>) -> Option<LinkPreview> {
        preview("https://birds.example/a", "birds.example", html, charset)
    }

    fn title(html: &[u8], charset: Option<&str>) -> String {
        shown(html, charset).map(|link| link.title).unwrap_or_default()
    }

    #[test]
    fn a_page_says_what_it_is_called_in_its_head() {
        let html = b"<!doctype html><html><head><title>Birds &amp; nests</title>
            <meta name=description content='All of them'><meta property=og:site_name content=\"Birds, Inc.\">
            </head><body><title>not this</title>";
        let link = shown(html, None).unwrap();
        assert_eq!((link.title.as_str(), link.site.as_str()), ("Birds & nests", "Birds, Inc."));
        assert_eq!(link.description, "All of them");
        let html = b"<TITLE>one</TITLE><META PROPERTY='OG:TITLE' CONTENT='two'>";
        let link = shown(html, None).unwrap();
        assert_eq!((link.title.as_str(), link.site.as_str()), ("two", "birds.example"));
        assert!(shown(b"<p>no head at all", None).is_none());
        assert!(shown(b"", None).is_none());
    }

    #[test]
    fn what_stands_in_scripts_and_comments_is_nothing() {
        let html = b"<script>'<title>a</title><meta property=og:title content=b>'</script>
            <!-- <title>c</title> --><style><title>d</title></style><title><b>e</b></title>";
        assert_eq!(title(html, None), "<b>e</b>");
    }

    #[test]
    fn letters_are_read_as_the_page_or_its_server_says() {
        assert_eq!(title("<title>Größe</title>".as_bytes(), None), "Größe");
        assert_eq!(title(b"<title>Gr\xf6\xdfe</title>", None), "Größe");
        assert_eq!(title(b"<title>Gr\xf6\xdfe</title>", Some("iso-8859-1")), "Größe");
        let cyrillic = b"<meta charset=windows-1251><title>\xcc\xe8\xf0</title>";
        assert_eq!(title(cyrillic, None), "Мир");
        let older = b"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>\
            <title>\xcc\xe8\xf0</title>";
        assert_eq!(title(older, None), "Мир");
        assert_eq!(title(b"\xef\xbb\xbf<title>\xc3\xb6</title>", Some("latin1")), "ö");
        assert_eq!(title(b"<title>x</title>", Some("no such letters")), "x");
    }

    #[test]
    fn a_hostile_page_is_cut_and_turns_nothing() {
        let long = format!("<title>{}</title>", "x".repeat(100_000));
        assert_eq!(title(long.as_bytes(), None).chars().count(), TITLE_CHARS_MAX);
        let turned = "<title>safe \u{202e}evil\u{2066}\n\n\n site</title>";
        assert_eq!(title(turned.as_bytes(), None), "safe evil site");
        let nested = "<div>".repeat(50_000) + "<title>deep</title>";
        assert_eq!(title(nested.as_bytes(), None), "deep");
        let open = format!("<title>{}", "a <b ".repeat(10_000));
        assert_eq!(title(open.as_bytes(), None).chars().count(), TITLE_CHARS_MAX);
        for bytes in [&b"\xff\xfe\x00"[..], b"<", b"<meta", b"<title", b"&#xffffffff;<title>&#0;"] {
            shown(bytes, None);
        }
    }
}
