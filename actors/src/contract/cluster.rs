//! The lines of the contracts of [`Membership`] and [`Peers`], as tests of any adapter.
//!
//! An adapter may look only now and then, so what a line waits for may take until a deadline.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;

use super::fixtures::{ADA, BEN, CHANNEL, byline, id, key, picture};
use crate::domain::{ChannelId, MessageKind, NodeId, Seq, ThreadId, Timestamp};
use crate::ports::{
    Amend, AmendError, Amended, Answering, Change, Member, MemberChange, Members, Membership,
    Orders, Peers, Post, PostError, Receipt, RemoteOrder, RemoteReply,
};

/// Longer than a view may be behind: a heartbeat's time to live, and the next look.
const VIEW_MAX: Duration = Duration::from_secs(8);
/// Longer than an order may take there and back on one machine.
const REPLY_MAX: Duration = Duration::from_secs(10);
/// More orders than may wait for one node in any adapter.
const FLOOD: u64 = 20_000;

/// Where nodes find each other.
#[async_trait]
pub trait Meeting: Send + Sync {
    /// A node comes, under a fresh id.
    async fn join(&self) -> Arc<dyn Membership>;

    /// A node dies without a word.
    async fn kill(&self, node: Arc<dyn Membership>);
}

/// The way from one node to another.
#[async_trait]
pub trait Way: Send + Sync {
    /// The node that gives orders.
    fn from(&self) -> NodeId;

    /// Starts a node that has its orders carried out by `orders`, and gives the way to it.
    async fn open(&self, orders: Arc<dyn Orders>) -> (Arc<dyn Peers>, Member);

    /// The node that was started dies.
    async fn kill(&self);
}

async fn sees(node: &dyn Membership, is_so: impl Fn(&Members) -> bool) {
    let mut members = node.members();
    let seen = timeout(VIEW_MAX, members.wait_for(|members| is_so(members))).await.is_ok();
    assert!(seen, "the view stays {:?}", node.members().borrow());
}

/// Members come to see each other, each one once and in the order of their ids.
pub async fn nodes_that_come_see_each_other(meeting: impl Meeting) {
    let nodes = [meeting.join().await, meeting.join().await, meeting.join().await];
    let mut all = nodes.clone().map(|node| node.me());
    all.sort();

    for node in &nodes {
        sees(&**node, |members| members[..] == all).await;
        assert!(node.known_since().is_some(), "who sees others knows who is there");
    }
}

/// Two processes are two nodes.
pub async fn every_node_has_its_own_id(meeting: impl Meeting) {
    let (one, other) = (meeting.join().await, meeting.join().await);
    assert_ne!(one.me().id, other.me().id);
    assert_eq!(one.me(), one.me());
}

/// A node that leaves is out of all views, its own among them.
pub async fn a_node_that_leaves_is_gone_and_does_not_come_back(meeting: impl Meeting) {
    let (stays, leaves) = (meeting.join().await, meeting.join().await);
    sees(&*stays, |members| members.len() == 2).await;

    leaves.leave().await;

    sees(&*stays, |members| members[..] == [stays.me()]).await;
    sees(&*leaves, |members| !members.contains(&leaves.me())).await;
    let again = meeting.join().await;
    sees(&*stays, |members| members.contains(&again.me())).await;
    assert!(!stays.members().borrow().contains(&leaves.me()), "it came back");
}

/// A node that dies is missed.
pub async fn a_node_that_dies_is_gone(meeting: impl Meeting) {
    let (stays, dies) = (meeting.join().await, meeting.join().await);
    let dead = dies.me();
    sees(&*stays, |members| members.len() == 2).await;

    meeting.kill(dies).await;

    sees(&*stays, |members| !members.contains(&dead)).await;
}

/// Carries nothing out: remembers what came, and answers what it is told to.
#[derive(Default)]
struct Desk {
    came: Mutex<Vec<(NodeId, ChannelId, RemoteOrder)>>,
    answers: Mutex<Vec<RemoteReply>>,
    /// Orders of Ben are answered once this is so.
    bens: watch::Sender<bool>,
}

#[async_trait]
impl Orders for Desk {
    async fn take(&self, from: NodeId, channel: ChannelId, order: RemoteOrder) -> Answering {
        let waits = matches!(&order, RemoteOrder::Post(post) if post.by.user == BEN);
        let planned = self.answers.lock().pop();
        let answer = planned.unwrap_or_else(|| order.refused(PostError::NotOwner));
        self.came.lock().push((from, channel, order));
        let mut bens = self.bens.subscribe();
        Box::pin(async move {
            if waits {
                bens.wait_for(|is_time| *is_time).await.ok();
            }
            answer
        })
    }
}

fn post(number: u64) -> Post {
    Post {
        by: byline(ADA),
        kind: MessageKind::Text,
        content: format!("words {number}"),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: None,
        after_seq: None,
        written: None,
    }
}

/// Waits for an answer; `None`: there is none.
async fn reply(peers: &dyn Peers, node: &Member, order: RemoteOrder) -> Option<RemoteReply> {
    timeout(REPLY_MAX, peers.order(node, CHANNEL, order)).await.expect("no answer in time").ok()
}

/// Every kind of order, with everything that it can carry.
fn orders() -> Vec<RemoteOrder> {
    let full = Post {
        kind: MessageKind::Answer,
        content: "„Grüße“ \u{1f44d}\n".to_owned(),
        thread: Some(ThreadId::from_u128(7)),
        parent: Some(id(3)),
        mentions: vec![ADA, BEN],
        attachments: vec![picture(u128::MAX)],
        client_message_id: Some(key(1)),
        after_seq: Some(Seq(u64::MAX >> 1)),
        written: Some(Timestamp(-1)),
        ..post(1)
    };
    let amend = |change, may_moderate: bool| {
        let (by, message) = (byline(ADA), id(1));
        let written = may_moderate.then_some(Timestamp(-1));
        RemoteOrder::Amend(Amend { by, message, may_moderate, change, written })
    };
    let member = |change| RemoteOrder::Member { by: byline(ADA), change };
    vec![
        RemoteOrder::Post(post(0)),
        RemoteOrder::Post(full),
        amend(Change::Edit { content: "other".to_owned(), mentions: vec![BEN] }, false),
        amend(Change::Delete, true),
        amend(Change::React { emoji: "👍".to_owned(), added: false }, false),
        member(MemberChange::Joined(byline(BEN))),
        member(MemberChange::Left(byline(BEN))),
    ]
}

/// Every answer that there is.
fn answers() -> Vec<RemoteReply> {
    let receipt = Receipt { message: id(1), seq: Seq(9), at: Timestamp(5), duplicate: true };
    let posts =
        [PostError::Overloaded, PostError::Unavailable, PostError::NotOwner, PostError::Unknown];
    let amends = [
        AmendError::NotFound,
        AmendError::Forbidden,
        AmendError::Deleted,
        AmendError::TooManyReactions,
    ];
    let mut answers = vec![
        RemoteReply::Posted(Ok(receipt)),
        RemoteReply::Amended(Ok(Amended { message: id(2), seq: Seq(10) })),
        RemoteReply::Member(Ok(Seq(11))),
        RemoteReply::Elsewhere(None),
        RemoteReply::Elsewhere(Some(NodeId::from_u128(1 << 90))),
    ];
    for why in posts {
        answers.push(RemoteReply::Posted(Err(why)));
        answers.push(RemoteReply::Amended(Err(why.into())));
        answers.push(RemoteReply::Member(Err(why)));
    }
    answers.extend(amends.map(|why| RemoteReply::Amended(Err(why))));
    answers
}

/// Nothing is lost or changed on the way there, and the sender is named.
pub async fn every_order_arrives_as_it_was_given(way: impl Way) {
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;

    for order in orders() {
        assert!(reply(&*peers, &node, order).await.is_some());
    }

    let expected: Vec<_> = orders().into_iter().map(|order| (way.from(), CHANNEL, order)).collect();
    assert_eq!(*desk.came.lock(), expected);
}

/// Nothing is lost or changed on the way back.
pub async fn every_answer_arrives_as_it_was_given(way: impl Way) {
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;

    for answer in answers() {
        desk.answers.lock().push(answer.clone());
        assert_eq!(reply(&*peers, &node, RemoteOrder::Post(post(0))).await, Some(answer));
    }
}

/// Orders given one after the other arrive so, without a wait for the answers between them.
pub async fn orders_arrive_in_the_order_in_which_they_were_given(way: impl Way) {
    const MANY: u64 = 200;
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;

    let given = (0..MANY).map(|number| {
        let order = RemoteOrder::Post(post(number));
        peers.order(&node, CHANNEL, order)
    });
    for given in given.collect::<Vec<_>>() {
        assert!(timeout(REPLY_MAX, given).await.expect("no answer in time").is_ok());
    }

    let came: Vec<_> = desk.came.lock().iter().map(|(_, _, order)| order.clone()).collect();
    assert_eq!(came, (0..MANY).map(|number| RemoteOrder::Post(post(number))).collect::<Vec<_>>());
}

/// An order whose answer takes long holds up no other.
pub async fn answers_come_as_they_are_ready(way: impl Way) {
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;

    let slow = Post { by: byline(BEN), ..post(1) };
    let mut slow = peers.order(&node, CHANNEL, RemoteOrder::Post(slow));
    assert!(reply(&*peers, &node, RemoteOrder::Post(post(2))).await.is_some());
    assert!(slow.try_recv().is_err(), "it was answered before it was carried out");
    desk.bens.send_replace(true);

    assert!(timeout(REPLY_MAX, slow).await.expect("no answer in time").is_ok());
}

/// Nothing was tried where nobody is, and that is said.
pub async fn a_node_that_is_not_there_is_unreachable(way: impl Way) {
    let (peers, node) = way.open(Arc::<Desk>::default()).await;
    way.kill().await;

    // What is told first may be that an open way is lost.
    let first = reply(&*peers, &node, RemoteOrder::Post(post(1))).await;
    assert!(matches!(first, None | Some(RemoteReply::Unreachable)), "{first:?}");
    let then = reply(&*peers, &node, RemoteOrder::Post(post(2))).await;
    assert_eq!(then, Some(RemoteReply::Unreachable));
}

/// Whether it was carried out is not known, and nothing else is said.
pub async fn an_order_whose_node_dies_is_not_answered(way: impl Way) {
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;
    let order = Post { by: byline(BEN), ..post(1) };
    let given = peers.order(&node, CHANNEL, RemoteOrder::Post(order));
    assert!(reply(&*peers, &node, RemoteOrder::Post(post(2))).await.is_some());

    way.kill().await;

    assert!(timeout(REPLY_MAX, given).await.expect("no end in time").is_err());
}

/// What waits for a node is bounded.
pub async fn more_orders_than_may_wait_are_refused(way: impl Way) {
    let desk = Arc::<Desk>::default();
    let (peers, node) = way.open(Arc::clone(&desk) as _).await;

    let slow = |number| RemoteOrder::Post(Post { by: byline(BEN), ..post(number) });
    let mut given: Vec<_> =
        (0..FLOOD).map(|number| peers.order(&node, CHANNEL, slow(number))).collect();

    let overloaded = RemoteReply::Posted(Err(PostError::Overloaded));
    let is_refused = given.iter_mut().any(|given| given.try_recv().as_ref() == Ok(&overloaded));
    assert!(is_refused, "all were taken in");
    desk.bens.send_replace(true);
}
