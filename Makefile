# Everything starts here: `make run` sets up what is missing and serves; the other targets are for developing.
# Settings: PYTHON=/path/to/python3.11, ARGS="options of denta serve or of pytest".

PYTHON ?= $(firstword $(shell command -v python3.11 python3))
SETUP := $(PYTHON) scripts/setup.py
PY := .venv/bin/python
NPM := PATH="$(CURDIR)/.venv/node/bin:$$PATH" npm --prefix web
ARGS ?=
# Tests by several processes, each file in one of them (ARGS="-n 0": in this one, to see what they print). One more than there are cores,
# four at most: a third of the time a test waits for programs, answers and pages.
# The files that take longest come first (tests/conftest.py), so that all end at about the same time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(min(len(os.sched_getaffinity(0)) + 1, 4))')
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 10

# Compiled modules stay, whatever the environment says: a run starts a hundred processes that would compile all again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run setup test test-nightly test-fast check format types bench clean

help:
	@echo "make run     всё поставить и запустить: http://127.0.0.1:8000"
	@echo "make test    все проверки: модули, PostgreSQL, API, браузер"
	@echo "make test-fast  правила, команды, API и одна запись на приём в браузере"
	@echo "make check   стиль, типы, правила импорта, сборка интерфейса"
	@echo "make bench   измерения"
	@echo "make clean   убрать всё собранное; данные остаются"

run:
	@$(SETUP) runtime printing web && exec .venv/bin/denta serve $(ARGS)

setup:
	@$(SETUP) tools printing web

test: setup
	@$(SETUP) browser deploy
	@status=0; \
	$(PYTEST) -m "not browser" $(ARGS) || status=1; \
	$(PYTEST) -m browser $(ARGS); code=$$?; [ $$code -eq 0 ] || [ $$code -eq 5 ] || status=1; \
	exit $$status

test-nightly: export DENTA_TEST_DEPTH = nightly
test-nightly: test

test-fast:
	@$(SETUP) tools printing web browser
	@mkdir -p var; $(PY) -m pytest -q -m browser tests/browser/test_keyboard.py -k booked $(ARGS) >var/browser-story.log 2>&1 & story=$$!; \
	status=0; $(PYTEST) -m "not browser and not thorough" tests/aggregates tests/commands tests/api $(ARGS) || status=1; \
	wait $$story || status=1; cat var/browser-story.log; exit $$status

check:
	@$(SETUP) tools modules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(NPM) run check
	@$(SETUP) web

format:
	@$(SETUP) tools
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

types:
	@$(SETUP) runtime modules
	.venv/bin/denta openapi
	$(NPM) run types

bench:
	@$(SETUP) tools web browser
	$(PY) -m bench $(ARGS)

clean:
	rm -rf .venv web/node_modules web/dist web/.vite .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
