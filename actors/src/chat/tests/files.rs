//! Messages that carry files.

use super::world::{HOME, World, caller, code, words};
use crate::chat::Draft;
use crate::domain::{ChannelKind, FileId, MessageKind};

fn carrying(files: &[u128]) -> Draft {
    let attachments = files.iter().map(|file| FileId::from_u128(*file)).collect();
    Draft { attachments, ..Draft::default() }
}

#[tokio::test]
async fn a_message_of_files_needs_no_words_and_its_files_go_with_it() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;

    let sent = world.post(&ada, id, carrying(&[1, 2, 1])).await.expect("is sent");
    let message = world.chat.message(&ada, sent.message).await.expect("is there");
    assert_eq!((message.kind, message.content.as_str()), (MessageKind::File, ""));
    let files: Vec<u128> = message.attachments.iter().map(|file| file.id.as_u128()).collect();
    assert_eq!(files, [1, 2], "each once, in their order");

    world.chat.edit(&ada, sent.message, "words".to_owned()).await.expect("gets words");
    world.chat.edit(&ada, sent.message, String::new()).await.expect("and loses them");
    assert_eq!(code(world.post(&ada, id, words("")).await), "validation_failed");
    world.chat.delete(&ada, sent.message).await.expect("is deleted");
    assert_eq!(*world.files.removed.lock(), [FileId::from_u128(1), FileId::from_u128(2)]);
    let message = world.chat.message(&ada, sent.message).await.expect("keeps its place");
    assert!(message.is_deleted && message.attachments.is_empty());
}

#[tokio::test]
async fn a_file_is_its_givers_and_in_one_message_only() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    world.chat.join(&bob, id).await.expect("joins");

    assert_eq!(code(world.post(&bob, id, carrying(&[1])).await), "validation_failed");
    assert_eq!(code(world.post(&ada, id, carrying(&[100])).await), "validation_failed");
    let eleven: Vec<u128> = (1..=11).collect();
    assert_eq!(code(world.post(&ada, id, carrying(&eleven)).await), "validation_failed");
    let first = world.post(&ada, id, carrying(&[1])).await.expect("is sent");
    let again = world.post(&ada, id, carrying(&[1])).await.expect("is the same");
    assert_eq!((again.message, again.duplicate), (first.message, true));
    let other = Draft { client_message_id: Some("other".to_owned()), ..carrying(&[1]) };
    assert_eq!(code(world.post(&ada, id, other).await), "validation_failed");
}

#[tokio::test]
async fn a_message_that_is_refused_leaves_its_files_free() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;

    let long = Draft { content: "x".repeat(101), ..carrying(&[1]) };
    assert_eq!(code(world.post(&ada, id, long).await), "validation_failed");
    let named = Draft { client_message_id: Some("mine".to_owned()), ..carrying(&[1]) };
    assert_eq!(code(world.post(&ada, id, named).await), "ok");
}
