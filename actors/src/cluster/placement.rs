//! Which node does what, as this node sees it now.
//!
//! **Invariant:** a node that is not in the newest view, or that leaves, is never chosen. Without a
//! cluster everything is this node's, and asking costs nothing.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::settling::Settling;
use super::weight::heaviest;
use crate::domain::NodeId;
use crate::ports::{Member, Members, Membership};

/// How long saying good-bye may take. Whoever does not hear it misses this node soon.
const LEAVE_MAX: Duration = Duration::from_secs(3);

/// Which node does what. Cheap to clone.
#[derive(Clone, Default)]
pub struct Placement {
    cluster: Option<Arc<Cluster>>,
}

struct Cluster {
    me: Member,
    membership: Arc<dyn Membership>,
    view: watch::Receiver<View>,
    leaving: watch::Sender<bool>,
}

/// Who is there, as far as this node knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// All who were seen last.
    live: Members,
    /// Those who may be given channels.
    candidates: Arc<[Member]>,
    /// Those who have gone a moment ago.
    absent: Arc<[NodeId]>,
    /// Whether one who was never seen is not there: a first view may be wrong.
    knows: bool,
    /// This node wants nothing any more.
    is_leaving: bool,
}

/// Where a key is at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// On this node.
    Here,
    /// On another one.
    At(Member),
    /// This node leaves, and nobody else is there.
    Nowhere,
}

impl Placement {
    /// A node without others: everything is its own.
    pub fn alone() -> Self {
        Self::default()
    }

    /// Follows the views of a membership until all of its clones are dropped.
    pub fn follow(membership: Arc<dyn Membership>) -> Self {
        let mut members = membership.members();
        let me = membership.me();
        let first = Members::clone(&members.borrow_and_update());
        let mut settling = Settling::new(me.id, first, Instant::now());
        settling.know(membership.known_since());
        let (view, seen) = watch::channel(View::of(&settling, false));
        let (leaving, told) = watch::channel(false);
        let known_since = {
            let membership = Arc::clone(&membership);
            move || membership.known_since()
        };
        tokio::spawn(settle(settling, known_since, members, told, view));
        Self { cluster: Some(Arc::new(Cluster { me, membership, view: seen, leaving })) }
    }

    /// Whether something that one node shall do is this node's: a job, a refresh, a sweep. The key is
    /// its id; a task of the whole server takes any fixed number.
    pub fn is_mine(&self, key: u128) -> bool {
        self.home(key) == Home::Here
    }

    /// This node's id; `None` without a cluster.
    pub fn me(&self) -> Option<NodeId> {
        self.cluster.as_ref().map(|cluster| cluster.me.id)
    }

    /// Whether a node has been out of sight for long enough that its work may be taken from it; never
    /// while this node could not yet see who is there. Without a cluster, every other node is gone.
    pub fn is_missed(&self, node: NodeId) -> bool {
        self.cluster.as_ref().is_none_or(|cluster| cluster.view.borrow().misses(node))
    }

    /// The views to come; `None` without a cluster.
    pub fn views(&self) -> Option<watch::Receiver<View>> {
        let mut views = self.cluster.as_ref()?.view.clone();
        views.mark_unchanged();
        Some(views)
    }

    /// Where a key is at home.
    pub(crate) fn home(&self, key: u128) -> Home {
        let Some(cluster) = &self.cluster else { return Home::Here };
        let view = cluster.view.borrow();
        match heaviest(key, &view.candidates) {
            Some(member) if member.id == cluster.me.id => Home::Here,
            Some(member) => Home::At(member.clone()),
            None if view.is_leaving => Home::Nowhere,
            // A view without anybody is one that could not be read: the log protects.
            None => Home::Here,
        }
    }

    /// A node that is there.
    pub(crate) fn member(&self, node: NodeId) -> Option<Member> {
        let cluster = self.cluster.as_ref()?;
        let view = cluster.view.borrow();
        view.live.iter().find(|member| member.id == node).cloned()
    }

    /// Says good-bye: from here on this node is not chosen, neither here nor, soon, elsewhere.
    pub(crate) async fn leave(&self) {
        let Some(cluster) = &self.cluster else { return };
        cluster.leaving.send_replace(true);
        // The task that follows the views ends with them only, so this is told.
        cluster.view.clone().wait_for(|view| view.is_leaving).await.ok();
        if timeout(LEAVE_MAX, cluster.membership.leave()).await.is_err() {
            tracing::warn!("the others were not told that this node leaves: they will miss it");
        }
    }
}

impl fmt::Debug for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Placement").field("me", &self.me()).finish_non_exhaustive()
    }
}

impl View {
    /// Whether a node was seen last.
    pub(crate) fn has(&self, node: NodeId) -> bool {
        self.live.iter().any(|member| member.id == node)
    }

    fn misses(&self, node: NodeId) -> bool {
        self.knows && !self.has(node) && !self.absent.contains(&node)
    }

    /// Whether all nodes that were seen then are seen now.
    pub(crate) fn has_all_of(&self, before: &Self) -> bool {
        before.live.iter().all(|member| self.has(member.id))
    }

    fn of(settling: &Settling, is_leaving: bool) -> Self {
        Self {
            live: settling.live(),
            candidates: settling.candidates().into(),
            absent: settling.absent().collect(),
            knows: settling.knows(),
            is_leaving,
        }
    }
}

/// Turns views into who may be given channels, until nobody looks any more.
async fn settle(
    mut settling: Settling,
    known_since: impl Fn() -> Option<Instant> + Send,
    mut members: watch::Receiver<Members>,
    mut told: watch::Receiver<bool>,
    view: watch::Sender<View>,
) {
    let mut is_leaving = false;
    let mut is_followed = true;
    loop {
        let due = settling.next_due();
        let pause = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = view.closed() => return,
            changed = members.changed(), if is_followed => match changed {
                Ok(()) => {
                    let live = Members::clone(&members.borrow_and_update());
                    settling.see(live, Instant::now());
                    settling.know(known_since());
                }
                // Whoever told of views is gone: the last one is kept.
                Err(_) => is_followed = false,
            },
            Ok(()) = told.changed(), if !is_leaving => {
                is_leaving = *told.borrow_and_update();
                if is_leaving {
                    settling.leave();
                }
            }
            () = pause => {}
        }
        settling.pass(Instant::now());
        let next = View::of(&settling, is_leaving);
        view.send_if_modified(|seen| {
            let is_new = *seen != next;
            *seen = next;
            is_new
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::LocalCluster;

    const ME: NodeId = NodeId::from_u128(1);
    const NEVER_SEEN: NodeId = NodeId::from_u128(2);

    #[tokio::test(start_paused = true)]
    async fn a_node_that_was_never_seen_is_missed_once_this_one_has_looked_for_a_while() {
        let (membership, _) = LocalCluster::new(1).join(ME);
        let placement = Placement::follow(Arc::new(membership));
        let mut views = placement.views().expect("there is a cluster");
        assert!(!placement.is_missed(NEVER_SEEN), "a first view may be wrong");

        let since = Instant::now();
        timeout(Duration::from_secs(60), views.changed()).await.expect("it is told").unwrap();

        assert_eq!(since.elapsed(), Duration::from_secs(3));
        assert!(placement.is_missed(NEVER_SEEN));
    }

    #[tokio::test(start_paused = true)]
    async fn who_could_not_look_misses_nobody() {
        let (membership, _) = LocalCluster::new(1).join(ME);
        let placement = Placement::follow(Arc::new(membership.unknown()));

        tokio::time::sleep(Duration::from_secs(60)).await;

        assert!(!placement.is_missed(NEVER_SEEN));
    }
}
