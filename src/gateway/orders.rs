//! What a client can want, carried out and answered.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use starling_actors::channel::{Amended, Receipt};
use starling_actors::chat::Caller;
use starling_actors::domain::{ChannelId, Position};
use starling_actors::frame::Lane;
use starling_actors::ports::Head;
use starling_actors::session::{FollowError, Session};

use super::backend::{Backend, Refusal};
use super::lane::SocketLane;
use crate::commands::{self, Place, Spoken};
use crate::wire::client::{ClientFrame, Draft, Incoming, Question, Reached};
use crate::wire::frame::{Ack, ErrorFrame, RequestId, ServerFrame};
use crate::wire::time::rfc3339;

/// What carrying out orders needs.
pub(super) struct Orders {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) session: Session,
    pub(super) lane: Arc<SocketLane>,
    pub(super) caller: Arc<Caller>,
    /// The channel that a guest is in.
    pub(super) guest_channel: Option<ChannelId>,
}

/// What an order came to.
pub(super) enum Outcome {
    /// There is nothing to say, or it was said already.
    Silent,
    /// The answer.
    Now(Box<Answer>),
    /// The answer comes when the log has stored the message.
    Later(BoxFuture<'static, Answer>),
}

/// A frame that says what came of an order, or why nothing did.
pub(super) type Answer = Result<ServerFrame, ErrorFrame>;

impl Outcome {
    /// The answer, at once. Boxed: a frame is large, and most orders of a socket at rest are none.
    pub(super) fn now(answer: Answer) -> Self {
        Self::Now(Box::new(answer))
    }
}

impl Orders {
    /// Carries out an order.
    pub(super) async fn obey(&self, incoming: Incoming) -> Outcome {
        let Incoming { id, frame } = incoming;
        match frame {
            ClientFrame::JoinChannel { channel, from } => self.join(id, channel, from).await,
            ClientFrame::LeaveChannel { channel } => {
                self.session.unfollow(self.lane.socket(), channel).await;
                done(Ack { id, channel_id: Some(channel.to_string()), ..Ack::default() })
            }
            ClientFrame::Resume { channels } => self.resume(id, channels).await,
            ClientFrame::SendMessage(draft) => self.send(id, *draft).await,
            ClientFrame::UserMessage { text, client_message_id } => {
                self.say_as_guest(id, text, client_message_id).await
            }
            ClientFrame::EditMessage { message, content, mentions: _ } => {
                amended(id, self.backend.edit(&self.caller, message, content).await)
            }
            ClientFrame::DeleteMessage { message } => {
                amended(id, self.backend.delete(&self.caller, message).await)
            }
            ClientFrame::React { message, emoji, added } => {
                amended(id, self.backend.react(&self.caller, message, emoji, added).await)
            }
            ClientFrame::Typing { channel, is_typing } => {
                self.session.typing(channel, is_typing);
                Outcome::Silent
            }
            ClientFrame::MarkRead { channel, seq } => {
                match self.backend.mark_read(&self.caller, channel, seq).await {
                    Ok(()) => {
                        done(Ack { id, channel_id: Some(channel.to_string()), ..Ack::default() })
                    }
                    Err(refusal) => Outcome::now(Err(refusal.into_frame(id))),
                }
            }
            ClientFrame::Presence(presence) => {
                self.session.show(presence);
                done(Ack { id, ..Ack::default() })
            }
            ClientFrame::Ask(question) => self.ask(id, *question),
            ClientFrame::CancelQuery { job } => {
                match self.backend.cancel(&self.caller, job).await {
                    Ok(count) => done(Ack { id, cancelled: Some(count), ..Ack::default() }),
                    Err(refusal) => Outcome::now(Err(refusal.into_frame(id))),
                }
            }
            ClientFrame::AiRequest { text } => self.ask_as_guest(id, text),
            ClientFrame::Ping(carried) => Outcome::now(Ok(ServerFrame::Pong(carried))),
        }
    }

    /// Follows a channel from a position on, without an ack.
    pub(super) async fn follow_from(
        &self,
        channel: ChannelId,
        position: Position,
    ) -> Result<(), ErrorFrame> {
        let (socket, acknowledge) = (self.lane.socket(), Box::new(|_| {}));
        let followed = self.session.follow(socket, channel, Some(position), acknowledge).await;
        followed.map(drop).map_err(|reason| refused(None, channel, reason))
    }

    async fn join(
        &self,
        id: Option<RequestId>,
        channel: ChannelId,
        from: Option<Reached>,
    ) -> Outcome {
        let (lane, answered) = (Arc::clone(&self.lane), id.clone());
        let acknowledge = move |head: Head| {
            lane.answer(&ServerFrame::Ack(Ack {
                id: answered,
                channel_id: Some(channel.to_string()),
                head_seq: Some(head.seq.0),
                generation: Some(head.generation.0),
                ..Ack::default()
            }));
        };
        let position = from.map(position);
        let socket = self.lane.socket();
        match self.session.follow(socket, channel, position, Box::new(acknowledge)).await {
            Ok(_) => Outcome::Silent,
            Err(reason) => Outcome::now(Err(refused(id, channel, reason))),
        }
    }

    async fn resume(&self, id: Option<RequestId>, channels: Vec<(ChannelId, Reached)>) -> Outcome {
        for (channel, from) in channels {
            // A socket that has ended reads no more replays.
            if self.lane.pipe.ending().is_some() {
                break;
            }
            let socket = self.lane.socket();
            let position = Some(position(from));
            let followed = self.session.follow(socket, channel, position, Box::new(|_| {})).await;
            if let Err(reason) = followed {
                self.lane.answer(&ServerFrame::Error(refused(id.clone(), channel, reason)));
            }
        }
        Outcome::Silent
    }

    /// Asks beside the socket's reading: the question's message has to be stored first.
    fn ask(&self, id: Option<RequestId>, question: Question) -> Outcome {
        let (backend, caller) = (Arc::clone(&self.backend), Arc::clone(&self.caller));
        let answer = async move {
            match backend.ask(&caller, question).await {
                Ok((job, message)) => Ok(ServerFrame::Ack(Ack {
                    id,
                    job_id: Some(job.to_string()),
                    message_id: Some(message.to_string()),
                    ..Ack::default()
                })),
                Err(refusal) => Err(refusal.into_frame(id)),
            }
        };
        Outcome::Later(answer.boxed())
    }

    fn ask_as_guest(&self, id: Option<RequestId>, query: String) -> Outcome {
        let Some(channel) = self.guest_channel else {
            return Outcome::now(Err(error(id, "validation_failed", "type: is for guests only")));
        };
        self.ask(id, Question { query, channel: Some(channel), ..Question::default() })
    }

    async fn send(&self, id: Option<RequestId>, mut draft: Draft) -> Outcome {
        let content = std::mem::take(&mut draft.content);
        draft.content = match commands::read(&content, !draft.attachments.is_empty()) {
            Spoken::Words(words) => words.into_owned(),
            Spoken::Question(query) => {
                let question = Question {
                    query: query.to_owned(),
                    channel: Some(draft.channel),
                    thread: draft.thread,
                    connection: None,
                    client_message_id: draft.client_message_id,
                };
                return self.ask(id, question);
            }
            Spoken::Order(name, rest) => match self.command(&id, &draft, (&name, rest)).await {
                Ok(words) => words,
                Err(answered) => return answered,
            },
        };
        let (channel, client_message_id) = (draft.channel, draft.client_message_id.clone());
        match self.backend.post(&self.caller, draft).await {
            Err(refusal) => Outcome::now(Err(refusal.into_frame(id))),
            Ok(stored) => {
                let answer = stored.map(move |result| match result {
                    Ok(receipt) => Ok(sent(id, channel, client_message_id, &receipt)),
                    Err(refusal) => Err(refusal.into_frame(id)),
                });
                Outcome::Later(answer.boxed())
            }
        }
    }

    /// Carries out a command; gives the words that it wants sent, or what its author is told.
    async fn command(
        &self,
        id: &Option<RequestId>,
        draft: &Draft,
        order: (&str, &str),
    ) -> Result<String, Outcome> {
        let place = Place {
            channel: draft.channel,
            thread: draft.thread,
            key: draft.client_message_id.clone(),
            utc_offset: draft.utc_offset.clone(),
        };
        match self.backend.command(&self.caller, &place, order).await {
            Ok(commands::Outcome::Say(words)) => Ok(words),
            Ok(commands::Outcome::Done(reply)) => Err(done(Ack {
                id: id.clone(),
                channel_id: Some(draft.channel.to_string()),
                client_message_id: draft.client_message_id.clone(),
                command: Some(reply.command),
                text: Some(reply.text),
                ..Ack::default()
            })),
            Err(refusal) => Err(Outcome::now(Err(refusal.into_frame(id.clone())))),
        }
    }

    async fn say_as_guest(
        &self,
        id: Option<RequestId>,
        text: String,
        client_message_id: Option<String>,
    ) -> Outcome {
        let Some(channel) = self.guest_channel else {
            return Outcome::now(Err(error(id, "validation_failed", "type: is for guests only")));
        };
        let draft = Draft {
            channel,
            content: text,
            client_message_id,
            after_seq: None,
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            utc_offset: None,
        };
        self.send(id, draft).await
    }
}

fn position(from: Reached) -> Position {
    Position { after: from.after, generation: from.generation }
}

fn done(ack: Ack) -> Outcome {
    Outcome::now(Ok(ServerFrame::Ack(ack)))
}

fn sent(
    id: Option<RequestId>,
    channel: ChannelId,
    client_message_id: Option<String>,
    receipt: &Receipt,
) -> ServerFrame {
    ServerFrame::Ack(Ack {
        id,
        channel_id: Some(channel.to_string()),
        message_id: Some(receipt.message.to_string()),
        seq: Some(receipt.seq.0),
        client_message_id,
        created_at: Some(rfc3339(receipt.at)),
        duplicate: Some(receipt.duplicate),
        ..Ack::default()
    })
}

fn amended(id: Option<RequestId>, result: Result<(ChannelId, Amended), Refusal>) -> Outcome {
    match result {
        Ok((channel, amended)) => done(Ack {
            id,
            channel_id: Some(channel.to_string()),
            message_id: Some(amended.message.to_string()),
            seq: Some(amended.seq.0),
            ..Ack::default()
        }),
        Err(refusal) => Outcome::now(Err(refusal.into_frame(id))),
    }
}

fn error(id: Option<RequestId>, code: &'static str, message: &str) -> ErrorFrame {
    ErrorFrame { id, code, message: message.to_owned(), retry: false, retry_after_ms: None }
}

fn refused(id: Option<RequestId>, channel: ChannelId, reason: FollowError) -> ErrorFrame {
    let (code, retry) = match reason {
        FollowError::NotFound => ("not_found", false),
        FollowError::Unavailable => ("unavailable", true),
        FollowError::TooMany => ("too_many_channels", false),
    };
    ErrorFrame { retry, ..error(id, code, &format!("{reason}: {channel}")) }
}

impl Refusal {
    pub(super) fn into_frame(self, id: Option<RequestId>) -> ErrorFrame {
        let Self { code, message, retry, retry_after_ms } = self;
        ErrorFrame { id, code, message, retry, retry_after_ms }
    }
}
