#!/usr/bin/env bash
# Runs a command with a throw-away Apache Cassandra beside it, which speaks CQL like ScyllaDB:
#
#     tests/cassandra.sh cargo test scylla
#     tests/cassandra.sh --nodes 3 cargo test --test it cluster
#     tests/cassandra.sh --apart target/release/starling-load chaos --server target/release/starling
#     tests/cassandra.sh --secured cargo test --test it secured -- --ignored
#
# The command finds it in STARLING_TEST_SCYLLA as host:port, several joined by commas, and in the same order
# the process of each node in STARLING_TEST_SCYLLA_PROCESSES, and in STARLING_TEST_SCYLLA_RESTART an
# executable that becomes this node again, on its data, after the command has killed it. One node takes
# about 1.2 GiB and is up in seconds; three are on 127.0.0.1 to 127.0.0.3. They listen on the loopback
# interface only, and are gone with their data when the command ends.
#
# With --apart, everything runs in a network namespace of its own (which takes root), with nodes at
# 10.99.0.1 to 10.99.0.3: a command that gives its processes further namespaces can cut them off from each
# other. The namespace is gone with its last process.
#
# With --secured the nodes speak TLS only, with a certificate of STARLING_TEST_SCYLLA_AUTHORITY for their
# addresses, and ask for a password: user and password are both cassandra.
#
# Writes are synced to the disk before they are answered, as in production. The jars come from Maven Central
# once and stay in STARLING_CASSANDRA (default: the user's cache folder).
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
nodes=1
apart=""
secured=""
while [ "$#" -gt 0 ]; do
    case "$1" in
        --nodes) nodes="$2"; shift 2 ;;
        --apart) apart=yes; shift ;;
        --secured) secured=yes; shift ;;
        *) break ;;
    esac
done
if [ "$#" = 0 ]; then
    echo "usage: tests/cassandra.sh [--nodes N] [--apart] [--secured] COMMAND…" >&2
    exit 2
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
install() {
    as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
# Cassandra 5.0 runs on Java 17, not on newer ones.
java17() {
    local java
    for java in /usr/lib/jvm/*17*/bin/java; do
        if [ -x "$java" ]; then echo "$java"; return; fi
    done
    return 1
}
java="$(java17)" || { install openjdk-17-jre-headless; java="$(java17)"; }

# The folder is named after the list of jars, so that another version is fetched anew.
jars="${STARLING_CASSANDRA:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/starling/cassandra}"
jars="$jars/$(sha256sum "$here/cassandra/pom.xml" | cut -c 1-16)"
if [ ! -d "$jars" ]; then
    command -v mvn >/dev/null || install maven
    fetched="$jars.$$"
    mkdir -p "$fetched"
    if ! mvn -q -B -f "$here/cassandra/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$fetched" >"$fetched/mvn.log" 2>&1; then
        cat "$fetched/mvn.log" >&2
        rm -rf "$fetched"
        exit 1
    fi
    # Whoever is second has fetched the same.
    mv -T "$fetched" "$jars" 2>/dev/null || rm -rf "$fetched"
fi

network=127.0.0
if [ "$apart" = yes ]; then
    network=10.99.0
    # All that needs the Internet is here; in the namespace there is none.
    if [ -z "${STARLING_CASSANDRA_APART:-}" ]; then
        if ! unshare --net true 2>/dev/null; then
            echo "tests/cassandra.sh: --apart needs root and a kernel that gives out network namespaces" >&2
            exit 1
        fi
        export STARLING_CASSANDRA_APART=yes
        exec unshare --net "$here/cassandra.sh" --nodes "$nodes" --apart ${secured:+--secured} "$@"
    fi
    unset STARLING_CASSANDRA_APART
    ip link set lo up
    for node in $(seq "$nodes"); do ip address add "$network.$node/32" dev lo; done
fi

folder="$(mktemp -d)"
processes=()
stop() {
    trap - EXIT INT TERM
    for place in "$folder"/*/log; do
        # Whoever runs out of memory ends, and all that comes after fails for that reason.
        if grep -q OutOfMemoryError "$place" 2>/dev/null; then
            echo "tests/cassandra.sh: Cassandra ran out of memory:" >&2
            grep -m 5 OutOfMemoryError "$place" >&2
        fi
    done
    for process in "${processes[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
    for process in "${processes[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkfifo "$folder/pause"

# An authority, and a certificate of it for the addresses of the nodes.
certify() (
    set -e
    cd "$folder"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Tests" \
        -addext "basicConstraints=critical,CA:TRUE" -keyout authority.key -out authority.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=database" \
        -keyout server.key -out server.csr
    printf 'subjectAltName=IP:%s.1,IP:%s.2,IP:%s.3\n' "$network" "$network" "$network" >server.ext
    openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 30 \
        -extfile server.ext -out server.pem
    openssl pkcs12 -export -in server.pem -inkey server.key -name database -passout pass:cassandra \
        -out server.p12
)
if [ -n "$secured" ]; then
    command -v openssl >/dev/null || install openssl
    certify >"$folder/certify.log" 2>&1 || { cat "$folder/certify.log" >&2; exit 1; }
fi

# A port that is free on the addresses of all nodes.
free_port() {
    local port node
    while :; do
        port="$(shuf -i 20000-29999 -n 1)"
        for node in $(seq "$nodes"); do
            if (: >"/dev/tcp/$network.$node/$port") 2>/dev/null; then continue 2; fi
        done
        echo "$port"
        return
    done
}
cql_port="$(free_port)"
storage_port="$(free_port)"

settings() {
    local address="$1" place="$2"
    cat <<YAML
cluster_name: tests
num_tokens: 16
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "$network.1:$storage_port"
listen_address: $address
storage_port: $storage_port
rpc_address: $address
native_transport_port: $cql_port
auto_bootstrap: false
data_file_directories: [$place/data]
commitlog_directory: $place/commitlog
saved_caches_directory: $place/saved_caches
hints_directory: $place/hints
cdc_raw_directory: $place/cdc_raw
commitlog_sync: batch
commitlog_segment_size: 16MiB
commitlog_total_space: 512MiB
# One round trip less than v1 for every conditional write.
paxos_variant: v2
memtable_heap_space: 128MiB
memtable_offheap_space: 128MiB
auto_snapshot: false
concurrent_reads: 16
concurrent_writes: 32
YAML
    if [ -z "$secured" ]; then return; fi
    cat <<YAML
authenticator: PasswordAuthenticator
role_manager: CassandraRoleManager
client_encryption_options:
  enabled: true
  optional: false
  keystore: $folder/server.p12
  keystore_password: cassandra
  store_type: PKCS12
YAML
}

start() {
    local address="$1" place="$folder/$1" opened
    mkdir -p "$place/data"
    settings "$address" "$place" >"$place/cassandra.yaml"
    cat >"$place/logback.xml" <<'XML'
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level [%thread] %date %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
XML
    # What Cassandra reaches into that Java 17 keeps closed unless told.
    opened=()
    for package in java.management.rmi/com.sun.jmx.remote.internal.rmi java.rmi/sun.rmi.registry \
        java.rmi/sun.rmi.server java.sql/java.sql java.base/java.lang.ref jdk.unsupported/sun.misc \
        java.base/jdk.internal.misc jdk.attach/sun.tools.attach; do
        opened+=("--add-exports=$package=ALL-UNNAMED")
    done
    for package in java.lang java.lang.module java.lang.reflect java.io java.util sun.nio.ch \
        jdk.internal.loader jdk.internal.ref jdk.internal.reflect jdk.internal.math \
        jdk.internal.module jdk.internal.util.jar; do
        opened+=("--add-opens=java.base/$package=ALL-UNNAMED")
    done
    opened+=("--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED")
    # An executable that becomes the node, so that it can be started again on its data.
    {
        echo '#!/usr/bin/env bash'
        printf 'exec'
        printf ' %q' "$java" -Xms768m -Xmx768m -XX:+UseG1GC -XX:MaxDirectMemorySize=256m \
            -XX:+ExitOnOutOfMemoryError "${opened[@]}" \
            -javaagent:"$(ls "$jars"/jamm-*.jar)" -Djdk.attach.allowAttachSelf=true \
            -Dio.netty.tryReflectionSetAccessible=true -Dlogback.configurationFile="$place/logback.xml" \
            -Dcassandra.config="file://$place/cassandra.yaml" -Dcassandra.storagedir="$place" \
            -Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.ring_delay_ms=1000 \
            -Dcassandra.superuser_setup_delay_ms=0 \
            -Djava.io.tmpdir="$place" -cp "$jars/*" org.apache.cassandra.service.CassandraDaemon
        printf ' >>%q 2>&1\n' "$place/log"
    } >"$place/restart"
    chmod +x "$place/restart"
    "$place/restart" &
    processes+=("$!")
    for _ in $(seq 900); do
        if (: >"/dev/tcp/$address/$cql_port") 2>/dev/null; then return; fi
        kill -0 "${processes[-1]}" 2>/dev/null || break
        read -r -t 0.1 <>"$folder/pause" || true
    done
    echo "tests/cassandra.sh: Cassandra did not start:" >&2
    tail -n 60 "$place/log" >&2
    exit 1
}

addresses=()
restarts=()
for node in $(seq "$nodes"); do
    start "$network.$node"
    addresses+=("$network.$node:$cql_port")
    restarts+=("$folder/$network.$node/restart")
done
STARLING_TEST_SCYLLA="$(IFS=,; echo "${addresses[*]}")"
STARLING_TEST_SCYLLA_PROCESSES="$(IFS=,; echo "${processes[*]}")"
STARLING_TEST_SCYLLA_RESTART="$(IFS=,; echo "${restarts[*]}")"
export STARLING_TEST_SCYLLA STARLING_TEST_SCYLLA_PROCESSES STARLING_TEST_SCYLLA_RESTART
if [ -n "$secured" ]; then export STARLING_TEST_SCYLLA_AUTHORITY="$folder/authority.pem"; fi
"$@"
