//! The OpenAPI document as a page to read.

use std::fmt::Write as _;

use serde_json::Value;

const HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Starling API</title><style>\
:root{color-scheme:light dark}\
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code,pre{font:13px/1.5 ui-monospace,monospace}\
details{border-bottom:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}\
.method{display:inline-block;min-width:4.5rem;font-weight:600;color:#00808f}\
pre{overflow:auto;background:#8881;padding:.75rem;border-radius:6px}</style></head><body>\
<h1>Starling API</h1><p>Documents for programs: <a href=\"/openapi.json\">OpenAPI</a>, \
<a href=\"/asyncapi.json\">AsyncAPI</a> for the sockets.</p>";

/// Writes the whole page.
pub(super) fn page(document: &Value) -> String {
    let mut html = HEAD.to_owned();
    let empty = serde_json::Map::new();
    for (path, methods) in document["paths"].as_object().unwrap_or(&empty) {
        for (method, operation) in methods.as_object().unwrap_or(&empty) {
            operation_into(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2>Types</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap_or(&empty) {
        let text = serde_json::to_string_pretty(schema).unwrap_or_default();
        section(&mut html, &format!("<code>{}</code>", escaped(name)), &text);
    }
    html.push_str("</body></html>");
    html
}

fn operation_into(html: &mut String, path: &str, method: &str, operation: &Value) {
    let words = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or("");
    let title = format!(
        "<span class=\"method\">{}</span><code>{}</code> {}",
        escaped(&method.to_uppercase()),
        escaped(path),
        escaped(words)
    );
    let mut shown = operation.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.retain(|key, _| ["parameters", "requestBody", "responses"].contains(&key.as_str()));
    }
    section(html, &title, &serde_json::to_string_pretty(&shown).unwrap_or_default());
}

fn section(html: &mut String, title: &str, text: &str) {
    let text = escaped(text);
    if write!(html, "<details><summary>{title}</summary><pre>{text}</pre></details>").is_err() {
        tracing::error!("a text could not be written into memory");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
