//! Numbers as people read them: 1,840, 12.3k, 3.4M.

/// From here on a number is written with an exponent: there are no words for it.
const NAMED_MAX: f64 = 1e15;
/// Below this a number is written with an exponent: it would be zeros.
const NAMED_MIN: f64 = 1e-4;
/// Numbers below this are written in full on a mark.
const WHOLE_MAX: f64 = 10_000.0;
/// Three figures of a number that is this near to the next unit are that unit.
const ROUNDED_UP: f64 = 1.0005;

/// Thousands and their like, largest first.
const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];

/// A value beside its mark: at most four or five figures.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if !(NAMED_MIN..NAMED_MAX).contains(&size) {
        exponent(value, 2)
    } else if size < WHOLE_MAX {
        let decimals = match size {
            _ if size < 0.01 => 6,
            _ if size < 1.0 => 3,
            _ if size < 1000.0 => 2,
            _ => 0,
        };
        trimmed(value, decimals)
    } else {
        // 999,999 is 1M and not 1000k.
        let (unit, name) = unit_of(size * ROUNDED_UP);
        let shown = value / unit;
        let decimals = match shown.abs() {
            shown if shown < 10.0 => 2,
            shown if shown < 100.0 => 1,
            _ => 0,
        };
        trimmed(shown, decimals) + name
    }
}

/// A value with two decimals, where two decimals say something.
pub(super) fn to_hundredths(value: f64) -> String {
    if (1.0..NAMED_MAX).contains(&value.abs()) { trimmed(value, 2) } else { short(value) }
}

fn unit_of(size: f64) -> (f64, &'static str) {
    UNITS.into_iter().find(|(unit, _)| size >= *unit).unwrap_or((1.0, ""))
}

/// The steps of an axis, each with the unit that makes it shortest: 500, 1k, 1.5k.
pub(super) fn steps(ticks: &[f64], step: f64) -> Vec<String> {
    /// Steps that need more decimals are written without a unit.
    const DECIMALS_MAX: usize = 2;
    let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
    let is_named = largest < NAMED_MAX && step >= NAMED_MIN;
    let has_unit = decimals(step / unit_of(largest).0) <= DECIMALS_MAX;
    let text = |tick: &f64| {
        // What a double leaves of zero is far below a step.
        if tick.abs() < step / 2.0 {
            "0".to_owned()
        } else if !is_named {
            exponent(*tick, 2)
        } else if has_unit {
            let (unit, name) = unit_of(tick.abs() * ROUNDED_UP);
            trimmed(tick / unit, decimals(step / unit)) + name
        } else {
            grouped(*tick, decimals(step))
        }
    };
    ticks.iter().map(text).collect()
}

/// Decimals that a step of 1, 2 or 5 times a power of ten needs.
fn decimals(step: f64) -> usize {
    const DECIMALS_MAX: usize = 6;
    let mut whole = step;
    (0..DECIMALS_MAX)
        .find(|_| {
            let is_enough = whole > 0.999;
            whole *= 10.0;
            is_enough
        })
        .unwrap_or(DECIMALS_MAX)
}

fn exponent(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    };
    format!("{digits}e{power}").replace('-', "−")
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = grouped(value, decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    digits_grouped(&format!("{value:.decimals$}"))
}

/// Digits as an engine gave them, with their thousands apart.
pub(super) fn digits_grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return text.to_owned();
    }
    let is_zero = whole.bytes().chain(fraction.bytes()).all(|byte| byte == b'0');
    let mut out = if is_zero { String::new() } else { sign.to_owned() };
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
