# Every target does all the set-up that it needs. Start with `make demo` or `make test`.
.DEFAULT_GOAL := help
.PHONY: help setup demo dev test check check-long bench lock format browser clean
BIN := .venv/bin
PYTHON := $(BIN)/python
# Two cores are the smallest machine that we promise anything for.
WORKERS ?= 2
export UV_NO_CONFIG := 1

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## the environment in .venv, front-end files, fonts, keys; quick when nothing changed
	@bash setup/bootstrap.sh

demo: setup ## the demo insurer on 127.0.0.1:8000
	@$(BIN)/counterfoil demo

dev: setup ## the workbench with reloading of code, on 127.0.0.1:8000
	@$(BIN)/counterfoil migrate --quiet
	@COUNTERFOIL_DEBUG=1 $(BIN)/counterfoil manage runserver 127.0.0.1:8000

browser: ## a browser for the tests, from the system's packages when missing
	@bash setup/browser.sh

test: setup browser ## everything that guards main
	@bash setup/check.sh -n $(WORKERS)

check: setup ## format, lint, types, import rules, data files, tests
	@bash setup/check.sh -n $(WORKERS)

check-long: setup browser ## check, then long searches and a second PostgreSQL version
	@bash setup/check_long.sh -n $(WORKERS)

bench: setup ## speed against the fixed floors
	@$(PYTHON) -m benchmarks

format: setup ## put code into the common form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: ## write the lock files anew
	@bash setup/lock.sh
	@npm install --package-lock-only --no-audit --no-fund

clean: ## remove everything that set-up made, and the embedded databases with all their data
	@bash setup/clean.sh
