//! The documents as pages to read, without scripts.

use std::fmt::Write as _;

use serde_json::Value;

const STYLE: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><style>\
:root{color-scheme:light dark}\
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
code,pre{font:13px/1.5 ui-monospace,monospace}\
details{border-bottom:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}\
.method{display:inline-block;min-width:4.5rem;font-weight:600;color:#00808f}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}\
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}\
th:nth-child(1){width:12rem}th:nth-child(2){width:16rem}\
pre{overflow:auto;background:#8881;padding:.75rem;border-radius:6px}</style>";

const API_HEAD: &str = "<title>Starling API</title></head><body><h1>Starling API</h1>\
<p>Documents for programs: <a href=\"/openapi.json\">OpenAPI</a>, \
<a href=\"/asyncapi.json\">AsyncAPI</a>. To read: <a href=\"/docs\">the same with scripts</a>, \
<a href=\"/docs/sockets\">the frames of the sockets</a>.</p>";

const FRAMES_HEAD: &str = "<title>Starling sockets</title></head><body><h1>Frames of the sockets</h1>\
<p>What goes over <code>/ws</code>, as JSON or MessagePack. Document for programs: \
<a href=\"/asyncapi.json\">AsyncAPI</a>. To read: <a href=\"/docs\">the API</a>.</p>";

/// Writes the whole page.
pub(super) fn page(document: &Value) -> String {
    let mut html = [STYLE, API_HEAD].concat();
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

/// Writes the page of the sockets' frames: for each a table of its fields.
pub(super) fn frames(document: &Value) -> String {
    let mut html = [STYLE, FRAMES_HEAD].concat();
    let schemas = &document["components"]["schemas"];
    for (operation, title) in
        [("fromClient", "Client to server"), ("fromServer", "Server to client")]
    {
        add(&mut html, format_args!("<h2>{title}</h2>"));
        let references = document["operations"][operation]["messages"].as_array();
        for reference in references.map(Vec::as_slice).unwrap_or_default() {
            let place = reference["$ref"].as_str().unwrap_or_default().trim_start_matches('#');
            if let Some(message) = document.pointer(place) {
                frame_into(&mut html, message, schemas);
            }
        }
    }
    html.push_str("<h2>Types</h2>");
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        let open = format_args!("<details id=\"{name}\"><summary><code>{name}</code></summary>");
        add(&mut html, open);
        fields_into(&mut html, schema, schemas);
        html.push_str("</details>");
    }
    html.push_str("</body></html>");
    html
}

fn frame_into(html: &mut String, message: &Value, schemas: &Value) {
    let name = escaped(message["name"].as_str().unwrap_or_default());
    let words = marked(message["summary"].as_str().unwrap_or_default());
    add(html, format_args!("<details open><summary><code>{name}</code> {words}</summary>"));
    fields_into(html, &message["payload"], schemas);
    html.push_str("</details>");
}

fn fields_into(html: &mut String, schema: &Value, schemas: &Value) {
    html.push_str("<table><tr><th>field<th>type<th>");
    rows_into(html, schema, schemas);
    html.push_str("</table>");
}

/// One row a field, those of parts that are referred to included.
fn rows_into(html: &mut String, schema: &Value, schemas: &Value) {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return rows_into(html, &schemas[name], schemas);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        rows_into(html, part, schemas);
    }
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let mark = if required.iter().any(|one| one == name) { "" } else { "?" };
        let words = marked(description(field));
        let (name, kind) = (escaped(name), kind_of(field));
        add(html, format_args!("<tr><td><code>{name}{mark}</code><td>{kind}<td>{words}"));
    }
}

/// What is said of a field; of one that may be null, beside its type.
fn description(field: &Value) -> &str {
    let beside = field["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    let places = std::iter::once(field).chain(beside);
    places.into_iter().find_map(|place| place["description"].as_str()).unwrap_or_default()
}

/// Words in which backticks mark code.
fn marked(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in escaped(text).split('`').enumerate() {
        let is_code = index % 2 == 1;
        html.push_str(if is_code { "<code>" } else { "" });
        html.push_str(part);
        html.push_str(if is_code { "</code>" } else { "" });
    }
    html
}

/// A schema in a few words.
fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return format!("<a href=\"#{0}\">{0}</a>", escaped(name));
    }
    if let Some(word) = schema["enum"][0].as_str() {
        return format!("<code>\"{}\"</code>", escaped(word));
    }
    let choices = schema["oneOf"].as_array().or(schema["allOf"].as_array());
    if let Some(choices) = choices {
        let words: Vec<_> = choices.iter().map(kind_of).filter(|word| word != "null").collect();
        return words.join(" or ");
    }
    match &schema["type"] {
        Value::String(word) if word == "array" => format!("list of {}", kind_of(&schema["items"])),
        Value::String(word) => escaped(word),
        Value::Array(words) => {
            let word = words.iter().filter_map(Value::as_str).find(|word| *word != "null");
            word.map_or_else(String::new, |word| kind_of(&with_type(schema, word)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "any".to_owned(),
    }
}

/// The schema with one type only.
fn with_type(schema: &Value, word: &str) -> Value {
    let mut one = schema.clone();
    one["type"] = word.into();
    one
}

fn add(html: &mut String, text: std::fmt::Arguments<'_>) {
    if html.write_fmt(text).is_err() {
        tracing::error!("a text could not be written into memory");
    }
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
    add(html, format_args!("<details><summary>{title}</summary><pre>{text}</pre></details>"));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
