//! `starling demo`: an organization with people, channels and conversations that look real.
//!
//! Everything goes the way a person's own words go: through the accounts and the chat, so a demo
//! organization is like any other.

mod script;

use std::collections::BTreeMap;
use std::time::Duration;

use starling_actors::chat::{Caller, ChannelDraft, Draft};
use starling_actors::domain::{ChannelId, ChannelKind, MessageId};
use starling_actors::query::Ask;

use self::script::{CHANNELS, DIRECT, Line, ORGANIZATION, PASSWORD, PEOPLE, QUESTIONS, SLUG};
use crate::app::{Node, with_node};
use crate::auth::{Application, Origin};
use crate::config::{Loaded, Settings};
use crate::data::By;
use crate::terminal::{Failure, say};

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
    let mut messages = 0;
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
        messages += tell(node, &callers, made.standing.channel.id, channel.lines).await?;
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
        messages += tell(node, &callers, made.standing.channel.id, lines).await?;
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

/// Says the lines in order; a line's reactions follow it.
async fn tell(
    node: &Node,
    callers: &BTreeMap<&str, Caller>,
    channel: ChannelId,
    lines: &[Line],
) -> Result<usize, Failure> {
    for line in lines {
        let draft = Draft { content: line.words.to_owned(), ..Draft::default() };
        let pending = node.chat.post(&callers[line.by], channel, draft).await?;
        let message: MessageId = pending.receipt().await?.message;
        for (emoji, by) in line.reactions {
            node.chat.react(&callers[by], message, (*emoji).to_owned(), true).await?;
        }
    }
    Ok(lines.len())
}
