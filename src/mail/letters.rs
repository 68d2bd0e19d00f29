//! The words of letters, as text and as HTML that needs nothing from elsewhere: no pictures, no scripts.

use super::Letter;

const QUOTE_STYLE: &str =
    "margin:0;padding-left:12px;border-left:3px solid #8aa4ad;white-space:pre-wrap";
const SMALL_STYLE: &str = "color:#5b6b72;font-size:13px";

/// What one message says to someone who was away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who wrote it.
    pub author: String,
    /// Where; empty in a direct conversation.
    pub channel: String,
    /// The words, as far as they are shown.
    pub text: String,
    /// Its address in the page.
    pub link: String,
}

impl Told {
    /// Who wrote it, and where.
    fn headline(&self) -> String {
        if self.channel.is_empty() {
            return format!("{} wrote to you", self.author);
        }
        format!("{} in #{}", self.author, self.channel)
    }
}

/// What somebody missed, in one letter.
pub fn digest(
    to: &str,
    server: &str,
    told: &[Told],
    (message_id, unsubscribe): (String, String),
) -> Letter {
    let subject = match told {
        [one] => one.headline(),
        _ => format!("{} messages wait for you", told.len()),
    };
    let (mut text, mut html) = (String::new(), String::new());
    for one in told {
        let headline = one.headline();
        text += &format!("{headline}\n\n{}\n{}\n\n", quoted(&one.text), one.link);
        html += &format!(
            "<p style=\"margin:24px 0 4px\"><b>{}</b></p><p style=\"{QUOTE_STYLE}\">{}</p>\
             <p style=\"margin:4px 0\"><a href=\"{}\">Open the message</a></p>",
            escaped(&headline),
            escaped(&one.text),
            escaped(&one.link),
        );
    }
    let why = format!("You get this because you were away from Starling ({server}).");
    text += &format!("--\n{why}\nNo more of these: {unsubscribe}\n");
    html += &format!(
        "<p style=\"margin-top:32px;{SMALL_STYLE}\">{}<br><a href=\"{}\">No more of these</a></p>",
        escaped(&why),
        escaped(&unsubscribe),
    );
    Letter {
        to: to.to_owned(),
        subject: one_line(&subject),
        text,
        html: page(&html),
        message_id: Some(message_id),
        unsubscribe: Some(unsubscribe),
    }
}

/// Asks somebody in.
pub fn invitation(to: &str, by: &str, organization: &str, link: &str) -> Letter {
    let words = format!("{by} invites you to {organization} on Starling.");
    let note = "The link counts once, for seven days.";
    plain(to, &format!("{by} invites you to {organization}"), &words, &[("Join", link)], note)
}

/// Lets somebody choose a new password; one link for each of their organizations.
pub fn password_reset(to: &str, links: &[(String, String)]) -> Letter {
    let words = "Somebody, most likely you, asked for a new password.";
    let named: Vec<(String, &str)> = links
        .iter()
        .map(|(organization, link)| {
            (format!("Choose a new password for {organization}"), link.as_str())
        })
        .collect();
    let buttons: Vec<(&str, &str)> =
        named.iter().map(|(label, link)| (label.as_str(), *link)).collect();
    let note = "A link counts once, for half an hour. If it was not you, do nothing: \
                your password stays as it is.";
    plain(to, "Your password", words, &buttons, note)
}

/// Shows somebody that mail reaches them.
pub fn trial(to: &str, server: &str) -> Letter {
    let words = "This is what you asked for: mail from Starling reaches you.";
    plain(to, "Mail from Starling reaches you", words, &[("Open Starling", server)], "")
}

fn plain(to: &str, subject: &str, words: &str, links: &[(&str, &str)], note: &str) -> Letter {
    let mut text = format!("{words}\n\n");
    let mut html = format!("<p>{}</p>", escaped(words));
    for (label, link) in links {
        text += &format!("{label}: {link}\n\n");
        html += &format!("<p><a href=\"{}\">{}</a></p>", escaped(link), escaped(label));
    }
    if !note.is_empty() {
        text += &format!("{note}\n");
        html += &format!("<p style=\"{SMALL_STYLE}\">{}</p>", escaped(note));
    }
    Letter {
        to: to.to_owned(),
        subject: one_line(subject),
        text,
        html: page(&html),
        message_id: None,
        unsubscribe: None,
    }
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"></head>\
         <body style=\"font:15px/1.5 system-ui,sans-serif;color:#10181c;max-width:600px\">{body}</body></html>"
    )
}

/// As text is quoted in mail.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

/// One line without signs that control anything: what somebody calls themselves stands in a header.
fn one_line(text: &str) -> String {
    let signs = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign });
    signs.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut all, sign| {
        match sign {
            '&' => all.push_str("&amp;"),
            '<' => all.push_str("&lt;"),
            '>' => all.push_str("&gt;"),
            '"' => all.push_str("&quot;"),
            '\'' => all.push_str("&#39;"),
            _ => all.push(sign),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(author: &str, channel: &str, text: &str) -> Told {
        let own = str::to_owned;
        let link = own("https://chat.example/#c/m");
        Told { author: own(author), channel: own(channel), text: own(text), link }
    }

    fn letter(told: &[Told]) -> Letter {
        let ids = ("<1@chat.example>".to_owned(), "https://chat.example/off?token=x".to_owned());
        digest("bob@example.org", "https://chat.example", told, ids)
    }

    #[test]
    fn one_message_is_named_in_the_subject_and_several_are_counted() {
        assert_eq!(letter(&[told("Ada", "ops", "look")]).subject, "Ada in #ops");
        assert_eq!(letter(&[told("Ada", "", "look")]).subject, "Ada wrote to you");
        let two = letter(&[told("Ada", "ops", "one"), told("Carl", "", "two")]);
        assert_eq!(two.subject, "2 messages wait for you");
        assert!(two.text.contains("> one\n") && two.text.contains("Carl wrote to you"));
        assert_eq!(two.html.matches("Open the message").count(), 2);
    }

    #[test]
    fn what_people_write_is_text_wherever_it_stands() {
        let nasty = told("<b>Eve\r\nBcc: all@example.org", "ops", "<img src=x onerror=alert(1)>");
        let letter = letter(&[nasty]);
        assert_eq!(letter.subject, "<b>Eve Bcc: all@example.org in #ops");
        assert!(!letter.html.contains("<img") && !letter.html.contains("<b>Eve"));
        assert!(letter.html.contains("&lt;img src=x onerror=alert(1)&gt;"));
    }

    #[test]
    fn a_reset_has_a_link_for_each_organization() {
        let own = str::to_owned;
        let links = [(own("Birds"), own("https://a/1")), (own("Fish"), own("https://a/2"))];
        let letter = password_reset("bob@example.org", &links);
        for part in ["for Birds: https://a/1", "for Fish: https://a/2", "half an hour"] {
            assert!(letter.text.contains(part), "{part}");
        }
        assert_eq!(letter.unsubscribe, None);
    }
}
