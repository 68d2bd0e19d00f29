#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL and MariaDB beside it, both holding the Chinook shop, and
# an empty Redis:
#
#     tests/services.sh cargo test --test it warehouse
#
# The command finds them in STARLING_TEST_POSTGRES and STARLING_TEST_MYSQL, as URLs of a user that can
# only read (reader). Each server also knows `owner`, who may write, `intruder`, who may too, and `boss`,
# who may do everything; everyone's password is their name. Both speak TLS with a certificate of
# STARLING_TEST_AUTHORITY for `localhost`. Redis is at STARLING_TEST_REDIS, and another one, which speaks
# TLS by the same certificate and asks for a password, at STARLING_TEST_REDIS_SECURED. They listen on the
# loopback interface only, and are gone when the command ends.
set -euo pipefail

here="$(cd "$(dirname "$0")/.." && pwd)"
chinook="${STARLING_CHINOOK:-$here/../shared/data/chinook}"
for file in chinook.postgres.sql chinook.mysql.sql; do
    if [ ! -f "$chinook/$file" ]; then
        echo "tests/services.sh: $chinook/$file is missing; say where Chinook is with STARLING_CHINOOK" >&2
        exit 1
    fi
done

is_root() { [ "$(id -u)" = 0 ]; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }
# Database servers refuse to run as root.
as() { local user="$1"; shift; if is_root; then runuser -u "$user" -- "$@"; else "$@"; fi; }
# The same for a server: this process becomes it.
become() {
    local user="$1"; shift
    if is_root; then exec setpriv --reuid="$user" --regid="$(id -gn "$user")" --init-groups -- "$@"; fi
    exec "$@"
}
postgres_programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

missing=()
[ -n "$(postgres_programs)" ] && command -v psql >/dev/null || missing+=(postgresql)
command -v mariadbd >/dev/null && command -v mariadb >/dev/null || missing+=(mariadb-server)
command -v redis-server >/dev/null && command -v redis-cli >/dev/null || missing+=(redis-server)
command -v openssl >/dev/null || missing+=(openssl)
if [ "${#missing[@]}" -gt 0 ]; then
    as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
PATH="$PATH:$(postgres_programs)"

folder="$(mktemp -d)"
chmod 755 "$folder"
postgres_process=""
mysql_process=""
redis_process=""
secured_process=""
stop() {
    trap - EXIT INT TERM
    # At once, without saving anything. PostgreSQL's own children end only by its hand.
    [ -z "$postgres_process" ] || kill -QUIT "$postgres_process" 2>/dev/null || true
    [ -z "$mysql_process" ] || kill -KILL "$mysql_process" 2>/dev/null || true
    for process in $redis_process $secured_process; do kill -KILL "$process" 2>/dev/null || true; done
    for process in $postgres_process $mysql_process $redis_process $secured_process; do
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    local port
    while :; do
        port="$(shuf -i 20000-29999 -n 1)"
        if ! (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
}

# An authority, and a certificate of it.
tls() (
    set -e
    cd "$folder"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Tests" \
        -addext "basicConstraints=critical,CA:TRUE" -keyout authority.key -out authority.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
        -keyout server.key -out server.csr
    printf 'subjectAltName=DNS:localhost\n' >server.ext
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 30 \
        -extfile server.ext -out server.pem
)
tls >"$folder/tls.log" 2>&1 || { cat "$folder/tls.log" >&2; exit 1; }

# Waits until a command works, while a process lives.
until_works() {
    local process="$1" log="$2"; shift 2
    for _ in $(seq 150); do
        if "$@" >/dev/null 2>&1; then return; fi
        kill -0 "$process" 2>/dev/null || break
        read -r -t 0.1 <>"$folder/pause" || true
    done
    echo "tests/services.sh: a server did not start:" >&2
    cat "$log" >&2
    exit 1
}
mkfifo "$folder/pause"

give() {
    local user="$1" place="$2"
    mkdir "$place"
    cp "$folder/server.key" "$folder/server.pem" "$place/"
    chmod 700 "$place"
    chmod 600 "$place/server.key"
    if is_root; then chown -R "$user" "$place"; fi
}

postgres_port="$(free_port)"
give postgres "$folder/postgres"
(
    cd "$folder/postgres"
    printf 'boss\n' >password
    chmod 644 password
    as postgres initdb --no-sync --pgdata=data --username=boss --pwfile=password \
        --auth=scram-sha-256 --encoding=UTF8 --no-locale >initdb.log
    # Each refused attack costs its session; to hash a password for each would take most of the time.
    as postgres sed -i '1i host all intruder 127.0.0.1/32 trust' data/pg_hba.conf
) || { cat "$folder/postgres/initdb.log" >&2; exit 1; }
become postgres "$(command -v postgres)" \
    -D "$folder/postgres/data" -h 127.0.0.1 -p "$postgres_port" \
    -c unix_socket_directories= -c fsync=off -c max_connections=60 -c ssl=on \
    -c "ssl_cert_file=$folder/postgres/server.pem" -c "ssl_key_file=$folder/postgres/server.key" \
    >"$folder/postgres.log" 2>&1 &
postgres_process=$!

(
    mysql_port="$(free_port)"
    echo "$mysql_port" >"$folder/mysql.port"
    give mysql "$folder/mysql"
    cd "$folder/mysql"
    as mysql mariadb-install-db --no-defaults --auth-root-authentication-method=normal \
        --skip-test-db --datadir="$folder/mysql/data" >install.log 2>&1 || { cat install.log >&2; exit 1; }
)
mysql_port="$(cat "$folder/mysql.port")"
become mysql "$(command -v mariadbd)" --no-defaults --datadir="$folder/mysql/data" \
    --socket="$folder/mysql/socket" --bind-address=127.0.0.1 --port="$mysql_port" \
    --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M \
    --ssl-cert="$folder/mysql/server.pem" --ssl-key="$folder/mysql/server.key" \
    >"$folder/mysql.log" 2>&1 &
mysql_process=$!

redis_port="$(free_port)"
mkdir "$folder/redis"
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$folder/redis" \
    >"$folder/redis.log" 2>&1 &
redis_process=$!
secured_port="$(free_port)"
redis-server --bind 127.0.0.1 --port 0 --tls-port "$secured_port" --tls-auth-clients no \
    --tls-cert-file "$folder/server.pem" --tls-key-file "$folder/server.key" \
    --tls-ca-cert-file "$folder/authority.pem" --requirepass secret --save '' --appendonly no \
    --dir "$folder/redis" >"$folder/secured.log" 2>&1 &
secured_process=$!

export PGPASSWORD=boss PGOPTIONS='-c client_min_messages=warning'
in_postgres() { psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$postgres_port" -U boss "$@"; }
until_works "$postgres_process" "$folder/postgres.log" in_postgres -d postgres -c 'SELECT 1'
in_postgres -d postgres -f "$chinook/chinook.postgres.sql" >/dev/null
in_postgres -d chinook >/dev/null <<'SQL'
CREATE ROLE reader LOGIN PASSWORD 'reader';
CREATE ROLE owner LOGIN PASSWORD 'owner';
CREATE ROLE intruder LOGIN PASSWORD 'intruder';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO reader;
GRANT ALL ON SCHEMA public TO owner, intruder;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
GRANT ALL ON ALL TABLES IN SCHEMA public TO owner, intruder;
COMMENT ON TABLE public.invoice IS 'One purchase';
COMMENT ON COLUMN public.invoice.total IS 'In US dollars';
ANALYZE;
SQL
unset PGPASSWORD PGOPTIONS

in_mysql() { mariadb --no-defaults --socket="$folder/mysql/socket" --user=root "$@"; }
until_works "$mysql_process" "$folder/mysql.log" in_mysql -e 'SELECT 1'
{ echo 'SET autocommit = 0;'; cat "$chinook/chinook.mysql.sql"; echo 'COMMIT;'; } | in_mysql
in_mysql <<'SQL'
CREATE USER reader@'%' IDENTIFIED BY 'reader';
CREATE USER owner@'%' IDENTIFIED BY 'owner';
CREATE USER intruder@'%' IDENTIFIED BY 'intruder';
CREATE USER boss@'%' IDENTIFIED BY 'boss';
GRANT SELECT ON Chinook.* TO reader@'%';
GRANT ALL ON Chinook.* TO owner@'%';
GRANT ALL ON Chinook.* TO intruder@'%';
GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION;
ALTER TABLE Chinook.Invoice COMMENT = 'One purchase';
SQL

until_works "$redis_process" "$folder/redis.log" redis-cli -p "$redis_port" ping
until_works "$secured_process" "$folder/secured.log" redis-cli -h localhost -p "$secured_port" --tls \
    --cacert "$folder/authority.pem" ping

export STARLING_TEST_REDIS="redis://127.0.0.1:$redis_port"
export STARLING_TEST_REDIS_SECURED="rediss://:secret@localhost:$secured_port"
export STARLING_TEST_POSTGRES="postgres://reader:reader@127.0.0.1:$postgres_port/chinook"
export STARLING_TEST_MYSQL="mysql://reader:reader@127.0.0.1:$mysql_port/Chinook"
export STARLING_TEST_AUTHORITY="$folder/authority.pem"
"$@"
