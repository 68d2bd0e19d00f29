"""compose.py MODEL: the rules of this repository for a Compose file that the specification's loader has read."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DEPLOY = Path(__file__).parent.parent
# Reached from outside this machine; everything else is published on its loopback only.
PUBLIC = {"proxy"}
# They start as root and give it up themselves, or only run at the first start.
UNCONFINED = {"scylla", "scylla-role"}


def environment(service):
    """Variables and values; the loader gives a merged one as lines."""
    given = service.get("environment") or {}
    return given if isinstance(given, dict) else dict(line.split("=", 1) for line in given)


def faults(name, service):
    image = service.get("image", "")
    if not re.search(r":(v?\d+\.\d+\.\d+)", image):
        yield f"the image {image} has no exact version"
    if not service.get("restart"):
        yield "has no rule for a restart"
    if not service.get("logging", {}).get("options", {}).get("max-size"):
        yield "may fill the disk with logs"
    if name not in UNCONFINED:
        if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
            yield "keeps privileges that it does not need"
    if name != "scylla-role":
        if not service.get("deploy", {}).get("resources", {}).get("limits", {}).get("memory"):
            yield "has no limit of memory"
        if not service.get("healthcheck") and not name.startswith("starling-") and name != "proxy":
            yield "has no health check"
    if name.startswith("starling-") and not service.get("read_only"):
        yield "may write its root"
    for port in service.get("ports", []):
        if name not in PUBLIC and port.get("host_ip") != "127.0.0.1":
            yield f"publishes {port.get('published')} to everyone"
    for variable, value in environment(service).items():
        if re.search(r"(PASSWORD|SECRET|MASTER_KEY)$", variable) and value:
            yield f"{variable} stands in the environment; secrets come by file"
    for volume in service.get("volumes", []):
        if volume["type"] == "bind" and not Path(volume["source"]).exists():
            yield f"mounts {volume['source']}, which is not there"


def main():
    model = json.loads(Path(sys.argv[1]).read_text())
    wrong = [f"{name}: {fault}" for name, service in model["services"].items() for fault in faults(name, service)]
    with tempfile.TemporaryDirectory() as folder:
        made = folder + "/secrets"
        subprocess.run([DEPLOY / "secrets.sh", made], check=True, capture_output=True)
        there = {path.name for path in Path(made).iterdir()}
    # A certificate and the keys of an object storage are the operator's own.
    wrong += [f"no secret {name} is made by secrets.sh" for name in set(model["secrets"]) - there
              - {"tls_pem", "s3_access_key", "s3_secret_key"}]
    nodes = [service for name, service in model["services"].items() if name.startswith("starling-")]
    names = {environment(node)["STARLING_CLUSTER_NODE"] for node in nodes}
    if len(nodes) != 3 or len(names) != 3:
        wrong.append("there are not three nodes with three names")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(model['services'])} services")


main()
