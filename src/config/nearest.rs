//! The setting that someone may have meant.

/// Most letters that may differ: with more, the guess would only confuse.
const DISTANCE_MAX: usize = 3;

/// The key that is most like `wanted`; one with the same name in another section is very like it.
pub(super) fn nearest<'a>(wanted: &str, keys: &'a [String]) -> Option<&'a str> {
    let name_of = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let far = |key: &str| {
        let is_same_name = name_of(key) == name_of(wanted);
        if is_same_name { 1 } else { distance(wanted, key) }
    };
    let found = keys.iter().min_by_key(|key| far(key))?;
    (far(found) <= DISTANCE_MAX).then_some(found)
}

/// Letters to add, remove or change to make one text of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, its) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *its);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let keys = ["server.listen", "data.dir", "limits.frame_bytes"].map(str::to_owned);
        assert_eq!(nearest("server.lisen", &keys), Some("server.listen"));
        assert_eq!(nearest("net.listen", &keys), Some("server.listen"));
        assert_eq!(nearest("listen", &keys), Some("server.listen"));
        assert_eq!(nearest("something.else", &keys), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
