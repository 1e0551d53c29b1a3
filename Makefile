# Fadu's ten words. They need Python 3.11 or later, make and the package registries, nothing else.
#
#   make demo     install, build the demo city, serve it on http://127.0.0.1:8000 (PORT=8001 make demo);
#                 STATUTES=folder also imports the statute texts (.md, .docx) of that folder
#   make run      serve your own data, without the demo city
#   make setup    only install
#   make test     install for development and run every test but the long ones (20 minutes at most)
#   make check    format, lint, types, floors, migrations in step, generated pages compared
#   make docs     write the generated pages and take the screenshots anew
#   make backup   database, evidence and keys into one dated folder under var/backups
#   make bench    measure
#   make soak     the long tests
#   make help     this page

SHELL := /bin/sh
PORT ?= 8000
export PORT
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
PY := .venv/bin/python
MANAGE := $(PY) manage.py
# the generated pages are made on a database of their own, so that nothing entered in the city can change them
DOCS_MANAGE := FADU_DATABASE=fadu_docs FADU_DEMO=0 DATABASE_URL= $(MANAGE)
PYTEST := $(PY) -m pytest -n 2 --dist loadfile

.PHONY: help setup demo run backup test check docs bench soak python dev \
	check-format check-lint check-types check-floors check-migrations check-docs fresh generated

help:
	@sed -n '3,12s/^# \{0,1\}//p' Makefile

python:
	@test -n "$(PYTHON)" || { echo "Fadu needs Python 3.11 or later, and none is on the PATH; set PYTHON=/path/to/python3.11." >&2; exit 1; }

setup: python
	@$(PYTHON) install.py run

dev: python
	@$(PYTHON) install.py run dev

# the last line of these is exec, so that Ctrl-C and SIGTERM reach the server itself
demo: setup
	@$(MANAGE) setup
	@FADU_DEMO=1 $(MANAGE) build-demo
	@test -z "$(STATUTES)" || FADU_DEMO=1 $(MANAGE) import-statutes "$(STATUTES)" >&2 || \
		test $$? -eq 1 || exit 2 # a file that is refused is told and does not keep the city from its doors
	@FADU_DEMO=1 exec $(MANAGE) serve

run: setup
	@$(MANAGE) setup
	@exec $(MANAGE) serve

backup: setup
	@$(MANAGE) backup

test: python
	@$(PYTHON) install.py run dev browser
	@$(PYTEST) -m "not soak"

soak: python
	@$(PYTHON) install.py run dev browser
	@$(PY) -m pytest -m soak

check: check-format check-lint check-types check-floors check-migrations check-docs

check-format: dev
	@$(PY) -m ruff format --check .

check-lint: dev
	@$(PY) -m ruff check .

check-types: dev
	@$(PY) -m mypy fadu manage.py install.py docs bench

check-floors: dev
	@.venv/bin/lint-imports --no-cache

check-migrations: dev
	@$(DOCS_MANAGE) makemigrations --check --dry-run >&2

# an empty database with nothing but our own content
fresh: dev
	@$(PY) -c "from fadu.config import database as d; d.prepare(); d.renew_database('fadu_docs')"
	@said=$$($(DOCS_MANAGE) setup 2>&1) || { echo "$$said" >&2; exit 1; }

# $(call generate,FOLDER) writes all generated pages into FOLDER
define generate
	$(DOCS_MANAGE) procedure --all $(1)/procedures >/dev/null && \
	$(DOCS_MANAGE) article --all $(1)/law >/dev/null && \
	$(DOCS_MANAGE) settings > $(1)/settings.md
endef

check-docs: fresh
	@made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && $(call generate,"$$made") && \
	for page in procedures law settings.md; do \
		diff -ru docs/$$page "$$made"/$$page || { echo "docs/$$page is not what the code says: run make docs." >&2; exit 1; }; \
	done

generated: fresh
	@rm -rf docs/procedures docs/law
	@$(call generate,docs)

docs: generated
	@$(PYTHON) install.py run dev browser
	@$(MANAGE) setup
	@FADU_DEMO=1 $(MANAGE) build-demo
	@FADU_DEMO=1 $(PY) -m docs.screenshots

bench: dev
	@$(PY) -m bench.record
	@$(PY) -m bench.cases
	@$(PY) -m bench.cap
	@$(PY) -m bench.enterprise_import
	@$(PY) -m bench.discretion
	@test -z "$(STATUTES)" || $(PY) -m bench.library "$(STATUTES)"
