//! Jobs where there are several nodes: each has one node, and another one when that is gone.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::faults::tell;
use super::world::{Does, ORG, World, caller};
use crate::domain::{Job, JobId, JobState, MessageKind, NodeId};
use crate::memory::LocalCluster;
use crate::ports::{BusEvent, BusSink, Jobs, Topic};
use crate::query::hub::{HubMessage, Which};

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

/// Has the hub look at what is stored, and lets it.
async fn sweep(world: &World) {
    tell(world, HubMessage::Sweep);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// Lets time pass at once.
async fn wait(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_job_is_left_to_its_node_and_taken_over_when_that_is_gone() {
    let cluster = LocalCluster::new(1);
    let (world, job) = with_others_job(&cluster).await;

    sweep(&world).await;
    assert_eq!(stored(&world, job.id).await, (job.clone(), 1), "its node lives");
    cluster.hide(OTHER);
    sweep(&world).await;
    assert_eq!(stored(&world, job.id).await, (job.clone(), 1), "it may only be out of sight");
    wait(Duration::from_secs(11)).await;

    let done = world.ended(job.id).await;
    assert_eq!((done.state, done.node, done.attempts), (JobState::Done, Some(ME), 2));
}

#[tokio::test]
async fn a_node_that_all_lose_sight_of_for_a_moment_keeps_its_jobs() {
    let cluster = LocalCluster::new(1);
    let (world, job) = with_others_job(&cluster).await;
    wait(Duration::from_secs(11)).await;
    cluster.hide(OTHER);
    wait(Duration::from_secs(2)).await;
    cluster.find(OTHER);
    wait(Duration::from_secs(60)).await;

    sweep(&world).await;
    assert_eq!(stored(&world, job.id).await, (job, 1));
}

#[tokio::test]
async fn a_node_that_starts_takes_nothing_of_those_who_live_nor_when_it_knows_not_who_does() {
    let cluster = LocalCluster::new(1);
    let (before, job) = with_others_job(&cluster).await;
    let (third, blind) = (NodeId::from_u128(3), NodeId::from_u128(4));
    let among = World::among(cluster.join(third), before.stores.clone()).await;
    sweep(&among).await;
    assert_eq!(stored(&before, job.id).await, (job.clone(), 1), "its node lives");

    let (nobody, peers) = LocalCluster::new(2).join(blind);
    let alone = World::among((nobody.unknown(), peers), before.stores.clone()).await;
    wait(Duration::from_secs(60)).await;
    sweep(&alone).await;
    assert_eq!(stored(&before, job.id).await, (job, 1), "who lives is not known");
}

#[tokio::test]
async fn a_question_is_called_off_on_whichever_node_it_is() {
    let cluster = LocalCluster::new(1);
    let (world, job) = with_others_job(&cluster).await;
    let ear = Arc::<Ear>::default();
    let bus = Arc::clone(&world.questions.ports().bus);
    let _hearing = bus.subscribe(Topic::Nodes, Arc::clone(&ear) as _);

    assert_eq!(world.questions.cancel_all(&caller(2)).await, 0, "it is not theirs");
    assert_eq!(world.questions.cancel_all(&caller(1)).await, 1);
    assert_eq!(stored(&world, job.id).await.0.state, JobState::Cancelled);
    assert_eq!(*ear.0.lock(), [job.id], "its node is told");
}

#[tokio::test]
async fn a_question_that_was_called_off_on_another_node_is_not_worked_at_any_more() {
    let world = World::in_cluster(&LocalCluster::new(1), ME).await;
    world.script.does(Does::Hangs);
    let id = world.ask("sales by city").await;
    world.reached(id, JobState::Running).await;

    let bus = &world.questions.ports().bus;
    bus.publish(Topic::Nodes, BusEvent::CalledOff(id)).await.expect("is told");

    assert_eq!(world.ended(id).await.state, JobState::Cancelled);
}

/// Hears which jobs are called off.
#[derive(Default)]
struct Ear(Mutex<Vec<JobId>>);

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::CalledOff(job) = event {
            self.0.lock().push(job);
        }
    }
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
    world.questions.call_off(ORG, Which::AllOf(caller(1).user())).await;
    world.ended(world.ask("and then?").await).await;

    assert_eq!(stored(&world, id).await, (taken, version));
    assert_eq!(world.told(id).len(), told);
    let messages = world.messages().await;
    let answers = messages.iter().filter(|message| message.kind == MessageKind::Answer);
    assert_eq!(answers.count(), 1);
}
