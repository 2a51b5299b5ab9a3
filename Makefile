# 考核 kaohe: two commands, `make site` and `make test`; `make help` lists the rest.
# Needs make and Python 3.11 or newer (with venv). Every path below is relative, so that the
# folder may have spaces or Chinese in its name.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
HOST ?= 127.0.0.1
PORT ?= 8000
BROWSER = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PAPER = $(shell command -v pdftotext)

BIN := .venv/bin
# uv, where it is there, is many times faster; both install the same files.
ifneq ($(shell command -v uv),)
PIP := VIRTUAL_ENV=.venv uv --quiet pip
else
PIP := PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
endif
INSTALL := $(PIP) install --require-hashes --no-build-isolation

# An environment remembers where it stands; a folder that was moved or copied gets a new one.
ifneq ($(shell cat .venv/place 2>/dev/null),$(CURDIR))
.PHONY: .venv/place
endif

.PHONY: help site test serve check nightly mutants compare lint bench quality golden format lock clean browser

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile | expand -t 18

site: .venv/site ## the site, from the data, into site/
	@$(BIN)/python examples/history.py .cache/history
	@$(BIN)/kaohe build --made-history .cache/history
	@echo "网站在 site/ 里。看网站：make serve，再打开 http://$(HOST):$(PORT)/"

serve: .venv/site ## the site, live: save a file and see the page change
	@$(BIN)/kaohe serve --host "$(HOST)" --port "$(PORT)"

test: .venv/test browser ## every test, a real browser's included; ARGS= some of them
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@mkdir -p .cache
	@$(BIN)/python -m coverage run -m pytest -q tests/engine
	@$(BIN)/python -m coverage report --include '$(ENGINE)' --fail-under=100
	@$(BIN)/python -m pytest -q $(IN_LANES) --ignore tests/engine
endif

# The engine decides points; every branch of it is tested by its own tests. Nothing else is
# measured, which would double the time.
ENGINE := generator/engine/*

# A browser waits more than it works, so there is a lane more than there are cores.
LANES ?= 3
IN_LANES = -n $(LANES) --dist loadgroup --no-loadscope-reorder

check: lint test ## what CI runs: format, lint, types, imports, tests

nightly: .venv/test browser ## what a night proves: everything at length, other made-up values, mutants of the engine
	@$(BIN)/python -m pytest -q $(IN_LANES) -m "nightly or not nightly" --hypothesis-profile nightly
	@$(BIN)/python -m benchmarks.mutants --sample 0

lint: .venv/test ## the same without the tests, in a few seconds
	@$(BIN)/ruff format --quiet --check . || { echo "make format mends this" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-cache --no-logo

format: .venv/test ## the code, formatted
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

golden: .venv/test ## the expected pages of the tests, written anew
	@KAOHE_GOLDEN=write $(BIN)/python -m pytest -q -k golden

mutants: .venv/test ## mistakes planted in the engine: which does no test notice?
	@nice $(BIN)/python -m benchmarks.mutants $(ARGS)

compare: ## all that the program at revision OLD and now print and write: what differs?
	@.ci/compare "$(OLD)"

bench: .venv/test .cache/rivals/ready ## speed, side by side
	@$(BIN)/python -m benchmarks $(ARGS)

quality: .venv/test browser .cache/quality/ready site ## what readers get: Lighthouse, axe, keyboard, paper (needs Node 20)
	@$(BIN)/python -m benchmarks.quality $(ARGS)

lock: ## the locks, written anew (needs uv, npm); ARGS=--upgrade moves to the newest versions
	@requirements/lock.sh $(ARGS)

clean: ## everything that was made
	rm -rf .venv .cache site docs/index.md docs/submit.md docs/results docs/townships docs/rulebooks docs/assets/terms.txt

# --- the environment ---------------------------------------------------------------------

.venv/place:
	@if [ -z "$(PYTHON)" ]; then \
	    echo "需要 Python 3.11 以上（现有：$$(python3 --version 2>&1 || echo 无)）。安装后再试，或用 make PYTHON=… 指明。" >&2; \
	    echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=…" >&2; exit 1; fi
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; \
	    echo "Python 缺少 venv（Debian：apt install python3-venv）。 Python lacks venv." >&2; exit 1; }
	@printf '%s' "$(CURDIR)" > .venv/place

.venv/site: .venv/place requirements/build.txt requirements/site.txt pyproject.toml
	@echo "正在装运行环境（.venv），约一分钟……" >&2
	@$(INSTALL) -r requirements/build.txt
	@$(INSTALL) -r requirements/site.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

.venv/test: .venv/site requirements/test.txt
	@echo "正在装测试工具……" >&2
	@$(INSTALL) -r requirements/test.txt
	@touch $@

# What others would pick instead, and what would not go well with our own packages.
.cache/rivals/ready: requirements/bench.txt
	@echo "正在装对比用的工具……" >&2
	@rm -rf .cache/rivals && mkdir -p .cache && "$(PYTHON)" -m venv .cache/rivals
	@PIP_DISABLE_PIP_VERSION_CHECK=1 .cache/rivals/bin/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

.cache/quality/ready: benchmarks/quality/package.json benchmarks/quality/package-lock.json
	@echo "正在装 Lighthouse……" >&2
	@mkdir -p .cache/quality && cp $^ .cache/quality
	@cd .cache/quality && npm ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

browser:
	@if [ -n "$(BROWSER)" ] && [ -n "$(PAPER)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "正在装浏览器 chromium……" >&2; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk poppler-utils; } \
	      >/dev/null 2>&1 || \
	    echo "chromium 装不上，浏览器测试跳过。 Browser tests are skipped: chromium could not be installed." >&2; \
	else \
	    echo "没有 chromium 或 poppler-utils，有关的测试跳过。 Tests are skipped: no chromium, or no poppler-utils." >&2; fi
