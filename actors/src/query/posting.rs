//! The answer as a message of its conversation.
//!
//! **Invariant:** the job's id is the message's idempotency key, so an answer is posted once however
//! often it is tried; its data is stored before, and the message refers to it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::audience::audience;
use super::course::Course;
use super::settings::QueryPorts;
use crate::channel::{Post, PostError};
use crate::domain::{
    Answer, Audience, ClientMessageId, JobError, JobState, MessageId, MessageKind, assistant_byline,
};

/// How long an answer is tried to be posted: longer than a channel changes its owner.
const POST_MAX: Duration = Duration::from_secs(30);
/// The pause after the first failed try; it doubles.
const POST_PAUSE: Duration = Duration::from_millis(200);

/// Stores an answer, posts it, and ends its job. One of which nobody knows whether it is posted leaves
/// the job open.
pub(super) async fn deliver(
    ports: &Arc<QueryPorts>,
    course: &mut Course,
    mut answer: Answer,
    state: JobState,
) {
    // Another node may have taken the job over meanwhile, and have answered otherwise.
    if !course.is_ours().await {
        return;
    }
    answer.audience = match answer.connection {
        Some(id) if answer.tells_of_data() => {
            match of_connection(ports, &answer, id).await {
                Ok(audience) => audience,
                // Who may see it is not known, so nobody sees it unasked.
                Err(()) => Audience::Restricted,
            }
        }
        _ => Audience::Organization,
    };
    if ports.asking.answers.put(&answer).await.is_err() {
        let message = "The answer could not be stored. Ask again shortly.".to_owned();
        course.end(JobState::Failed, Some(JobError { code: "unavailable", message })).await;
        return;
    }
    let error = answer.error.clone();
    match post(ports, course, &answer).await {
        Ok(message) => {
            course.set_answer(message);
            course.end(state, error).await;
        }
        // It may stand there, or come late: the next look at open jobs posts it under the same key.
        Err(PostError::Unknown) => {
            tracing::warn!(job = %answer.job, "whether an answer was posted is not known");
        }
        Err(why @ (PostError::Overloaded | PostError::Unavailable | PostError::NotOwner)) => {
            tracing::error!(job = %answer.job, error = %why, "an answer was not posted");
            let message = "The answer could not be posted. Ask again shortly.".to_owned();
            course.end(JobState::Failed, Some(JobError { code: "unavailable", message })).await;
        }
    }
}

async fn of_connection(
    ports: &QueryPorts,
    answer: &Answer,
    id: crate::domain::ConnectionId,
) -> Result<Audience, ()> {
    let connection = ports.asking.catalog.connection(answer.org, id).await.map_err(drop)?;
    let connection = connection.ok_or(())?;
    audience(ports, answer.channel, Some(&connection)).await.map_err(drop)
}

async fn post(
    ports: &QueryPorts,
    course: &Course,
    answer: &Answer,
) -> Result<MessageId, PostError> {
    let job = course.job();
    let asker = if job.asked_by.full_name.is_empty() {
        &job.asked_by.username
    } else {
        &job.asked_by.full_name
    };
    // The log is read by all who come later, unchecked: only what is open to all is said in it.
    let content = match answer.audience {
        Audience::Organization => answer.content.clone(),
        // No words either: who reads this entry is told them by the answer, or is not.
        Audience::Listed => String::new(),
        Audience::Restricted => {
            format!("This answer uses data that not everyone here may see. {asker} can open it.")
        }
    };
    let key = ClientMessageId::new(job.id.to_string());
    let post = Post {
        by: assistant_byline(job.org),
        kind: MessageKind::Answer,
        content,
        thread: job.thread,
        parent: Some(job.message),
        mentions: vec![job.asked_by.user],
        attachments: Vec::new(),
        client_message_id: key.ok(),
        after_seq: None,
        written: None,
    };
    let deadline = Instant::now() + POST_MAX;
    let mut pause = POST_PAUSE;
    let mut is_open = false;
    loop {
        let failed = match ports.channels.post(job.channel, post.clone()).await {
            Ok(pending) => match pending.receipt().await {
                Ok(receipt) => return Ok(receipt.message),
                Err(error) => error,
            },
            Err(error) => error,
        };
        // A later refusal says nothing of an earlier try.
        is_open |= failed == PostError::Unknown;
        if Instant::now() + pause >= deadline {
            return Err(if is_open { PostError::Unknown } else { failed });
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}
