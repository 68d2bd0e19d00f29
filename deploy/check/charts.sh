#!/usr/bin/env bash
# charts.sh KUBERNETES VALIDATE: lints the chart, and holds what it makes against Kubernetes' own schemas.
set -euo pipefail
cd "$(dirname "$0")/../helm/starling"
made="$(mktemp -d)"
trap 'rm -rf "$made"' EXIT
# Helm tells of every link it follows: rules and dashboards lie outside the chart.
quietly() { "$@" 2> >(grep -v 'found symbolic link' >&2); }

for values in ci/*-values.yaml; do
    quietly helm lint --strict --quiet --kube-version "$1" --values "$values" .
    quietly helm template try . --kube-version "$1" --values "$values" >"$made/all.yaml"
    "$TOOLS/python/bin/kubernetes-validate" --strict --quiet --no-warn -k "$2" "$made/all.yaml"
    echo "$values: $(grep -c '^kind:' "$made/all.yaml") objects"
done

# What must be refused, and in which words.
refused() {
    local words="$1"; shift
    if helm template try . --kube-version 1.34.0 "$@" >"$made/out" 2>&1; then
        echo "was taken: $*" >&2
        exit 1
    fi
    grep -q "$words" "$made/out" || { cat "$made/out" >&2; exit 1; }
}
refused "existingSecret must name a Secret"
refused "uploads need settings.files.kind=s3" --set secrets.existingSecret=s
refused "needs secrets.keys files.s3" --set secrets.existingSecret=s --set 'settings.files\.kind=s3'
refused "is a secret: it is read from" --set secrets.existingSecret=s --set 'settings.cluster\.secret=x'
refused "more than one node needs" --set secrets.existingSecret=s --set 'settings.storage\.kind=sqlite'
refused "dditional propert" --set secrets.existingSecret=s --set replica=3

# A drain must end before Kubernetes ends it.
helm template try . --kube-version "$1" --set secrets.existingSecret=s --set uploads.create=true \
    --set 'settings.server\.drain_ms=45500' \
    2>/dev/null | grep -q 'terminationGracePeriodSeconds: 61'
echo "what must be refused is, and the grace follows the drain"
