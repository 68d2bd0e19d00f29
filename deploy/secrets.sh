#!/usr/bin/env bash
# secrets.sh [FOLDER]: makes the secrets that compose.yaml mounts, once. What is there is left alone,
# so it may be run again after an upgrade that wants one more.
#
# The folder is closed to everyone else on the machine; the files in it can be read by all, because
# inside a container they belong to another user and Compose mounts them with the rights they have.
set -euo pipefail
cd "$(dirname "$0")"
folder="${1:-secrets}"
umask 022
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# Written beside its place first: a full disk leaves no empty secret.
keep() {
    [ -s "$folder/$1" ] && return
    printf '%s' "$2" >"$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "made $folder/$1"
}

for name in access_secret refresh_secret master_key cluster_secret redis_password \
    scylla_password grafana_password; do
    keep "$name" "$(random)"
done
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/"
echo "Keep $folder/master_key apart from backups of the database: it opens the stored passwords."
