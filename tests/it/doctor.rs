//! `starling doctor`: what it says of a server that works, and of one that cannot.

use std::process::Output;

use crate::world::{Server, command_of};

/// Runs it beside a server, or without one, with further settings.
fn doctor(server: &Server, settings: &[&str]) -> (bool, String) {
    let mut command = command_of(&[] as &[&str], server.data.path());
    command.args(["doctor", "--data"]).arg(server.data.path());
    command.arg("--set").arg(format!("server.listen={}", server.address));
    for setting in settings {
        command.args(["--set", setting]);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// How one thing stands, and what is said of it.
fn line<'a>(said: &'a str, about: &str) -> (&'a str, &'a str) {
    let found = said.lines().find_map(|line| {
        let (state, rest) = line.split_once("  ")?;
        Some((state.trim(), rest.trim().strip_prefix(about)?.trim()))
    });
    found.unwrap_or_else(|| panic!("nothing about {about}: {said}"))
}

#[test]
fn a_server_that_serves_is_well() {
    let server = Server::start(&[]);
    let (is_well, said) = doctor(&server, &[]);
    assert!(is_well, "{said}");
    for about in ["settings", "data folder", "clock", "database", "files", "mail", "way out"] {
        assert_eq!(line(&said, about).0, "ok", "{said}");
    }
    let (state, words) = line(&said, "server");
    assert!(state == "ok" && words.contains("is ready"), "{said}");
}

#[test]
fn what_does_not_work_is_told_with_what_to_do_and_fails() {
    let mut server = Server::start(&[]);
    server.kill();
    let (is_well, said) = doctor(&server, &[]);
    let (state, words) = line(&said, "server");
    assert!(is_well && state == "warn" && words.contains("starling serve"), "{said}");

    let mail = ["smtp.url=smtp://127.0.0.1:1", "smtp.from=chat@example.org"];
    let (is_well, said) = doctor(&server, &mail);
    let (state, words) = line(&said, "mail");
    assert!(!is_well && state == "fail" && words.contains("smtp.url"), "{said}");
    assert!(said.contains("1 of "), "{said}");

    // What was written last is in the log beside the database.
    for (file, words) in [("starling.db", "no database"), ("starling.db-wal", "")] {
        std::fs::write(server.data.path().join(file), words).unwrap();
    }
    let (is_well, said) = doctor(&server, &[]);
    let (state, words) = line(&said, "database");
    assert!(!is_well && state == "fail" && words.contains("starling restore"), "{said}");

    let (is_well, said) = doctor(&server, &["limits.content_chars=none"]);
    assert!(!is_well && line(&said, "settings").0 == "fail", "{said}");
}
