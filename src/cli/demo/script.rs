//! Who is in the demo organization, and what they say. A small bookshop with a web shop.

/// The organization's name.
pub(super) const ORGANIZATION: &str = "Heron & Quill Books";
/// Its slug.
pub(super) const SLUG: &str = "heron-quill";
/// Everyone's password: it is a demo on one's own machine.
pub(super) const PASSWORD: &str = "a quiet reading corner";

/// User names and full names; the first one founds the organization.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("mara", "Mara Lindqvist"),
    ("tomas", "Tomás Herrera"),
    ("aiko", "Aiko Tanabe"),
    ("ben", "Ben Okafor"),
    ("ines", "Inês Duarte"),
    ("jonas", "Jonas Weber"),
];

/// One message.
pub(super) struct Line {
    pub(super) by: &'static str,
    pub(super) words: &'static str,
    /// Emoji, and whose.
    pub(super) reactions: &'static [(&'static str, &'static str)],
}

/// One channel and its conversation.
pub(super) struct Script {
    pub(super) owner: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) topic: &'static str,
    pub(super) lines: &'static [Line],
}

const fn line(by: &'static str, words: &'static str) -> Line {
    Line { by, words, reactions: &[] }
}

/// Public channels.
pub(super) const CHANNELS: &[Script] = &[
    Script {
        owner: "mara",
        name: "shop-floor",
        description: "What happens between the shelves",
        topic: "Author evening on Thursday, 19:00",
        lines: &[
            line(
                "tomas",
                "The window for the winter list is done. Photos are on the shared drive.",
            ),
            Line {
                by: "mara",
                words: "It looks *wonderful*. The paper herons were a great idea.",
                reactions: &[("❤️", "tomas"), ("❤️", "aiko"), ("👏", "ben")],
            },
            line(
                "ines",
                "We have 64 chairs for Thursday and 71 people on the list. @mara, close it?",
            ),
            line(
                "mara",
                "Close it, and start a waiting list. Some always stay at home when it rains.",
            ),
            line("ben", "I can bring eight folding chairs from home."),
            Line {
                by: "ines",
                words: "Then we are fine. Thank you, Ben.",
                reactions: &[("🙏", "ben")],
            },
        ],
    },
    Script {
        owner: "aiko",
        name: "web-shop",
        description: "Orders, parcels, and the site",
        topic: "Checkout 2.0 goes live on Monday",
        lines: &[
            line(
                "aiko",
                "Checkout test run, step by step:\n\n1. guest order\n2. gift card\n3. both at once\n\nAll three pass on the staging site.",
            ),
            line(
                "jonas",
                "The third one failed for me in Safari: the total did not update after the card.",
            ),
            line(
                "aiko",
                "Found it. We compared a string with a number:\n\n```js\nif (total === card.value) settle();\n```\n\nFix is up for review.",
            ),
            Line {
                by: "jonas",
                words: "Reviewed and tried on my phone. Works.",
                reactions: &[("🎉", "aiko"), ("🎉", "mara")],
            },
            line("tomas", "Do gift cards keep the old numbers? Customers have them printed."),
            line("aiko", "Yes, every old number stays valid."),
        ],
    },
    Script {
        owner: "jonas",
        name: "numbers",
        description: "Sales, stock and returns",
        topic: "Returns in the cookbook section",
        lines: &[
            line(
                "jonas",
                "Last week: **1,284** orders, 3.1 % returns. The week before: 1,190 and 2.8 %.",
            ),
            line("mara", "Where do the returns come from?"),
            line("jonas", "Mostly one cookbook: 22 of 40. The binding breaks at page 96."),
            line(
                "ines",
                "I have set the rest of that print run aside and written to the publisher.",
            ),
            Line {
                by: "mara",
                words: "Good. Refund everyone who asks, without the parcel.",
                reactions: &[("👍", "ines"), ("👍", "jonas")],
            },
        ],
    },
];

/// Direct conversations: two people and their lines.
pub(super) const DIRECT: &[(&str, &str, &[Line])] = &[
    (
        "mara",
        "aiko",
        &[
            line("mara", "Do you have ten minutes before the launch on Monday?"),
            line("aiko", "Any time after nine."),
            line("mara", "Half past nine, then. I bring the coffee."),
        ],
    ),
    (
        "tomas",
        "mara",
        &[
            line("tomas", "May I swap Saturday with Ben? He has agreed."),
            line("mara", "Of course."),
        ],
    ),
];

/// What is asked of the shop's own data.
pub(super) const QUESTIONS: Script = Script {
    owner: "mara",
    name: "ask-the-shop",
    description: "Ask the shop's data: /ask, and a question",
    topic: "Every answer shows its SQL",
    lines: &[
        line("mara", "top 5 products by revenue"),
        line("tomas", "revenue by month in 2025"),
        line("aiko", "how many customers are there in Germany?"),
        line("aiko", "and in France?"),
    ],
};
