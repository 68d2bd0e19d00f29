//! What a file is, by its first bytes. What its sender says of it is not asked, and its name decides only
//! between kinds that begin alike.
//!
//! **Invariant:** what a browser would run, a page or a drawing with scripts, is found to be that and is
//! never shown in place, whatever it is called.

use super::name::ending;

/// Bytes of a file that are looked at.
pub(super) const HEAD_BYTES: usize = 4096;
/// What is known of nothing else.
const UNKNOWN: &str = "application/octet-stream";

/// First bytes, where they stand, and what they mean.
const SIGNS: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
];

/// Kinds that begin as another one does: the general one, the ending, the kind.
const BY_ENDING: &[(&str, &str, &str)] = &[
    (
        "application/zip",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "application/zip",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "application/zip",
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("application/zip", "odt", "application/vnd.oasis.opendocument.text"),
    ("application/zip", "ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("application/zip", "odp", "application/vnd.oasis.opendocument.presentation"),
    ("application/zip", "epub", "application/epub+zip"),
    ("application/zip", "jar", "application/java-archive"),
    ("application/zip", "apk", "application/vnd.android.package-archive"),
    ("application/x-ole-storage", "doc", "application/msword"),
    ("application/x-ole-storage", "xls", "application/vnd.ms-excel"),
    ("application/x-ole-storage", "ppt", "application/vnd.ms-powerpoint"),
    ("text/plain", "csv", "text/csv"),
    ("text/plain", "tsv", "text/tab-separated-values"),
    ("text/plain", "md", "text/markdown"),
    ("text/plain", "json", "application/json"),
    ("text/plain", "yaml", "application/yaml"),
    ("text/plain", "yml", "application/yaml"),
    ("text/plain", "xml", "text/xml"),
    ("text/plain", "js", "text/javascript"),
    ("text/plain", "css", "text/css"),
    ("text/plain", "ics", "text/calendar"),
];

/// What a text that a browser would run holds, in its head; the first that is found decides.
const LIVE: &[(&str, &str)] = &[
    ("<svg", "image/svg+xml"),
    ("<!doctype html", "text/html"),
    ("<html", "text/html"),
    ("<script", "text/html"),
    ("<body", "text/html"),
    ("<iframe", "text/html"),
];

/// What a file with this head and name is.
pub(super) fn of(head: &[u8], name: &str) -> &'static str {
    let head = &head[..head.len().min(HEAD_BYTES)];
    let general = SIGNS
        .iter()
        .find(|(place, sign, _)| head.get(*place..).is_some_and(|rest| rest.starts_with(sign)))
        .map_or_else(|| text(head), |(_, _, kind)| *kind);
    let ending = ending(name);
    let closer = BY_ENDING.iter().find(|(begins, end, _)| *begins == general && *end == ending);
    closer.map_or(general, |(_, _, kind)| *kind)
}

fn text(head: &[u8]) -> &'static str {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A character that is cut at the end of the head is none that is wrong.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return UNKNOWN,
    };
    if whole.chars().any(|c| c.is_control() && !c.is_whitespace() && c != '\u{1b}') {
        return UNKNOWN;
    }
    let lower = whole.to_ascii_lowercase();
    // A text about pages is no page: one begins with a mark.
    if lower.trim_start_matches('\u{feff}').trim_start().starts_with('<')
        && let Some((_, kind)) = LIVE.iter().find(|(mark, _)| lower.contains(mark))
    {
        return kind;
    }
    "text/plain"
}

/// Whether a file is a picture that can be looked at.
pub(super) fn is_picture(mime_type: &str) -> bool {
    matches!(mime_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// Whether the operator takes no such file. A rule is a type (`application/zip`), a family (`video/*`) or
/// an ending (`.exe`).
pub(super) fn is_blocked(rules: &[String], mime_type: &str, name: &str) -> bool {
    let ending = ending(name);
    rules.iter().map(|rule| rule.trim().to_lowercase()).any(|rule| {
        if let Some(end) = rule.strip_prefix('.') {
            return !ending.is_empty() && end == ending;
        }
        match rule.strip_suffix("/*") {
            Some(family) => mime_type.split('/').next() == Some(family),
            None => rule == mime_type,
        }
    })
}

/// As what a file travels: what a browser would run travels as bytes.
pub(super) fn travels_as(mime_type: &str) -> &str {
    let is_safe = is_picture(mime_type)
        || mime_type == "application/pdf"
        || mime_type.starts_with("audio/")
        || mime_type.starts_with("video/");
    if is_safe {
        return mime_type;
    }
    if mime_type.starts_with("text/") && mime_type != "text/html" {
        return "text/plain; charset=utf-8";
    }
    UNKNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_say_what_a_file_is_and_its_name_does_not() {
        for (head, name, expected) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "a.txt", "image/png"),
            (b"\xff\xd8\xff\xe0", "a.html", "image/jpeg"),
            (b"RIFF1234WEBPVP8 ", "a", "image/webp"),
            (b"RIFF1234WAVEfmt ", "a", "audio/wav"),
            (b"%PDF-1.7", "a.png", "application/pdf"),
            (b"<html><script>alert(1)</script>", "a.png", "text/html"),
            (b"\xef\xbb\xbf \n<!DOCTYPE html>", "a.pdf", "text/html"),
            (b"<?xml version=\"1.0\"?><svg onload=\"x\">", "a.jpg", "image/svg+xml"),
            (b"<!-- a drawing --><SVG>", "a.gif", "image/svg+xml"),
            (b"<note/>", "a.xml", "text/xml"),
            (b"how to write <html>", "a.txt", "text/plain"),
            (b"a,b\n1,2\n", "a.csv", "text/csv"),
            (b"PK\x03\x04....", "a.docx", UNKNOWN_DOCX),
            (b"PK\x03\x04....", "a.png", "application/zip"),
            (b"MZ\x90\0", "a.png", "application/vnd.microsoft.portable-executable"),
            (b"\x01\x02\x03", "a.txt", UNKNOWN),
            (b"caf\xc3", "a.txt", "text/plain"),
            (b"caf\xff and more", "a.txt", UNKNOWN),
        ] {
            assert_eq!(of(head, name), expected, "{name} {head:?}");
        }
    }

    const UNKNOWN_DOCX: &str =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    #[test]
    fn a_rule_of_the_operator_is_a_type_a_family_or_an_ending() {
        let rules = ["application/zip".to_owned(), "Video/*".to_owned(), " .EXE".to_owned()];
        assert!(is_blocked(&rules, "application/zip", "a"));
        assert!(is_blocked(&rules, "video/mp4", "a"));
        assert!(is_blocked(&rules, "text/plain", "a.exe"));
        assert!(!is_blocked(&rules, "image/png", "video.png"));
        assert!(!is_blocked(&rules, "application/gzip", "exe"));
        assert!(!is_blocked(&[String::new(), ".".to_owned()], "text/plain", "a"));
    }

    #[test]
    fn what_a_browser_would_run_travels_as_bytes() {
        for kind in ["text/html", "image/svg+xml", "application/zip", "application/json"] {
            assert_eq!(travels_as(kind), UNKNOWN, "{kind}");
        }
        for kind in ["text/plain", "text/javascript", "text/xml", "text/css"] {
            assert_eq!(travels_as(kind), "text/plain; charset=utf-8", "{kind}");
        }
        assert_eq!(travels_as("image/png"), "image/png");
    }
}
