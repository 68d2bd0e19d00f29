//! Events as GitHub sends them by itself, in a sentence each.
//!
//! What is known best is told best: pushes, pull requests, issues, releases and workflow runs. Others are
//! told as "who did what", and those that only say that something goes on are passed over.

use serde_json::Value;

use super::super::markdown::{code, link, plain};

/// Commits of one push that are listed.
const COMMITS_MAX: usize = 5;
const TITLE_CHARS: usize = 200;
/// Events that come many times for one thing that people want to hear of once.
const PASSED_OVER: &[&str] =
    &["check_run", "check_suite", "deployment_status", "status", "workflow_job"];
/// Steps of a pull request or issue that nobody needs to hear of.
const QUIET_ACTIONS: &[&str] = &[
    "assigned",
    "auto_merge_disabled",
    "auto_merge_enabled",
    "edited",
    "labeled",
    "milestoned",
    "demilestoned",
    "review_request_removed",
    "review_requested",
    "synchronize",
    "unassigned",
    "unlabeled",
];

/// The event in words; `None` when it is passed over.
pub(super) fn words(event: &str, document: &Value) -> Option<String> {
    if PASSED_OVER.contains(&event) {
        return None;
    }
    let said = match event {
        "ping" => Some(format!(
            "GitHub is connected. _{}_",
            plain(document["zen"].as_str().unwrap_or_default(), TITLE_CHARS)
        )),
        "push" => push(document),
        "pull_request" => about(document, "pull_request", "pull request"),
        "issues" => about(document, "issue", "issue"),
        "release" => release(document),
        "workflow_run" => workflow_run(document),
        "issue_comment" | "commit_comment" | "pull_request_review_comment" => comment(document),
        "pull_request_review" => review(document),
        _ => other(event, document),
    }?;
    Some(match repository(document) {
        Some(repository) => format!("**{repository}** {said}"),
        None => said,
    })
}

fn repository(document: &Value) -> Option<String> {
    let repository = &document["repository"];
    let name = repository["full_name"].as_str()?;
    Some(link(name, repository["html_url"].as_str().unwrap_or_default(), TITLE_CHARS))
}

fn person(person: &Value) -> String {
    let name = person["login"].as_str().or_else(|| person["name"].as_str()).unwrap_or("somebody");
    link(name, person["html_url"].as_str().unwrap_or_default(), 100)
}

fn action(document: &Value) -> &str {
    document["action"].as_str().unwrap_or_default()
}

fn push(document: &Value) -> Option<String> {
    let sender = person(&document["sender"]);
    let name = document["ref"].as_str()?;
    let (kind, name) = match name.strip_prefix("refs/tags/") {
        Some(tag) => ("tag", tag),
        None => ("branch", name.strip_prefix("refs/heads/").unwrap_or(name)),
    };
    let name = code(name, TITLE_CHARS);
    if document["deleted"] == true {
        return Some(format!("{sender} deleted the {kind} {name}"));
    }
    let commits = document["commits"].as_array().map(Vec::as_slice).unwrap_or_default();
    if commits.is_empty() {
        return Some(format!("{sender} made the {kind} {name}"));
    }
    let count = match commits.len() {
        1 => "1 commit".to_owned(),
        count => format!("{count} commits"),
    };
    let compare = document["compare"].as_str().unwrap_or_default();
    let force = if document["forced"] == true { "force-pushed" } else { "pushed" };
    let mut lines = vec![format!("{sender} {force} {} to {name}", link(&count, compare, 40))];
    for commit in commits.iter().take(COMMITS_MAX) {
        let hash: String = commit["id"].as_str().unwrap_or_default().chars().take(7).collect();
        let title = commit["message"].as_str().unwrap_or_default().lines().next().unwrap_or("");
        let author = plain(commit["author"]["name"].as_str().unwrap_or_default(), 100);
        let url = commit["url"].as_str().unwrap_or_default();
        lines.push(format!("- {} {} — {author}", link(&hash, url, 40), plain(title, TITLE_CHARS)));
    }
    if commits.len() > COMMITS_MAX {
        lines.push(format!("… and {} more", commits.len() - COMMITS_MAX));
    }
    Some(lines.join("\n"))
}

/// A pull request or an issue: what happened to it.
fn about(document: &Value, field: &str, kind: &str) -> Option<String> {
    let action = action(document);
    if QUIET_ACTIONS.contains(&action) {
        return None;
    }
    let done = match action {
        "closed" if document[field]["merged"] == true => "merged".to_owned(),
        "ready_for_review" => "marked as ready".to_owned(),
        "converted_to_draft" => "made a draft of".to_owned(),
        _ => plain(&action.replace('_', " "), 60),
    };
    let sender = person(&document["sender"]);
    Some(format!("{sender} {done} {kind} {}", titled(&document[field])))
}

fn titled(thing: &Value) -> String {
    let title = thing["title"].as_str().unwrap_or_default();
    let words = match thing["number"].as_u64() {
        Some(number) => format!("#{number} {title}"),
        None => title.to_owned(),
    };
    link(&words, thing["html_url"].as_str().unwrap_or_default(), TITLE_CHARS)
}

fn release(document: &Value) -> Option<String> {
    // One release is told in up to four events; the one that people can install by is this.
    if action(document) != "published" {
        return None;
    }
    let release = &document["release"];
    let tag = release["tag_name"].as_str().unwrap_or_default();
    let name = release["name"].as_str().filter(|name| !name.is_empty()).unwrap_or(tag);
    let early = if release["prerelease"] == true { " (early)" } else { "" };
    let address = release["html_url"].as_str().unwrap_or_default();
    let sender = person(&document["sender"]);
    Some(format!("🎉 {sender} released {}{early}", link(name, address, TITLE_CHARS)))
}

fn workflow_run(document: &Value) -> Option<String> {
    if action(document) != "completed" {
        return None;
    }
    let run = &document["workflow_run"];
    let conclusion = run["conclusion"].as_str().unwrap_or("unknown");
    let sign = match conclusion {
        "success" => "✅",
        "failure" | "timed_out" | "startup_failure" => "❌",
        _ => "⚪",
    };
    let name = link(
        run["name"].as_str().unwrap_or("workflow"),
        run["html_url"].as_str().unwrap_or_default(),
        TITLE_CHARS,
    );
    let branch = code(run["head_branch"].as_str().unwrap_or_default(), 100);
    let ended = plain(&conclusion.replace('_', " "), 40);
    let title = plain(run["display_title"].as_str().unwrap_or_default(), TITLE_CHARS);
    let title = if title.is_empty() { title } else { format!(": {title}") };
    Some(format!("{sign} {name} on {branch}: {ended}{title}"))
}

fn comment(document: &Value) -> Option<String> {
    if action(document) != "created" {
        return None;
    }
    let thing = ["issue", "pull_request"].iter().map(|field| &document[*field]);
    let about = thing.into_iter().find(|thing| thing.is_object()).map(titled).unwrap_or_default();
    let words = document["comment"]["body"].as_str().unwrap_or_default();
    let address = document["comment"]["html_url"].as_str().unwrap_or_default();
    let sender = person(&document["sender"]);
    let said = link("commented", address, 20);
    Some(format!("{sender} {said} on {about}\n> {}", plain(words, 300)))
}

fn review(document: &Value) -> Option<String> {
    let done = match document["review"]["state"].as_str()? {
        "approved" => "✅ approved",
        "changes_requested" => "asked for changes in",
        _ => return None,
    };
    let sender = person(&document["sender"]);
    Some(format!("{sender} {done} {}", titled(&document["pull_request"])))
}

fn other(event: &str, document: &Value) -> Option<String> {
    let sender = person(&document["sender"]);
    let what = plain(&event.replace('_', " "), 60);
    let action = plain(&action(document).replace('_', " "), 60);
    Some(match action.as_str() {
        "" => format!("{sender}: {what}"),
        action => format!("{sender}: {what} {action}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn from_repository(mut event: Value) -> Value {
        event["repository"] =
            json!({"full_name": "birds/nest", "html_url": "https://github.com/birds/nest"});
        event["sender"] = json!({"login": "ann", "html_url": "https://github.com/ann"});
        event
    }

    const WHERE: &str = "**[birds/nest](https://github.com/birds/nest)** \
                         [ann](https://github.com/ann)";

    #[test]
    fn a_push_names_its_commits() {
        let event = from_repository(json!({
            "ref": "refs/heads/main", "compare": "https://github.com/c",
            "commits": [{"id": "0123456789", "message": "Mend *the* wing\n\nmore",
                "url": "https://github.com/1", "author": {"name": "Ann"}}],
        }));
        let expected = format!(
            "{WHERE} pushed [1 commit](https://github.com/c) to `main`\n\
             - [0123456](https://github.com/1) Mend \\*the\\* wing — Ann"
        );
        assert_eq!(words("push", &event), Some(expected));
    }

    #[test]
    fn pull_requests_and_issues_are_told_without_every_label() {
        let event = from_repository(json!({"action": "closed", "number": 7, "pull_request": {
            "number": 7, "title": "Fly", "html_url": "https://github.com/7", "merged": true}}));
        let expected = format!("{WHERE} merged pull request [\\#7 Fly](https://github.com/7)");
        assert_eq!(words("pull_request", &event), Some(expected));
        let event = from_repository(json!({"action": "labeled", "issue": {"number": 1}}));
        assert_eq!(words("issues", &event), None);
    }

    #[test]
    fn a_workflow_is_told_when_it_has_ended() {
        let run = |action: &str| {
            from_repository(json!({"action": action, "workflow_run": {"name": "CI",
                "html_url": "https://github.com/r", "head_branch": "main",
                "conclusion": "failure"}}))
        };
        assert_eq!(words("workflow_run", &run("requested")), None);
        let said = words("workflow_run", &run("completed")).unwrap_or_default();
        assert!(said.ends_with("❌ [CI](https://github.com/r) on `main`: failure"), "{said}");
    }

    #[test]
    fn an_event_without_its_fields_is_no_trouble() {
        let events = ["ping", "push", "pull_request", "issues", "release", "workflow_run", "star"];
        for event in events.into_iter().chain(["issue_comment", "pull_request_review"]) {
            words(event, &json!({"action": 1, "commits": "x"}));
        }
    }
}
