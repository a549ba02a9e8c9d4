# raggen. `make run` to use it, `make test` to prove it; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
RAGGEN := $(PYTHON) bootstrap.py
VENV := .venv/bin

.PHONY: help run doctor setup reference check format docs docs-serve test test-embed torture test-evaluation test-bench test-cli test-web test-browser eval bench load acceptance screenshots openapi handbook lock

help: ## what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: ## set everything up and start raggen
	@$(RAGGEN) up

doctor: ## say what is wrong with this installation, if anything
	@$(RAGGEN) doctor

setup: ## what tests and linters need: packages, weights, Node, Chromium, one build
	@$(RAGGEN) setup --dev

reference: ## sentence-transformers and torch, which any other embedding model needs
	@$(RAGGEN) setup --reference

check: setup ## lint, format, types, import rules, generated files
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy raggen-embed
	$(VENV)/mypy raggen-cli bootstrap.py
	$(VENV)/mypy e2e evaluation benchmarks handbook deploy/tests acceptance
	$(VENV)/lint-imports
	$(VENV)/python -m raggen_embed.openapi | diff raggen-embed/openapi.json - # else: make openapi
	$(VENV)/hadolint deploy/docker/*.Dockerfile
	$(VENV)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(VENV)/python -m handbook --check # else: make handbook
	$(VENV)/python -m acceptance --check # else: .venv/bin/python -m acceptance --pages
	cd raggen-web && ../bin/npm run --silent check

format: setup ## write every file the way `check` wants it
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	cd raggen-web && ../bin/npm run --silent format

test: check test-web test-embed test-evaluation test-bench test-cli test-browser ## set up and run everything: check, then all tests

test-embed: setup ## raggen-embed: the real model, real files, a real server
	$(VENV)/pytest raggen-embed/tests

torture: setup ## the long tests of nothing being lost: hours; figures in artifacts/torture
	RAGGEN_TORTURE=long $(VENV)/pytest raggen-embed/tests/torture
	RAGGEN_TORTURE_CASES=500 $(VENV)/pytest raggen-embed/tests/test_contract.py
	RAGGEN_TORTURE=long $(VENV)/pytest e2e/test_two_services.py e2e/test_upgrade.py

test-cli: setup ## raggen-cli: real processes and the real local model; deploy/, and what is made from the code
	$(VENV)/pytest raggen-cli/tests handbook/tests deploy/tests acceptance/tests

test-evaluation: setup ## the metrics, the fit, and a small set through the API that must not get worse
	$(VENV)/pytest evaluation/tests

test-bench: setup ## benchmarks: tiny runs, which say nothing about speed
	$(VENV)/pytest benchmarks/tests

test-web: setup ## raggen-web: components, routes, providers that misbehave; on SQLite and PostgreSQL
	cd raggen-web && ../bin/npm run --silent test
	cd raggen-web && ../bin/npm run --silent test:postgresql

test-browser: setup ## everything together, in Chromium; RAGGEN_DRESSES=all: each language at each width
	$(VENV)/pytest e2e

SETS ?= ../shared/quality
OUT ?= artifacts/evaluation.json
eval: setup ## how good the context is: SETS=folder OUT=file.json
	$(VENV)/python -m evaluation --sets $(SETS) --out $(OUT)

bench: OUT = artifacts/bench.json
bench: setup ## how fast and how much, beside the peers: OUT=file.json
	$(VENV)/python -m benchmarks --out $(OUT)

load: setup ## rising load on both services: artifacts/load/report.md; BEFORE=report.json to compare
	$(VENV)/python -m benchmarks.rising $(if $(BEFORE),--before $(BEFORE))

acceptance: setup ## everything release 1.0 must do, with its figures: ONLY="name …" SETS=folder
	SETS=$(SETS) $(VENV)/python -m acceptance $(if $(ONLY),--only $(ONLY))

screenshots: setup ## renew the pictures in docs/images
	RAGGEN_RENEW_PICTURES=1 $(VENV)/pytest e2e/test_pictures.py

openapi: setup ## write raggen-embed's OpenAPI file and the TypeScript types made from it
	$(VENV)/python -m raggen_embed.openapi raggen-embed/openapi.json
	cd raggen-web && ../bin/npm run --silent generate

docs: setup ## build the documentation site into artifacts/site
	NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build

docs-serve: setup ## show the documentation site while you write
	NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs serve --livereload

handbook: setup ## write the pages of docs that are made from the code, and deploy/*.env.example
	$(VENV)/python -m handbook

lock: ## write requirements/*.txt anew from requirements/*.in
	$(VENV)/pip install --quiet uv==0.13.9
	for name in cli embed runtime reference dev docs bench peers-sentence-transformers peers-fastembed peers-infinity; do \
	  $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-package torch requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done
