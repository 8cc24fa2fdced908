# `make help` lists the targets. Every target first brings .venv up to date with uv.lock.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.NOTPARALLEL:

BIN := .venv/bin
ENVIRONMENT := .venv/.ready
CODE := clinic actions components channels scripts benchmarks tests

# PYTHON names the Python 3.10 to use, if it is not found by itself.
export PYTHON

$(ENVIRONMENT): uv.lock pyproject.toml .python-version scripts/environment.sh
	@sh scripts/environment.sh
	@touch $@

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: env
env: $(ENVIRONMENT) ## make .venv from uv.lock (every other target does so too)

.PHONY: run
run: $(ENVIRONMENT) ## set up what is missing and serve the assistant until Ctrl-C
	@$(BIN)/python -m scripts.run

.PHONY: chat
chat: $(ENVIRONMENT) ## talk to the assistant in the terminal
	@$(BIN)/python -m scripts.chat

.PHONY: train
train: $(ENVIRONMENT) ## check the data and train, if anything changed since the last time
	@$(BIN)/python -m scripts.train

.PHONY: test
test: $(ENVIRONMENT) ## run every check and test
	@$(BIN)/python -m scripts.checks

.PHONY: lint
lint: $(ENVIRONMENT) ## check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(ENVIRONMENT) ## check the types
	@$(BIN)/python -m scripts.checks types

.PHONY: format
format: $(ENVIRONMENT) ## format the code and sort its imports
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: migrate
migrate: $(ENVIRONMENT) ## bring the database up to date
	@$(BIN)/python -m scripts.migrate

.PHONY: benchmark
benchmark: $(ENVIRONMENT) ## compare with Rasa's default pipeline (ARGS=--write writes docs/benchmarks.md)
	@$(BIN)/python -m benchmarks.compare $(ARGS)

.PHONY: clean
clean: ## remove the model, logs and caches; the database in var/ and .venv stay
	@rm -rf models .rasa results var/log var/results var/cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.tools/*' -prune -exec rm -rf {} +
