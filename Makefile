# Two commands do all: `make run` and `make test`. Each installs what it lacks and says so.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build page test check contract bench bench-pacing soak fuzz need-build need-test

PROGRAMS := -p hutong -p hutong-simulator -p hutong-console
PAGE_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -path web/dist-tests -prune -o -type f -print 2>/dev/null)
REFEREE ?= $(firstword $(wildcard ../shared/pacing/sim.py))
say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

help:
	@echo "make run    build, and start a whole office of its own: simulated carrier, bot agents, one campaign (ARGS=... for hutong demo)"
	@echo "make test   everything that can be checked: format, lints, unit, end to end, browser"
	@echo "make check  only format, lints and types: a minute"
	@echo "make contract  the OpenAPI document and the page's types of it, after routes, types or the catalogue changed"
	@echo "make bench  what a call costs, into target/bench.json"
	@echo "make bench-pacing  the dialler's pacing over head counts and caps (REFEREE=... another referee than our own days)"
	@echo "make soak   DAYS=10000 simulated days, then an office for MINUTES=60, watched for growth and for broken invariants"
	@echo "make fuzz   hostile input for MINUTES=10: CSV, SIP, SDP, numbers, engine days"

## Running

run: build
	@target/release/hutong demo $(ARGS)

build: need-build page
	$(call say,service$(,) simulator and console (release))
	@cargo build --release $(PROGRAMS)

page: web/dist/.built

web/dist/.built: web/node_modules/.package-lock.json $(PAGE_SOURCES)
	$(call say,browser page)
	@npm run build --prefix web --silent
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	$(call say,what the page is built from)
	@npm ci --prefix web --no-fund --no-audit --loglevel=error
	@touch $@

need-build:
	@scripts/need.sh build

need-test:
	@scripts/need.sh test

## Testing

test: need-test page check
	$(call say,programs for the end-to-end tests)
	@cargo build --workspace --bins
	$(call say,unit$(,) property and end-to-end tests)
	@if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace; else cargo test --workspace; fi
	$(call say,page)
	@npm test --prefix web --silent
	$(call say,page in a real browser)
	@npm run browser --prefix web --silent
	$(call say,all tests passed)

check: page
	$(call say,format)
	@cargo fmt --all --check
	$(call say,lints)
	@cargo clippy --workspace --all-targets -- -D warnings
	$(call say,demo files)
	@if command -v python3 >/dev/null; then python3 scripts/make_demo_leads.py --check; else echo "no python3: not compared"; fi
	$(call say,page types)
	@npm run api-types --prefix web --silent -- --check
	@npm run types --prefix web --silent

contract: need-build web/node_modules/.package-lock.json
	$(call say,OpenAPI document and page types)
	@cargo run --quiet --bin hutong -- openapi > data/openapi.json.new
	@mv data/openapi.json.new data/openapi.json
	@npm run api-types --prefix web --silent

bench: build
	@cargo build --release -p hutong --examples
	@cargo run --release -p hutong-tests --bin bench
	@scripts/pacing.sh short $(REFEREE)

bench-pacing: need-build
	@scripts/pacing.sh whole $(REFEREE)

soak: build
	@HUTONG_DAYS=$(or $(DAYS),10000) cargo test --release -p hutong-core --test days -- --nocapture
	@cargo run --release -p hutong-tests --bin soak -- --minutes $(or $(MINUTES),60)

fuzz: need-build
	@scripts/fuzz.sh $(or $(MINUTES),10)

, := ,
