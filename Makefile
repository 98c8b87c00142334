# Two commands are enough on a bare Debian >= 12 or Ubuntu >= 24.04 with git, make and python3:
#   make demo   installs what running needs, and serves the published PES at http://127.0.0.1:8000
#   make test   installs what testing needs, and proves it on a throw-away PostgreSQL and Valkey
# Also: make test-sqlite, make e2e (Chromium), make lint, make bench, make lock (after a change of dependencies).
SHELL  := /bin/bash
PY     := .venv/bin/python
WORKERS ?= 2
PYTEST := $(PY) -m pytest
RULES  := $(wildcard pes/rules/*.py plans/rules/*.py tracking/rules/*.py evaluation/rules/*.py)

.DEFAULT_GOAL := help
.PHONY: help demo test test-sqlite e2e lint bench lock
.NOTPARALLEL:

help:
	@sed -n 's/^#//p' Makefile | head -n 5

demo: .venv/.runtime .venv/.pdf
	@PES_DEMO=1 $(PY) manage.py demo $(ARGS)

test: .venv/.dev .venv/.pdf
	@PES_TEST_DB=postgres $(PYTEST) -n $(WORKERS) $(ARGS)

test-sqlite: .venv/.dev .venv/.pdf
	@PES_TEST_DB=sqlite $(PYTEST) -n $(WORKERS) -m "not journey and not exhaustive and not one_engine" $(ARGS)

e2e: .venv/.dev .venv/.pdf
	@.ci/setup browser
	@PES_TEST_DB=postgres $(PYTEST) -n $(WORKERS) --dist loadfile -m journey tests/journeys $(ARGS)

lint: .venv/.dev .venv/.pdf
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(RULES)
	$(PY) manage.py makemigrations --check --dry-run
	.ci/check-deploy
	.venv/bin/hadolint Dockerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: .venv/.dev .venv/.pdf
	@$(PY) -m benchmarks $(ARGS)

lock: .venv/bin/python
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.txt

# The demo installs requirements.txt only; requirements-dev.txt is a superset, in the same environment.
.venv/bin/python:
	@.ci/setup venv
.venv/.runtime: requirements.txt | .venv/bin/python
	@.ci/setup packages $<
	@touch $@
.venv/.dev: requirements-dev.txt | .venv/bin/python
	@.ci/setup packages $<
	@touch $@
# WeasyPrint is in both sets of packages: whichever the target asked for first is there by now.
.venv/.pdf:
	@.ci/setup pdf
	@touch $@
