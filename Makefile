# Two commands matter: `make demo` and `make test`. Both fetch what they need first.

.PHONY: demo test assets packages check build

# The demonstration: a synthetic city from sign-in to published charts, on loopback.
demo: assets
	cargo build --workspace
	target/debug/tempi demo

# Every test: formatting, lints, Rust, the browser and the software card.
test: packages assets
	bash tests/run.sh

# What browsers get and the binary carries: the design system (Bootstrap Italia) and our own scripts.
assets: survey-server/web/dist/.made

survey-server/web/dist/.made: survey-server/web/node_modules/.package-lock.json survey-server/web/build.mjs survey-server/web/data.mjs $(shell find survey-server/web/scripts -type f) $(wildcard questionnaires/data/*.csv)
	cd survey-server/web && npm run --silent build

survey-server/web/node_modules/.package-lock.json: survey-server/web/package-lock.json
	cd survey-server/web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# Debian packages that the tests use: a browser, a software smart card, PostgreSQL, reverse proxies, a C compiler.
packages:
	bash tests/packages.sh

# Quick look while working.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# The binary for deployment, fully optimised.
build: assets
	cargo build --release --bin tempi
