# The two commands are `make demo` and `make test`. Everything lives under .run/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo stop clean logs shell test unit fuzz check lock settings bench

RUN := .run
BIN := $(RUN)/venv/bin

help: ## show this
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: ## start the portal with sample data, or with FEED=file.csv PROFILE=profile.yaml
	@scripts/demo $(if $(FEED),--feed '$(FEED)') $(if $(PROFILE),--profile '$(PROFILE)')

stop: ## stop everything that demo and test started
	@scripts/portal stop; scripts/services stop

clean: stop ## stop, and remove all data and packages under .run/
	@scripts/clean

logs: ## follow the logs
	@tail -n 20 -F $(RUN)/log/*.log

shell: ## a Python shell inside the portal
	@$(RUN)/bin/ckan shell

test: ## run every test against real services; ARGS= goes to pytest
	@scripts/test $(ARGS)

unit: ## run the tests that need no service
	@scripts/build-venv dev
	@$(BIN)/pytest -p no:ckan -p no:ckan_fixtures -o addopts='-q --strict-markers' tests/unit $(ARGS)

fuzz: ## throw a million texts at the grammars of questions, and many examples at rules; ARGS= as scripts/fuzz takes them
	@scripts/fuzz $(ARGS)
	@CPDI_EXAMPLES=$${CPDI_EXAMPLES:-2000} $(BIN)/pytest -p no:ckan -p no:ckan_fixtures -o addopts='-q --strict-markers' -m hypothesis tests/unit

check: ## static checks: style, types, rooms, lock files, scripts, containers; types, style and units of frontend/
	@scripts/check

lock: ## make the lock files anew from requirements*.in
	@scripts/build-venv dev
	@scripts/lock

settings: ## make docs/settings.md anew from config_declaration.yaml
	@scripts/build-venv dev
	@$(BIN)/python scripts/settings

bench: ## measure, beside a peer or a floor, into .run/bench.json
	@scripts/bench $(ARGS)
