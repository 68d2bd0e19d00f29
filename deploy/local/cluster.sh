#!/usr/bin/env bash
# A whole cluster on this machine, to look at: Cassandra (which speaks CQL like ScyllaDB), Redis, and three
# Starling nodes, each with a data folder of its own and one folder of uploads for all. Ctrl-C stops all of it,
# and what was written is gone.
#
#     make cluster
#
# STARLING_BIN names another server than target/quick/starling, PORT another first port than 8081.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Cassandra lives as long as the command that its script runs: this one again.
if [ "${1:-}" != beside-cassandra ]; then
    exec tests/cassandra.sh "$0" beside-cassandra
fi

server="${STARLING_BIN:-target/quick/starling}"
first_port="${PORT:-8081}"
nodes=3
[ -x "$server" ] || { echo "$server is missing: make cluster builds it" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
if ! command -v redis-server >/dev/null; then
    as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends redis-server >/dev/null
fi

folder="$(mktemp -d)"
processes=()
stop() {
    trap - EXIT INT TERM
    local process
    # Nodes say good-bye and finish what is in flight; then Redis goes.
    for process in "${processes[@]}"; do kill -TERM "$process" 2>/dev/null || true; done
    for process in "${processes[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT
trap 'exit 143' TERM
mkfifo "$folder/pause"
pause() { read -r -t 0.1 <>"$folder/pause" || true; }

free_port() {
    local port
    while :; do
        port="$(shuf -i 20000-29999 -n 1)"
        if ! (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
}
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

redis_port="$(free_port)"
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$folder" \
    >"$folder/redis.log" 2>&1 &
processes+=("$!")

# The same for all nodes.
export STARLING_STORAGE_KIND=scylla STARLING_SCYLLA_NODES="$STARLING_TEST_SCYLLA"
export STARLING_REDIS_URL="redis://127.0.0.1:$redis_port"
export STARLING_CLUSTER_LISTEN=127.0.0.1:0
export STARLING_FILES_DIR="$folder/uploads" STARLING_FILES_SHARED=true
STARLING_CLUSTER_SECRET="$(random)"
STARLING_TOKENS_ACCESS_SECRET="$(random)"
STARLING_VAULT_MASTER_KEY="$(random)"
export STARLING_CLUSTER_SECRET STARLING_TOKENS_ACCESS_SECRET STARLING_VAULT_MASTER_KEY

# One after the other, so that each says its address when it answers there.
for node in $(seq "$nodes"); do
    port=$((first_port + node - 1))
    STARLING_CLUSTER_NODE="node-$node" "$server" serve --listen "127.0.0.1:$port" \
        --data "$folder/node-$node" >"$folder/node-$node.out" 2>"$folder/node-$node.log" &
    processes+=("$!")
    for _ in $(seq 600); do
        if (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null && "$server" health \
            --set "server.listen=127.0.0.1:$port" >/dev/null 2>&1; then break; fi
        if ! kill -0 "${processes[-1]}" 2>/dev/null; then
            echo "node-$node did not start:" >&2
            tail -n 20 "$folder/node-$node.log" >&2
            exit 1
        fi
        pause
    done
    echo "node-$node  http://127.0.0.1:$port  process ${processes[-1]}, log $folder/node-$node.log"
done
cat "$folder"/node-*.out
cat <<'WORDS'
Open two of the addresses in two browsers, sign in, and write. Then kill one node's process with -9: the
conversation goes on at the others, and whose node is gone opens one of those. Ctrl-C stops everything.
WORDS
wait
