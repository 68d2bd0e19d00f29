#!/usr/bin/env bash
# Runs Autobahn's WebSocket cases against an echo on the gateway's own handshake, reader and pipe.
#
# Autobahn's suite exists for Python 2.7 only, which few machines have; so this is no part of
# `make test`. Everything is kept below target/autobahn; the report is target/autobahn/report.
#
#   tests/autobahn/run.sh             all cases
#   tests/autobahn/run.sh '6.*' '7.*' some of them
set -euo pipefail
cd "$(dirname "$0")/../.."

SUITE=autobahntestsuite==25.10.1
HOME_DIR=$PWD/target/autobahn
SITE=$HOME_DIR/$SUITE
mkdir -p "$HOME_DIR"

fail() { printf 'autobahn: %s\n' "$*" >&2; exit 1; }

python2.7 -c '' 2>/dev/null ||
    fail "needs Python 2.7 as 'python2.7' on PATH: the suite was never ported to Python 3"
if [ ! -e "$SITE/.complete" ]; then
    python2.7 -m pip --version >/dev/null 2>&1 ||
        fail "this python2.7 has no pip: 'python2.7 -m ensurepip --user' brings it"
    rm -rf "$SITE"
    python2.7 -m pip install --disable-pip-version-check --no-warn-conflicts --quiet \
        --target "$SITE" "$SUITE" 2>"$HOME_DIR/install.log" ||
        { cat "$HOME_DIR/install.log" >&2; fail "cannot install $SUITE"; }
    touch "$SITE/.complete"
fi

${CARGO:-cargo} build --quiet --example echo
run=$(mktemp -d)
target/debug/examples/echo >"$run/address" &
echo_process=$!
trap 'kill "$echo_process" 2>/dev/null || true; rm -rf "$run"' EXIT
for _ in $(seq 100); do
    [ -s "$run/address" ] && break
    kill -0 "$echo_process" 2>/dev/null || fail "the echo did not start"
    sleep 0.1
done

rm -rf "$HOME_DIR/report"
cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=('*')
python2.7 - "$run" "$HOME_DIR/report" "${cases[@]}" <<'SPEC'
import json, sys
run, report, cases = sys.argv[1], sys.argv[2], sys.argv[3:]
address = open(run + "/address").read().strip()
server = {"agent": "starling", "url": "ws://" + address}
spec = {"outdir": report, "servers": [server], "cases": cases,
        "exclude-cases": [], "exclude-agent-cases": {}}
json.dump(spec, open(run + "/spec.json", "w"))
SPEC
# A site folder, since a plain PYTHONPATH does not make the suite's namespace packages known. It
# writes a line for every case; they are of interest only when it fails as a whole.
start='import site, sys; site.addsitedir(sys.argv.pop(1))
from autobahntestsuite import wstest
wstest.run()'
python2.7 -c "$start" "$SITE" --mode fuzzingclient --spec "$run/spec.json" >"$run/log" 2>&1 ||
    { tail -n 40 "$run/log" >&2; fail "the suite itself failed"; }
python2.7 tests/autobahn/report.py "$HOME_DIR/report/index.json"
