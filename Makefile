# Everything a builder or a newcomer does, from a machine with Python 3.11 or newer and make.
SHELL := /bin/sh
BIN := .venv/bin
PROCESSES ?= 3
THROUGHLINE := $(BIN)/throughline

.PHONY: demo up down status test check format generate bench faults sabotage environment

demo: environment ## plays a year of referrals through the platform and shows what came of it
	$(THROUGHLINE) demo

up: environment ## starts PostgreSQL, Kafka and the four services, and leaves them running
	$(THROUGHLINE) up

down: environment ## stops what `up` or `demo` started
	$(THROUGHLINE) down

status: environment ## says what runs, and what is behind what
	$(THROUGHLINE) status

test: environment ## all tests, with a real PostgreSQL and a real Kafka, in three processes (PROCESSES)
	$(BIN)/pytest --durations=15 --numprocesses=$(PROCESSES) --dist=loadscope --no-loadscope-reorder

check: environment ## everything that can be said without running the platform
	tools/check

format: environment
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/buf format --write

generate: environment ## the gRPC code and the generated documents
	tools/generate

bench: environment ## what it does a second, beside floors and peers: BENCH=quick (10 minutes) or full
	$(BIN)/python -m bench

faults: environment ## breaks a platform 1,500 times, with proof, while people work, and checks what came of it (FAULTS_SEED, FAULTS_MINUTES, FAULTS)
	GRPC_ENABLE_FORK_SUPPORT=0 $(BIN)/python -m faults --ledger docs/faults.json $(FAULTS)

sabotage: environment ## plants bugs one at a time, outside the shipped code: the tests must catch each
	$(BIN)/python -m faults.sabotage

environment:
	@tools/environment
