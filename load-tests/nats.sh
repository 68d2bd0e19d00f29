#!/bin/sh
# Builds nats-server into load-tests/out, for `starling-load fanout --target nats` and `short`.
# The harness starts it and writes its settings; nothing is installed outside this folder.
set -eu

version="${NATS_VERSION:-v2.15.2}"
out="$(cd "$(dirname "$0")" && pwd)/out"

if [ -x "$out/nats-server" ] && "$out/nats-server" --version | grep -q "$version"; then
    echo "$out/nats-server is $version already"
    exit 0
fi
command -v go >/dev/null || { echo "Go is needed to build nats-server" >&2; exit 1; }
mkdir -p "$out"
GOBIN="$out" go install "github.com/nats-io/nats-server/v2@$version"
"$out/nats-server" --version

# For a server by hand: its WebSocket is at ws://127.0.0.1:4334.
cat > "$out/nats.conf" <<'CONF'
listen: "127.0.0.1:4333"
websocket {
  listen: "127.0.0.1:4334"
  no_tls: true
  compression: false
}
CONF
echo "by hand: $out/nats-server -c $out/nats.conf"
