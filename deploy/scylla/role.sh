#!/usr/bin/env bash
# Gives Starling its role in ScyllaDB: it may make its keyspace, and enters no other. Run again it sets
# the password to what the secret says now: that is how it is rotated.
#
# ScyllaDB has no administrator with a well-known password; who reaches its maintenance socket is one.
set -euo pipefail
password="$(cat /run/secrets/scylla_password)"
# Passwords of secrets.sh are hexadecimal; another one must not end the statement it stands in.
quoted="'${password//\'/\'\'}'"

cqlsh /var/lib/scylla/cql.m <<CQL
CREATE ROLE IF NOT EXISTS starling WITH LOGIN = true AND PASSWORD = $quoted;
ALTER ROLE starling WITH PASSWORD = $quoted;
GRANT CREATE ON ALL KEYSPACES TO starling;
CQL
echo "the role starling is ready"
