//! Read positions: the one plain write in the channels' partitions.
//!
//! The cells of a position are written with it as their time stamp, so the higher one wins in whatever
//! order and from whatever node they come, and no condition is needed. Nothing conditional ever looks
//! at those cells. A member who leaves takes the row along, with a deletion as of now, which is far
//! above every position, so a late position brings nobody back; and who joins again stands at
//! another `place`, in a row that no deletion covers.

use starling_actors::domain::{ChannelId, Membership, MessageId, Seq, UserId};

use super::ScyllaDirectory;
use super::members::{Member, member};
use crate::adapters::scylla::cells::{count, id};
use crate::adapters::scylla::{Statement, StoreError};

const READ: Statement = Statement::write(
    "member_read",
    "UPDATE channels USING TIMESTAMP ? SET read_seq = ?, read_message = ? \
     WHERE id = ? AND member = ? AND place = ?",
);

/// Moves a read position forward, never back.
pub(super) async fn mark_read(
    directory: &ScyllaDirectory,
    channel: ChannelId,
    user: UserId,
    seq: Seq,
    message: Option<MessageId>,
) -> Result<Option<Membership>, StoreError> {
    let session = &*directory.session;
    let Some(Member { place, mut membership }) = member(session, channel, user).await? else {
        return Ok(None);
    };
    if seq <= membership.last_read_seq {
        return Ok(Some(membership));
    }
    let cells = vec![
        // The time stamp.
        count(seq.0),
        count(seq.0),
        // Nil, not null: at one position a null would win over a message.
        id(message.map_or(0, MessageId::as_u128)),
        id(channel.as_u128()),
        id(user.as_u128()),
        count(place),
    ];
    session.write(&READ, cells).await?;
    membership.last_read_seq = seq;
    membership.last_read_message = message;
    Ok(Some(membership))
}
