#!/usr/bin/env bash
# Installs what the tests need, then runs every test. Nothing is skipped: what cannot run, fails.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

step "tools"
if ! command -v chromium >/dev/null; then
    as_root apt-get update -qq
    as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
chromium --version

step "page: build, types, logic, size; beside it format and lints"
make web
said="$(mktemp)"
trap 'rm -f "$said"' EXIT
(cargo fmt --all --check && cargo clippy --workspace --all-targets --all-features --quiet -- -D warnings) >"$said" 2>&1 &
lints=$!
(cd web && npm test)
wait "$lints" || { cat "$said"; exit 1; }

step "server: all Rust tests, beside PostgreSQL, MariaDB, Redis and Cassandra"
# Most of them wait for a database or for each other: twice as many as there are cores.
RUST_TEST_THREADS=$(($(nproc) * 2)) make test-rust

step "chaos: faults in a cluster, two seeds"
make chaos-short

step "the log on three nodes of a database, of which one and two fail"
make test-quorum

step "a node on a database with password and TLS"
make test-secured

step "page in a browser against the server"
make e2e

step "deploy: rules, dashboards, proxy, Compose, image"
deploy/check.sh

step "done"
