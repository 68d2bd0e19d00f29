//! What entries of a log mean to the index.

use crate::domain::{
    Answer, Audience, ConnectionId, Entry, Event, JobId, MessageKind, OrgId, Posted,
};
use crate::ports::{Answers, IndexChange, IndexedMessage, QuestionsError, Trait};

/// The changes that entries make, in their order.
pub(super) async fn changes(
    answers: &dyn Answers,
    org: OrgId,
    entries: &[Entry],
) -> Result<Vec<IndexChange>, QuestionsError> {
    let mut changes = Vec::with_capacity(entries.len());
    for entry in entries {
        let answer = match entry.posted().and_then(answered) {
            Some(job) => answers.get(org, job).await?,
            None => None,
        };
        changes.extend(change(entry, answer.as_ref()));
    }
    Ok(changes)
}

/// The job that a message answers.
fn answered(posted: &Posted) -> Option<JobId> {
    let key = posted.client_message_id.as_ref();
    key.filter(|_| posted.kind == MessageKind::Answer)?.as_str().parse().ok()
}

fn change(entry: &Entry, answer: Option<&Answer>) -> Option<IndexChange> {
    match &entry.event {
        Event::Posted(posted) => added(entry, posted, answer),
        Event::Edited { target, content, .. } => Some(IndexChange::Reworded {
            target: *target,
            traits: of_words(content),
            words: content.clone(),
        }),
        Event::Deleted { target, .. } => Some(IndexChange::Removed { target: *target }),
        Event::Reacted { target, added, .. } => {
            Some(IndexChange::Reacted { target: *target, added: *added })
        }
        Event::Joined { .. } | Event::Left { .. } => None,
    }
}

/// A message without words and files was deleted since, or has nothing to be found by.
fn added(entry: &Entry, posted: &Posted, answer: Option<&Answer>) -> Option<IndexChange> {
    let (words, connection) = match answer {
        Some(answer) => said(answer),
        None => (posted.content.clone(), None),
    };
    if words.is_empty() && posted.attachments.is_empty() {
        return None;
    }
    let mut traits = of_words(&words);
    if !posted.attachments.is_empty() || posted.kind == MessageKind::File {
        traits.push(Trait::File);
    }
    if posted.kind == MessageKind::Answer {
        traits.push(Trait::Answer);
    }
    if posted.thread.is_some() {
        traits.push(Trait::Thread);
    }
    Some(IndexChange::Added(Box::new(IndexedMessage {
        seq: entry.seq,
        message: posted.id,
        author: entry.by.user,
        at: entry.at,
        words,
        traits,
        connection,
    })))
}

/// What an answer can be found by, and whose data it tells of. One that was not for everyone in its
/// channel has a note in its place there: whoever looks for that finds nothing.
fn said(answer: &Answer) -> (String, Option<ConnectionId>) {
    let connection = answer.connection.filter(|_| answer.tells_of_data());
    match answer.audience {
        Audience::Organization | Audience::Listed => (answer.content.clone(), connection),
        Audience::Restricted => (String::new(), connection),
    }
}

fn of_words(words: &str) -> Vec<Trait> {
    let has_link = words.contains("https://") || words.contains("http://");
    let has_code = words.contains('`');
    let found = [(Trait::Link, has_link), (Trait::Code, has_code)];
    found.into_iter().filter_map(|(named, is_there)| is_there.then_some(named)).collect()
}
