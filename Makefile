# `make help` lists what there is. Needs make, Python 3.11 or newer and a C compiler.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-pages test-services nightly nightly-usual nightly-long check format bench example lock screenshots translations

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: ## packages, assets, translations, database
	@$(PYTHON) scripts/setup.py run

setup-dev:
	@$(PYTHON) scripts/setup.py dev

run: setup ## start the site with the example region on http://127.0.0.1:8000 (PORT=8123 for another port)
	@exec $(BIN)/python -m flask site serve --port $(PORT)

check: setup-dev ## lint, format, types, import contracts, dependencies, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry . 
	@$(BIN)/djlint templates --lint --quiet

test: check ## all checks and tests, PostgreSQL and browser included, on two cores
	@$(MAKE) --no-print-directory -j2 -O test-pages test-services

test-pages:
	@$(BIN)/pytest -m "not nightly" tests/unit tests/guards tests/integration/web tests/browser

test-services:
	@$(BIN)/pytest -m "not nightly" tests/integration --ignore tests/integration/web

nightly: check ## the long suites as well, on two cores
	@$(MAKE) --no-print-directory -j2 -O nightly-usual nightly-long

nightly-usual:
	@$(BIN)/pytest -m "not nightly"

nightly-long:
	@$(BIN)/pytest -m nightly

bench: setup-dev ## measure mail and the engine, from region to country, and print tables (some 45 minutes)
	@$(BIN)/python -m benchmarks.delivery
	@$(BIN)/python -m benchmarks.allocation
	@$(BIN)/python -m benchmarks.repair --seed 1 2
	@$(BIN)/python -m benchmarks.yardsticks --guarantee-only
	@$(BIN)/python -m benchmarks.yardsticks --guarantee-only --supply 0.6
	@$(BIN)/python -m benchmarks.prospects
	@$(BIN)/python -m benchmarks.scale --size region half-province province nation

format: setup-dev ## put code and templates in shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

example: setup-dev ## build examples/achterhoek-liemers.xlsx anew
	@$(BIN)/python -m scripts.build_example

screenshots: setup-dev ## take the pictures of the README anew
	@$(BIN)/python -m scripts.screenshots

translations: setup-dev ## gather new texts into the catalogues
	@$(BIN)/python -m scripts.translations

lock: setup-dev ## resolve the exact versions of all packages anew
	@$(BIN)/pip-compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile -q --strip-extras --generate-hashes --allow-unsafe --extra dev -c requirements.lock --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements-dev.lock pyproject.toml
	@$(BIN)/pip-compile -q --strip-extras --generate-hashes --extra node -c requirements.lock --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements-node.lock pyproject.toml
