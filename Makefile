# The only door to Parley, for people and for CI. Every target sets up what it needs; what is set up stays set up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

STAMPS := .build
VENV := .venv
PYTHON := $(VENV)/bin/python
STEPS := 5
STEP = tools/setup/step.sh
ARGS ?=
FUZZ_SECONDS ?= 600
FUZZ_TARGET ?=
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

engine_sources := $(shell find engine -path engine/target -prune -o -path engine/fuzz -prune -o \( -name '*.rs' -o -name 'Cargo.*' -o -name '*.pyi' -o -name '*.py' -o -name 'pyproject.toml' \) -type f -print 2>/dev/null)
web_sources := $(shell find web -path web/node_modules -prune -o -type f -not -name '*.test.*' -print 2>/dev/null)

.PHONY: help build demo check test e2e bench gen docs fuzz clean
help: ## what this door opens
	@echo "Parley. Each of these sets up and builds what it needs:"
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10 | sed 's/^/  make /'

build: $(STAMPS)/engine $(if $(wildcard web/package.json),$(STAMPS)/screens) ## set up and build everything a node needs

demo: build ## two sides and a line between them on this machine; ARGS='--delegates 3 --line 2mbit,50ms,1%'
	@$(VENV)/bin/parley demo $(ARGS)

check: STEPS := 6
check: build $(STAMPS)/browsers ## formats, lints, types, import contracts, house rules
	@$(PYTHON) tools/suites.py check

test: STEPS := 6
test: build $(STAMPS)/browsers ## every check and every test
	@$(PYTHON) tools/suites.py test

e2e: STEPS := 6
e2e: build $(STAMPS)/browsers ## only the tests with real browsers; ARGS='-k reload'
	@$(PYTHON) -m pytest tests/e2e $(ARGS)

bench: STEPS := 6
bench: build $(STAMPS)/browsers ## figures with machine and method; ARGS='--only forward'
	@$(PYTHON) bench/run.py $(ARGS)

gen: build ## write the generated files anew
	@$(PYTHON) tools/generate.py

docs: STEPS := 6
docs: gen $(STAMPS)/browsers ## generated files, then the screenshots from a running demo
	@$(PYTHON) tools/screens.py

fuzz: build ## every fuzz target for FUZZ_SECONDS each; FUZZ_TARGET=x for one
	@tools/setup/fuzz.sh "$(FUZZ_SECONDS)" "$(FUZZ_TARGET)"

clean: ## forget what was built here (keeps sources, removes .venv, node_modules, target)
	@rm -rf $(STAMPS) $(VENV) web/node_modules engine/target src/parley/web/static

# Set-up. A stamp stands for a finished step; it is made again only when what it rests on changes.
$(STAMPS)/system: tools/setup/system.sh
	@$(STEP) 1/$(STEPS) "system" "toolchains and libraries" tools/setup/system.sh build
	@touch $@

$(STAMPS)/python: $(STAMPS)/system tools/setup/python.sh pyproject.toml uv.lock
	@$(STEP) 2/$(STEPS) "python" "packages of the node and its tests" tools/setup/python.sh
	@touch $@

$(STAMPS)/engine: $(STAMPS)/python tools/setup/engine.sh $(engine_sources)
	@$(STEP) 3/$(STEPS) "engine" "compiling, the first time takes about 5 minutes" tools/setup/engine.sh
	@touch $@

$(STAMPS)/packages: $(STAMPS)/system web/package.json web/package-lock.json
	@$(STEP) 4/$(STEPS) "screens" "packages" tools/setup/screens.sh packages
	@touch $@

$(STAMPS)/screens: $(STAMPS)/packages tools/setup/screens.sh $(web_sources)
	@$(STEP) 5/$(STEPS) "screens" "building" tools/setup/screens.sh build
	@touch $@

$(STAMPS)/browsers: tools/setup/system.sh
	@$(STEP) 6/$(STEPS) "browsers" "chromium and firefox for the tests" tools/setup/system.sh browsers
	@touch $@
