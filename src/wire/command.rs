//! Slash commands: what came of one, and which there are.

use serde::Serialize;

use super::message::MessageView;
use crate::commands::{Command, Reply};

/// What came of a command, for its author alone.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CommandView {
    /// Which command it was.
    pub command: &'static str,
    /// A sentence, in Markdown.
    pub text: String,
}

impl From<Reply> for CommandView {
    fn from(reply: Reply) -> Self {
        Self { command: reply.command, text: reply.text }
    }
}

/// A message, or what came of a command.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum MessageOrCommand {
    /// A message.
    Message(Box<MessageView>),
    /// What came of a command.
    Command(CommandView),
}

/// A command that there is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CommandHelpView {
    /// Its word, without the slash.
    pub name: &'static str,
    /// What goes behind it.
    pub usage: &'static str,
    /// What it does.
    pub description: &'static str,
}

impl From<&Command> for CommandHelpView {
    fn from(command: &Command) -> Self {
        Self { name: command.name, usage: command.usage, description: command.does }
    }
}
