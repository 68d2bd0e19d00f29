//! How often a person's typing is told on.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::ChannelId;

/// Typing is said again after this time at the earliest; readers forget it after 5 s.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Channels one person can type in at once; the oldest is forgotten.
const CHANNELS_MAX: usize = 8;

/// When a person was last said to type, by channel.
#[derive(Debug, Default)]
pub(super) struct Debounce {
    said: Vec<(ChannelId, Instant)>,
}

impl Debounce {
    /// Whether this sign is worth telling.
    pub(super) fn passes(&mut self, channel: ChannelId, is_typing: bool, now: Instant) -> bool {
        let known = self.said.iter().position(|(of, _)| *of == channel);
        let said = known.map(|place| self.said.remove(place).1);
        if !is_typing {
            return said.is_some();
        }
        let is_due = said.is_none_or(|at| now.duration_since(at) >= AGAIN_AFTER);
        if self.said.len() == CHANNELS_MAX {
            self.said.remove(0);
        }
        self.said.push((channel, if is_due { now } else { said.unwrap_or(now) }));
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn typing_passes_every_two_seconds_and_stopping_at_once() {
        let start = Instant::now();
        let mut debounce = Debounce::default();
        let channel = ChannelId::from_u128(1);
        // (at ms, types, passes)
        let table = [
            (0, false, false),
            (0, true, true),
            (500, true, false),
            (1_900, true, false),
            (2_000, true, true),
            (2_100, false, true),
            (2_200, false, false),
            (2_300, true, true),
        ];
        for (at, types, passes) in table {
            let now = start + Duration::from_millis(at);
            assert_eq!(debounce.passes(channel, types, now), passes, "at {at} ms");
        }
    }
}
