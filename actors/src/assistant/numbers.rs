//! Numbers as people write them: digits, words, ordinals, thousands.

/// What a word counts, if it is a number.
pub(super) fn number(word: &str) -> Option<f64> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return digits(word);
    }
    let value = match word {
        "zero" => 0.0,
        "one" => 1.0,
        "two" | "twice" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "eleven" => 11.0,
        "twelve" | "dozen" => 12.0,
        "fifteen" => 15.0,
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" => 40.0,
        "fifty" => 50.0,
        "sixty" => 60.0,
        "seventy" => 70.0,
        "eighty" => 80.0,
        "ninety" => 90.0,
        "hundred" => 100.0,
        "thousand" => 1_000.0,
        "million" => 1_000_000.0,
        _ => return None,
    };
    Some(value)
}

/// `12`, `1,000`, `2.5`, `5k`, `3m`.
fn digits(word: &str) -> Option<f64> {
    let (body, factor) = match word.chars().last()? {
        'k' => (&word[..word.len() - 1], 1_000.0),
        'm' => (&word[..word.len() - 1], 1_000_000.0),
        _ => (word, 1.0),
    };
    let is_grouped = body.contains(',') && body.split(',').skip(1).all(|part| part.len() >= 3);
    let plain = if is_grouped { body.replace(',', "") } else { body.replace(',', ".") };
    plain.parse::<f64>().ok().map(|value| value * factor)
}

/// The place that an ordinal names: `first`, `2nd`.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    let value = match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        _ => {
            let end = word.find(|c: char| !c.is_ascii_digit())?;
            let suffix = &word[end..];
            if end == 0 || !matches!(suffix, "st" | "nd" | "rd" | "th") {
                return None;
            }
            return word[..end].parse().ok();
        }
    };
    Some(value)
}

/// Whether a text is a day in ISO 8601.
pub(super) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
