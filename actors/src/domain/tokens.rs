//! Text as a search sees it: runs of letters and digits, in small letters, without accents.

/// Latin letters with accents, by the letter that is left without them. Letters that are letters of
/// their own (ø, ß, æ, ł, đ) stay what they are.
const ACCENTED: &[(char, &str)] = &[
    ('a', "àáâãäåāăąǎǟǡǻȁȃȧḁẚạảấầẩẫậắằẳẵặ"),
    ('b', "ḃḅḇ"),
    ('c', "çćĉċčḉ"),
    ('d', "ďḋḍḏḑḓ"),
    ('e', "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ('f', "ḟ"),
    ('g', "ĝğġģǧǵḡ"),
    ('h', "ĥȟḣḥḧḩḫẖ"),
    ('i', "ìíîïĩīĭįǐȉȋḭḯỉị"),
    ('j', "ĵǰ"),
    ('k', "ķǩḱḳḵ"),
    ('l', "ĺļľḷḹḻḽ"),
    ('m', "ḿṁṃ"),
    ('n', "ñńņňǹṅṇṉṋ"),
    ('o', "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ('p', "ṕṗ"),
    ('r', "ŕŗřȑȓṙṛṝṟ"),
    ('s', "śŝşšșṡṣṥṧṩ"),
    ('t', "ţťțṫṭṯṱẗ"),
    ('u', "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ('v', "ṽṿ"),
    ('w', "ŵẁẃẅẇẉẘ"),
    ('x', "ẋẍ"),
    ('y', "ýÿŷȳẏẙỳỵỷỹ"),
    ('z', "źżžẑẓẕ"),
];

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it begins, in characters of the text.
    pub start: usize,
    /// Where it ends: the place after its last character.
    pub end: usize,
    /// The word in small letters without accents.
    pub folded: String,
}

/// The words of a text, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut open: Option<Token> = None;
    for (place, letter) in text.chars().enumerate() {
        let is_mark = is_combining(letter);
        if letter.is_alphanumeric() || (is_mark && open.is_some()) {
            let token = open.get_or_insert_with(|| Token {
                start: place,
                end: place,
                folded: String::new(),
            });
            token.end = place + 1;
            if !is_mark {
                token
                    .folded
                    .extend(letter.to_lowercase().filter(|small| !is_combining(*small)).map(plain));
            }
        } else {
            found.extend(open.take());
        }
    }
    found.extend(open);
    found
}

/// Where a phrase stands in a text: the places of its first word. Of a phrase that is a beginning, the last
/// word may go on.
pub fn phrase_places(text: &[Token], phrase: &[Token], is_prefix: bool) -> Vec<usize> {
    let Some((last, before)) = phrase.split_last() else { return Vec::new() };
    let fits = |window: &[Token]| {
        let Some((end, begin)) = window.split_last() else { return false };
        let is_same = begin.iter().zip(before).all(|(a, b)| a.folded == b.folded);
        let is_end = if is_prefix {
            end.folded.starts_with(&last.folded)
        } else {
            end.folded == last.folded
        };
        is_same && is_end
    };
    let windows = text.windows(phrase.len()).enumerate();
    windows.filter(|(_, window)| fits(window)).map(|(place, _)| place).collect()
}

/// Whether a character only puts an accent on the one before it.
const fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn plain(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let known = ACCENTED.iter().find(|(_, accented)| accented.contains(letter));
    known.map_or(letter, |(base, _)| *base)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(folded("the plan_2, v1.5: done!"), ["the", "plan", "2", "v1", "5", "done"]);
        assert_eq!(folded("🎉 -- ..."), Vec::<String>::new());
        assert_eq!(folded(""), Vec::<String>::new());
    }

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(
            folded("Café ÅNGSTRÖM Việt e\u{301}tude"),
            ["cafe", "angstrom", "viet", "etude"]
        );
        assert_eq!(folded("straße ΑΘΗΝΑ Привет 東京"), ["straße", "αθηνα", "привет", "東京"]);
    }

    #[test]
    fn places_are_counted_in_characters() {
        let found = tokens("ß é×b");
        let places: Vec<_> = found.iter().map(|token| (token.start, token.end)).collect();
        assert_eq!(places, [(0, 1), (2, 3), (4, 5)]);
    }

    #[test]
    fn a_phrase_stands_where_its_words_stand_together() {
        let text = tokens("the late order was late, an order of late ordering");
        let phrase = tokens("late order");
        assert_eq!(phrase_places(&text, &phrase, false), [1]);
        assert_eq!(phrase_places(&text, &phrase, true), [1, 8]);
        assert_eq!(phrase_places(&text, &[], false), Vec::<usize>::new());
    }
}
