#!/usr/bin/env bash
# Runs the fuzz targets, each for so many seconds (60, or FUZZ_SECONDS):
#
#     fuzz/run.sh [guard]
#
# Builds with the counters that libFuzzer needs and nothing else, which any compiler can; with cargo-fuzz
# and a nightly compiler `cargo +nightly fuzz run guard` does the same under the address sanitizer. What
# was found stays in fuzz/corpus (inputs) and fuzz/artifacts (failures); both are left out of the repository.
set -euo pipefail
cd "$(dirname "$0")"

seconds="${FUZZ_SECONDS:-60}"
[ "$#" -gt 0 ] || set -- guard

host="$(rustc -vV | sed -n 's/^host: //p')"
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS="$(echo $RUSTFLAGS)"
# The versions that the server is built with.
cp ../Cargo.lock Cargo.lock

# Every entry of the corpora as one input: the dialect's number, as the target reads it, and the text.
seeds() {
    local number=0 dialect kind
    mkdir -p corpus/guard
    for dialect in postgresql mysql sqlite snowflake; do
        for kind in honest attacks; do
            awk -v start="corpus/guard/$dialect-$kind-" -v number="$number" '
                /^--- / { if (file) close(file); file = start (++count); printf "%s", number > file; next }
                file { print > file }
            ' "../tests/corpus/$kind/$dialect.sql"
        done
        number=$((number + 1))
    done
    # Words and signs of the corpora, which the fuzzer would else find letter by letter.
    cat ../tests/corpus/*/*.sql | grep -v '^--- ' | grep -oE '[A-Za-z_$]{2,24}|[|<>=!:~@#&*^-]{2,3}' |
        sort | uniq -c | sort -rn | awk '$1 > 2 { printf "\"%s\"\n", $2 }' >dictionary
}

for target in "$@"; do
    options=(-max_total_time="$seconds" -print_final_stats=1 -timeout=5 -rss_limit_mb=2048)
    case "$target" in
        # No query is longer than 16 KiB; past 2 KiB the fuzzer learns nothing new of the grammar.
        guard) seeds; options+=(-dict=dictionary -max_len=2048) ;;
        *) echo "fuzz/run.sh: there is no target $target" >&2; exit 2 ;;
    esac
    cargo build --quiet --release --target "$host" --bin "$target"
    mkdir -p "corpus/$target" "artifacts/$target"
    "target/$host/release/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" "${options[@]}"
done
