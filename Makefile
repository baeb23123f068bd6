# Hunch: `make play` runs it on this machine, `make test` tests it. Both install first, into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: install play test journeys redteam fuzz faults semester test-cluster verify lint bench eval cluster schema notebooks picture servers map

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hunch needs Python 3.11 or newer; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (about two minutes, once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local,play,dev]'
	@touch $@

play: install
	@$(BIN)/hunch play

# Two at a time: whole files, so that what a file shares is made once.
test: install
	$(BIN)/pytest --numprocesses 2 --dist loadfile

# Every lesson through the simulated Discord, right and wrong: each reply seen, each card in bounds;
# and all of which `make test` takes a sample, such as every control of every instrument. Minutes.
journeys: install
	$(BIN)/pytest -o addopts= --numprocesses 2 tests/journeys/lessons
	$(BIN)/pytest -o addopts= --numprocesses 2 --dist loadfile -m whole tests/agent tests/browser tests/journeys tests/ui

# Every step of every lesson, asked for in twenty ways before it is guessed: the tutor tells none.
redteam: install
	$(BIN)/pytest -o addopts= --numprocesses 2 tests/agent/every_step

# The property tests on examples never tried before: what fails here becomes an example there.
fuzz: install
	$(BIN)/pytest --numprocesses 2 --hypothesis-profile fuzz -m hypothesis

# How the program ends: signals, refused tokens, a Discord that is gone, a database that is newer;
# and what a power cut leaves.
faults: install
	$(BIN)/pytest -o addopts= tests/faults

# What each instrument shows against transformers, numpy, vLLM's rules: how far they are apart.
verify: install
	$(BIN)/pytest --numprocesses 2 --dist loadfile --verify -m against tests/tools

# Two real servers, vLLM and llama.cpp: starts each, asks it everything, stops it. Minutes.
test-cluster: install
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/pytest -o addopts= --verify tests/cluster

# Sixty learners, ninety days, through the simulated Discord; every count made anew. Minutes.
semester: install
	$(BIN)/pytest -o addopts= tests/semester

# A real vLLM on this machine's processor, on 127.0.0.1:8000, until Ctrl-C.
cluster: install
	@$(BIN)/python -m bench.serve_vllm

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m bench

# How good search, tutor and grader are, on questions they weren't tuned on.
eval: install
	@$(BIN)/python -m tests.eval

schema: install
	$(BIN)/python -m curriculum.json_schema

# Runs the lessons' notebooks and keeps what they print: after a change to one.
notebooks: install
	$(BIN)/python -m curriculum.notebook

# The README's moving picture, taken while a test walks through it.
picture: install
	HUNCH_PICTURE=docs/play.gif $(BIN)/pytest tests/browser -k newcomer
	HUNCH_BOOK_PICTURE=docs/book.png $(BIN)/pytest tests/browser -k picture_of_the_book
	HUNCH_LESSON_PICTURES=docs $(BIN)/pytest -o addopts= tests/browser/test_lessons.py

# The page of servers: after a change to what is found at one.
servers: install
	$(BIN)/python -m tests.servers.table

map:
	@$(PYTHON) docs/map.py
