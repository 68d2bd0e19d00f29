//! Slack's own markup as Markdown.
//!
//! Slack writes what its clients drew: entities for `&`, `<` and `>`; links, mentions and dates between
//! angle brackets; one star for bold and one tilde for strike. Between backticks nothing but entities and
//! angle brackets means anything.

use super::source::Names;

/// Translates a message.
pub(super) fn to_markdown(text: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // Odd parts stand between the fences of blocks of code.
    for (place, part) in text.split("```").enumerate() {
        if place % 2 == 1 {
            fence(&mut out);
            let code = linked(part, names, true);
            out.push_str(code.trim_matches('\n'));
            out.push_str("\n```\n");
        } else {
            let part = if place > 0 { part.strip_prefix('\n').unwrap_or(part) } else { part };
            prose(&mut out, part, names);
        }
    }
    out.trim_end().to_owned()
}

/// Opens a block of code, on a line of its own.
fn fence(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str("```\n");
}

fn prose(out: &mut String, part: &str, names: &Names) {
    for (place, piece) in part.split('`').enumerate() {
        if place > 0 {
            out.push('`');
        }
        if place % 2 == 1 {
            out.push_str(&linked(piece, names, true));
            continue;
        }
        for (number, line) in piece.split('\n').enumerate() {
            if number > 0 {
                out.push('\n');
            }
            let line = emphasized(&emphasized(line, '*', "**"), '~', "~~");
            out.push_str(&linked(&line, names, false));
        }
    }
}

/// Replaces one sign around words by another; a sign that stands alone stays.
fn emphasized(line: &str, sign: char, by: &str) -> String {
    let signs: Vec<char> = line.chars().collect();
    let opens = |place: usize| {
        let before = place.checked_sub(1).and_then(|before| signs.get(before));
        let after = signs.get(place + 1);
        before.is_none_or(|before| !before.is_alphanumeric() && *before != sign)
            && after.is_some_and(|after| !after.is_whitespace() && *after != sign)
    };
    let closes = |place: usize| {
        let after = signs.get(place + 1);
        !signs[place - 1].is_whitespace()
            && after.is_none_or(|after| !after.is_alphanumeric() && *after != sign)
    };
    let mut out = String::with_capacity(line.len());
    let mut place = 0;
    let mut depth = 0_usize;
    // Once nothing closes what opens, nothing closes what opens later.
    let mut may_close = true;
    while place < signs.len() {
        depth = match signs[place] {
            '<' => depth + 1,
            '>' => depth.saturating_sub(1),
            _ => depth,
        };
        if may_close && signs[place] == sign && depth == 0 && opens(place) {
            let end = (place + 2..signs.len()).find(|end| signs[*end] == sign && closes(*end));
            may_close = end.is_some();
            if let Some(end) = end {
                out.push_str(by);
                out.extend(&signs[place + 1..end]);
                out.push_str(by);
                place = end + 1;
                continue;
            }
        }
        out.push(signs[place]);
        place += 1;
    }
    out
}

/// Translates what stands between angle brackets, and the entities.
fn linked(text: &str, names: &Names, is_code: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, after) = rest.split_at(start);
        out.push_str(&unescaped(before));
        let Some(end) = after.find('>') else {
            rest = after;
            break;
        };
        out.push_str(&reference(&after[1..end], names, is_code));
        rest = &after[end + 1..];
    }
    out.push_str(&unescaped(rest));
    out
}

/// What a reference means here: someone, a channel, everyone, a date, or a link.
fn reference(inner: &str, names: &Names, is_code: bool) -> String {
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (inner, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        let known = names.people.get(id).map(String::as_str);
        return format!("@{}", known.or(label).unwrap_or(id));
    }
    if let Some(id) = target.strip_prefix('#') {
        let known = names.rooms.get(id).map(String::as_str).filter(|name| !name.is_empty());
        return format!("#{}", known.or(label).unwrap_or(id));
    }
    if let Some(special) = target.strip_prefix('!') {
        let word = special.split('^').next().unwrap_or(special);
        return match (label, word) {
            (Some(label), "subteam") => format!("@{}", unescaped(label.trim_start_matches('@'))),
            (Some(label), "date") => unescaped(label),
            (_, word) => format!("@{word}"),
        };
    }
    let address = unescaped(target);
    let shown = address.strip_prefix("mailto:").unwrap_or(&address);
    match label.map(unescaped) {
        Some(label) if is_code || label == shown || label == address => label,
        Some(label) => format!("[{}]({address})", label.replace(['[', ']'], "")),
        None => shown.to_owned(),
    }
}

fn unescaped(text: &str) -> String {
    // The ampersand last: `&amp;lt;` is the text `&lt;`.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let owned = |(one, other): (&str, &str)| (one.to_owned(), other.to_owned());
        Names {
            people: [("U01", "ada"), ("U02", "bo.ek")].into_iter().map(owned).collect(),
            rooms: [("C01", "general")].into_iter().map(owned).collect(),
        }
    }

    #[test]
    fn markup_is_said_in_markdown() {
        let cases = [
            ("hi <@U01>, see <#C01|old-name>", "hi @ada, see #general"),
            ("<@U99|gone> and <@U98>", "@gone and @U98"),
            ("<!here> <!channel> <!subteam^S1|@crew>", "@here @channel @crew"),
            ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
            (
                "<https://x.example/a?b=1&amp;c=2|the *plan*>",
                "[the *plan*](https://x.example/a?b=1&c=2)",
            ),
            ("<https://x.example>", "https://x.example"),
            ("<mailto:a@b.example|a@b.example>", "a@b.example"),
            ("*bold* and ~gone~ and _so_", "**bold** and ~~gone~~ and _so_"),
            ("2 * 3 * 4, *not\nbold*", "2 * 3 * 4, *not\nbold*"),
            ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
            ("&amp;lt;", "&lt;"),
            ("use `*p = &amp;x` there", "use `*p = &x` there"),
            ("&gt; said *so*", "> said **so**"),
            ("broken <", "broken <"),
        ];
        for (slack, markdown) in cases {
            assert_eq!(to_markdown(slack, &names()), markdown, "{slack}");
        }
    }

    #[test]
    fn a_block_of_code_gets_lines_of_its_own_and_keeps_its_signs() {
        let slack = "look: ```let a = *b;\nlet c = &amp;d;``` *ok*?";
        let markdown = "look: \n```\nlet a = *b;\nlet c = &d;\n```\n **ok**?";
        assert_eq!(to_markdown(slack, &names()), markdown);
        assert_eq!(to_markdown("```a", &names()), "```\na\n```");
    }

    #[test]
    fn any_text_is_translated_without_a_panic() {
        for text in
            ["*", "**", "~~~", "`", "```", "````", "<|>", "<>", "<@>", "*é*", "<!>", "a*b*c"]
        {
            to_markdown(text, &names());
        }
    }
}
