# make book, make test; `make help` lists the rest.
.SUFFIXES:

PYTHON = python3
VENV = .venv/bin
NOTEBOOKS = $(wildcard book/*.ipynb)

# DATA=folder: tables to use instead of data/
ifdef DATA
export ANALYSIS_DATA := $(abspath $(DATA))
endif

# Keep what Python compiles, also where the environment says not to: the tests start in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help book test test-fast notebooks lint pins schema clean environment

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14
	@echo 'With DATA=folder, make book and make test-fast use the tables in that folder.'

book: environment ## run what changed, build the site into _build/html
	@$(VENV)/python book/build.py

test: lint book ## everything that CI runs
	@$(VENV)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --doctest-modules --nbval --nbval-current-env --durations 10 \
	  tests analysis book/dependencies.py $(NOTEBOOKS)

test-fast: lint ## tests that take no browser, no notebook and under a minute
	@$(VENV)/python -m pytest -n 2 --dist loadfile --doctest-modules -m 'not slow and not site' tests analysis book/dependencies.py

lint: environment
	@$(VENV)/ruff check --quiet
	@$(VENV)/ruff format --check --quiet

notebooks: environment ## execute the notebooks in place, so that their committed outputs are fresh
	@$(VENV)/python book/build.py notebooks

pins: ## write requirements.txt from pyproject.toml (needs uv)
	@{ echo '# Exact versions of all that the book and its tests need, for Python 3.11 to 3.13.'; \
	   echo '# Generated from pyproject.toml by `make pins`; do not edit. Install with: pip install -r requirements.txt'; \
	   uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest --extra test \
	     --no-emit-index-url --no-header --annotation-style line && echo '-e .'; } > requirements.new \
	  && mv requirements.new requirements.txt || { rm -f requirements.new; exit 1; }

schema: environment ## write the columns of the ledger's CSV from the fields of an entry
	@$(VENV)/python -c 'import json; from analysis.engine.ledger.entries import table_schema as t; print(json.dumps(t(), indent=2))' \
	  > schema.new && mv schema.new analysis/engine/ledger/verdicts.csv.schema.json || { rm -f schema.new; exit 1; }

clean: ## remove all that was built, but for .venv
	@rm -rf _build book/_build .pytask pytask.lock pytask.lock.journal .pytest_cache .ruff_cache .hypothesis

environment:
	@$(PYTHON) book/bootstrap.py
