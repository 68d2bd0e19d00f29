# Everything a person does with this repository. `make help` lists it.

CARGO ?= cargo
NPM ?= npm
DATA ?= data
LISTEN ?= 127.0.0.1:8080
# What tests build: one set of features, so that nothing is compiled twice.
TESTED = --workspace --all-features
# The programs as tests have them: one test beside them gives what they stand on the features that tests ask for, which
# without it would be compiled once more.
PROGRAM = $(TESTED) --test tidy --bin starling

.PHONY: help run cluster web build test test-rust test-quorum test-secured test-web e2e pictures autobahn fuzz lint bench bench-cql deploy-check load load-goals load-tools chaos chaos-short clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: web ## Build the page and the server, and serve both on http://127.0.0.1:8080
	$(CARGO) run --profile quick --bin starling -- serve --listen $(LISTEN) --data $(DATA)

cluster: web ## Three nodes, Cassandra and Redis on this machine, to look at; Ctrl-C stops them
	$(CARGO) build --profile quick --bin starling
	deploy/local/cluster.sh

web: web/dist/index.html ## Build the page into web/dist

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/public web/index.html web/vite.config.ts -type f 2>/dev/null)
	cd web && $(NPM) run build
	@touch $@

build: web ## Build the server for release
	$(CARGO) build --release --bin starling

test: ## Install what the tests need, and run all of them
	./tests/run.sh

test-rust: web ## Rust tests only, beside PostgreSQL, MariaDB and Cassandra
	tests/cassandra.sh tests/services.sh $(CARGO) test $(TESTED)

test-quorum: ## The log on three nodes of Cassandra, of which one and two fail
	tests/cassandra.sh --nodes 3 sh -c '$(CARGO) test $(TESTED) --lib scylla::tests::contract && \
		$(CARGO) test $(TESTED) --lib scylla::tests::quorum -- --ignored'

test-secured: web ## A node on a Cassandra with password and TLS
	tests/cassandra.sh --secured $(CARGO) test $(TESTED) --test it secured -- --ignored

test-web: web/node_modules/.package-lock.json ## Tests of the page's logic only
	cd web && $(NPM) test

pictures: web ## Take the pictures of the page that the documents show
	$(CARGO) build $(PROGRAM)
	cd web && STARLING_BIN=$(CURDIR)/target/debug/starling $(NPM) run pictures

e2e: web ## The page in a real browser against the real server
	$(CARGO) build $(PROGRAM)
	cd web && STARLING_BIN=$(CURDIR)/target/debug/starling $(NPM) run e2e

autobahn: ## Autobahn's WebSocket cases against the gateway's reader and writer (needs python2.7)
	./tests/autobahn/run.sh

fuzz: ## libFuzzer against the SQL guard, for FUZZ_SECONDS (60)
	./fuzz/run.sh

lint: ## Format, clippy with warnings as errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings

bench: ## Criterion: codec, fan-out, append
	$(CARGO) bench -p starling-bench

bench-cql: ## Append over CQL beside bare driver calls, on a Cassandra of its own; a minute
	tests/cassandra.sh $(CARGO) bench -p starling-bench --bench cql

deploy-check: web ## Hold deploy/ against the real programs; with Helm: deploy/check.sh --charts
	deploy/check.sh

load: load-tools ## A short load run with floor, nats-server and axum beside it; under 4 minutes
	target/release/starling-load short --server target/release/starling

load-goals: load-tools ## All that docs/performance.md promises, five times; about half an hour
	target/release/starling-load goals --server target/release/starling --repeat 5

# nats-server is built once, with Go; without it the runs leave it out.
load-tools: build
	$(CARGO) build --release -p starling-load
	@timeout 600 ./load-tests/nats.sh || echo "nats-server cannot be built here: it is left out"

chaos: build ## An hour of faults in a cluster, over five seeds, and the checker; as root
	$(CARGO) build --release -p starling-load
	load-tests/chaos.sh 720 1 2 3 4
	SCYLLA_NODES=3 load-tests/chaos.sh 720 5

chaos-short: ## The same with two seeds, in about a minute and a half; a part of `make test`
	$(CARGO) build $(PROGRAM) --bin starling-load
	PROFILE=debug load-tests/chaos.sh 20 1 2

clean: ## Remove what was built (not the data)
	$(CARGO) clean
	rm -rf web/dist web/node_modules
