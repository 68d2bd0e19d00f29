//! Alerts as Prometheus' Alertmanager and Grafana send them by themselves.

use serde_json::Value;

use super::super::markdown::{code, link, plain, web};

/// Alerts of one call that are shown; more of them are counted.
const ALERTS_MAX: usize = 10;
/// Labels of one alert that are shown.
const LABELS_MAX: usize = 8;
/// Where an alert leads, and what that is called.
const LINKS: [(&str, &str); 4] = [
    ("generatorURL", "source"),
    ("dashboardURL", "dashboard"),
    ("panelURL", "panel"),
    ("silenceURL", "silence"),
];

/// Whether a document is a call of Alertmanager or Grafana.
pub(super) fn is_alerts(document: &Value) -> bool {
    document["alerts"].is_array() || is_old_grafana(document)
}

fn is_old_grafana(document: &Value) -> bool {
    document["ruleName"].is_string() && document["state"].is_string()
}

/// The call in words.
pub(super) fn words(document: &Value) -> String {
    if is_old_grafana(document) && !document["alerts"].is_array() {
        return old_grafana(document);
    }
    let alerts = document["alerts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_firing = document["status"] != "resolved";
    let (sign, state) = if is_firing { ("🔥", "Firing") } else { ("✅", "Resolved") };
    let name = ["groupLabels", "commonLabels"]
        .iter()
        .find_map(|labels| document[*labels]["alertname"].as_str())
        .or_else(|| alerts.first().and_then(|alert| alert["labels"]["alertname"].as_str()))
        .unwrap_or("alerts");
    let address = document["externalURL"].as_str().unwrap_or_default();
    let mut lines =
        vec![format!("{sign} **{state}: {}** ({})", link(name, address, 200), alerts.len())];
    if let Some(summary) = document["commonAnnotations"]["summary"].as_str() {
        lines.push(plain(summary, 500));
    }
    let common = document["commonAnnotations"]["summary"].as_str();
    lines.extend(alerts.iter().take(ALERTS_MAX).map(|alert| format!("- {}", one(alert, common))));
    let more = alerts.len().saturating_sub(ALERTS_MAX);
    let cut =
        more + usize::try_from(document["truncatedAlerts"].as_u64().unwrap_or(0)).unwrap_or(0);
    if cut > 0 {
        lines.push(format!("… and {cut} more"));
    }
    lines.join("\n")
}

fn one(alert: &Value, common: Option<&str>) -> String {
    let sign = if alert["status"] == "resolved" { "✅ " } else { "" };
    let annotation = |name: &str| alert["annotations"][name].as_str();
    let summary = annotation("summary").filter(|summary| Some(*summary) != common);
    let said: Vec<String> = [summary, annotation("description").or(annotation("message"))]
        .into_iter()
        .flatten()
        .map(|text| plain(text, 500))
        .collect();
    let mut parts = vec![format!("{sign}{}", said.join(" — "))];
    if let Some(labels) = alert["labels"].as_object() {
        let shown = labels.iter().filter(|(name, _)| *name != "alertname").take(LABELS_MAX);
        let labels: Vec<String> = shown
            .filter_map(|(name, value)| Some(code(&format!("{name}={}", value.as_str()?), 120)))
            .collect();
        parts.push(labels.join(" "));
    }
    if let Some(values) = alert["valueString"].as_str() {
        parts.push(code(values, 200));
    }
    let links: Vec<String> = LINKS
        .iter()
        .filter_map(|(field, word)| Some((web(alert[*field].as_str()?)?, *word)))
        .map(|(address, word): (String, &str)| format!("[{word}]({address})"))
        .collect();
    parts.push(links.join(" · "));
    parts.retain(|part| !part.trim().is_empty());
    parts.join(" ")
}

/// Grafana before its version 8.
fn old_grafana(document: &Value) -> String {
    let text = |field: &str| document[field].as_str().unwrap_or_default();
    let sign = match text("state") {
        "ok" => "✅",
        "alerting" => "🔥",
        _ => "⚠️",
    };
    let title = if text("title").is_empty() { text("ruleName") } else { text("title") };
    let mut lines = vec![format!("{sign} **{}**", link(title, text("ruleUrl"), 300))];
    if !text("message").is_empty() {
        lines.push(plain(text("message"), 1_000));
    }
    let matches = document["evalMatches"].as_array().map(Vec::as_slice).unwrap_or_default();
    for one in matches.iter().take(ALERTS_MAX) {
        let name = plain(one["metric"].as_str().unwrap_or_default(), 100);
        lines.push(format!("- {name}: {}", code(&one["value"].to_string(), 40)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_of_alertmanager_is_legible() {
        let call = json!({
            "version": "4", "status": "firing", "receiver": "starling",
            "groupLabels": {"alertname": "HighLatency"},
            "commonAnnotations": {}, "externalURL": "http://alerts.example:9093",
            "alerts": [{
                "status": "firing",
                "labels": {"alertname": "HighLatency", "job": "api"},
                "annotations": {"summary": "p99 is high", "description": "1.2 s [for] 5 min"},
                "generatorURL": "http://prometheus.example/graph",
            }],
        });
        let expected = "🔥 **Firing: [HighLatency](http://alerts.example:9093)** (1)\n\
            - p99 is high — 1.2 s \\[for\\] 5 min `job=api` [source](http://prometheus.example/graph)";
        assert_eq!(words(&call), expected);
        assert!(is_alerts(&call) && !is_alerts(&json!({"text": "x"})));
    }

    #[test]
    fn an_old_grafana_is_understood_too() {
        let call = json!({"title": "[Alerting] CPU", "ruleName": "CPU", "state": "alerting",
            "ruleUrl": "https://grafana.example/d/1", "message": "hot",
            "evalMatches": [{"metric": "node1", "value": 97.5}]});
        let expected = "🔥 **[\\[Alerting\\] CPU](https://grafana.example/d/1)**\nhot\n\
                        - node1: `97.5`";
        assert_eq!(words(&call), expected);
    }
}
