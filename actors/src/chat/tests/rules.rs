//! Who may make, see, enter and change channels.

use std::sync::Arc;

use parking_lot::Mutex;

use super::world::{HOME, World, caller, code, guest, named, words};
use crate::chat::{ChannelDraft, ChannelEdit, ReadTo};
use crate::domain::{ChannelKind, ChannelRole, NotificationLevel, Seq};
use crate::memory::FaultPlan;
use crate::ports::{Bus, BusEvent, BusSink, DirectoryError, Topic};

#[tokio::test]
async fn a_channel_needs_a_name_that_nobody_has() {
    let world = World::new().await;
    let ada = caller(HOME, 1);
    let long = "x".repeat(81);
    let cases = [
        (ChannelKind::Public, "birds", "ok"),
        (ChannelKind::Public, "BIRDS", "name_taken"),
        (ChannelKind::Private, "birds", "name_taken"),
        (ChannelKind::Public, "  ", "validation_failed"),
        (ChannelKind::Public, "a\nb", "validation_failed"),
        (ChannelKind::Public, &long, "validation_failed"),
        (ChannelKind::Group, "", "ok"),
        (ChannelKind::Direct, "", "validation_failed"),
    ];
    for (kind, name, expected) in cases {
        let outcome = world.chat.create_channel(&ada, named(kind, name)).await;
        assert_eq!(code(outcome), expected, "{kind:?} {name:?}");
    }
}

#[tokio::test]
async fn a_pair_has_one_direct_conversation() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let with = |user| ChannelDraft { members: vec![user], ..named(ChannelKind::Direct, "") };

    let (first, is_new) = world.chat.create_channel(&ada, with(bob.user())).await.expect("made");
    let (again, is_new_again) =
        world.chat.create_channel(&bob, with(ada.user())).await.expect("found");

    assert_eq!((is_new, is_new_again), (true, false));
    assert_eq!(first.standing.channel.id, again.standing.channel.id);
    assert_eq!(code(world.chat.leave(&bob, first.standing.channel.id).await), "fixed_members");
}

#[tokio::test]
async fn a_private_channel_is_not_there_for_outsiders() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Private, "secret").await;

    assert_eq!(code(world.chat.get_channel(&bob, id).await), "not_found");
    assert_eq!(code(world.chat.join(&bob, id).await), "not_found");
    assert_eq!(code(world.chat.leave(&bob, id).await), "not_found");
    let (list, _) = world.chat.list_channels(&bob, None, 10).await.expect("lists");
    assert!(list.is_empty());
}

#[tokio::test]
async fn an_open_channel_is_listed_and_can_be_entered_and_left() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;

    let (list, _) = world.chat.list_channels(&bob, None, 10).await.expect("lists");
    assert!(list[0].standing.membership.is_none());
    let membership = world.chat.join(&bob, id).await.expect("joins");
    assert_eq!((membership.role, membership.last_read_seq), (ChannelRole::Member, Seq(1)));
    assert_eq!(world.chat.join(&bob, id).await.expect("is in"), membership);
    world.chat.leave(&bob, id).await.expect("leaves");
    assert_eq!(world.chat.members(&ada, id, None, 10).await.expect("lists").0.len(), 1);
    assert_eq!(code(world.chat.leave(&ada, id).await), "owner_stays");
}

/// The channels to which someone was added.
#[derive(Default)]
struct Added(Mutex<Vec<(crate::domain::ChannelId, u32)>>);

impl BusSink for Added {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::Added(channel) = event {
            self.0.lock().push((channel.id, channel.member_count));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whose_joining_may_be_in_the_log_stays_in_and_is_told() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    // Somebody writes the channel already: what fails is the append.
    world.post(&ada, id, words("hello")).await.expect("is stored");
    let added = Arc::<Added>::default();
    let _hearing = world.bus.subscribe(Topic::User(bob.user()), Arc::clone(&added) as _);

    world.writes.set_plan(FaultPlan { unknown_lost: 100, ..FaultPlan::default() });
    let joined = world.chat.join(&bob, id).await.expect("is in");

    assert_eq!(joined.role, ChannelRole::Member);
    assert_eq!(*added.0.lock(), [(id, 2)]);
    assert_eq!(world.chat.members(&ada, id, None, 10).await.expect("lists").0.len(), 2);
}

#[tokio::test]
async fn whose_joining_is_surely_not_in_the_log_is_not_in() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;

    world.writes.set_plan(FaultPlan { refuse: 100, ..FaultPlan::default() });
    assert_eq!(code(world.chat.join(&bob, id).await), "unavailable");

    assert_eq!(world.chat.members(&ada, id, None, 10).await.expect("lists").0.len(), 1);
}

#[test]
fn an_open_outcome_of_the_directory_is_told_as_open() {
    let told = crate::chat::ChatError::from(DirectoryError::Unknown);
    assert_eq!((told.code(), told.is_retryable()), ("outcome_unknown", true));
}

#[tokio::test]
async fn guests_see_the_default_channel_and_open_none() {
    let world = World::new().await;
    let (ada, gus) = (caller(HOME, 1), guest(9));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    world.chat.welcome(&ada).await.expect("is welcome");
    let place = world.chat.welcome(&gus).await.expect("is welcome");

    assert_eq!(place.role, ChannelRole::Guest);
    assert_eq!(code(world.chat.get_channel(&gus, id).await), "not_found");
    let draft = named(ChannelKind::Public, "guests");
    assert_eq!(code(world.chat.create_channel(&gus, draft).await), "forbidden");
    let (list, _) = world.chat.list_channels(&gus, None, 10).await.expect("lists");
    assert_eq!(list.len(), 1);
    let closed = ChannelEdit { is_private: Some(true), ..ChannelEdit::default() };
    let outcome = world.chat.change_channel(&ada, place.channel, closed).await;
    assert_eq!(code(outcome), "default_channel");
}

#[tokio::test]
async fn nobody_gives_a_role_above_their_own() {
    let world = World::new().await;
    let people: Vec<_> = (1..=5).map(|number| caller(HOME, number)).collect();
    let [owner, admin, member, other, late] = &people[..] else { panic!("five people") };
    let id = world.channel(owner, ChannelKind::Public, "birds").await;
    for (user, role) in
        [(admin, ChannelRole::Admin), (member, ChannelRole::Member), (other, ChannelRole::Admin)]
    {
        let added = world.chat.add_member(owner, id, user.user(), Some(role)).await;
        assert_eq!(code(added), "ok");
    }
    let cases = [
        (member, other, ChannelRole::Member, "forbidden"),
        (member, member, ChannelRole::Admin, "forbidden"),
        (admin, other, ChannelRole::Member, "forbidden"),
        (admin, owner, ChannelRole::Member, "owner_stays"),
        (admin, member, ChannelRole::Owner, "forbidden"),
        (admin, member, ChannelRole::Admin, "ok"),
        (owner, owner, ChannelRole::Member, "owner_stays"),
        (owner, other, ChannelRole::Owner, "ok"),
        (owner, admin, ChannelRole::Member, "forbidden"),
    ];
    for (who, whom, role, expected) in cases {
        let outcome = world.chat.change_member(who, id, whom.user(), Some(role), None).await;
        assert_eq!(code(outcome), expected, "{who:?} makes {whom:?} {role:?}");
    }
    let above = world.chat.add_member(admin, id, late.user(), Some(ChannelRole::Owner)).await;
    assert_eq!(code(above), "forbidden");
    assert_eq!(code(world.chat.remove_member(owner, id, other.user()).await), "owner_stays");
    let level = Some(NotificationLevel::None);
    let outcome = world.chat.change_member(owner, id, member.user(), None, level).await;
    assert_eq!(code(outcome), "forbidden");
}

#[tokio::test]
async fn nobody_has_read_what_is_not_there_yet() {
    let world = World::new().await;
    let (ada, bob) = (caller(HOME, 1), caller(HOME, 2));
    let id = world.channel(&ada, ChannelKind::Public, "birds").await;
    world.chat.join(&bob, id).await.expect("joins");

    let place = world.chat.mark_read(&bob, id, ReadTo::Seq(Seq(900))).await.expect("reads");

    assert_eq!(place.last_read_seq, Seq(1));
}
