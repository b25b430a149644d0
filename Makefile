# SPDX-License-Identifier: GPL-3.0-only
# The one entry point. `make` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# `setup` installs what the targets beside it need, whatever -j says.
.NOTPARALLEL:
.PHONY: help setup network build test prove soak mutants lint fmt check bench weights dist docs clean-cache \
	native-libs lint-fast clippy compile list-tests run-tests next-runtime-blob next-parachain-blob \
	measure-weights measure-relay-weights measure-parachain-weights pack-dist

# One cache for every checkout: a second clone compiles only the crates of this workspace.
export SERIN_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/serin
export SERIN_TARGET ?= $(SERIN_CACHE)/target
export SERIN_TIER ?= test

# What scripts/setup found out about this machine.
-include $(SERIN_CACHE)/env
ifneq ($(WASM_BUILD_TOOLCHAIN),)
export WASM_BUILD_TOOLCHAIN
else
unexport WASM_BUILD_TOOLCHAIN
endif

# rustup's cargo goes before a distribution's.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
export CARGO_TARGET_DIR := $(SERIN_TARGET)
export ROCKSDB_LIB_DIR := $(SERIN_CACHE)/native
export ROCKSDB_STATIC := 1
export SNAPPY_LIB_DIR := $(SERIN_CACHE)/native
export SNAPPY_STATIC := 1
export OPENSSL_NO_VENDOR := 1
export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD := 1
# The target directory is outside the checkout, so the wasm builder cannot find the workspace by itself.
export WASM_BUILD_WORKSPACE_HINT := $(CURDIR)
# The same runtime with the next spec_version and the metadata's hash inside, which the tier `prove` enacts.
export SERIN_NEXT_RUNTIME_BLOB := $(SERIN_TARGET)/blobs/next-runtime.wasm
# The demonstration parachain's runtime with the next spec_version, for the same tier.
export SERIN_NEXT_PARACHAIN_BLOB := $(SERIN_TARGET)/blobs/next-parachain.wasm

workspace := --release --locked --workspace
blob := wbuild/serin-runtime/serin_runtime.compact.compressed.wasm

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what this machine lacks; safe to repeat
	@scripts/setup

# The three demonstration parachains; ARGS in the environment or on the command line takes their place.
ARGS ?= --para 2087:picasso --para 2100:subsocial --on-demand 2086:kilt

network: build ## build, then run a local network with parachains until Ctrl-C; ARGS="..." says with which arguments instead
	@"$(CARGO_TARGET_DIR)/release/serin" network up $(ARGS)

build: setup native-libs ## build everything
	@$(MAKE) compile

test: ## set up, check, build and run every test; stops by itself after 80 minutes
	@SERIN_TIER=test scripts/run-tier 80

prove: ## the same tests with the counts of the proof, hours; PART=chain narrows it to one part
	@SERIN_TIER=prove scripts/run-tier

soak: ## the tests named soak_; there is none yet, and the runner says so
	@SERIN_TIER=soak scripts/run-tier

mutants: setup native-libs ## take out each line by which XCMP verifies something, and see a test fail; MUTANT=9 one alone
	tests/xcmp_mutants.py $(MUTANT)

# --- Checks ---

lint_env := CARGO_TARGET_DIR="$(SERIN_TARGET)/lint" CARGO_PROFILE_DEV_DEBUG=0 SKIP_WASM_BUILD=1

lint: setup native-libs lint-fast clippy ## formatting, shell, the project's own rules, clippy, documentation
	$(lint_env) RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

clippy:
	$(lint_env) cargo clippy --locked --workspace --all-targets -- -D warnings

# The part of the checks that compiles none of the dependencies.
lint-fast: target/serin-lint
	cargo fmt --all --check
	shellcheck scripts/* .ci/run
	target/serin-lint
	python3 tests/xcmp_vectors.py
	tests/xcmp_mutants.py --check

# Without cargo, so that it needs no dependency and runs before the build.
target/serin-lint: $(wildcard tests/src/bin/serin-lint/*.rs)
	@mkdir -p target
	rustc --edition 2021 -C opt-level=1 -o $@ tests/src/bin/serin-lint/main.rs

fmt: ## format every Rust file
	cargo fmt --all

check: setup native-libs ## type-check everything, no code is generated
	$(lint_env) cargo check --locked --workspace --all-targets

docs: setup native-libs ## build the API documentation
	$(lint_env) cargo doc --locked --workspace --no-deps
	@echo "$(SERIN_TARGET)/lint/doc/serin_node/index.html"

# --- Runtimes with features of their own ---

# The blob of the crate $(1) with the features $(2), in the file $(3). What compiles it is the crate's build script; of its other
# dependencies a check is enough.
define runtime_blob
	@mkdir -p "$(SERIN_TARGET)/blobs"
	CARGO_TARGET_DIR="$(SERIN_TARGET)/lint" CARGO_PROFILE_DEV_DEBUG=0 \
		cargo check --locked -p $(1) --features $(2)
	cp "$(SERIN_TARGET)/lint/debug/wbuild/$(1)/$(subst -,_,$(1)).compact.compressed.wasm" "$(3)"
endef

next-runtime-blob:
	$(call runtime_blob,serin-runtime,next-version$(comma)metadata-hash,$(SERIN_NEXT_RUNTIME_BLOB))

next-parachain-blob:
	$(call runtime_blob,serin-parachain-runtime,next-version,$(SERIN_NEXT_PARACHAIN_BLOB))

comma := ,
# How often each point of a benchmark is measured, for how many seconds at least, and at how many points.
WEIGHTS_SECONDS ?= 2
WEIGHTS_REPEAT ?= 10
WEIGHTS_STEPS ?= 10
parachain_weights := $(SERIN_TARGET)/weights/parachain

# Measures the pallets that the runtime crate $(1) lists in its `benchmarks.rs`, on its preset $(2), into the directory $(3).
# A parachain imports a host function that a relay chain's node lacks, and that no benchmark calls: the size of the proof so far.
define measure_pallets
	$(call runtime_blob,$(1),runtime-benchmarks,$(SERIN_TARGET)/blobs/$(1)-benchmarks.wasm)
	@mkdir -p "$(3)"
	"$(CARGO_TARGET_DIR)/release/serin" benchmark pallet --genesis-builder runtime --genesis-builder-preset $(2) \
		--runtime "$(SERIN_TARGET)/blobs/$(1)-benchmarks.wasm" --pallet '*' --extrinsic '*' \
		--steps $(WEIGHTS_STEPS) --repeat $(WEIGHTS_REPEAT) --min-duration $(WEIGHTS_SECONDS) \
		--allow-missing-host-functions --template packaging/weights-template.hbs --output "$(3)"
endef

weights: build ## measure the weights of this machine; those of the parachain only to compare with
	@$(MAKE) measure-weights

measure-weights: measure-relay-weights measure-parachain-weights

measure-relay-weights:
	$(call measure_pallets,serin-runtime,serin,runtime/relay/src/weights)
	cargo fmt --all

measure-parachain-weights:
	$(call measure_pallets,serin-parachain-runtime,development,$(parachain_weights))
	@echo "Compare $(parachain_weights) with runtime/parachain/src/weights as docs/weights.md does: bounds there stay declared."

production := $(SERIN_TARGET)/dist/production

dist: setup native-libs ## the production binary with its runtime, systemd unit and checksums, in dist/
	@$(MAKE) pack-dist

pack-dist:
	CARGO_TARGET_DIR="$(SERIN_TARGET)/dist" cargo build --profile production --locked -p serin-node --bin serin \
		--features serin-runtime/metadata-hash
	rm -rf dist && mkdir dist
	cp "$(production)/serin" "$(production)/$(blob)" packaging/serin.service LICENSE dist/
	cd dist && sha256sum -- * > SHA256SUMS && cat SHA256SUMS

bench: build ## measure the marks of docs/figures.md; TEST=part_of_a_name some of them, SERIN_BINARY=$PWD/dist/serin the production binary
	SERIN_TIER=bench $(MAKE) run-tests

clean-cache: ## delete what was compiled, for every checkout
	rm -rf "$(SERIN_TARGET)" "$(SERIN_CACHE)/native" "$(SERIN_CACHE)/env" target

# --- Stages, run by the targets above and by scripts/run-tier ---

native-libs:
	@scripts/native-libs "$(SERIN_CACHE)/native"

compile:
	cargo build $(workspace) --timings
	@"$(CARGO_TARGET_DIR)/release/serin-build-report"

# A test binary named `<rung>_<part>` belongs to that part, and so do the tests of the crates named here; any other belongs to
# the part `chain`. The runner refuses a filter that names no binary, so `chain` leaves out those that exist.
later_parts := parachains governance auctions xcmp
governance_crates := pallet-validator-count
auctions_crates := pallet-auctions pallet-lease-cores
xcmp_crates := serin-primitives pallet-xcmp pallet-xcmp-channels
later_binaries := $(foreach part,$(later_parts),$(patsubst tests/tests/%.rs,%,$(wildcard tests/tests/*_$(part).rs)))
later_crates := $(foreach part,$(later_parts),$($(part)_crates))
in_part = $(foreach name,$(patsubst tests/tests/%.rs,%,$(wildcard tests/tests/*_$(PART).rs)), | binary(=$(name)))$(foreach \
	name,$($(PART)_crates), | package(=$(name)))
part_filter = $(if $(filter chain,$(PART)),all()$(foreach name,$(later_binaries), - binary(=$(name)))$(foreach \
	name,$(later_crates), - package(=$(name))),none()$(in_part))
nextest_flags = $(workspace) --profile $(if $(filter test,$(SERIN_TIER)),default,$(SERIN_TIER)) \
	$(if $(PART),--filterset '$(part_filter)')

list-tests:
	@cargo nextest list $(nextest_flags) --message-format oneline

run-tests:
	@cargo nextest run $(nextest_flags) $(TEST)
