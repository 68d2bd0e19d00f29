//! Jobs where there are several nodes: each has one node, and another one when that is gone.

use super::faults::tell;
use super::world::{Does, ORG, World};
use crate::domain::{Job, JobId, JobState, MessageKind, NodeId};
use crate::memory::LocalCluster;
use crate::ports::Jobs;
use crate::query::hub::HubMessage;

const ME: NodeId = NodeId::from_u128(1);
const OTHER: NodeId = NodeId::from_u128(2);

/// This node, and a job as another node would have it at work.
async fn with_others_job(cluster: &LocalCluster) -> (World, Job) {
    let world = World::in_cluster(cluster, ME).await;
    let asked = world.ended(world.ask("sales by city").await).await;
    assert_eq!(asked.node, Some(ME), "a job names the node that took it in");
    cluster.join(OTHER);
    let (id, node) = (JobId::from_u128(4_711), Some(OTHER));
    let job = Job { id, node, state: JobState::Running, finished_at: None, answer: None, ..asked };
    Jobs::put(&*world.stores, &job, 0).await.expect("is stored");
    (world, job)
}

async fn stored(world: &World, id: JobId) -> (Job, u64) {
    Jobs::get(&*world.stores, ORG, id).await.expect("is read").expect("is stored")
}

#[tokio::test]
async fn a_job_is_left_to_its_node_and_taken_over_when_that_is_gone() {
    let cluster = LocalCluster::new(1);
    let (world, job) = with_others_job(&cluster).await;

    tell(&world, HubMessage::Sweep);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stored(&world, job.id).await, (job.clone(), 1), "its node lives");
    cluster.hide(OTHER);

    let done = world.ended(job.id).await;
    assert_eq!((done.state, done.node, done.attempts), (JobState::Done, Some(ME), 2));
}

#[tokio::test]
async fn a_node_whose_job_was_taken_over_says_nothing_more_of_it() {
    let cluster = LocalCluster::new(1);
    let world = World::in_cluster(&cluster, ME).await;
    world.script.does(Does::Hangs);
    let id = world.ask("sales by city").await;
    let (job, version) = {
        world.reached(id, JobState::Running).await;
        stored(&world, id).await
    };
    let taken = Job { node: Some(OTHER), ..job };
    let version = Jobs::put(&*world.stores, &taken, version).await.expect("is stored");
    let told = world.told(id).len();

    // Its end is not stored and not told.
    world.questions.cancel_all(&super::world::caller(1)).await;
    world.ended(world.ask("and then?").await).await;

    assert_eq!(stored(&world, id).await, (taken, version));
    assert_eq!(world.told(id).len(), told);
    let messages = world.messages().await;
    let answers = messages.iter().filter(|message| message.kind == MessageKind::Answer);
    assert_eq!(answers.count(), 1);
}
