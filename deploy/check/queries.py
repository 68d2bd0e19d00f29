"""Asks a real Prometheus, which watches a real server, everything that rules and dashboards ask.

A query fails the check when Prometheus does not understand it, when it names a metric, a label or a label's
value that the server does not have, or (on a dashboard) when it finds nothing.
"""

import json
import re
import sys
import tempfile
import urllib.parse
from pathlib import Path

from server import Program, Server, free_port, get, until

DEPLOY = Path(__file__).parent.parent
# What only nodes of a cluster have: asked for by name here, until a cluster is started for this check.
CLUSTER_ONLY = {
    "starling_cluster_members": set(),
    "starling_channels_owned": set(),
    "starling_forwarded_orders_total": {"outcome"},
    "starling_bus_connected": {"redis"},
    "starling_bus_published_total": set(),
    "starling_bus_dropped_total": set(),
    "starling_handover_total": set(),
    "starling_store_request_seconds_bucket": {"operation"},
    "starling_store_request_seconds_count": {"operation"},
}
# Of Prometheus itself, and of programs that do not run here.
FOREIGN = re.compile(r"\b(ALERTS|haproxy_\w+|scylla_\w+)\b")
# Nothing of this kind happens to a server that is well.
RARE = ('status=~"5..', 'status=~\\"5..')
OWN_LABELS = {"job", "instance", "namespace", "le"}
SELECTOR = re.compile(r"\b(starling[\w:]*)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


# Values that a label has in the server's code, but not in an hour that is well.
KNOWN_VALUES = {("starling_query_jobs_total", "state"): {"failed", "rejected", "cancelled", "done"}}


def busy(server):
    """One of everything that is measured: an account, a message, a question, a refusal."""
    who = server.call("/api/v1/auth/register", {
        "email": "op@example.org", "password": "a rather long pass phrase", "full_name": "Op"})
    token = who["access_token"]
    channel = server.call("/api/v1/channels", {"name": "watched"}, token)["id"]
    for number in range(3):
        server.call("/api/v1/messages", {"channel_id": channel, "content": f"message {number}"}, token)
    admin_words = server.said()
    email = re.search(r"e-mail\s+(\S+)", admin_words)[1]
    password = re.search(r"password\s+(\S+)", admin_words)[1]
    admin = server.call("/api/v1/auth/login", {"email": email, "password": password})["access_token"]
    server.call("/api/v1/connections/demo", {}, admin)
    server.call("/api/v1/chat/message", {"message": "top 5 products by revenue"}, admin)


def exposed(text):
    """Labels, and the values of each, of every metric."""
    metrics = {}
    for line in text.splitlines():
        if found := re.match(r"(starling\w*)(?:\{(.*)\})? ", line):
            labels = metrics.setdefault(found[1], {})
            for name, _, value in MATCHER.findall(found[2] or ""):
                labels.setdefault(name, set()).add(value)
    return metrics


def dashboards():
    """(where, query) of every panel, its variables filled in."""
    for path in sorted((DEPLOY / "grafana/dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", []):
                query = target["expr"]
                for name, value in (("$__rate_interval", "30s"), ("$job", "starling"), ("$instance", ".+")):
                    query = query.replace(name, value)
                yield f"{path.name}, {panel['title']}", query


def faults(query, metrics, recorded):
    """What a query names that nobody exposes."""
    for name, matchers in SELECTOR.findall(query):
        if ":" in name:
            if name not in recorded:
                yield f"there is no rule {name}"
            continue
        if name not in metrics and name not in CLUSTER_ONLY:
            if name != "starling":
                yield f"the server has no {name}"
            continue
        for label, how, value in MATCHER.findall(matchers):
            if label in OWN_LABELS:
                continue
            if name in CLUSTER_ONLY:
                if label not in CLUSTER_ONLY[name]:
                    yield f"{name} has no label {label}"
            elif label not in metrics[name]:
                yield f"{name} has no label {label}"
            elif how == "=" and value not in metrics[name][label] | KNOWN_VALUES.get((name, label), set()):
                yield f"{name} has no {label}=\"{value}\""
    cluster = {label for name in CLUSTER_ONLY if name in query for label in CLUSTER_ONLY[name]}
    known = {label for name, _ in SELECTOR.findall(query) for label in metrics.get(name, {})} | cluster
    for labels in re.findall(r"\bby \(([^)]*)\)", query):
        for label in filter(None, (label.strip() for label in labels.split(","))):
            if label not in known | OWN_LABELS and not FOREIGN.search(query):
                yield f"nothing in it has the label {label}"


def is_about_more(query):
    """Whether a query asks for what is not here, so that it may find nothing."""
    return (FOREIGN.search(query) or any(name in query for name in CLUSTER_ONLY)
            or any(words in query for words in RARE))


def watch(server, folder):
    """A Prometheus that watches the server, with the rules of this repository."""
    port = free_port()
    config = Path(folder) / "prometheus.yml"
    config.write_text(json.dumps({
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(path) for path in (DEPLOY / "prometheus/rules").glob("*.yml")],
        "scrape_configs": [{"job_name": "starling",
                            "static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}]}],
    }))
    program = Program(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                       f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"])
    return program, f"http://127.0.0.1:{port}/api/v1"


def main():
    server = Server()
    prometheus = None
    try:
        with tempfile.TemporaryDirectory() as folder:
            prometheus, api = watch(server, folder)
            until("Prometheus sees the server", lambda: ask(api, "up == 1")["data"]["result"])
            busy(server)
            sample = "starling:questions_failed:ratio30m"
            until("rules are recorded", lambda: ask(api, f"count_over_time({sample}[1m]) > 4")["data"]["result"])
            metrics = exposed(get(server.url("/metrics"))[1])
            wrong, count = [], 0
            groups = json.loads(get(f"{api}/rules")[1])["data"]["groups"]
            rules = [rule for group in groups for rule in group["rules"]]
            recorded = {rule["name"] for rule in rules if rule["type"] == "recording"}
            wrong += [f"{rule['name']}: {rule['lastError']}" for rule in rules if rule.get("lastError")]
            asked = [(rule["name"], rule["query"], False) for rule in rules]
            asked += [(where, query, True) for where, query in dashboards()]
            for where, query, must_find in asked:
                count += 1
                wrong += [f"{where}: {fault}" for fault in faults(query, metrics, recorded)]
                answer = ask(api, query)
                if answer["status"] != "success":
                    wrong.append(f"{where}: {answer['error']}")
                elif must_find and not answer["data"]["result"] and not is_about_more(query):
                    wrong.append(f"{where}: finds nothing: {query}")
            if wrong:
                sys.exit("\n".join(wrong))
            print(f"{count} queries over {len(metrics)} metrics; {len(CLUSTER_ONLY)} names are of clusters only")
            prometheus.end()
    finally:
        if prometheus:
            prometheus.end(kill=True)
        server.end()


def ask(api, query):
    return json.loads(get(f"{api}/query?{urllib.parse.urlencode({'query': query})}")[1])


main()
