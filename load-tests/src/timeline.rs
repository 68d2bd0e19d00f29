//! When each channel acknowledged something, and for how long it did not.

use std::sync::Mutex;

use crate::board::locked;
use crate::clock;

/// The moments of all receipts, by channel.
pub(crate) struct Timeline(Vec<Mutex<Vec<u64>>>);

impl Timeline {
    pub(crate) fn new(channels: usize) -> Self {
        Self((0..channels).map(|_| Mutex::default()).collect())
    }

    /// A message of this channel was acknowledged now.
    pub(crate) fn acknowledged(&self, channel: usize) {
        let mut moments = locked(&self.0[channel]);
        // Inside the lock, so that moments are in order.
        moments.push(clock::nanos());
    }

    /// The longest time without a receipt between two moments (nanoseconds), over all channels. Authors
    /// try all the while, so it is the time for which a channel did not take anything.
    pub(crate) fn silence(&self, from: u64, to: u64) -> f64 {
        let longest = self.0.iter().map(|moments| silence(&locked(moments), from, to)).max();
        longest.unwrap_or(0) as f64 / 1e9
    }

    /// Whether every channel acknowledged something since a moment.
    pub(crate) fn all_since(&self, moment: u64) -> bool {
        self.0.iter().all(|moments| locked(moments).last().is_some_and(|last| *last > moment))
    }
}

fn silence(moments: &[u64], from: u64, to: u64) -> u64 {
    let first = moments.partition_point(|moment| *moment < from);
    let mut before = from;
    let mut longest = 0;
    for moment in moments[first..].iter().copied().take_while(|moment| *moment < to).chain([to]) {
        longest = longest.max(moment.saturating_sub(before));
        before = moment;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_counts_from_the_beginning_to_the_end_of_the_span_only() {
        let moments = [10, 20, 50, 60];
        assert_eq!(silence(&moments, 15, 55), 30);
        assert_eq!(silence(&moments, 25, 45), 20, "nothing came in the span");
        assert_eq!(silence(&moments, 55, 100), 40, "nothing came at its end");
        assert_eq!(silence(&[], 5, 9), 4);
    }
}
