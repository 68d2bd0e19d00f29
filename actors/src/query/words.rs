//! Words out of names and sentences: `InvoiceLine`, `invoice_line` and "invoice lines" are the same
//! two words.

/// The words of a text in lower case: letters and digits, split at everything else and where a name
/// in camel case goes on (`HTTPRequestLine` is `http`, `request`, `line`).
pub(crate) fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).flat_map(humps).map(|word| {
        let word: String = word.into_iter().collect();
        word.to_lowercase()
    })
}

/// The parts of one name in camel case.
fn humps(name: &str) -> Vec<Vec<char>> {
    let letters: Vec<char> = name.chars().collect();
    let mut parts: Vec<Vec<char>> = Vec::new();
    for (place, letter) in letters.iter().copied().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let after = letters.get(place + 1).copied();
        let begins = before.is_none_or(|before| {
            (letter.is_uppercase() && !before.is_uppercase())
                || (letter.is_uppercase() && after.is_some_and(char::is_lowercase))
                || letter.is_numeric() != before.is_numeric()
        });
        match parts.last_mut() {
            Some(part) if !begins => part.push(letter),
            Some(_) | None => parts.push(vec![letter]),
        }
    }
    parts
}

/// A word without the ending of its plural, so that "countries" is `country`. Crude on purpose: it
/// is done to both sides, so that a wrong stem still meets itself.
pub(crate) fn stem(word: &str) -> String {
    let long_enough = word.chars().count() > 3;
    if !long_enough {
        return word.to_owned();
    }
    if let Some(root) = word.strip_suffix("ies") {
        return format!("{root}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - "es".len()].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(root) if !root.ends_with(['s', 'u', 'i']) => root.to_owned(),
        Some(_) | None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences_come_apart_into_the_same_words() {
        for (text, words) in [
            ("InvoiceLine", vec!["invoice", "line"]),
            ("invoice_line", vec!["invoice", "line"]),
            ("HTTPRequestLine", vec!["http", "request", "line"]),
            ("address2", vec!["address", "2"]),
            ("top 5 customers, by country?", vec!["top", "5", "customers", "by", "country"]),
            ("Größe·Straße", vec!["größe", "straße"]),
            ("", vec![]),
        ] {
            assert_eq!(split(text).collect::<Vec<_>>(), words, "{text}");
        }
    }

    #[test]
    fn one_and_many_have_one_stem() {
        for (one, many) in [
            ("country", "countries"),
            ("customer", "customers"),
            ("box", "boxes"),
            ("class", "classes"),
            ("status", "status"),
            ("sale", "sales"),
        ] {
            assert_eq!(stem(one), stem(many), "{one}");
        }
    }
}
