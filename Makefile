# Careline's commands. The first two are all a newcomer needs: `make run`, `make test`.
SHELL := /bin/bash
.DELETE_ON_ERROR:
# Python keeps what it compiled, whatever the surroundings say: otherwise every start compiles the whole program again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: run test test-15 test-long lint messages bench screenshots

PORT ?= 8000
BIN := .venv/bin
# Extra cases, where they lie beside the repository.
CASES := $(or $(CARELINE_TEST_DATA),$(abspath $(wildcard ../shared/data)))
PG15 ?= $(firstword $(wildcard /usr/lib/postgresql/15/bin))
# One more than there are cores: tests wait for browsers, kills and clocks.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PYTEST := $(BIN)/pytest -n $(shell echo $$(( $(CORES) < 8 ? $(CORES) + 1 : 8 ))) --dist worksteal --durations 12

run: .venv/ready-to-run  ## everything on one port, with the demo company
	exec $(BIN)/careline up --demo --port $(PORT)

test: .venv/ready-to-test  ## the suite, in at most ten minutes on two cores
	$(PYTEST) -m "not long"

test-15: .venv/ready-to-test  ## what talks to the database, on PostgreSQL 15
	@test -n "$(PG15)" || { echo "No PostgreSQL 15 on this machine; name its bin folder: make test-15 PG15=DIR" >&2; exit 1; }
	env -u DATABASE_URL PG_BINDIR=$(PG15) $(PYTEST) -m "not long and not browser" --ignore tests/structure --ignore tests/docs

test-long: .venv/ready-to-test  ## kill, soak, corpus, matrix and browser-in-every-mode suites
	CARELINE_TEST_DATA="$(CASES)" $(PYTEST) -m long

lint: .venv/ready-to-test  ## what the suite also holds, quickly
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.lint
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet src/careline
	$(BIN)/mypy

messages: .venv/ready-to-test  ## words to translate: collected, merged into the catalogues, compiled
	$(BIN)/python -m tools.messages

bench: .venv/ready-to-test  ## the measured promises, written into docs/performance.md
	$(BIN)/python -m tools.performance

screenshots: .venv/ready-to-test  ## the pictures of the README and one of every screen, in screenshots/
	$(BIN)/python -m tools.screenshots
	$(BIN)/python -m tools.screenshots --readme

.venv/ready-to-run: pyproject.toml uv.lock tools/install
	tools/install run
	@touch $@

.venv/ready-to-test: pyproject.toml uv.lock tools/install
	tools/install test
	@touch $@ .venv/ready-to-run
