# A newcomer needs two commands, `make run` and `make test`; each first sets up what it lacks.

# HOST is not taken from the environment, where some shells keep the machine's name: the demo would be open to a network.
HOST = 127.0.0.1
PORT ?= 8000
PYTHON := .venv/bin/python
INSTALL := $(PYTHON) -m pip install -qq --require-hashes --only-binary :all:
LOCK := $(PYTHON) -m piptools compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev fonts browser run bench bench-alerts bench-pages bench-papers bench-reading fuzz test lint lock

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: .venv/.product fonts ## virtual environment, pinned packages, fonts for PDF

run: setup ## serve with sample data at http://127.0.0.1:8000 (PORT=8001 for another port)
run: export TRACKER_DEMO ?= 1
run:
	@$(PYTHON) -m flask --app tracker demo
	@exec env HOST=$(HOST) PORT=$(PORT) deploy/serve.sh

bench: bench-reading bench-pages bench-alerts bench-papers ## all benchmarks in turn, each at its usual size

bench-reading: setup-dev ## how long drafting takes, beside what the formats' own libraries need
	$(PYTHON) -m bench.reading $(ARGS)

bench-pages: setup-dev ## how long whole pages of a county take (a city: ARGS="--units 500 --items 10000")
	$(PYTHON) -m bench.pages $(ARGS)

bench-alerts: setup-dev ## the daily job over a million open duties (ARGS="--duties 50000")
	$(PYTHON) -m bench.alerts $(ARGS)

bench-papers: setup-dev ## a quarter's whole set of papers, and one ledger beside the typesetter's own time
	$(PYTHON) -m bench.papers $(ARGS)

fuzz: setup-dev ## thousands of mutated files of each format (ARGS="--count 100000 docx")
	$(PYTHON) -m tests.fuzz.run $(ARGS)

test: lint browser ## lint, types and the whole suite (ARGS="-k deadlines" for a part)
	$(PYTHON) -m pytest --numprocesses auto --dist loadfile $(ARGS)

lint: setup-dev ## style and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

lock: setup-dev ## refresh requirements*.txt from deploy/*.in (ARGS="--upgrade" for newer versions)
	CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) $(ARGS) deploy/requirements.in -o requirements.txt
	CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) $(ARGS) deploy/requirements-dev.in -o requirements-dev.txt

setup-dev: setup .venv/.dev

# Empty files in .venv mark what is done; a changed lock is newer than its mark and is installed.
.venv/.made:
	deploy/venv.sh
	@touch $@

.venv/.product: requirements.txt .venv/.made
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.product
	$(INSTALL) -r requirements-dev.txt
	@touch $@

# Fonts are fetched once, and not at all where the office has named a folder of its own.
fonts:
	@test -n "$$TRACKER_FONTS" || test -d build/fonts || deploy/fonts.sh

# Without a browser the rest of the suite is still worth running.
browser:
	@deploy/browser.sh || echo "No browser could be installed."
