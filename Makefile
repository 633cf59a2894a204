# Everything a person or CI does with this repository. `make help` lists it.
SHELL := /bin/bash
SWIFT ?= swift
DATA ?= $(CURDIR)/.aegis
PORT ?= 6443
AEGIS_ENV ?= production

.PHONY: help bootstrap build up down status test bench format lint clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 14

bootstrap: ## Install what the build and the tests need (Debian, as root)
	@scripts/bootstrap

build: bootstrap ## Build the programs: .build/release/{aegis,aegis-api,aegis-prometheus}
	@for product in aegis aegis-api aegis-prometheus; do \
	    $(SWIFT) build -c release --product $$product -Xswiftc -static-stdlib -Xlinker -s || exit 1; \
	done

up: build ## Run the platform on this machine (AEGIS_ENV, DATA, PORT), in the background; as root
	@.build/release/aegis up --env $(AEGIS_ENV) --data-dir $(DATA) --secure-port $(PORT) --detach --timeout 600
	@echo "Next: make status; $$(command -v kubectl || echo $(CURDIR)/.build-tools/bin/kubectl) -n aegis-$(AEGIS_ENV) get pods; make down"

status: ## Say how the platform is
	@.build/release/aegis status --data-dir $(DATA)

down: ## Stop the platform; what it stored stays for the next make up
	@.build/release/aegis down --data-dir $(DATA)

test: bootstrap ## Build everything and run every test
	@scripts/test

bench: bootstrap ## Run the benchmarks; figures go to standard output
	@scripts/bench

format: ## Format all sources in place
	$(SWIFT) format -i -r -p Package.swift Sources Tests

lint: ## Report what `make format` would change, and compiler warnings' friends
	$(SWIFT) format lint -r -p -s Package.swift Sources Tests

clean: ## Stop the platform, remove its data and what was built
	@if [ -x .build/release/aegis ]; then .build/release/aegis down --purge --data-dir $(DATA); fi
	rm -rf .build
