# Sunruam. `make help` lists what there is.
SHELL := /bin/bash
PY := .venv/bin/python
# Thousands of small databases are made and thrown away: in memory where 4 GB of it are free.
FAST := $(shell [ -w /dev/shm ] && [ "$$(df -Pm /dev/shm | awk 'END {print $$4}')" -gt 4000 ] && echo /dev/shm || echo $${TMPDIR:-/tmp})

# Hundreds of processes are started by the tests: each would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench lock translations openapi routes

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: ## Set up everything the shop needs (make run does it too)
	@bin/setup run

run: setup ## Start the shop: database, demo, web and worker; prints address and sign-ins
	@bin/run

test: ## Set up everything and run all checks and tests
	@bin/setup test
	@bin/services --quick $(MAKE) --no-print-directory check

check: ## All checks and tests (needs `make test` once, for the services)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy core members accounting inventory pos worker
	.venv/bin/lint-imports --no-cache
	node --test tests/js/*.mjs
	TMPDIR=$(FAST) $(PY) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

format: ## Lay the code out
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: ## Measure every path against its floor and goal (never a test); says at the end which missed
	@bin/setup test
	@bin/services $(PY) -m bench

lock: ## Pin all packages anew, with hashes
	$(PY) -m pip install --quiet uv
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra setup pyproject.toml --output-file requirements.lock
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra setup --extra dev pyproject.toml --output-file requirements-dev.lock

translations: ## Collect words from code and templates, bring the Thai catalogue up to date
	@mkdir -p var
	.venv/bin/pybabel --quiet extract --mapping babel.cfg --ignore-dirs '.*' --ignore-dirs __pycache__ --keywords N_ --no-location --sort-output --project Sunruam --output var/messages.pot .
	.venv/bin/pybabel --quiet update --input-file var/messages.pot --output-dir pos/translations --domain messages --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	.venv/bin/pybabel --quiet compile --directory pos/translations --domain messages

openapi: ## Write docs/openapi.json anew
	$(PY) -m tests.openapi

routes: ## Write down the right each new route needs, to be read over (tests/routes.csv)
	$(PY) -m tests.routes
