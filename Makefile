# Hunch: `make play` runs it on this machine, `make test` tests it. Both install first, into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: install play test lint bench schema picture

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hunch needs Python 3.11 or newer; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (about two minutes, once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local,play,dev]'
	@touch $@

play: install
	@$(BIN)/hunch play

test: install
	$(BIN)/pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m bench

schema: install
	$(BIN)/python -m curriculum.json_schema

picture: install
	HUNCH_PICTURE=docs/play.png $(BIN)/pytest tests/browser -k newcomer
