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
