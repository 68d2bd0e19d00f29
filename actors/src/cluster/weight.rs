//! Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates",
//! 1998): each node has a weight for each key, and the heaviest node has the key. A node that comes
//! takes its share from all others alike, and what a node had that goes is spread over all others;
//! nothing else moves.
//!
//! **Invariant:** a weight depends on the two numbers alone. It is part of what nodes of different
//! versions must agree upon, so it never changes.

use crate::domain::NodeId;
use crate::ports::Member;

/// The odd number by which SplitMix64 steps: 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// How heavy a node is for a key: the four halves of the two numbers, each stirred into what the ones
/// before it became.
pub(crate) fn weight(key: u128, node: NodeId) -> u64 {
    halves(key).into_iter().chain(halves(node.as_u128())).fold(0, stir)
}

/// The member that has a key. Equal weights go to the lower id.
pub(super) fn heaviest(key: u128, members: &[Member]) -> Option<&Member> {
    members.iter().max_by_key(|member| (weight(key, member.id), std::cmp::Reverse(member.id)))
}

fn halves(number: u128) -> [u64; 2] {
    let low = u128::from(u64::MAX);
    [number >> 64, number & low].map(|half| u64::try_from(half).unwrap_or_default())
}

/// One step of SplitMix64 with its output function (Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", 2014): each bit of the input changes half of the bits of the output.
fn stir(so_far: u64, half: u64) -> u64 {
    let mut mixed = (so_far ^ half).wrapping_add(STEP);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Channels looked at: with this many, a share is off by chance by 2 % at most.
    const CHANNELS: usize = 10_000;

    fn members(ids: &[u128]) -> Vec<Member> {
        let member = |id: &u128| Member { id: NodeId::from_u128(*id), address: String::new() };
        ids.iter().map(member).collect()
    }

    /// Ids as they are: near each other in time, random at the end, or plain numbers.
    fn keys() -> impl Iterator<Item = u128> {
        (0..CHANNELS as u128).map(|number| crate::domain::uuid_v7(1_700_000_000_000, number << 7))
    }

    fn owner(key: u128, members: &[Member]) -> NodeId {
        heaviest(key, members).unwrap().id
    }

    #[test]
    fn weights_are_what_they_have_always_been() {
        let found = [(0, 0), (1, 2), (2, 1), (u128::MAX, 7)]
            .map(|(key, node)| weight(key, NodeId::from_u128(node)));
        assert_eq!(found, PINNED);
    }

    #[test]
    fn nobody_owns_anything_where_nobody_is() {
        assert_eq!(heaviest(1, &[]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn every_node_has_about_the_same_share(
            ids in proptest::collection::hash_set(any::<u128>(), 2..=8)
        ) {
            let members = members(&ids.into_iter().collect::<Vec<_>>());
            let fair = CHANNELS / members.len();
            for member in &members {
                let share = keys().filter(|key| owner(*key, &members) == member.id).count();
                prop_assert!(share.abs_diff(fair) * 100 <= fair * 15, "{share} of {fair}");
            }
        }

        #[test]
        fn only_what_a_newcomer_takes_moves(
            ids in proptest::collection::hash_set(any::<u128>(), 2..=8)
        ) {
            let ids: Vec<_> = ids.into_iter().collect();
            let (before, after) = (members(&ids[1..]), members(&ids));
            for key in keys() {
                let (from, to) = (owner(key, &before), owner(key, &after));
                prop_assert!(from == to || to == after[0].id, "moved between nodes that stayed");
            }
        }

        #[test]
        fn the_order_of_a_view_does_not_matter(
            ids in proptest::collection::hash_set(any::<u128>(), 2..=8),
            key in any::<u128>(),
        ) {
            let mut members = members(&ids.into_iter().collect::<Vec<_>>());
            let one = owner(key, &members);
            members.reverse();
            prop_assert_eq!(one, owner(key, &members));
        }
    }

    /// Seen once; a difference would move every channel of every cluster at its next update.
    const PINNED: [u64; 4] = [
        2_391_539_541_053_276_776,
        13_752_686_981_196_726_545,
        3_566_030_246_231_908_003,
        15_436_757_293_139_647_523,
    ];
}
