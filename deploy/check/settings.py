"""Every STARLING_* that deploy/ sets must be a setting of the server, and secrets only come by file."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DEPLOY = Path(__file__).parent.parent
# Of Compose and of the checks themselves, not of the server.
OTHERS = {"STARLING_IMAGE", "STARLING_PUBLIC_URL", "STARLING_PORT", "STARLING_TLS_PORT", "STARLING_BIN"}
SECRETS = {"tokens.access_secret", "tokens.refresh_secret", "vault.master_key", "cluster.secret", "redis.url",
           "scylla.password", "files.s3.access_key", "files.s3.secret_key"}
# Stands for any setting in a comment.
EXAMPLE = "STARLING_A_B_C"


def known_keys():
    """Keys of `config check`, which prints every setting as TOML."""
    with tempfile.TemporaryDirectory() as folder:
        shown = subprocess.run([os.environ["STARLING_BIN"], "config", "check", "--data", folder], text=True,
                               capture_output=True, check=True).stdout
    section, keys = "", set()
    for line in shown.splitlines():
        if heading := re.match(r"\[([\w.]+)]$", line):
            section = heading[1]
        elif pair := re.match(r"(\w+) = ", line):
            keys.add(f"{section}.{pair[1]}")
    return keys


def used():
    """(file, setting or variable, whether it comes by file) of everything below deploy/."""
    for path in DEPLOY.rglob("*"):
        if path.suffix not in {".yaml", ".yml", ".service", ".env"} and path.name != "Dockerfile":
            continue
        text = path.read_text()
        for name in set(re.findall(r"\bSTARLING_[A-Z0-9_]+\b", text)) - OTHERS - {EXAMPLE}:
            yield path, name
        if path.name == "values.yaml" or path.name.endswith("-values.yaml"):
            for key in re.findall(r"^ {2,4}([a-z]+(?:\.[a-z0-9_]+)+): ", text, re.MULTILINE):
                yield path, "STARLING_" + key.replace(".", "_").upper()


def main():
    known = known_keys()
    variables = {"STARLING_" + key.replace(".", "_").upper(): key for key in known}
    wrong = []
    for path, name in used():
        key = variables.get(name) or variables.get(name.removesuffix("_FILE"))
        if key is None:
            wrong.append(f"{path.relative_to(DEPLOY)}: {name} is no setting")
        elif key in SECRETS and name in variables and "values" not in path.name:
            wrong.append(f"{path.relative_to(DEPLOY)}: {name} is a secret and must come by {name}_FILE")
    if wrong:
        sys.exit("\n".join(sorted(wrong)))
    print(f"all settings of deploy/ are among the server's {len(known)}")


main()
