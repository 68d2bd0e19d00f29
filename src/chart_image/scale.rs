//! The way from values to pixels, with steps of 1, 2 or 5 times a power of ten.

use super::figures;

/// Steps of one axis at most: beyond, they are lines and not help.
const STEPS_MAX: usize = 12;
/// A range narrower than this part of its values is one value: a double holds no more.
const NARROW: f64 = 1e-9;

/// Whether an axis shows zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zero {
    /// Always: lengths are compared.
    Shown,
    /// When it is not far off: positions are compared.
    Near,
}

/// One axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The first step.
    pub(super) low: f64,
    /// The last step.
    pub(super) high: f64,
    /// From one to the next.
    pub(super) step: f64,
}

impl Scale {
    /// An axis over all values with about `wanted` steps; `None` when there is no value.
    pub(super) fn over(values: impl Iterator<Item = f64>, zero: Zero, wanted: f64) -> Option<Self> {
        let (mut low, mut high, mut is_whole) = (f64::INFINITY, f64::NEG_INFINITY, true);
        for value in values {
            low = low.min(value);
            high = high.max(value);
            is_whole &= value.fract() == 0.0;
        }
        if low > high {
            return None;
        }
        let largest = low.abs().max(high.abs());
        if zero == Zero::Shown || high - low <= largest * NARROW {
            (low, high) = (low.min(0.0), high.max(0.0));
        } else if low > 0.0 && low < high / 2.0 {
            low = 0.0;
        } else if high < 0.0 && high > low / 2.0 {
            high = 0.0;
        }
        if low == high {
            high = low + 1.0;
        }
        let mut step = nice((high - low) / wanted.clamp(1.0, 10.0));
        if is_whole {
            step = step.max(1.0);
        }
        Some(Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step })
    }

    /// The values of the steps.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step).round();
        let ticks = (0..=STEPS_MAX).map(|count| (first + count as f64) * self.step);
        // Half a step of tolerance, for what a double loses on the way.
        ticks.take_while(|tick| *tick < self.high + self.step / 2.0).collect()
    }

    /// The steps with their texts.
    pub(super) fn texts(&self) -> Vec<(f64, String)> {
        let ticks = self.ticks();
        let texts = figures::steps(&ticks, self.step);
        ticks.into_iter().zip(texts).collect()
    }

    /// Where a value lies between two pixels.
    pub(super) fn place(&self, value: f64, start: f64, end: f64) -> f64 {
        let part = (value - self.low) / (self.high - self.low);
        start + part.clamp(0.0, 1.0) * (end - start)
    }
}

fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let digits = step / power;
    // A little over each, so that what a double makes of 2 is still 2.
    let digits = match digits {
        _ if digits <= 1.000_001 => 1.0,
        _ if digits <= 2.000_001 => 2.0,
        _ if digits <= 5.000_001 => 5.0,
        _ => 10.0,
    };
    digits * power
}
