//! The repository's own rules: sizes, headers, arrows between folders, dependencies of the core.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Lines of a source file, tests apart, past which it does too much.
const FILE_LINES_MAX: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below `folder` with one of the endings, as paths from the root.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    WalkDir::new(root().join(folder))
        .into_iter()
        .filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            // The data folder of a server that was tried out here; `src/data` is a part of it.
            let is_data = entry.path() == root().join("data") || entry.path().ends_with("./data");
            !is_data && !["target", "node_modules", "dist", "out", ".git"].contains(&&*name)
        })
        .filter_map(Result::ok)
        .map(|entry| entry.into_path())
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .map(|path| path.strip_prefix(root()).unwrap_or(&path).to_owned())
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn is_test(path: &Path) -> bool {
    let text = path.to_string_lossy();
    ["tests", "/test", ".test.", "e2e", "contract", "simulation"]
        .iter()
        .any(|word| text.contains(word))
}

#[test]
fn no_source_file_is_longer_than_it_may_be() {
    let long: Vec<String> = ["src", "actors", "load-tests", "bench", "web/src"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs", ".ts", ".tsx"]))
        .filter(|path| !is_test(path))
        .map(|path| {
            let text = read(&path);
            let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            (path, code.lines().count())
        })
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| format!("{}: {lines}", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {FILE_LINES_MAX} lines: {long:#?}");
}

#[test]
fn every_rust_file_opens_with_what_it_is_for() {
    let bare: Vec<PathBuf> = ["src", "actors/src", "load-tests/src", "bench"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs"]))
        .filter(|path| !path.to_string_lossy().ends_with("tests.rs"))
        .filter(|path| !read(path).starts_with("//!"))
        .collect();
    assert!(bare.is_empty(), "files without a module comment: {bare:#?}");
}

/// `(folder, what it must not name, why)`.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("src", "ractor::", "actors are private to actors/; src/ sees handles"),
    ("actors/src", "serde", "the core knows no format"),
    ("actors/src", "std::fs", "the core opens no file"),
    ("actors/src", "std::net", "the core opens no socket"),
    ("actors/src", "tokio::net", "the core opens no socket"),
    ("src/http", "crate::adapters", "http never reaches around the ports"),
    ("src/gateway", "crate::adapters", "the gateway never reaches around the ports"),
    ("src/adapters", "crate::http", "a store knows nothing of HTTP"),
    ("src/adapters", "crate::gateway", "a store knows nothing of sockets"),
    ("src/data", "crate::adapters", "data is kept through the ports"),
    ("src/data", "crate::http", "what is kept knows nothing of HTTP"),
    ("src/data", "crate::gateway", "what is kept knows nothing of sockets"),
    ("src/data", "crate::wire", "stored and outside formats are two promises"),
    ("src/data", "crate::auth", "who asks was checked before"),
    ("src/files", "crate::adapters", "files are kept through ports"),
    ("src/files", "crate::http", "what is kept knows nothing of HTTP"),
    ("src/files", "crate::wire", "stored and outside formats are two promises"),
    ("src/files", "crate::auth", "who asks was checked before"),
    ("src/retention", "crate::adapters", "what is kept is reached through the ports"),
    ("src/retention", "crate::http", "what is kept knows nothing of HTTP"),
    ("src/dossier", "crate::adapters", "what is gathered is reached through its owners"),
    ("src/dossier", "crate::http", "what is gathered knows nothing of HTTP"),
    ("src/imported.rs", "crate::cli", "what was brought knows not who brings"),
    ("src/mail", "crate::adapters", "letters leave through a port"),
    ("src/notify", "crate::adapters", "people are told through ports"),
    ("src/notify", "crate::http", "who is told knows nothing of HTTP"),
    ("src/notify", "crate::wire", "stored and outside formats are two promises"),
    ("src/adapters", "crate::data", "a store knows nothing of what is kept in it"),
    ("src/adapters", "crate::files::", "a store knows nothing of what is kept in it"),
    ("src/http", "crate::models", "http never reaches around the ports"),
    ("src/gateway", "crate::models", "the gateway never reaches around the ports"),
    ("src/models", "crate::adapters", "a model knows of no store"),
    ("src/models", "crate::http", "a model knows nothing of our API"),
    ("src/models", "crate::gateway", "a model knows nothing of sockets"),
    ("src/chart_image", "crate::", "a picture is made of domain values alone"),
    ("src/chart_image", "starling_actors::ports", "a picture waits for nothing"),
    ("src/egress", "crate::", "the way out is judged by addresses alone"),
    ("src/records.rs", "crate::", "records know not what is kept in them"),
    ("src/peers", "crate::adapters", "the way between nodes knows no store"),
    ("src/peers", "crate::config", "the way between nodes is given what it needs"),
    ("src/internode", "crate::", "what nodes say is made of the core's values alone"),
    ("src/config", "crate::models", "settings know not who reads them"),
    ("actors/src/domain", "tokio", "domain values do not wait"),
    ("actors/src/domain", "crate::ports", "arrows point from ports to domain"),
    ("actors/src/ports", "crate::channel", "arrows point from actors to ports"),
    ("actors/src/ports", "crate::session", "arrows point from actors to ports"),
];

#[test]
fn the_arrows_between_folders_point_one_way() {
    let mut wrong = Vec::new();
    for (folder, word, reason) in FORBIDDEN {
        for path in files(folder, &[".rs"]) {
            let offends = read(&path)
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(word));
            if offends {
                wrong.push(format!("{}: names {word}: {reason}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_core_depends_on_what_is_listed_here_and_nothing_else() {
    let manifest: toml::Table = toml::from_str(&read(Path::new("actors/Cargo.toml"))).unwrap();
    let mut names: Vec<&str> =
        manifest["dependencies"].as_table().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let allowed = [
        "async-trait",
        "parking_lot",
        "ractor",
        "sqlparser",
        "thiserror",
        "tokio",
        "tokio-util",
        "tracing",
    ];
    let extra: Vec<_> = names.iter().filter(|name| !allowed.contains(name)).collect();
    assert!(extra.is_empty(), "new dependencies of the core: {extra:?}");
}

#[test]
fn every_kind_of_frame_and_every_close_code_is_in_the_protocol_document() {
    let document = read(Path::new("docs/protocol.md"));
    let kinds = [
        "hello",
        "ack",
        "error",
        "new_message",
        "message_edited",
        "message_deleted",
        "reaction",
        "typing_indicator",
        "user_status",
        "read_receipt",
        "channel_created",
        "channel_updated",
        "member_joined",
        "member_left",
        "resumed",
        "resync",
        "pong",
        "history",
        "draft_changed",
        "plans_changed",
        "message_pinned",
        "link_previews",
        "custom_status",
        "group_changed",
        "join_channel",
        "leave_channel",
        "resume",
        "send_message",
        "edit_message",
        "delete_message",
        "react",
        "typing",
        "mark_read",
        "presence",
        "ask",
        "cancel_query",
        "ping",
    ];
    let codes = [
        "1000", "1001", "1002", "1003", "1007", "1008", "1009", "1012", "4001", "4003", "4008",
        "4029",
    ];
    let missing: Vec<_> = kinds
        .iter()
        .chain(&codes)
        .filter(|word| !document.contains(&format!("`{word}`")))
        .collect();
    assert!(missing.is_empty(), "docs/protocol.md does not speak of {missing:?}");
}

#[test]
fn the_project_names_no_path_of_a_machine() {
    let marks = ["/ro".to_owned() + "ot/", "/wo".to_owned() + "rk/", "/ho".to_owned() + "me/"];
    let wrong: Vec<PathBuf> = files(".", &[".rs", ".ts", ".tsx", ".md", ".toml", ".sh", ".json"])
        .into_iter()
        .filter(|path| {
            let text = read(path);
            marks.iter().any(|mark| text.contains(mark.as_str()))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
