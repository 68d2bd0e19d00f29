use std::sync::Barrier;

use super::state::GRACE;
use super::*;

const ANN: UserId = UserId::from_u128(1);
/// Meetings of a tick and a socket: enough for them to overlap in every way.
const ROUNDS: usize = 5_000;

#[test]
fn who_comes_at_the_very_end_of_the_grace_is_shown_as_here() {
    let board = Board::default();
    let meeting = Barrier::new(2);
    let mut lost = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                meeting.wait();
                board.tick(Instant::now() + GRACE);
                meeting.wait();
            }
        });
        for _ in 0..ROUNDS {
            board.came(ANN);
            board.gone(ANN);
            meeting.wait();
            board.came(ANN);
            meeting.wait();
            lost += usize::from(board.presence(ANN) != Presence::Online);
        }
    });
    assert_eq!(lost, 0, "of {ROUNDS}");
}

#[test]
fn a_word_without_a_socket_begins_no_grace_for_someone_who_has_one() {
    let board = Board::default();
    board.came(ANN);
    board.visit(ANN, Presence::Away);
    board.tick(Instant::now() + GRACE);
    assert_eq!(board.presence(ANN), Presence::Away);

    board.gone(ANN);
    board.visit(ANN, Presence::DoNotDisturb);
    board.tick(Instant::now() + GRACE);
    assert_eq!(board.presence(ANN), Presence::Offline);
}

/// Boards of two nodes that hear each other, without their actors.
fn pair() -> (Board, Board) {
    (Board::default(), Board::default())
}

/// What is new on one board, said to another.
fn say(from: &Board, to: &Board) {
    to.hear(from.me, &from.news(), true);
}

#[test]
fn who_is_on_another_node_is_here_until_that_node_says_otherwise_or_nothing_more() {
    let (one, two) = pair();
    one.came(ANN);
    say(&one, &two);
    assert_eq!(two.presence(ANN), Presence::Online);
    assert_eq!(two.tick(Instant::now()), [ANN], "people of that node are told");

    one.gone(ANN);
    one.tick(Instant::now() + GRACE);
    say(&one, &two);
    assert_eq!(two.presence(ANN), Presence::Offline);

    two.hear(one.me, &[(ANN, Presence::Away)], false);
    two.tick(Instant::now());
    two.expire(Instant::now() + elsewhere::WORD);
    assert_eq!(two.presence(ANN), Presence::Offline, "its node died");
    assert_eq!(two.tick(Instant::now()), [ANN]);
}

#[test]
fn who_is_on_two_nodes_is_on_both_as_they_chose_on_one_and_stays_while_on_one() {
    let (one, two) = pair();
    one.came(ANN);
    one.show(ANN, Presence::DoNotDisturb);
    say(&one, &two);
    two.came(ANN);
    assert_eq!(two.presence(ANN), Presence::DoNotDisturb, "busy stays busy");
    say(&two, &one);
    two.show(ANN, Presence::Away);
    say(&two, &one);
    assert_eq!(one.presence(ANN), Presence::Away);
    assert!(one.news().is_empty(), "what was taken over is no news");

    one.gone(ANN);
    one.tick(Instant::now() + GRACE);
    assert_eq!(one.presence(ANN), Presence::Away, "the other node has them");
}

#[test]
fn a_board_does_not_hear_itself() {
    let board = Board::default();
    board.hear(board.me, &[(ANN, Presence::Online)], true);
    assert_eq!(board.presence(ANN), Presence::Offline);
}
