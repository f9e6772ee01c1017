# What people and CI run. Each target first sets up what it needs in .venv, on a
# machine that has nothing but Python 3.11+ and make.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
CODE := src tests benchmarks docs
INSTALL := $(BIN)/python -m pip --quiet --quiet install --disable-pip-version-check
LOCK := $(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test test-all check format lint types arrows dependencies \
	coverage bench docs lock clean

help: ## Show this list
	@echo "Crosswalk keeps a commercetools shop and a Freshsales CRM in agreement."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) \
		| while IFS='|' read -r name what; do printf '  make %-13s%s\n' "$$name" "$$what"; done
	@echo
	@echo "PYTHON=python3.12 chooses another interpreter for .venv."

demo: $(RUN) ## Both systems simulated, a sample shop, a live sync (ARGS=--once to end by itself)
	@$(BIN)/crosswalk demo $(ARGS)

test: $(DEV) ## The quick tests (ARGS goes to pytest)
	$(BIN)/python -m pytest -n 2 -m "not slow and not live" $(ARGS)

test-all: $(DEV) ## All tests that need no account
	$(BIN)/python -m pytest -n 2 -m "not live" $(ARGS)

check: lint types arrows dependencies coverage test-all ## What CI runs

format: $(DEV) ## Format the code and repair what ruff can
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

lint: $(DEV)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)

types: $(DEV)
	$(BIN)/mypy

arrows: $(DEV)
	$(BIN)/lint-imports

dependencies: $(DEV)
	$(BIN)/deptry src

coverage: $(DEV) # what decides and what is sent is tested in every branch
	$(BIN)/python -m pytest -n 2 -q tests/domain tests/*/test_wire.py --cov-branch \
		--cov=crosswalk.domain --cov=crosswalk.commercetools.wire \
		--cov=crosswalk.freshsales.wire --cov-fail-under=100 \
		--cov-report=term-missing:skip-covered

bench: $(DEV) ## Measure throughput, latency and memory
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(DEV) ## Write the generated reference pages anew
	$(BIN)/python docs/generate.py

lock: $(DEV) ## Pin the newest allowed releases (ARGS=--upgrade) with hashes
	$(LOCK) $(ARGS) --build-deps-for editable -o requirements/run.txt pyproject.toml
	$(LOCK) $(ARGS) -o requirements/dev.txt requirements/dev.in

clean: ## Remove .venv and every cache
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache .coverage* src/*.egg-info
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "$(PYTHON) is not here: install Python 3.11 or later, or name one with" \
		"'make PYTHON=/path/to/python3'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Crosswalk needs Python 3.11 or later; $(PYTHON) is" \
		"$$("$(PYTHON)" -V 2>&1). Name another with 'make PYTHON=python3.12'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: install its venv package" \
		"(on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Crosswalk needs into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing the tools of development into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@
