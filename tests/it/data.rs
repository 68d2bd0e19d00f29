//! Connections, schemas, saved queries, settings and the audit trail, from outside.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Person, Server, json_of, text};

/// Words that must be nowhere but in the vault.
const PLANTED: &str = "planted-secret-7c1f";

/// An organization with an admin, an analyst and a viewer.
struct Org {
    admin: Person,
    analyst: Person,
    viewer: Person,
}

async fn org(server: &Server, name: &str) -> Org {
    let admin = server.sign_up_elsewhere(&format!("{name}-admin"), name).await;
    let analyst = server.sign_up_as(&admin, &format!("{name}-analyst"), "analyst").await;
    let viewer = server.sign_up_as(&admin, &format!("{name}-viewer"), "viewer").await;
    Org { admin, analyst, viewer }
}

fn postgres(name: &str) -> Value {
    // Nothing listens at the discard port: who tries to connect is told so at once.
    json!({
        "name": name, "type": "postgresql", "host": "127.0.0.1", "port": 9,
        "database_name": "shop", "username": "reader", "password": PLANTED,
        "readonly_username": "ro", "readonly_password": PLANTED,
        "extra_config": { "token": PLANTED },
    })
}

async fn call(person: &Person, method: Method, path: &str, body: Value, status: u16) -> Value {
    let response = person.request(method, path).json(&body).send().await.unwrap();
    json_of(response, status).await
}

#[tokio::test]
async fn a_connection_shows_all_but_its_secrets_to_those_who_may_use_it() {
    let server = Server::start(&[]);
    let Org { admin, analyst, viewer } = org(&server, "acme").await;
    let made = analyst.post("/api/v1/connections/", postgres("Shop"), 201).await;
    let id = text(&made["id"]);
    let path = format!("/api/v1/connections/{id}");
    assert_eq!(made["type"], "postgresql");
    assert_eq!((&made["has_password"], &made["is_active"]), (&json!(true), &json!(true)));
    assert_eq!(made["access"], json!({ "mode": "org", "user_ids": [] }));
    assert_eq!(made["created_by_id"], analyst.id.as_str());

    let listed = viewer.get("/api/v1/connections").await;
    assert_eq!((&listed["count"], &listed["data"][0]["id"]), (&json!(1), &made["id"]));
    viewer.post("/api/v1/connections", postgres("Other"), 403).await;
    call(&viewer, Method::PATCH, &path, json!({ "is_active": false }), 403).await;
    call(&analyst, Method::DELETE, &path, json!({}), 403).await;

    let only_admin = json!({ "access": { "mode": "users", "user_ids": [admin.id] } });
    let narrowed = call(&analyst, Method::PATCH, &path, only_admin, 200).await;
    assert_eq!(narrowed["access"]["mode"], "users");
    call(&viewer, Method::GET, &path, json!({}), 404).await;
    let taken = admin.post("/api/v1/connections", postgres("SHOP"), 409).await;
    assert_eq!(taken["code"], "name_taken");
    let deleted = admin.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    call(&admin, Method::GET, &path, json!({}), 404).await;
}

#[tokio::test]
async fn a_planted_password_is_in_no_answer_and_in_no_file_of_the_server() {
    let server = Server::start(&[]);
    let Org { admin, .. } = org(&server, "acme").await;
    let made = admin.post("/api/v1/connections", postgres("Shop"), 201).await;
    let id = text(&made["id"]);
    let model = json!({
        "provider": "openai", "model": "small", "api_key": PLANTED,
        "base_url": "http://127.0.0.1:9/v1",
    });
    let path = "/api/v1/settings/model";
    let chosen = call(&admin, Method::PUT, path, model, 200).await;
    assert_eq!((&chosen["has_api_key"], &chosen["model"]), (&json!(true), &json!("small")));
    let tested = admin.post(&format!("/api/v1/connections/{id}/test"), json!({}), 200).await;
    assert_eq!(tested["success"], false, "{tested}");
    let moved = json!({ "host": "elsewhere.example" });
    let path = format!("/api/v1/connections/{id}");
    let refused = call(&admin, Method::PATCH, &path, moved, 422).await;
    assert_eq!(refused["errors"][0]["field"], "password");

    let mut answers = vec![made, chosen, tested, refused];
    for path in [
        path.as_str(),
        "/api/v1/connections",
        "/api/v1/settings/model",
        "/api/v1/audit/",
        "/api/v1/orgs/current",
        &format!("/api/v1/schema/{id}"),
    ] {
        answers.push(admin.get(path).await);
    }
    assert!(!answers.iter().any(|answer| answer.to_string().contains(PLANTED)));
    assert_eq!(answers[8]["connections"], 1);
    let mut files = 0;
    for entry in walkdir::WalkDir::new(server.data.path()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let has_it = bytes.windows(PLANTED.len()).any(|part| part == PLANTED.as_bytes());
            assert!(!has_it, "{}", entry.path().display());
            files += 1;
        }
    }
    assert!(files >= 2, "the database and the log were looked at");
}

#[tokio::test]
async fn another_organization_finds_nothing_of_this_one() {
    let server = Server::start(&[]);
    let ours = org(&server, "acme").await;
    let made = ours.admin.post("/api/v1/connections", postgres("Shop"), 201).await;
    let id = text(&made["id"]);
    let saved = json!({ "name": "Top", "connection_id": id, "sql_text": "SELECT 1" });
    let saved = ours.admin.post("/api/v1/query/saved", saved, 201).await;
    let metric = json!({
        "connection_id": id, "name": "revenue", "table": "items", "expression": "sum(price)",
    });
    let metric = ours.admin.post("/api/v1/metrics", metric, 201).await;

    let eve = server.sign_up_elsewhere("eve", "evil").await;
    let saved_path = format!("/api/v1/query/saved/{}", text(&saved["id"]));
    let metric_path = format!("/api/v1/metrics/{}", text(&metric["id"]));
    let attempts = [
        (Method::GET, format!("/api/v1/connections/{id}"), json!({})),
        (Method::PATCH, format!("/api/v1/connections/{id}"), json!({ "name": "Mine" })),
        (Method::DELETE, format!("/api/v1/connections/{id}"), json!({})),
        (Method::POST, format!("/api/v1/connections/{id}/test"), json!({})),
        (Method::GET, format!("/api/v1/schema/{id}"), json!({})),
        (Method::POST, format!("/api/v1/schema/{id}/refresh"), json!({})),
        (
            Method::PATCH,
            format!("/api/v1/schema/{id}"),
            json!({ "tables": [{ "table_name": "a" }] }),
        ),
        (Method::PATCH, saved_path.clone(), json!({ "name": "Mine" })),
        (Method::DELETE, saved_path, json!({})),
        (Method::GET, format!("/api/v1/metrics?connection_id={id}"), json!({})),
        (Method::PATCH, metric_path, json!({ "connection_id": id, "name": "mine" })),
        (
            Method::POST,
            "/api/v1/query/saved".to_owned(),
            json!({ "name": "x", "connection_id": id, "sql_text": "SELECT 1" }),
        ),
    ];
    for (method, path, body) in attempts {
        let answer = call(&eve, method.clone(), &path, body, 404).await;
        assert_eq!(answer["code"], "not_found", "{method} {path}");
    }
    assert_eq!(eve.get("/api/v1/connections").await["count"], 0);
    assert_eq!(eve.get("/api/v1/query/saved").await["count"], 0);
}

#[tokio::test]
async fn an_organization_has_at_most_its_connections() {
    let server = Server::start(&[]);
    let Org { admin, .. } = org(&server, "acme").await;
    for number in 1..=5 {
        admin.post("/api/v1/connections", postgres(&format!("c{number}")), 201).await;
    }
    let refused = admin.post("/api/v1/connections", postgres("c6"), 409).await;
    assert_eq!(refused["code"], "limit_reached");
    let listed = admin.get("/api/v1/connections").await;
    let path = format!("/api/v1/connections/{}", text(&listed["data"][0]["id"]));
    let deleted = admin.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    admin.post("/api/v1/connections", postgres("c6"), 201).await;
}

#[tokio::test]
async fn saved_queries_are_ones_own_until_they_are_shared() {
    let server = Server::start(&[]);
    let Org { admin, analyst, viewer } = org(&server, "acme").await;
    let made = admin.post("/api/v1/connections", postgres("Shop"), 201).await;
    let body = json!({
        "name": "Top", "connection_id": made["id"], "sql_text": "SELECT 1", "tags": ["daily"],
    });
    let saved = analyst.post("/api/v1/query/saved", body, 201).await;
    assert_eq!((&saved["tags"], &saved["is_shared"]), (&json!(["daily"]), &json!(false)));
    let path = format!("/api/v1/query/saved/{}", text(&saved["id"]));
    assert_eq!(viewer.get("/api/v1/query/saved").await["count"], 0);
    call(&viewer, Method::PATCH, &path, json!({ "name": "Mine" }), 404).await;
    call(&analyst, Method::PATCH, &path, json!({ "is_shared": true }), 200).await;
    assert_eq!(viewer.get("/api/v1/query/saved").await["data"][0]["sql_text"], "SELECT 1");
    call(&viewer, Method::PATCH, &path, json!({ "name": "Mine" }), 403).await;
    let deleted = admin.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn settings_and_the_trail_are_the_admins() {
    let server = Server::start(&[]);
    let Org { admin, analyst, .. } = org(&server, "acme").await;
    let made = admin.post("/api/v1/connections", postgres("Shop"), 201).await;
    for path in ["/api/v1/settings/model", "/api/v1/audit"] {
        call(&analyst, Method::GET, path, json!({}), 403).await;
    }
    let limits = json!({ "concurrent_max": 8, "approval_cost": 0 });
    let path = "/api/v1/settings/query-limits";
    call(&analyst, Method::PUT, path, limits.clone(), 403).await;
    let limits = call(&admin, Method::PUT, path, limits, 200).await;
    assert_eq!(limits, json!({ "concurrent_max": 8, "approval_cost": null, "cache_seconds": 300 }));

    let refreshing = format!("/api/v1/schema/{}/refresh", text(&made["id"]));
    let begun = admin.post(&refreshing, json!({}), 202).await;
    assert_eq!(begun, json!({ "status": "refreshing" }));
    let page = admin.get("/api/v1/audit/?limit=1&offset=0&action=connection.create").await;
    assert_eq!(
        (&page["total"], &page["limit"], &page["offset"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let item = &page["items"][0];
    assert_eq!(item["user_id"], admin.id.as_str());
    assert_eq!(item["resource_id"], made["id"]);
    assert_eq!(item["details"]["name"], "Shop");
    assert_eq!(item["ip_address"], "127.0.0.1");
    call(&admin, Method::GET, "/api/v1/audit?limit=201", json!({}), 422).await;
}

#[tokio::test]
async fn keys_are_rotated_and_the_trail_is_checked_between_two_lives_of_a_server() {
    let mut server = Server::start(&[]);
    let Org { admin, .. } = org(&server, "acme").await;
    let made = admin.post("/api/v1/connections", postgres("Shop"), 201).await;
    server.kill();
    let admin_command = |word: &str| {
        let mut command = crate::world::command_of(&[] as &[&str], server.data.path());
        let output = command.args(["admin", word, "--data"]).arg(server.data.path()).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    assert!(admin_command("rotate-keys").contains("Encrypted 1 records anew with a new key"));
    assert!(admin_command("audit-verify").contains("whole"));
    server.start_again();
    let path = format!("/api/v1/connections/{}", text(&made["id"]));
    assert_eq!(admin.get(&path).await["has_password"], true);

    // Another key does not get in.
    server.kill();
    let mut command = crate::world::command_of(&[] as &[&str], server.data.path());
    let output = command
        .args([
            "admin",
            "audit-verify",
            "--set",
            "vault.master_key=another-key-another-key-another-key",
        ])
        .arg("--data")
        .arg(server.data.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("encrypted with another master key"),
        "{said}"
    );
}

#[tokio::test]
async fn an_upload_becomes_a_connection_for_admins_and_analysts() {
    let server = Server::start(&[]);
    let Org { analyst, viewer, .. } = org(&server, "acme").await;
    let path = "/api/v1/upload/csv";
    call(&analyst, Method::POST, path, json!({}), 415).await;
    let form = |part: &'static str| {
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"sales.csv\"\r\n\r\n\
             a,b\r\n1,2\r\n\r\n--cut--\r\n"
        );
        (body, "multipart/form-data; boundary=cut")
    };
    for (person, part, status) in [(&viewer, "file", 403), (&analyst, "other", 422)] {
        let (body, kind) = form(part);
        let request = person.request(Method::POST, path).header("content-type", kind).body(body);
        json_of(request.send().await.unwrap(), status).await;
    }
    let (body, kind) = form("file");
    let request = analyst.request(Method::POST, path).header("content-type", kind).body(body);
    let made = json_of(request.send().await.unwrap(), 201).await;
    let upload = &made["upload"];
    assert_eq!((&upload["row_count"], &upload["column_count"]), (&json!(1), &json!(2)));
    assert_eq!(upload["original_filename"], "sales.csv");
    assert_eq!(
        (&made["connection"]["name"], &made["connection"]["type"]),
        (&json!("sales"), &json!("csv"))
    );
    let path = format!("/api/v1/connections/{}/test", text(&made["connection"]["id"]));
    let tested = analyst.post(&path, json!({}), 200).await;
    assert_eq!(
        (&tested["success"], &tested["tables_found"]),
        (&json!(true), &json!(1)),
        "{tested}"
    );
}

#[tokio::test]
async fn the_uploads_of_an_organization_take_no_more_than_their_room_until_one_is_deleted() {
    // SQLite takes about 10 bytes for a row of the 5 here, in pages of 4 KiB.
    let server = Server::start(&[("limits.upload_bytes_per_org", "40000")]);
    let Org { admin, .. } = org(&server, "acme").await;
    let upload = async |rows: usize, status: u16| {
        let rows = "1,2\r\n".repeat(rows);
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sales.csv\"\r\n\r\n\
             a,b\r\n{rows}\r\n--cut--\r\n"
        );
        let request = admin.request(Method::POST, "/api/v1/upload/csv");
        let request = request.header("content-type", "multipart/form-data; boundary=cut");
        json_of(request.body(body).send().await.unwrap(), status).await
    };

    // One whose file is too large, and one whose database is.
    for rows in [10_000, 5_000] {
        let refused = upload(rows, 409).await;
        assert_eq!(refused["code"], "limit_reached");
        assert!(text(&refused["detail"]).contains("uploads"), "{refused}");
    }
    let first = upload(1, 201).await;
    upload(2_500, 409).await;

    let path = format!("/api/v1/connections/{}", text(&first["connection"]["id"]));
    let deleted = admin.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    upload(2_500, 201).await;
    let files = std::fs::read_dir(server.data.path().join("uploads")).unwrap().count();
    assert_eq!(files, 1, "what was refused left nothing behind");
}
