#!/usr/bin/env bash
# root.sh BINARY FOLDER: makes the root file system of the image: the binary, what it is linked to,
# certificates, one user, and the folders it may write.
set -euo pipefail
binary="$1" root="$2"

# A volume that is mounted at uploads/ takes its owner from the folder here.
mkdir -p "$root"/{etc/ssl/certs,usr/local/bin,tmp,var/lib/starling/uploads}
install -m 755 "$binary" "$root/usr/local/bin/starling"

# Libraries under the paths by which the loader looks for them; a line without a path is the kernel's.
ldd "$binary" | grep -oE '/[^ ]+' | sort -u | while read -r library; do
    install -D -m 755 "$(readlink -f "$library")" "$root$library"
done

# Issuers of tokens, models and databases are checked against these.
install -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
printf 'starling:x:10001:10001::/var/lib/starling:/nonexistent\n' >"$root/etc/passwd"
printf 'starling:x:10001:\n' >"$root/etc/group"
# Without it the C library asks no hosts file first.
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
