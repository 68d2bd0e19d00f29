#!/usr/bin/env bash
# Chaos with several seeds, one run after the other beside one Cassandra, in network namespaces of its own:
#
#     load-tests/chaos.sh SECONDS SEED…
#
# PROFILE says which build is taken (release), SCYLLA_NODES how many nodes Cassandra has (1). Every seed is
# run whatever became of those before; histories of bad runs stay where they say. `make chaos` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != beside-cassandra ]; then
    [ "$#" -ge 2 ] || { echo "usage: load-tests/chaos.sh SECONDS SEED…" >&2; exit 2; }
    if ! command -v redis-server >/dev/null || ! command -v ip >/dev/null; then
        as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
        as_root apt-get update -qq
        DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends \
            redis-server iproute2 >/dev/null
    fi
    exec tests/cassandra.sh --nodes "${SCYLLA_NODES:-1}" --apart "$0" beside-cassandra "$@"
fi

seconds="$2"
shift 2
build="${CARGO_TARGET_DIR:-target}/${PROFILE:-release}"
bad=()
for seed in "$@"; do
    "$build/starling-load" chaos --server "$build/starling" --seed "$seed" --seconds "$seconds" || bad+=("$seed")
done
if [ "${#bad[@]}" -gt 0 ]; then
    echo "load-tests/chaos.sh: bad with seed ${bad[*]}" >&2
    exit 1
fi
