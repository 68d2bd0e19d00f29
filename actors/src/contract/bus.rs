//! The contract of [`Bus`], line by line. The factory gives two ends of one bus, as two nodes hold
//! them; a bus of one process gives the same one twice.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::fixtures::{ADA, BEN, CHANNEL, byline, deleted, edited, joined, message, reacted};
use crate::domain::{
    Channel, ChannelId, ChannelKind, CustomStatus, Generation, GroupFace, GroupId, JobId, JobState,
    LinkPreview, LoginId, MessageId, NodeId, OrgId, Presence, Seq, Timestamp, UserId,
};
use crate::ports::{Aside, Bus, BusEvent, BusSink, OwnNews, Progress, Subscription, Topic};

/// Two ends of one bus.
pub type Ends = (Arc<dyn Bus>, Arc<dyn Bus>);

/// How long anything may take on the way between two nodes of one machine.
const DEADLINE: Duration = Duration::from_secs(10);
/// How often it is said again that someone should be listening.
const PROBE: Duration = Duration::from_millis(5);
const TOPIC: Topic = Topic::Channel(CHANNEL);

/// Keeps what it hears, but for probes and interruptions, which it counts.
#[derive(Default)]
pub struct Ear {
    heard: Mutex<Vec<BusEvent>>,
    probes: Mutex<u64>,
    interruptions: Mutex<u64>,
    news: Notify,
}

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        if matches!(event, BusEvent::Interrupted) {
            *self.interruptions.lock() += 1;
        } else if matches!(&event, BusEvent::Typing { username, .. } if username == "probe") {
            *self.probes.lock() += 1;
        } else {
            self.heard.lock().push(event);
        }
        self.news.notify_one();
    }
}

impl Ear {
    /// Listens to a topic, and waits until what is said at the other end is heard.
    pub async fn on(here: &dyn Bus, there: &dyn Bus, topic: Topic) -> (Arc<Self>, Subscription) {
        let ear = Arc::new(Self::default());
        let subscription = here.subscribe(topic, Arc::clone(&ear) as Arc<dyn BusSink>);
        ear.hears(there, topic).await;
        (ear, subscription)
    }

    /// Waits until what is said at the other end is heard here.
    pub async fn hears(&self, there: &dyn Bus, topic: Topic) {
        let before = *self.probes.lock();
        let probing = async {
            while *self.probes.lock() == before {
                there.publish(topic, probe()).await.unwrap();
                tokio::time::sleep(PROBE).await;
            }
        };
        tokio::time::timeout(DEADLINE, probing).await.expect("what the other end says is heard");
    }

    /// Waits until it has heard so many events.
    pub async fn heard(&self, count: usize) -> Vec<BusEvent> {
        self.until(|| self.heard.lock().len() >= count).await;
        self.heard.lock().clone()
    }

    /// Waits until it was told so often that something may be missing.
    pub async fn interrupted(&self, times: u64) {
        self.until(|| *self.interruptions.lock() >= times).await;
    }

    /// How often it was told that something may be missing.
    pub fn interruptions(&self) -> u64 {
        *self.interruptions.lock()
    }

    async fn until(&self, is_so: impl Fn() -> bool) {
        let waiting = async {
            while !is_so() {
                self.news.notified().await;
            }
        };
        if tokio::time::timeout(DEADLINE, waiting).await.is_err() {
            panic!("after a while it had heard only {:?}", self.heard.lock());
        }
    }

    /// The positions it heard, in order.
    pub fn seqs(&self) -> Vec<u64> {
        let heard = self.heard.lock();
        heard
            .iter()
            .filter_map(|event| {
                let BusEvent::Head { seq, .. } = event else { return None };
                Some(seq.0)
            })
            .collect()
    }
}

fn probe() -> BusEvent {
    let (user, username) = (UserId::from_u128(0), "probe".to_owned());
    BusEvent::Typing { channel: CHANNEL, user, username, is_typing: false }
}

/// An event that can be told from others by its number.
pub fn numbered(seq: u64) -> BusEvent {
    BusEvent::Head { channel: CHANNEL, seq: Seq(seq) }
}

/// What is published at one end reaches every sink at both ends once, in its publisher's order.
pub async fn every_sink_hears_what_is_said_at_either_end_once_and_in_order((here, there): Ends) {
    let (one, _first) = Ear::on(&*here, &*there, TOPIC).await;
    let (two, _second) = Ear::on(&*here, &*there, TOPIC).await;
    let (far, _third) = Ear::on(&*there, &*here, TOPIC).await;

    for number in 0..500 {
        here.publish(TOPIC, numbered(2 * number)).await.unwrap();
        there.publish(TOPIC, numbered(2 * number + 1)).await.unwrap();
    }

    for ear in [one, two, far] {
        ear.heard(1_000).await;
        let (even, odd): (Vec<u64>, Vec<u64>) =
            ear.seqs().into_iter().partition(|seq| seq % 2 == 0);
        assert_eq!(even, (0..500).map(|number| 2 * number).collect::<Vec<_>>());
        assert_eq!(odd, (0..500).map(|number| 2 * number + 1).collect::<Vec<_>>());
    }
}

/// Sinks of this end hear an event before publishing returns, whatever becomes of others.
pub async fn what_is_said_here_is_heard_here_at_once((here, _there): Ends) {
    let ear = Arc::new(Ear::default());
    let _subscription = here.subscribe(TOPIC, Arc::clone(&ear) as Arc<dyn BusSink>);

    here.publish(TOPIC, numbered(1)).await.unwrap();

    assert_eq!(ear.seqs(), [1]);
}

/// Topics do not hear each other.
pub async fn each_of_many_topics_hears_its_own_events((here, there): Ends) {
    let numbered_topics = (1..400_u128).map(|number| match number % 2 {
        0 => Topic::Channel(ChannelId::from_u128(number)),
        _ => Topic::User(UserId::from_u128(number)),
    });
    let topics: Vec<Topic> = numbered_topics.chain([Topic::Nodes]).collect();
    let mut ears = Vec::new();
    for topic in &topics {
        let ear = Arc::new(Ear::default());
        ears.push((here.subscribe(*topic, Arc::clone(&ear) as Arc<dyn BusSink>), ear));
    }
    for (topic, (_, ear)) in topics.iter().zip(&ears) {
        ear.hears(&*there, *topic).await;
    }

    for (topic, number) in topics.iter().zip(0..) {
        there.publish(*topic, numbered(number)).await.unwrap();
    }

    for ((_, ear), number) in ears.iter().zip(0..) {
        ear.heard(1).await;
        assert_eq!(ear.seqs(), [number]);
    }
}

/// A dropped subscription hears nothing more, and its topic can be followed anew.
pub async fn a_dropped_subscription_hears_nothing_until_there_is_another((here, there): Ends) {
    let (old, subscription) = Ear::on(&*here, &*there, TOPIC).await;
    let (stays, kept) = Ear::on(&*here, &*there, TOPIC).await;
    drop(subscription);
    there.publish(TOPIC, numbered(1)).await.unwrap();
    stays.heard(1).await;
    drop(kept);
    let (new, _again) = Ear::on(&*here, &*there, TOPIC).await;
    there.publish(TOPIC, numbered(2)).await.unwrap();
    new.heard(1).await;

    assert!(old.seqs().is_empty());
    assert_eq!((stays.seqs(), new.seqs()), (vec![1], vec![2]));
}

/// Whatever can be said is heard as it was said.
pub async fn every_kind_of_event_is_heard_as_it_was_said((here, there): Ends) {
    let (ear, _subscription) = Ear::on(&*here, &*there, TOPIC).await;
    let said = every_event();

    for event in &said {
        there.publish(TOPIC, event.clone()).await.unwrap();
    }

    let heard = ear.heard(said.len()).await;
    assert_eq!(format!("{heard:?}"), format!("{said:?}"));
}

fn every_event() -> Vec<BusEvent> {
    let user = ADA;
    let channel = Arc::new(Channel {
        id: CHANNEL,
        org: OrgId::from_u128(9),
        kind: ChannelKind::Private,
        name: "häuser".to_owned(),
        description: String::new(),
        topic: "a\nb".to_owned(),
        owner: user,
        created_at: Timestamp(-1),
        updated_at: Timestamp(i64::MAX),
        member_count: 2,
    });
    let entries = [
        message(1),
        joined(2, BEN),
        edited(3, 1, "other words", &[BEN]),
        reacted(BEN, 4, 1, "🎉", true),
        deleted(5, 1),
    ];
    let mut events = vec![
        BusEvent::Stored {
            entries: entries.into_iter().map(Arc::new).collect(),
            generation: Generation(7),
        },
        BusEvent::Head { channel: CHANNEL, seq: Seq(u64::MAX) },
        BusEvent::Typing { channel: CHANNEL, user, username: "x".to_owned(), is_typing: true },
        BusEvent::Read { channel: CHANNEL, user, seq: Seq(4) },
        BusEvent::Progress(Arc::new(Progress {
            job: JobId::from_u128(8),
            channel: CHANNEL,
            thread: None,
            state: JobState::Running,
            detail: Some("2 of 3".to_owned()),
        })),
        BusEvent::ChannelUpdated(Arc::clone(&channel)),
        BusEvent::Added(channel),
        BusEvent::Removed(CHANNEL),
        BusEvent::Board {
            node: NodeId::from_u128(4),
            people: Arc::new([(user, Presence::DoNotDisturb)]),
            is_news: true,
        },
        BusEvent::Revoked(None),
        BusEvent::Revoked(Some(LoginId::from_u128(2))),
        BusEvent::RightsChanged,
        BusEvent::CalledOff(JobId::from_u128(3)),
        BusEvent::Own(Arc::new(OwnNews::Draft {
            channel: CHANNEL,
            thread: None,
            content: "not yet".to_owned(),
            at: Timestamp(5),
        })),
        BusEvent::Own(Arc::new(OwnNews::Plans { are_reminders: true })),
    ];
    events.extend(asides(user).map(|aside| BusEvent::Aside(Arc::new(aside))));
    events
}

/// What stands beside messages and people, of each kind.
fn asides(user: UserId) -> [Aside; 5] {
    [
        Aside::Pin { channel: CHANNEL, message: MessageId::from_u128(9), by: user, pinned: true },
        Aside::Links {
            channel: CHANNEL,
            message: MessageId::from_u128(9),
            links: vec![LinkPreview {
                url: "https://birds.example/".to_owned(),
                title: "Birds".to_owned(),
                description: String::new(),
                site: "birds.example".to_owned(),
            }],
        },
        Aside::Status { user, status: CustomStatus::new("🌴", "away", Some(Timestamp(7))).ok() },
        Aside::Group {
            org: OrgId::from_u128(3),
            id: GroupId::from_u128(8),
            group: Some(GroupFace {
                id: GroupId::from_u128(8),
                handle: "ops".to_owned(),
                name: "Operations".to_owned(),
                description: String::new(),
                members: vec![user],
                created_at: Timestamp(7),
            }),
        },
        Aside::Renamed { channel: CHANNEL, by: byline(user) },
    ]
}
