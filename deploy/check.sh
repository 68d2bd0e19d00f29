#!/usr/bin/env bash
# Checks deploy/ as far as a machine without Docker and Kubernetes can.
#
#   deploy/check.sh            what is quick: rules, dashboards, proxy, compose, settings, image, unit (40 s)
#   deploy/check.sh --charts   the chart as well: builds Helm once, which takes minutes
#
# It uses the server in target/debug (STARLING_BIN names another one), and brings Debian's Prometheus and
# HAProxy into target/deploy-tools without installing them.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD" tools="$PWD/target/deploy-tools"
mkdir -p "$tools"
export STARLING_BIN="${STARLING_BIN:-$root/target/debug/starling}"
export TOOLS="$tools"
export LD_LIBRARY_PATH="$tools/debian/usr/lib/$(uname -m)-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export PATH="$tools/bin:$tools/debian/usr/bin:$tools/debian/usr/sbin:$PATH"

COMPOSE_GO=v2.16.2
HELM=v3.22.0
KUBERNETES_VALIDATE=1.34.1
KUBERNETES=1.34.0

say() { printf -- '-- %s (%ss)\n' "$*" "$SECONDS"; }
[ -x "$STARLING_BIN" ] || cargo build --bin starling

# Programs of Debian's packages, unpacked: an installed one would start a service.
debian() {
    [ -x "$tools/debian/usr/bin/promtool" ] && [ -x "$tools/debian/usr/sbin/haproxy" ] && return
    say "tools of Debian"
    local packages=(prometheus haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1)
    mkdir -p "$tools/packages"
    # The lists of a fresh machine may be empty or old.
    (cd "$tools/packages" && apt-get download -qq "${packages[@]}" 2>/dev/null) || {
        if [ "$(id -u)" = 0 ]; then apt-get update -qq; else sudo apt-get update -qq; fi
        (cd "$tools/packages" && apt-get download -qq "${packages[@]}")
    }
    for package in "$tools"/packages/*.deb; do dpkg-deb -x "$package" "$tools/debian"; done
}

# A program of a Go module, by its name and package.
go_program() {
    [ -x "$tools/bin/$1" ] && return
    say "$1 ($2)"
    (cd "$tools" && GOBIN="$tools/go" GOFLAGS=-buildvcs=false go install -ldflags='-s -w' "$2")
    mkdir -p "$tools/bin" && mv "$tools/go/$(basename "${2%@*}")" "$tools/bin/$1"
}

scripts() {
    say "scripts"
    find deploy -name '*.sh' -exec bash -n {} \;
    python3 deploy/grafana/build.py --check
    python3 deploy/check/settings.py
}

rules() {
    say "rules"
    promtool check rules deploy/prometheus/rules/*.yml
    promtool test rules deploy/prometheus/tests/*.yml
    promtool check config --syntax-only deploy/prometheus/prometheus.yml
}

proxy() {
    say "proxy"
    # Two sockets through the real proxy, one node killed: see check/proxy.py.
    python3 deploy/check/proxy.py
}

compose() {
    go_program compose-spec "github.com/compose-spec/compose-go/v2/cmd@$COMPOSE_GO"
    say "compose"
    local files
    for files in "compose.yaml" "compose.yaml compose.tls.yaml" "compose.yaml compose.s3.yaml"; do
        # shellcheck disable=SC2086 # two files are two words
        (cd deploy && compose-spec --format json $files) >"$tools/compose.json"
        python3 deploy/check/compose.py "$tools/compose.json"
    done
}

queries() {
    say "queries of rules and dashboards against a live server"
    python3 deploy/check/queries.py
}

image() {
    say "the image's root"
    rm -rf "$tools/image"
    deploy/image/root.sh "$STARLING_BIN" "$tools/image"
    local chroot enter=()
    chroot="$(command -v chroot)"
    [ "$(id -u)" = 0 ] || enter=("$(command -v unshare)" --map-root-user)
    # Nothing of this machine may help it: no variable, and no file outside.
    env -i "${enter[@]}" "$chroot" "$tools/image" /usr/local/bin/starling --version
    env -i "${enter[@]}" "$chroot" "$tools/image" /usr/local/bin/starling config check --data /tmp/data >/dev/null
    du -sh "$tools/image" | sed 's#\s.*# with this binary#'
    rm -rf "$tools/image"
}

unit() {
    say "unit"
    if ! command -v systemd-analyze >/dev/null; then
        echo "systemd is not here: deploy/systemd is not checked"
        return
    fi
    # The program is named as it lies on a server; here another one stands in its place.
    sed 's#/usr/local/bin/starling#/bin/true#' deploy/systemd/starling.service >"$tools/starling.service"
    systemd-analyze verify --man=no "$tools/starling.service"
    systemd-analyze security --offline=true --threshold=25 "$tools/starling.service" | tail -n 1
}

charts() {
    go_program helm "helm.sh/helm/v3/cmd/helm@$HELM"
    [ -x "$tools/python/bin/kubernetes-validate" ] || {
        python3 -m venv "$tools/python"
        "$tools/python/bin/pip" install -q "kubernetes-validate==$KUBERNETES_VALIDATE"
    }
    deploy/check/charts.sh "$KUBERNETES" "$KUBERNETES_VALIDATE"
}

debian
scripts
rules
compose
proxy
queries
image
unit
if [ "${1:-}" = --charts ]; then
    charts
else
    echo "The chart is not checked: deploy/check.sh --charts builds Helm and does."
fi
say "deploy/ is well"
