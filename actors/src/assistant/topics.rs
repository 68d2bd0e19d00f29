//! Greetings, thanks, questions about the assistant itself, and the documented topics.

use super::words::words;

/// What is answered without data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Topic {
    /// What was heard.
    pub(super) intent: &'static str,
    /// What is answered.
    pub(super) reply: &'static str,
}

const GREETING: Topic = Topic {
    intent: "greeting",
    reply: "Hello! I am the built-in assistant. Ask me about the connected data, for example “top 5 \
            products by revenue” or “how many orders per month this year”.",
};
const THANKS: Topic =
    Topic { intent: "thanks", reply: "You are welcome. Ask away when there is more to look up." };
const ABILITIES: Topic = Topic {
    intent: "help",
    reply: "I am the built-in assistant: no model and no network, only rules. I count, add up, \
            average, rank and group what is in the connected tables, for any stretch of time, and I \
            follow up on “and by country?” or “only 2025”. I say so when I do not understand, and I \
            never change data.",
};
const DEFAULT: Topic = Topic {
    intent: "default",
    reply: "I am the built-in assistant. Connect a database and ask me about it, or ask me about \
            Python, async, WebSockets, events or databases.",
};

/// A documented topic with the words that it is known by.
const TOPICS: &[(&[&str], Topic)] = &[
    (
        &["python", "py", "django", "flask", "fastapi"],
        Topic {
            intent: "python",
            reply: "Python is a language that reads well and has a library for nearly everything: \
                    Django and Flask for sites, FastAPI for typed APIs, pandas for tables. Starling's \
                    API is plain HTTP and WebSocket, so any Python client can talk to it.",
        },
    ),
    (
        &["async", "await", "asyncio", "concurrent", "asynchronous"],
        Topic {
            intent: "async",
            reply: "Asynchronous code gives its thread away while it waits, so that one thread can \
                    serve many connections. Await what is slow, bound every queue, give every wait a \
                    deadline, and never block the loop.",
        },
    ),
    (
        &["websocket", "websockets", "ws", "realtime", "bidirectional"],
        Topic {
            intent: "websocket",
            reply: "A WebSocket is one connection on which both sides speak at any time. Starling's is \
                    at /ws: sign in, join a channel, and messages arrive as frames; after a break the \
                    client resumes at the position that it saw last.",
        },
    ),
    (
        &["event", "events", "queue", "publisher", "consumer"],
        Topic {
            intent: "event",
            reply: "Event-driven parts tell each other what happened instead of calling each other: a \
                    publisher writes to a queue, consumers read at their own pace. Bound the queue, \
                    make consumers idempotent, and keep the order where it matters.",
        },
    ),
    (
        &["database", "sqlite", "sql", "store", "persistence"],
        Topic {
            intent: "database",
            reply: "A database keeps data and answers questions about it, mostly in SQL. Starling \
                    stores its own messages in SQLite by default; other databases are connected under \
                    Connections, and then I can answer questions about them.",
        },
    ),
];

/// Questions about the assistant itself.
const ABOUT: &[&str] = &[
    "what can you do",
    "who are you",
    "what are you",
    "help",
    "help me",
    "what can i ask",
    "how do you work",
    "how does this work",
    "what do you do",
    "what can i ask you",
    "are you a robot",
    "are you a bot",
    "are you human",
    "are you an ai",
    "what is your name",
    "what do you know",
    "how can you help",
    "how can you help me",
    "can you help me",
    "can you help",
    "what can you help with",
    "what can you help me with",
    "what questions can i ask",
    "what could you do for me",
    "what can you do for me",
    "what can you answer",
    "what can you tell me",
    "what topics can you explain",
    "which topics do you know",
    "what topics do you know",
    "what topics do you cover",
];

/// All words of greetings, each of which begins with one of [`OPENINGS`] and has one of [`HELLOS`].
const POLITE: &str = "hi hello hey greetings howdy good morning afternoon evening day there everyone \
    all how are you doing is it going what up starling assistant bot today to nice meet yo welcome \
    back team folks night bye goodbye see later well hope i things";
const OPENINGS: &str = "hi hello hey good greetings howdy yo how welcome nice what bye goodbye see";
const HELLOS: &str = "hi hello hey greetings howdy morning afternoon evening yo welcome bye goodbye \
    later night up doing going meet";
/// How thanks begin, and what may come after.
const THANKING: &str = "thanks thank cheers thx ty great perfect awesome nice cool";
const THANKED: &str = "you so much a lot very that is was helpful for your help the job work all great \
    good nice perfect many indeed thanks thank cheers helps super";

/// Greetings, thanks and questions about the assistant.
pub(super) fn small_talk(question: &str) -> Option<Topic> {
    let all = words(question);
    let lower: Vec<&str> = all.iter().map(|word| word.lower.as_str()).collect();
    let text = lower.join(" ");
    let among = |list: &str, word: &str| list.split_whitespace().any(|one| one == word);
    let every = |list: &str, some: &[&str]| some.iter().all(|word| among(list, word));
    let polite =
        text.trim_start_matches("please ").trim_start_matches("hi ").trim_end_matches(" please");
    if ABOUT.contains(&polite) {
        return Some(ABILITIES);
    }
    let first = *lower.first()?;
    if among(THANKING, first) && every(THANKED, &lower[1..]) {
        return Some(THANKS);
    }
    if !among(OPENINGS, first) || !every(POLITE, &lower) {
        return None;
    }
    let asks_health = ["how are you", "how are you today", "how is it going", "good day"];
    let is_hello =
        lower.iter().any(|word| among(HELLOS, word)) || asks_health.contains(&text.as_str());
    is_hello.then_some(GREETING)
}

/// The documented topic that a question has a keyword of.
pub(super) fn documented(question: &str) -> Option<Topic> {
    let lower = question.to_lowercase();
    if ["ws://", "wss://", "real-time", "real time"].iter().any(|mark| lower.contains(mark)) {
        return TOPICS.get(2).map(|(_, topic)| *topic);
    }
    if lower.contains("event-driven") {
        return TOPICS.get(3).map(|(_, topic)| *topic);
    }
    let all = words(question);
    let speaks = |keywords: &[&str]| all.iter().any(|word| keywords.contains(&word.lower.as_str()));
    TOPICS.iter().find(|(keywords, _)| speaks(keywords)).map(|(_, topic)| *topic)
}

/// The reply to anything else, where there are no data to ask.
pub(super) const fn default_topic() -> Topic {
    DEFAULT
}

/// Whether a word is one that a documented topic is known by.
pub(super) fn is_keyword(word: &str) -> bool {
    TOPICS.iter().any(|(keywords, _)| keywords.contains(&word))
}
