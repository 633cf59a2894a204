# Everything a person or CI does with this repository. `make help` lists it.
SHELL := /bin/bash
SWIFT ?= swift
DATA ?= $(CURDIR)/.aegis
PORT ?= 6443

.PHONY: help bootstrap build up down test bench format lint clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 14

bootstrap: ## Install what the build and the tests need (Debian, as root)
	@scripts/bootstrap

build: bootstrap ## Build the release binary: .build/release/aegis
	$(SWIFT) build -c release --product aegis -Xswiftc -static-stdlib -Xlinker -s

up: build ## Start the API server on this machine (DATA, PORT) until interrupted
	@mkdir -p $(DATA)
	.build/release/aegis serve --data-dir $(DATA) --secure-port $(PORT)

test: bootstrap ## Build everything and run every test
	@scripts/test

bench: bootstrap ## Run the benchmarks; figures go to standard output
	@scripts/bench

format: ## Format all sources in place
	$(SWIFT) format -i -r -p Package.swift Sources Tests

lint: ## Report what `make format` would change, and compiler warnings' friends
	$(SWIFT) format lint -r -p -s Package.swift Sources Tests

clean: ## Remove build products and the data of `make up`
	rm -rf .build .aegis
