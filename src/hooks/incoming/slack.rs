//! Messages in Slack's shape: `text`, `blocks` and `attachments`, as Markdown.
//!
//! Slack's own marks differ from Markdown: `*bold*`, `~struck~`, `<https://…|words>`, and the three letters
//! `&`, `<` and `>` written as entities.

use serde_json::Value;

use super::super::markdown::{plain, web};

/// Attachments and blocks that are read; Slack itself takes 100 and 50.
const PARTS_MAX: usize = 50;
/// How deep elements of a rich text are followed: lists hold sections, sections hold words.
const DEPTH_MAX: usize = 6;

/// The words of a message; empty when it has none.
pub(super) fn words(message: &Value) -> String {
    let text = message["text"].as_str().unwrap_or_default();
    let blocks = blocks(&message["blocks"]);
    // With blocks, the text is only what is shown where blocks cannot be.
    let mut parts = vec![if blocks.is_empty() { marked(text) } else { blocks }];
    let attachments = message["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    parts.extend(attachments.iter().take(PARTS_MAX).map(attachment));
    parts.retain(|part| !part.trim().is_empty());
    parts.join("\n\n")
}

fn attachment(part: &Value) -> String {
    let text = |field: &str| part[field].as_str().map(str::trim).unwrap_or_default();
    let mut lines = vec![marked(text("pretext"))];
    if !text("author_name").is_empty() {
        lines.push(plain(text("author_name"), 200));
    }
    let title = plain(text("title"), 300);
    lines.push(match (title.as_str(), web(text("title_link"))) {
        ("", _) => String::new(),
        (title, Some(address)) => format!("**[{title}]({address})**"),
        (title, None) => format!("**{title}**"),
    });
    lines.push(marked(text("text")));
    lines.push(blocks(&part["blocks"]));
    let fields = part["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    for field in fields.iter().take(PARTS_MAX) {
        let (name, value) = (field["title"].as_str(), field["value"].as_str());
        let value = marked(value.unwrap_or_default());
        lines.push(match name.map(|name| plain(name, 200)) {
            Some(name) if !name.is_empty() => format!("**{name}:** {value}"),
            Some(_) | None => value,
        });
    }
    lines.extend(web(text("image_url")));
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.push(marked(text("fallback")));
    }
    if !text("footer").is_empty() {
        lines.push(format!("_{}_", plain(text("footer"), 300)));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn blocks(blocks: &Value) -> String {
    let blocks = blocks.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown: Vec<String> =
        blocks.iter().take(PARTS_MAX).map(block).filter(|block| !block.is_empty()).collect();
    shown.join("\n")
}

fn block(block: &Value) -> String {
    match block["type"].as_str().unwrap_or_default() {
        "header" => match text_object(&block["text"]) {
            words if words.is_empty() => words,
            words => format!("**{words}**"),
        },
        "section" => {
            let fields = block["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
            let mut lines = vec![text_object(&block["text"])];
            lines.extend(fields.iter().take(PARTS_MAX).map(text_object));
            lines.retain(|line| !line.is_empty());
            lines.join("\n")
        }
        "context" => {
            let elements = block["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
            let mut words: Vec<String> = elements.iter().take(PARTS_MAX).map(text_object).collect();
            words.retain(|word| !word.is_empty());
            words.join(" · ")
        }
        "image" => {
            let title = block["title"]["text"].as_str().or(block["alt_text"].as_str());
            let title = plain(title.unwrap_or("image"), 200);
            match web(block["image_url"].as_str().unwrap_or_default()) {
                Some(address) => format!("[{title}]({address})"),
                None => title,
            }
        }
        "divider" => "---".to_owned(),
        "rich_text" => rich(&block["elements"], 0),
        // Buttons and menus lead back to Slack; without it they do nothing.
        _ => String::new(),
    }
}

fn text_object(object: &Value) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] == "plain_text" { plain(text, 3_000) } else { marked(text) }
}

fn rich(elements: &Value, depth: usize) -> String {
    let elements = elements.as_array().map(Vec::as_slice).unwrap_or_default();
    if depth > DEPTH_MAX {
        return String::new();
    }
    let mut shown = String::new();
    for element in elements.iter().take(PARTS_MAX * 4) {
        let inner = || rich(&element["elements"], depth + 1);
        match element["type"].as_str().unwrap_or_default() {
            "text" => shown += &plain_kept(element["text"].as_str().unwrap_or_default()),
            "link" => {
                let address = element["url"].as_str().unwrap_or_default();
                let words = element["text"].as_str().unwrap_or(address);
                shown += &super::super::markdown::link(words, address, 300);
            }
            "emoji" => shown += &format!(":{}:", element["name"].as_str().unwrap_or_default()),
            "rich_text_section" => shown += &format!("{}\n", inner()),
            "rich_text_quote" => shown += &format!("> {}\n", inner()),
            "rich_text_preformatted" => shown += &format!("```\n{}\n```\n", inner()),
            "rich_text_list" => {
                let items = element["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
                for item in items.iter().take(PARTS_MAX) {
                    shown += &format!("- {}\n", rich(&item["elements"], depth + 1));
                }
            }
            _ => {}
        }
    }
    shown.trim_end().to_owned()
}

/// Words with their spaces; only what would begin a mark is kept from doing so.
fn plain_kept(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "\\`").replace('*', "\\*").replace('[', "\\[")
}

/// Slack's marks as Markdown.
pub(super) fn marked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        shown += &bold(&rest[..start]);
        let behind = &rest[start + 1..];
        let Some(end) = behind.find('>') else {
            shown += &bold(&rest[start..]);
            return letters(&shown);
        };
        shown += &reference(&behind[..end]);
        rest = &behind[end + 1..];
    }
    shown += &bold(rest);
    letters(&shown)
}

/// What stands between `<` and `>`: an address, a person, a channel or a call to all.
fn reference(inner: &str) -> String {
    let (target, words) = match inner.split_once('|') {
        Some((target, words)) => (target, Some(words)),
        None => (inner, None),
    };
    match target.chars().next() {
        // People of a Slack workspace are nobody here; a call to all calls nobody either.
        Some('@' | '#' | '!') => {
            let named = words.unwrap_or(&target[1..]).trim_start_matches(['@', '#']);
            plain(named.split('^').next().unwrap_or_default(), 100)
        }
        _ => match (web(target), words) {
            (Some(address), Some(words)) => format!("[{}]({address})", plain(words, 300)),
            (Some(address), None) => address,
            (None, words) => plain(words.unwrap_or(target), 300),
        },
    }
}

/// `*bold*` and `~struck~` as Markdown has them: a pair of signs around words of one line.
fn bold(text: &str) -> String {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in text.split('\n') {
        is_code ^= line.matches("```").count() % 2 == 1;
        let is_plain = is_code || line.contains('`') || line.contains("**");
        lines.push(if is_plain { line.to_owned() } else { doubled(&doubled(line, '*'), '~') });
    }
    lines.join("\n")
}

fn doubled(line: &str, sign: char) -> String {
    let signs: Vec<char> = line.chars().collect();
    let is_edge = |place: Option<&char>| place.is_none_or(|other| !other.is_alphanumeric());
    let opens = |at: usize| {
        signs.get(at + 1).is_some_and(|next| !next.is_whitespace() && *next != sign)
            && is_edge(at.checked_sub(1).and_then(|before| signs.get(before)))
    };
    let closes = |at: usize| {
        at.checked_sub(1).is_some_and(|before| !signs[before].is_whitespace())
            && is_edge(signs.get(at + 1))
    };
    let mut shown = String::with_capacity(line.len() + 8);
    let mut at = 0;
    while at < signs.len() {
        let end = (signs[at] == sign && opens(at))
            .then(|| (at + 2..signs.len()).find(|end| signs[*end] == sign && closes(*end)))
            .flatten();
        match end {
            Some(end) => {
                shown.extend([sign, sign]);
                shown.extend(&signs[at + 1..end]);
                shown.extend([sign, sign]);
                at = end + 1;
            }
            None => {
                shown.push(signs[at]);
                at += 1;
            }
        }
    }
    shown
}

/// The three letters that Slack writes as entities.
fn letters(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn slacks_marks_become_those_of_markdown() {
        for (slack, markdown) in [
            ("*done* and ~not~", "**done** and ~~not~~"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("see <https://a.example/x|the *log*>", r"see [the \*log\*](https://a.example/x)"),
            ("<https://a.example>", "https://a.example"),
            ("<!here> <@U1|ann> <#C1|ops>", "here ann ops"),
            ("a &lt;b&gt; &amp; c", "a <b> & c"),
            ("`*x*` stays", "`*x*` stays"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(marked(slack), markdown, "{slack}");
        }
    }

    #[test]
    fn attachments_and_blocks_are_read() {
        let message = json!({
            "text": "fallback",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "Build"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": "*green*"},
                 "fields": [{"type": "mrkdwn", "text": "1 min"}]},
                {"type": "actions", "elements": []},
            ],
            "attachments": [{"title": "Job 7", "title_link": "https://ci.example/7",
                "fields": [{"title": "Branch", "value": "main", "short": true}]}],
        });
        let expected = "**Build**\n**green**\n1 min\n\n**[Job 7](https://ci.example/7)**\n\
                        **Branch:** main";
        assert_eq!(words(&message), expected);
        assert_eq!(words(&json!({"attachments": [{"fallback": "only this"}]})), "only this");
        assert_eq!(words(&json!({"text": "  "})), "");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            marked(&text);
        }
    }
}
