//! Names and pairs: which channel has one.
//!
//! A key is claimed before its channel is made or renamed, and the claim counts only while the
//! channel says so itself: a live channel that has another name, or none that is live, holds
//! nothing. Whoever finds such a claim, once its `pending` cell is gone, may take it, after *fencing*
//! the holder: a channel that is not there is barred, one that is there gets another revision. A
//! holder that was only slow then fails its own condition, and asks for the key again.
//!
//! Who changes a channel's name reads its revision first, claims then, and changes under that
//! revision last. Every claim carries a fresh `attempt`, also one of a key that one has, and a key is
//! taken only under the attempt that was read before the fence.
//!
//! **Invariant:** two live channels never have one key, however long somebody was held up.

use starling_actors::domain::{ChannelId, OrgId};
use uuid::Uuid;

use super::header::{self, Header, State, Step, folded};
use crate::adapters::scylla::cells::{Cell, bytes, held, id, number, text};
use crate::adapters::scylla::settle::{Freshness, Outcome, Question, Write, change, fresh_mark};
use crate::adapters::scylla::{Session, Statement, StoreError};

/// How long a claim is left alone whose channel does not have the key (yet).
const PENDING_SECONDS: i32 = 60;
/// Times that a claim meets another before it gives up.
const ATTEMPTS_MAX: usize = 8;

const CLAIM: Statement = Statement::conditional(
    "channel_key_claim",
    "INSERT INTO channel_keys (org, kind, key, channel, attempt) VALUES (?, ?, ?, ?, ?) \
     IF NOT EXISTS",
);
const TAKE_OVER: Statement = Statement::conditional(
    "channel_key_take_over",
    "UPDATE channel_keys SET channel = ?, attempt = ? WHERE org = ? AND kind = ? AND key = ? \
     IF channel = ? AND attempt = ?",
);
const PENDING: Statement = Statement::conditional(
    "channel_key_pending",
    "UPDATE channel_keys USING TTL ? SET pending = true WHERE org = ? AND kind = ? AND key = ?",
);
const RELEASE: Statement = Statement::conditional(
    "channel_key_release",
    "DELETE FROM channel_keys WHERE org = ? AND kind = ? AND key = ? \
     IF channel = ? AND attempt = ?",
);
const HOLDER: Question = Question::new(
    "channel_key_holder",
    "SELECT channel, attempt, pending FROM channel_keys WHERE org = ? AND kind = ? AND key = ?",
);

/// What a channel is told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A name in lower case.
    Name(String),
    /// The ids of a direct channel's people, in order.
    Pair(Vec<u8>),
}

impl Key {
    fn place(&self, org: OrgId) -> Vec<Cell> {
        let (kind, key) = match self {
            Self::Name(name) => ("name", name.as_bytes()),
            Self::Pair(pair) => ("pair", &pair[..]),
        };
        vec![id(org.as_u128()), text(kind), bytes(key)]
    }

    /// Whether a channel has it.
    fn is_of(&self, org: OrgId, header: &Header) -> bool {
        header.live_in(org).is_some_and(|channel| match self {
            Self::Name(name) => folded(channel.kind, &channel.name).as_ref() == Some(name),
            Self::Pair(pair) => header.pair.as_ref() == Some(pair),
        })
    }
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claimed {
    /// The key is the claimant's.
    Ours,
    /// It is another channel's, which is there.
    Held(ChannelId),
    /// Another channel is about to have it, or not.
    Undecided,
}

struct Holder {
    channel: ChannelId,
    attempt: u128,
    is_pending: bool,
}

async fn holder(
    session: &Session,
    org: OrgId,
    key: &Key,
    freshness: Freshness,
) -> Result<Option<Holder>, StoreError> {
    type Columns = (Option<Uuid>, Option<Uuid>, Option<bool>);
    let row: Option<Columns> = session.row(HOLDER.at(freshness), key.place(org)).await?;
    let Some((channel, attempt, pending)) = row else { return Ok(None) };
    Ok(Some(Holder {
        channel: ChannelId::from_u128(held(channel, "channel_keys.channel")?.as_u128()),
        attempt: held(attempt, "channel_keys.attempt")?.as_u128(),
        is_pending: pending.unwrap_or_default(),
    }))
}

/// The channel that claims to have a key.
pub(super) async fn claimant(
    session: &Session,
    org: OrgId,
    key: &Key,
) -> Result<Option<ChannelId>, StoreError> {
    let holder = holder(session, org, key, Freshness::Answered).await?;
    Ok(holder.map(|holder| holder.channel))
}

/// Claims a key for a channel whose revision was read before, or which is not there yet.
pub(super) async fn claim(
    session: &Session,
    org: OrgId,
    key: &Key,
    channel: ChannelId,
) -> Result<Claimed, StoreError> {
    let pending = || Write::new(&PENDING, [vec![number(PENDING_SECONDS)], key.place(org)].concat());
    for _ in 0..ATTEMPTS_MAX {
        let attempt = fresh_mark();
        let ours = vec![id(channel.as_u128()), id(attempt)];
        let landed = || async {
            let holder = holder(session, org, key, Freshness::Settled).await?;
            Ok(Some(holder.is_some_and(|holder| holder.attempt == attempt)))
        };
        let claim = Write::new(&CLAIM, [key.place(org), ours.clone()].concat());
        let claimed = change(session, "channel_key_claim", &[claim, pending()], landed()).await?;
        if claimed == Outcome::Applied {
            return Ok(Claimed::Ours);
        }
        let Some(holder) = holder(session, org, key, Freshness::Settled).await? else { continue };
        if holder.channel != channel {
            match standing(session, org, key, &holder).await? {
                Standing::Has => return Ok(Claimed::Held(holder.channel)),
                Standing::MayCome => return Ok(Claimed::Undecided),
                Standing::Fenced => {}
                Standing::Moved => continue,
            }
        }
        let condition = vec![id(holder.channel.as_u128()), id(holder.attempt)];
        let take = Write::new(&TAKE_OVER, [ours, key.place(org), condition].concat());
        let taken = change(session, "channel_key_take_over", &[take, pending()], landed()).await?;
        if taken == Outcome::Applied {
            return Ok(Claimed::Ours);
        }
    }
    Ok(Claimed::Undecided)
}

/// What a claim is worth.
enum Standing {
    /// The channel has the key.
    Has,
    /// It may be about to.
    MayCome,
    /// It cannot have it any more without claiming again.
    Fenced,
    /// It changed meanwhile.
    Moved,
}

async fn standing(
    session: &Session,
    org: OrgId,
    key: &Key,
    holder: &Holder,
) -> Result<Standing, StoreError> {
    let header = header::read(session, holder.channel, Freshness::Settled).await?;
    let (revision, step) = match &header {
        Some(header) if header.state == State::Removed => return Ok(Standing::Fenced),
        Some(header) if key.is_of(org, header) => return Ok(Standing::Has),
        _ if holder.is_pending => return Ok(Standing::MayCome),
        // Nobody sees it, and its maker is long gone.
        Some(header) if header.state == State::Making => (header.revision, Step::Remove),
        Some(header) => (header.revision, Step::Fence),
        None => (0, Step::Bar),
    };
    let fenced = header::apply(session, holder.channel, revision, step, Vec::new()).await?;
    Ok(if fenced == Outcome::Applied { Standing::Fenced } else { Standing::Moved })
}

/// A claim as it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    channel: ChannelId,
    attempt: u128,
}

/// A channel's claim of a key, to be freed later.
pub(super) async fn claim_of(
    session: &Session,
    org: OrgId,
    key: &Key,
    channel: ChannelId,
) -> Result<Option<Claim>, StoreError> {
    let holder = holder(session, org, key, Freshness::Settled).await?;
    let holder = holder.filter(|holder| holder.channel == channel);
    Ok(holder.map(|holder| Claim { channel, attempt: holder.attempt }))
}

/// Frees a key unless it was claimed again since.
pub(super) async fn release(
    session: &Session,
    org: OrgId,
    key: &Key,
    claim: Claim,
) -> Result<(), StoreError> {
    let condition = vec![id(claim.channel.as_u128()), id(claim.attempt)];
    let write = Write::new(&RELEASE, [key.place(org), condition].concat());
    // Refused is as good: then it is not theirs, or theirs anew.
    change(session, "channel_key_release", &[write], async { Ok(Some(true)) }).await.map(drop)
}
