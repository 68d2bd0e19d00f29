//! What the forms of a word have in common.
//!
//! A stem is compared with stems only and never shown, so it needs to be the same for the forms of a
//! word, not to be a word itself: `price`, `prices`, `priced` are `pric`.

/// Words whose forms do not look alike, with the word that they are forms of.
const IRREGULAR: &[(&str, &str)] = &[
    ("bought", "buy"),
    ("brought", "bring"),
    ("children", "child"),
    ("countries", "country"),
    ("earnt", "earn"),
    ("gave", "give"),
    ("got", "get"),
    ("had", "have"),
    ("has", "have"),
    ("held", "hold"),
    ("indices", "index"),
    ("kept", "keep"),
    ("left", "leave"),
    ("lent", "lend"),
    ("made", "make"),
    ("men", "man"),
    ("movies", "movie"),
    ("paid", "pay"),
    ("people", "person"),
    ("sang", "sing"),
    ("saw", "see"),
    ("seen", "see"),
    ("sold", "sell"),
    ("spent", "spend"),
    ("taken", "take"),
    ("took", "take"),
    ("went", "go"),
    ("women", "woman"),
    ("written", "write"),
    ("wrote", "write"),
];

/// The stem of a word in small letters.
pub(super) fn stem(word: &str) -> String {
    let known = IRREGULAR.iter().find(|(form, _)| *form == word);
    let word = known.map_or(word, |(_, base)| base);
    if word.len() < 4 || !word.is_ascii() || word.contains(|c: char| !c.is_ascii_alphabetic()) {
        return word.to_owned();
    }
    let single = singular(word);
    let base = participle(&single).unwrap_or(single);
    close(&base)
}

fn singular(word: &str) -> String {
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() >= 2) {
        return format!("{base}y");
    }
    let hissing = ["sses", "shes", "ches", "xes", "zes"];
    if hissing.iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    let keeps = ["ss", "us", "is"];
    if word.ends_with('s') && !keeps.iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 1].to_owned();
    }
    word.to_owned()
}

/// What is left of `hired` and `selling`, if that can be a word.
fn participle(word: &str) -> Option<String> {
    let base = word.strip_suffix("ed").or_else(|| word.strip_suffix("ing"))?;
    let has_vowel = base.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if base.len() < 3 || !has_vowel || word.ends_with("eed") {
        return None;
    }
    Some(base.strip_suffix('i').map_or_else(|| base.to_owned(), |short| format!("{short}y")))
}

/// Without a last `e`, and without a doubled last consonant.
fn close(word: &str) -> String {
    let word = word.strip_suffix('e').filter(|base| base.len() >= 3).unwrap_or(word);
    let bytes = word.as_bytes();
    match bytes {
        [.., before, last] if before == last && !b"aeiou".contains(last) && word.len() > 3 => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    }
}

/// Whether two words differ by at most a light slip: one letter missing, added, changed or swapped
/// with its neighbour; two in long words. Short words and first letters must be right.
pub(super) fn is_near(typed: &str, meant: &str) -> bool {
    let (typed, meant): (Vec<char>, Vec<char>) = (typed.chars().collect(), meant.chars().collect());
    let length = typed.len().min(meant.len());
    if length < 5 {
        // Four letters may be swapped, not changed: too many words differ by one.
        let sorted = |word: &[char]| {
            let mut letters = word.to_vec();
            letters.sort_unstable();
            letters
        };
        let swaps = length == 4 && typed.len() == meant.len() && sorted(&typed) == sorted(&meant);
        return swaps && typed[0] == meant[0] && distance(&typed, &meant) <= 1;
    }
    typed[0] == meant[0] && distance(&typed, &meant) <= if length >= 9 { 2 } else { 1 }
}

/// How many letters two words differ by.
pub(super) fn slips(typed: &str, meant: &str) -> usize {
    distance(&typed.chars().collect::<Vec<_>>(), &meant.chars().collect::<Vec<_>>())
}

/// Letters to add, drop, change or swap to make one word of the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let change = usize::from(left[i - 1] != right[j - 1]);
            let mut best =
                (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + change);
            let swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if swapped {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}
