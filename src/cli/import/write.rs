//! Writes the messages of one channel, in their order.
//!
//! ```text
//!   message ─▶ files ─▶ thread ─▶ queue of its channel ─▶ (a window) receipts ─▶ reactions
//! ```
//!
//! A window is in flight at a time, so that one write of the store takes many messages along. It is waited
//! for where something needs what is in it: a reply its root, a file the message before it.
//!
//! **Invariant:** a message is given to its channel only after all before it were, and after a failure
//! none is given any more; so what is there after a break is a beginning, and the next run goes on behind it.

use std::collections::HashMap;
use std::io::Read;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use starling_actors::channel::Pending;
use starling_actors::chat::{Brought, Caller, ChatError};
use starling_actors::domain::{
    Byline, ChannelId, FileId, MessageId, OrgRole, Seq, ThreadId, Timestamp,
};

use super::bring::Bringing;
use super::source::{Author, Enclosure, Export, Place, Writing};
use crate::files::FileError;
use crate::terminal::Failure;

/// Messages in flight: what one write of the log takes along.
const WINDOW: usize = 64;
/// Reactions in flight: each is a change of its own.
const REACTIONS_AT_ONCE: usize = 32;
/// Files of one message; further ones hang on a message right behind it.
const FILES_MAX: usize = 10;
/// Bytes of a file that are read at once.
const PIECE: usize = 256 * 1024;

/// Emoji, and who put each on a message.
type Reactions = Vec<(String, Vec<String>)>;
/// A message, where it is stored, and of when it is.
type Stored = (MessageId, Seq, Timestamp);

/// A message whose receipt is to come.
struct Flying {
    pending: Pending,
    /// Of a message with a thread.
    key: Option<String>,
    reactions: Reactions,
    place: Place,
}

/// The writer of one channel.
struct Channel<'a, 'b> {
    bringing: &'a mut Bringing<'b>,
    id: ChannelId,
    flying: Vec<Flying>,
    /// Messages with a thread, by their keys.
    roots: HashMap<String, MessageId>,
    threads: HashMap<String, ThreadId>,
    /// The newest message that was not here before.
    newest: Option<Seq>,
}

/// Brings what was written in a channel (by its place in the export).
pub(super) async fn write(
    bringing: &mut Bringing<'_>,
    export: &mut dyn Export,
    room: usize,
    id: ChannelId,
) -> Result<(), Failure> {
    let before = bringing.node.chat.last_words(id).await?;
    let mut channel = Channel {
        bringing,
        id,
        flying: Vec::new(),
        roots: HashMap::new(),
        threads: HashMap::new(),
        newest: None,
    };
    for part in 0..export.parts(room) {
        for writing in export.part(room, part, &channel.bringing.names)? {
            channel.write(export, writing).await?;
        }
    }
    channel.land().await?;
    if let Some(newest) = channel.newest {
        channel.bringing.node.chat.bring_to_rest(id, (before, newest)).await?;
    }
    Ok(())
}

impl Channel<'_, '_> {
    async fn write(
        &mut self,
        export: &mut dyn Export,
        mut writing: Writing,
    ) -> Result<(), Failure> {
        let by = self.byline(&writing.by);
        let (enclosed, links): (Vec<_>, Vec<_>) =
            std::mem::take(&mut writing.files).into_iter().partition(|file| file.path.is_some());
        let mut text = std::mem::take(&mut writing.text);
        links.iter().for_each(|file| mention(&mut text, file));
        let thread = self.thread_of(&writing).await?;
        let texts = pieces(&text, self.bringing.node.chat.limits().content_chars);
        let files: Vec<&[Enclosure]> = enclosed.chunks(FILES_MAX).collect();
        for number in 0..texts.len().max(files.len()) {
            let is_first = number == 0;
            let key = if is_first {
                writing.key.clone()
            } else {
                format!("{}#{}", writing.key, number + 1)
            };
            let mut content = texts.get(number).cloned().unwrap_or_default();
            let mut ids = Vec::new();
            if let Some(files) = files.get(number) {
                self.land().await?;
                if !self.is_here(&by, &key, &mut writing, is_first).await? {
                    ids = self.upload(export, &by, files, &mut content).await?;
                } else {
                    continue;
                }
            }
            if content.trim().is_empty() && ids.is_empty() {
                continue;
            }
            let (by, at) = (by.clone(), writing.at);
            let brought = Brought { by, at, content, thread, files: ids, key: key.clone() };
            let given = self.bringing.node.chat.bring(self.bringing.org, self.id, brought).await;
            let pending = given.map_err(|error| failed(&writing.place, &error))?;
            self.flying.push(Flying {
                pending,
                key: (is_first && writing.has_thread).then_some(key),
                reactions: if is_first {
                    std::mem::take(&mut writing.reactions)
                } else {
                    Vec::new()
                },
                place: writing.place.clone(),
            });
            if self.flying.len() >= WINDOW {
                self.land().await?;
            }
        }
        Ok(())
    }

    fn byline(&self, author: &Author) -> Byline {
        let (id, name) = match author {
            Author::Person(id) => match self.bringing.people.get(id) {
                Some(byline) => return byline.clone(),
                // Somebody of another organization, whom the export does not list.
                None => (id, id),
            },
            Author::Program { id, name } => (id, name),
        };
        // What it calls itself in a message goes before what the export's list calls it.
        let listed = self.bringing.programs.get(id).filter(|_| name == id);
        self.bringing.program_byline(id, listed.unwrap_or(name))
    }

    /// The thread that a message belongs to; one whose root is not in the export stands by itself.
    async fn thread_of(&mut self, writing: &Writing) -> Result<Option<ThreadId>, Failure> {
        let Some(root) = &writing.root else { return Ok(None) };
        if let Some(thread) = self.threads.get(root) {
            return Ok(Some(*thread));
        }
        if !self.roots.contains_key(root) {
            self.land().await?;
        }
        let Some(message) = self.roots.get(root) else { return Ok(None) };
        let chat = &self.bringing.node.chat;
        let made = chat.bring_thread(self.bringing.org, self.id, *message).await;
        let thread = made.map_err(|error| failed(&writing.place, &error))?;
        self.threads.insert(root.clone(), thread);
        Ok(Some(thread))
    }

    /// Whether a message with files is here from an earlier run: its files are not given again.
    async fn is_here(
        &mut self,
        by: &Byline,
        key: &str,
        writing: &mut Writing,
        is_first: bool,
    ) -> Result<bool, Failure> {
        let Some(stored) = self.bringing.node.chat.brought(self.id, by.user, key).await? else {
            return Ok(false);
        };
        self.bringing.report.known += 1;
        if is_first && writing.has_thread {
            self.roots.insert(key.to_owned(), stored.message);
        }
        if is_first {
            let place = (stored.message, stored.seq, stored.at);
            self.react(vec![(place, std::mem::take(&mut writing.reactions))]).await?;
        }
        Ok(true)
    }

    /// Takes files in; what cannot be taken is named in the message.
    async fn upload(
        &mut self,
        export: &mut dyn Export,
        by: &Byline,
        files: &[Enclosure],
        content: &mut String,
    ) -> Result<Vec<FileId>, Failure> {
        let mut ids = Vec::new();
        for file in files {
            let path = file.path.as_deref().unwrap_or_default();
            let taken = match export.open(path)? {
                Some(source) => self.take(by, &file.name, source).await?,
                None => Err("is not in the export".to_owned()),
            };
            match taken {
                Ok(id) => {
                    ids.push(id);
                    self.bringing.report.files += 1;
                }
                Err(why) => {
                    mention(content, file);
                    self.bringing.report.notes.push(format!("the file {path} {why}"));
                }
            }
        }
        Ok(ids)
    }

    /// Takes one file in; why not, when that is the file's own fault.
    async fn take(
        &self,
        by: &Byline,
        name: &str,
        mut source: Box<dyn Read + '_>,
    ) -> Result<Result<FileId, String>, Failure> {
        let author = Caller {
            org: self.bringing.org,
            byline: by.clone(),
            role: OrgRole::Viewer,
            is_superuser: false,
            login: None,
            token: None,
        };
        let files = &self.bringing.node.attachments;
        let mut coming = files.begin(&author, name).await?;
        let mut piece = vec![0; PIECE];
        loop {
            let length = source.read(&mut piece).map_err(|error| format!("{name}: {error}"))?;
            if length == 0 {
                break;
            }
            if let Err(error) = coming.write(&piece[..length]).await {
                return own_fault(error).map(Err);
            }
        }
        match files.finish(coming).await {
            Ok(kept) => Ok(Ok(kept.id)),
            Err(error) => own_fault(error).map(Err),
        }
    }

    /// Waits for the receipts of all that is in flight, and then puts the reactions on.
    async fn land(&mut self) -> Result<(), Failure> {
        let mut reactions = Vec::new();
        for flying in std::mem::take(&mut self.flying) {
            let receipt = flying.pending.receipt().await;
            let receipt = receipt.map_err(|error| failed(&flying.place, &error.into()))?;
            if receipt.duplicate {
                self.bringing.report.known += 1;
            } else {
                self.bringing.report.messages += 1;
                self.newest = self.newest.max(Some(receipt.seq));
            }
            if let Some(key) = flying.key {
                self.roots.insert(key, receipt.message);
            }
            let place = (receipt.message, receipt.seq, receipt.at);
            reactions.push((place, flying.reactions));
        }
        self.react(reactions).await
    }

    async fn react(&mut self, messages: Vec<(Stored, Reactions)>) -> Result<(), Failure> {
        let mut orders = Vec::new();
        for (place, reactions) in messages {
            for (emoji, users) in reactions {
                for by in users.iter().filter_map(|user| self.bringing.people.get(user)) {
                    orders.push((place, emoji.clone(), by.clone()));
                }
            }
        }
        let (chat, id) = (&self.bringing.node.chat, self.id);
        let given = stream::iter(orders).map(|((message, place, at), emoji, by)| async move {
            match chat.bring_reaction(id, (message, at), by, emoji).await {
                Ok(seq) => Ok(u64::from(seq > place)),
                // More emoji than a message has room for, or a message that was deleted since.
                Err(ChatError::Conflict { .. } | ChatError::Invalid { .. }) => Ok(0),
                Err(error) => Err(error),
            }
        });
        let put: Vec<u64> = given.buffered(REACTIONS_AT_ONCE).try_collect().await?;
        self.bringing.report.reactions += put.iter().sum::<u64>();
        Ok(())
    }
}

/// A file that chat does not take is left out; a server that cannot take files ends the import.
fn own_fault(error: FileError) -> Result<String, Failure> {
    match error {
        FileError::Empty
        | FileError::TooLarge { .. }
        | FileError::Blocked { .. }
        | FileError::Refused => Ok(format!("was not taken: {error}")),
        FileError::NoRoom { .. }
        | FileError::NotFound
        | FileError::Busy
        | FileError::Conflict
        | FileError::Unavailable => Err(error.into()),
    }
}

fn failed(place: &Place, error: &ChatError) -> Failure {
    let advice =
        if error.is_retryable() { "; run the same command again: it goes on here" } else { "" };
    format!("{place}: {error}{advice}").into()
}

/// Names a file in its message's words, where the file itself is not here.
fn mention(text: &mut String, file: &Enclosure) {
    if !text.is_empty() {
        text.push('\n');
    }
    let name = file.name.replace(['[', ']'], "");
    if file.link.starts_with("https://") {
        text.push_str(&format!("[{name}]({})", file.link));
    } else {
        text.push_str(&format!("_{name}_"));
    }
}

/// A text in pieces of at most so many characters, cut at the ends of lines or words.
fn pieces(text: &str, chars_max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let text = text.replace('\0', "");
    let mut rest = text.as_str();
    while let Some((end, _)) = rest.char_indices().nth(chars_max) {
        let most = &rest[..end];
        let cut = most.rfind('\n').or_else(|| most.rfind(' ')).filter(|cut| *cut > end / 2);
        let (piece, after) = rest.split_at(cut.unwrap_or(end));
        pieces.push(piece.to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_long_is_cut_between_words() {
        assert_eq!(pieces("one two three", 9), ["one two", "three"]);
        assert_eq!(pieces("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(pieces("äöü", 3), ["äöü"]);
        assert!(pieces("", 3).is_empty());
    }
}
