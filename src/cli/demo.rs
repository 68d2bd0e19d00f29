//! `starling demo`: an organization with people, channels and conversations that look real.
//!
//! Everything goes through the accounts and the chat, so a demo organization is like any other. What people
//! say to each other was said over the last hours, as if it had been brought from elsewhere.

mod script;

use std::collections::BTreeMap;
use std::time::Duration;

use starling_actors::chat::{Brought, Caller, ChannelDraft};
use starling_actors::domain::{ChannelId, ChannelKind, Timestamp};
use starling_actors::ports::Clock;
use starling_actors::query::Ask;

use self::script::{CHANNELS, DIRECT, Line, ORGANIZATION, PASSWORD, PEOPLE, QUESTIONS, SLUG};
use crate::app::{Node, SystemClock, with_node};
use crate::auth::{Application, Origin};
use crate::config::{Loaded, Settings};
use crate::data::By;
use crate::terminal::{Failure, say};

const MINUTE_MS: i64 = 60_000;
/// Between the last words of one channel and those of the next one.
const APART_MS: i64 = 8 * MINUTE_MS;
/// Between a line and the next one, in turns: nobody writes by the clock.
const PAUSES_MS: [i64; 5] =
    [2 * MINUTE_MS, MINUTE_MS, 13 * MINUTE_MS, 4 * MINUTE_MS, 41 * MINUTE_MS];

/// Makes the demo organization in the data folder.
pub fn demo(mut loaded: Loaded) -> Result<(), Failure> {
    open_the_gates(&mut loaded.settings);
    let (people, messages) = with_node(loaded, async |node| fill(node).await)?;
    say(&format!(
        "Made the organization \"{ORGANIZATION}\" with {people} people and {messages} messages.\n\
         Sign in as {} with the password \"{PASSWORD}\".",
        email_of(PEOPLE[0].0),
    ));
    Ok(())
}

/// The demo writes faster than people may.
fn open_the_gates(settings: &mut Settings) {
    settings.limits.messages_per_second = 0;
}

fn email_of(username: &str) -> String {
    format!("{username}@{SLUG}.example")
}

async fn fill(node: &Node) -> Result<(usize, usize), Failure> {
    let mut callers = BTreeMap::new();
    for (place, (username, full_name)) in PEOPLE.iter().enumerate() {
        let caller = enrol(node, username, full_name, place == 0).await?;
        node.chat.welcome(&caller).await?;
        callers.insert(*username, caller);
    }
    let (mut messages, mut end) = (0, SystemClock.now());
    for channel in CHANNELS {
        let owner = &callers[channel.owner];
        let draft = ChannelDraft {
            kind: ChannelKind::Public,
            name: channel.name.to_owned(),
            description: channel.description.to_owned(),
            topic: channel.topic.to_owned(),
            members: callers.values().map(Caller::user).collect(),
        };
        let (made, _) = node.chat.create_channel(owner, draft).await?;
        end = end.plus_ms(-APART_MS);
        messages += tell(node, &callers, (made.standing.channel.id, end), channel.lines).await?;
    }
    for (one, other, lines) in DIRECT {
        let draft = ChannelDraft {
            kind: ChannelKind::Direct,
            name: String::new(),
            description: String::new(),
            topic: String::new(),
            members: vec![callers[other].user()],
        };
        let (made, _) = node.chat.create_channel(&callers[one], draft).await?;
        end = end.plus_ms(-APART_MS);
        messages += tell(node, &callers, (made.standing.channel.id, end), lines).await?;
    }
    messages += ask(node, &callers).await?;
    Ok((callers.len(), messages))
}

/// Connects the demo shop and has questions asked of it: their answers are the assistant's own.
async fn ask(node: &Node, callers: &BTreeMap<&str, Caller>) -> Result<usize, Failure> {
    /// A question takes a tenth of a second; a busy laptop ten times that.
    const PATIENCE: Duration = Duration::from_secs(20);
    let owner = &callers[QUESTIONS.owner];
    let by = By { caller: owner.clone(), address: String::new() };
    let shop = node.explorer.connect_demo_shop(&by).await?;
    let draft = ChannelDraft {
        kind: ChannelKind::Public,
        name: QUESTIONS.name.to_owned(),
        description: QUESTIONS.description.to_owned(),
        topic: QUESTIONS.topic.to_owned(),
        members: callers.values().map(Caller::user).collect(),
    };
    let (made, _) = node.chat.create_channel(owner, draft).await?;
    for line in QUESTIONS.lines {
        let ask = Ask {
            channel: Some(made.standing.channel.id),
            question: line.words.to_owned(),
            connection: Some(shop.connection.id),
            ..Ask::default()
        };
        let asker = &callers[line.by];
        let asked = node.questions.ask(asker, ask).await?;
        node.questions.settled(asker, asked.job.id, PATIENCE).await?;
    }
    Ok(2 * QUESTIONS.lines.len())
}

async fn enrol(
    node: &Node,
    username: &str,
    full_name: &str,
    is_founder: bool,
) -> Result<Caller, Failure> {
    let application = Application {
        email: email_of(username),
        username: Some(username.to_owned()),
        password: PASSWORD.to_owned(),
        full_name: Some(full_name.to_owned()),
        org_name: is_founder.then(|| ORGANIZATION.to_owned()),
        org_slug: Some(SLUG.to_owned()),
        invite_token: None,
    };
    Ok(node.accounts.register(application, Origin::default()).await?.caller)
}

/// Says the lines in order, the last one at this time; a line's reactions follow it.
async fn tell(
    node: &Node,
    callers: &BTreeMap<&str, Caller>,
    (channel, end): (ChannelId, Timestamp),
    lines: &[Line],
) -> Result<usize, Failure> {
    let pauses = PAUSES_MS.iter().cycle();
    let mut at = end.plus_ms(-pauses.clone().take(lines.len().saturating_sub(1)).sum::<i64>());
    for ((number, line), pause) in lines.iter().enumerate().zip(pauses) {
        let by = &callers[line.by];
        let (content, key) = (line.words.to_owned(), format!("demo {number}"));
        let said =
            Brought { by: by.byline.clone(), at, content, thread: None, files: Vec::new(), key };
        let message = node.chat.bring(by.org, channel, said).await?.receipt().await?.message;
        for (emoji, by) in line.reactions {
            let by = callers[by].byline.clone();
            node.chat.bring_reaction(channel, (message, at), by, (*emoji).to_owned()).await?;
        }
        at = at.plus_ms(*pause);
    }
    Ok(lines.len())
}
