//! The contract of [`SearchIndex`], line by line.

use std::sync::Arc;

use crate::domain::{
    ChannelId, ConnectionId, Generation, MessageId, OrgId, Seq, Timestamp, UserId,
};
use crate::ports::{
    IndexBatch, IndexChange, IndexPosition, IndexedMessage, MatchPlace, SearchIndex, Sought, Trait,
    Words,
};

const ORG: OrgId = OrgId::from_u128(1);
const BIRDS: ChannelId = ChannelId::from_u128(11);
const TIDES: ChannelId = ChannelId::from_u128(12);
const ADA: UserId = UserId::from_u128(21);
const BEN: UserId = UserId::from_u128(22);
const SHOP: ConnectionId = ConnectionId::from_u128(31);
const LIFE: Generation = Generation(7);

/// A message of Ada's, written in the second of its position.
fn said(seq: u64, words: &str) -> IndexedMessage {
    IndexedMessage {
        seq: Seq(seq),
        message: MessageId::from_u128(u128::from(seq)),
        author: ADA,
        at: Timestamp(seq.cast_signed() * 1_000),
        words: words.to_owned(),
        traits: Vec::new(),
        connection: None,
    }
}

fn added(message: IndexedMessage) -> IndexChange {
    IndexChange::Added(Box::new(message))
}

fn batch(channel: ChannelId, after: u64, up_to: u64, changes: Vec<IndexChange>) -> IndexBatch {
    IndexBatch { channel, generation: LIFE, after: Seq(after), up_to: Seq(up_to), changes }
}

/// Messages at the positions from 1 on.
async fn filled(index: &Arc<dyn SearchIndex>, channel: ChannelId, messages: Vec<IndexedMessage>) {
    let up_to = messages.last().map_or(0, |last| last.seq.0);
    let changes = messages.into_iter().map(added).collect();
    assert_eq!(index.apply(ORG, batch(channel, 0, up_to, changes)).await, Ok(true));
}

async fn then(index: &Arc<dyn SearchIndex>, after: u64, change: IndexChange) {
    assert_eq!(index.apply(ORG, batch(BIRDS, after, after + 1, vec![change])).await, Ok(true));
}

fn words(text: &str) -> Vec<Words> {
    vec![Words { text: text.to_owned(), is_prefix: false }]
}

fn beginning(text: &str) -> Vec<Words> {
    vec![Words { text: text.to_owned(), is_prefix: true }]
}

fn here(words: Vec<Words>) -> Sought {
    Sought { channels: vec![BIRDS], words, ..Sought::default() }
}

/// Ids of what is found, newest first.
async fn ids(index: &Arc<dyn SearchIndex>, sought: &Sought) -> Vec<u128> {
    let found = index.find(ORG, sought, None, 100).await.unwrap();
    found.iter().map(|found| found.message.as_u128()).collect()
}

async fn position(index: &Arc<dyn SearchIndex>) -> Option<IndexPosition> {
    index.positions(ORG, &[BIRDS]).await.unwrap()[0]
}

/// A batch applies whole, and only where the channel stands where the batch goes on.
pub async fn a_batch_applies_only_where_the_channel_stands(index: Arc<dyn SearchIndex>) {
    assert_eq!(position(&index).await, None);
    filled(&index, BIRDS, vec![said(1, "heron"), said(2, "heron")]).await;
    let late = batch(BIRDS, 1, 3, vec![added(said(3, "heron"))]);
    assert_eq!(index.apply(ORG, late).await, Ok(false));
    let again = batch(BIRDS, 0, 2, vec![added(said(1, "heron"))]);
    assert_eq!(index.apply(ORG, again).await, Ok(false));
    assert_eq!(ids(&index, &here(words("heron"))).await, [2, 1]);
    assert_eq!(position(&index).await, Some(IndexPosition { generation: LIFE, seq: Seq(2) }));
    assert_eq!(index.positions(ORG, &[TIDES, BIRDS]).await.unwrap()[0], None);
    assert_eq!(index.indexed(10).await, Ok(vec![(ORG, BIRDS)]));
}

/// A batch from position 0 of another life takes away all that was known of the channel.
pub async fn another_life_of_the_log_begins_anew(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "heron"), said(2, "heron")]).await;
    filled(&index, TIDES, vec![said(5, "heron")]).await;
    let generation = Generation(8);
    let other = batch(BIRDS, 0, 1, vec![added(said(1, "egret"))]);
    assert_eq!(index.apply(ORG, IndexBatch { generation, ..other }).await, Ok(true));
    let everywhere = Sought { channels: vec![BIRDS, TIDES], ..here(words("heron")) };
    assert_eq!(ids(&index, &everywhere).await, [5]);
    assert_eq!(ids(&index, &here(words("egret"))).await, [1]);
    assert_eq!(position(&index).await, Some(IndexPosition { generation, seq: Seq(1) }));
}

/// Words are found without regard to case, accents and punctuation.
pub async fn words_are_found_whatever_their_case_and_accents(index: Arc<dyn SearchIndex>) {
    let messages = vec![said(1, "Das Café öffnet, SPÄT!"), said(2, "cafeteria"), said(3, "Привет")];
    filled(&index, BIRDS, messages).await;
    for text in ["cafe", "CAFÉ", "cafe\u{301}", "offnet", "spat."] {
        assert_eq!(ids(&index, &here(words(text))).await, [1], "{text}");
    }
    assert_eq!(ids(&index, &here(words("привет"))).await, [3]);
    assert_eq!(ids(&index, &here(words("caf"))).await, Vec::<u128>::new(), "not a whole word");
}

/// Words of one phrase stand together; all phrases are needed, and none of those to be without.
pub async fn phrases_stand_together_and_all_are_needed(index: Arc<dyn SearchIndex>) {
    let messages = vec![
        said(1, "the late order arrived"),
        said(2, "order it late, then pay"),
        said(3, "late order, no payment"),
    ];
    filled(&index, BIRDS, messages).await;
    assert_eq!(ids(&index, &here(words("late order"))).await, [3, 1]);
    assert_eq!(ids(&index, &here([words("order"), words("late")].concat())).await, [3, 2, 1]);
    let paid = here([words("late order"), beginning("pay")].concat());
    assert_eq!(ids(&index, &paid).await, [3]);
    let without = Sought { without_words: words("late order"), ..here(words("late")) };
    assert_eq!(ids(&index, &without).await, [2]);
}

/// The last word of a beginning may go on.
pub async fn a_beginning_finds_all_that_begin_with_it(index: Arc<dyn SearchIndex>) {
    let messages =
        vec![said(1, "we deploy"), said(2, "Deployment of tides"), said(3, "deplore it")];
    filled(&index, BIRDS, messages).await;
    assert_eq!(ids(&index, &here(beginning("deploy"))).await, [2, 1]);
    assert_eq!(ids(&index, &here(beginning("de"))).await, [3, 2, 1]);
    assert_eq!(ids(&index, &here(beginning("deployment of ti"))).await, [2]);
}

/// An edit replaces the words and what they had; a removal takes all away.
pub async fn an_edit_replaces_and_a_removal_takes_away(index: Arc<dyn SearchIndex>) {
    let linked =
        IndexedMessage { traits: vec![Trait::Link, Trait::Thread], ..said(1, "old heron") };
    filled(&index, BIRDS, vec![linked, said(2, "another heron")]).await;
    let target = Seq(1);
    let reworded =
        IndexChange::Reworded { target, words: "new egret".to_owned(), traits: vec![Trait::Code] };
    then(&index, 2, reworded).await;
    assert_eq!(ids(&index, &here(words("heron"))).await, [2]);
    assert_eq!(ids(&index, &here(words("egret"))).await, [1]);
    let with = |named| Sought { traits: vec![named], ..here(Vec::new()) };
    assert_eq!(ids(&index, &with(Trait::Link)).await, Vec::<u128>::new());
    assert_eq!(ids(&index, &with(Trait::Code)).await, [1]);
    assert_eq!(ids(&index, &with(Trait::Thread)).await, [1]);
    then(&index, 3, IndexChange::Removed { target }).await;
    assert_eq!(ids(&index, &here(words("egret"))).await, Vec::<u128>::new());
    then(&index, 4, IndexChange::Removed { target }).await;
    let back = IndexChange::Reworded { target, words: "egret".to_owned(), traits: Vec::new() };
    then(&index, 5, back).await;
    assert_eq!(ids(&index, &here(words("egret"))).await, Vec::<u128>::new(), "it stays gone");
}

/// A message has a reaction as long as one is left.
pub async fn a_reaction_counts_until_the_last_is_taken_away(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "heron"), said(2, "heron")]).await;
    let reacted = |added| IndexChange::Reacted { target: Seq(1), added };
    let with = Sought { traits: vec![Trait::Reaction], ..here(words("heron")) };
    let without = Sought { without_traits: vec![Trait::Reaction], ..here(words("heron")) };
    then(&index, 2, reacted(true)).await;
    then(&index, 3, reacted(true)).await;
    then(&index, 4, reacted(false)).await;
    assert_eq!(ids(&index, &with).await, [1]);
    assert_eq!(ids(&index, &without).await, [2]);
    then(&index, 5, reacted(false)).await;
    assert_eq!(ids(&index, &with).await, Vec::<u128>::new());
}

/// Authors, traits and times narrow what is found, with words and without.
pub async fn filters_narrow_what_is_found(index: Arc<dyn SearchIndex>) {
    let messages = vec![
        said(1, "heron"),
        IndexedMessage { author: BEN, ..said(2, "heron") },
        IndexedMessage { traits: vec![Trait::File], ..said(3, "") },
        IndexedMessage { author: BEN, traits: vec![Trait::File], ..said(4, "heron egret") },
    ];
    filled(&index, BIRDS, messages).await;
    let by_ben = Sought { authors: vec![BEN], ..here(Vec::new()) };
    assert_eq!(ids(&index, &by_ben).await, [4, 2]);
    let by_both = Sought { authors: vec![BEN, ADA], ..here(words("heron")) };
    assert_eq!(ids(&index, &by_both).await, [4, 2, 1]);
    let by_nobody_known = Sought { authors: vec![UserId::from_u128(99)], ..here(words("heron")) };
    assert_eq!(ids(&index, &by_nobody_known).await, Vec::<u128>::new());
    let not_ben = Sought { without_authors: vec![BEN], ..here(Vec::new()) };
    assert_eq!(ids(&index, &not_ben).await, [3, 1]);
    let files = Sought { traits: vec![Trait::File], ..here(Vec::new()) };
    assert_eq!(ids(&index, &files).await, [4, 3]);
    let no_files = Sought { without_traits: vec![Trait::File], ..here(words("heron")) };
    assert_eq!(ids(&index, &no_files).await, [2, 1]);
    let (since, until) = (Some(Timestamp(2_000)), Some(Timestamp(4_000)));
    assert_eq!(ids(&index, &Sought { since, until, ..here(Vec::new()) }).await, [3, 2]);
    assert_eq!(ids(&index, &Sought { until, ..here(words("heron")) }).await, [2, 1]);
}

/// Nothing outside the channels asked for is found or counted, nothing of another organization, and
/// channels that are not known find nothing.
pub async fn nothing_outside_the_channels_asked_for_is_found(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "heron"), said(3, "heron")]).await;
    filled(&index, TIDES, vec![said(2, "heron")]).await;
    let of =
        |channels: &[ChannelId]| Sought { channels: channels.to_vec(), ..here(words("heron")) };
    assert_eq!(ids(&index, &of(&[BIRDS])).await, [3, 1]);
    assert_eq!(ids(&index, &of(&[TIDES])).await, [2]);
    assert_eq!(ids(&index, &of(&[BIRDS, TIDES])).await, [3, 2, 1]);
    assert_eq!(ids(&index, &of(&[])).await, Vec::<u128>::new());
    assert_eq!(ids(&index, &of(&[ChannelId::from_u128(99)])).await, Vec::<u128>::new());
    assert_eq!(index.count(ORG, &of(&[TIDES]), 10).await, Ok(1));
    assert_eq!(index.count(ORG, &of(&[]), 10).await, Ok(0));
    let elsewhere = OrgId::from_u128(2);
    assert_eq!(index.find(elsewhere, &of(&[BIRDS]), None, 10).await, Ok(Vec::new()));
    assert_eq!(index.count(elsewhere, &of(&[BIRDS]), 10).await, Ok(0));
}

/// An answer over data that is not open is not found, counted or narrowed to.
pub async fn answers_over_data_that_is_not_open_are_not_found(index: Arc<dyn SearchIndex>) {
    let answer = IndexedMessage {
        traits: vec![Trait::Answer],
        connection: Some(SHOP),
        ..said(2, "heron sales")
    };
    let topic = IndexedMessage { traits: vec![Trait::Answer], ..said(3, "heron help") };
    filled(&index, BIRDS, vec![said(1, "heron"), answer, topic]).await;
    assert_eq!(index.connections(ORG).await, Ok(vec![SHOP]));
    let closed = here(words("heron"));
    assert_eq!(ids(&index, &closed).await, [3, 1]);
    assert_eq!(index.count(ORG, &closed, 10).await, Ok(2));
    let open = Sought { connections: vec![SHOP, ConnectionId::from_u128(99)], ..closed };
    assert_eq!(ids(&index, &open).await, [3, 2, 1]);
    let answers = Sought { traits: vec![Trait::Answer], ..here(Vec::new()) };
    assert_eq!(ids(&index, &answers).await, [3]);
}

/// Matches come newest first, in an order that pages can be cut from, also those of one moment.
pub async fn pages_go_through_all_matches_in_one_order(index: Arc<dyn SearchIndex>) {
    let moment = |seq| IndexedMessage { at: Timestamp(5_000), ..said(seq, "heron") };
    let mut messages: Vec<_> = (1..=60).map(moment).collect();
    messages.push(said(61, "heron"));
    filled(&index, BIRDS, messages).await;
    let sought = here(words("heron"));
    let (mut seen, mut below): (Vec<u128>, Option<MatchPlace>) = (Vec::new(), None);
    loop {
        let page = index.find(ORG, &sought, below, 7).await.unwrap();
        let Some(last) = page.last() else { break };
        below = Some(last.place);
        seen.extend(page.iter().map(|found| found.message.as_u128()));
    }
    assert_eq!(seen[0], 61);
    seen.sort_unstable();
    assert_eq!(seen, (1..=61).collect::<Vec<_>>());
    assert_eq!(index.count(ORG, &sought, 20).await, Ok(20), "counts no further than asked");
    assert_eq!(index.count(ORG, &sought, 100).await, Ok(61));
}

/// A match says where, when and with which words.
pub async fn a_match_tells_what_is_needed_to_rank_it(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "Grey heron")]).await;
    let found = index.find(ORG, &here(words("heron")), None, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].channel, found[0].at), (BIRDS, Timestamp(1_000)));
    assert_eq!(found[0].words, "Grey heron");
}

/// Uses of words are counted over the organization, up to a limit.
pub async fn frequencies_count_messages_that_hold_words(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "grey heron"), said(2, "grey, grey egret")]).await;
    filled(&index, TIDES, vec![said(3, "grey sea")]).await;
    let asked = [words("grey"), words("heron"), words("none"), beginning("gr")].concat();
    let counted = index.frequencies(ORG, &asked, 2).await.unwrap();
    assert_eq!((counted.of, counted.messages), (vec![2, 1, 0, 2], 2));
}

/// No text is an error: what looks like syntax is text.
pub async fn no_text_is_an_error(index: Arc<dyn SearchIndex>) {
    filled(&index, BIRDS, vec![said(1, "near and or not heron"), said(2, "user_id 100%")]).await;
    let hostile = [
        "\"",
        "\"\"",
        "'",
        "*",
        "**",
        "^heron",
        "heron*",
        "AND",
        "NOT heron",
        "NEAR(a b, 2)",
        "words : x",
        "{words facts} : x",
        "a OR",
        "(",
        "))",
        "-",
        "+",
        "col:x",
        "\\",
        "%",
        "_",
        ";",
        "--",
        "/*",
        "\u{0}",
        "\u{fffd}",
        "🎉",
        "; DROP TABLE documents",
        "xxm",
        "xxc1",
    ];
    for text in hostile {
        for is_prefix in [false, true] {
            let sought = here(vec![Words { text: text.to_owned(), is_prefix }]);
            assert!(index.find(ORG, &sought, None, 10).await.is_ok(), "{text}");
            let without = Sought { without_words: sought.words.clone(), ..here(words("heron")) };
            assert!(index.find(ORG, &without, None, 10).await.is_ok(), "without {text}");
            assert!(index.frequencies(ORG, &sought.words, 10).await.is_ok(), "{text}");
        }
    }
    assert_eq!(ids(&index, &here(words("user_id"))).await, [2]);
    assert_eq!(
        ids(&index, &here(words("xxm"))).await,
        Vec::<u128>::new(),
        "its own marks are no words"
    );
}
