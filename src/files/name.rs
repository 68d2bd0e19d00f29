//! File names, made harmless: they are shown to people and become names on their disks.
//!
//! **Invariant:** a name that was made harmless stays as it is when it is made so again.

/// Longest name; what people read in a row, with room.
const CHARS_MAX: usize = 150;
/// Longest name in bytes: what file systems take.
const BYTES_MAX: usize = 240;
/// Longest ending that is kept when a name is cut, with its dot.
const ENDING_CHARS_MAX: usize = 12;
/// A file without a name.
const NAMELESS: &str = "file";

/// The name without folders, without what cannot be seen, and not too long.
pub(super) fn harmless(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = name.chars().filter(|c| !is_hidden(*c)).collect();
    let plain: Vec<&str> = seen.split_whitespace().collect();
    let plain = plain.join(" ");
    // A dot in front hides a file, and one at the end is taken away by some systems.
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if plain.is_empty() { NAMELESS.to_owned() } else { cut(plain) }
}

/// Control characters, and those that turn the direction of writing or take no room: with them
/// `fdp.exe` reads as `exe.pdf`.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Cuts the middle out of a long name: its ending says what it is.
fn cut(name: &str) -> String {
    if name.chars().count() <= CHARS_MAX && name.len() <= BYTES_MAX {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.chars().count() <= ENDING_CHARS_MAX { ending } else { "" };
    let (mut kept, mut chars) = (String::new(), ending.chars().count());
    for c in name.strip_suffix(ending).unwrap_or(name).chars() {
        if chars == CHARS_MAX || kept.len() + c.len_utf8() + ending.len() > BYTES_MAX {
            break;
        }
        kept.push(c);
        chars += 1;
    }
    format!("{}{ending}", kept.trim_end_matches(|c: char| c == '.' || c.is_whitespace()))
}

/// What follows the last dot, in lower case; empty without one.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_has_no_folders_and_nothing_that_hides() {
        for (given, expected) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\tide table.xlsx", "tide table.xlsx"),
            ("harmless\u{202e}fdp.exe", "harmlessfdp.exe"),
            ("zero\u{200b}width\u{feff}.txt", "zerowidth.txt"),
            ("two\nlines\t.txt", "two lines .txt"),
            ("nul\0.txt", "nul.txt"),
            (".bashrc", "bashrc"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("Ünïcode 🐦.png", "Ünïcode 🐦.png"),
            ("<b onclick=x>.png", "<b onclick=x>.png"),
        ] {
            assert_eq!(harmless(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let long = harmless(&format!("{}.pdf", "a".repeat(500)));
        assert_eq!(long.chars().count(), CHARS_MAX);
        assert!(long.ends_with("a.pdf"));
        let wide = harmless(&format!("{}.pdf", "🐦".repeat(500)));
        assert!(wide.len() <= BYTES_MAX && wide.ends_with("🐦.pdf"));
        assert_eq!(ending("a.TAR.Gz"), "gz");
        assert_eq!(ending("Makefile"), "");
    }

    proptest! {
        #[test]
        fn what_is_harmless_stays_as_it_is(name in any::<String>()) {
            let once = harmless(&name);
            prop_assert!(!once.is_empty() && once.len() <= BYTES_MAX);
            prop_assert_eq!(harmless(&once), once);
        }
    }
}
