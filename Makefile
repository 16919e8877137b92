# Every target works on a machine that has make, and Python 3.11 or newer, and nothing else of ours.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# What a demo takes, and what the tests do: a newcomer waits for the first alone.
RUNNABLE := $(VENV)/.runnable
COMPLETE := $(VENV)/.complete
# The official Azure provider, whose hook ours stands in for, clients that others wrote for Gen2, and beside
# it the SDK's last version 0, and two clients that others wrote for Gen1.
OFFICIAL := .venvs/official
OLD_SDK := $(OFFICIAL)/azure-datalake-store-0
# The browser's driver, which the other targets do without.
UI_COMPLETE := $(VENV)/.complete-ui
# What a release takes.
RELEASE_COMPLETE := $(VENV)/.complete-release
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

# The older versions of Airflow, each with an environment and pins of its own, and the tests of ours that
# touch Airflow at all.
AIRFLOW_VERSIONS := 2.11 3.1 3.2
MATRIX := $(AIRFLOW_VERSIONS:%=.venvs/%/.complete)
# Airflow with Celery. Celery 5.7 is not for this version of its provider.
SCALE := .venvs/scale
AIRFLOW_TESTS := $(wildcard $(addprefix tests/,accounts assets bundles commands connection examples fs hooks logs mistakes operators policies \
  security sensors sql transfers triggers waiting xcom test_*.py))

# Two tests at a time, shared out by tests/conftest.py.
WORKERS := --numprocesses 2 --no-loadscope-reorder

# What the caller has set for a Python or an Airflow of his own must not reach ours.
unexport $(filter AIRFLOW_% ADLS_% PYTHON% VIRTUAL_ENV,$(.VARIABLES))

.DEFAULT_GOAL := help
.PHONY: help demo up test coverage test-ui test-matrix test-scale pictures test-long lint docs package bench clean

help: ## say what each target does
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 18
	@echo 'PYTHON=… names the Python (3.11 or newer) that builds $(VENV); CHROMIUM=… the browser of test-ui.'

demo: $(RUNNABLE) ## run a pipeline on a real Airflow, on Gen1 and then on Gen2, show its results, stop
	@$(RUN) -m scripts.demo

up: $(RUNNABLE) ## the same, and leave Airflow and the service running until Ctrl-C
	@$(RUN) -m scripts.demo --stay

test: $(COMPLETE) ## run every test
	@$(RUN) -m pytest $(WORKERS)

coverage: $(COMPLETE) ## the same, with a report of lines and branches that no test runs, in twice the time
	@$(RUN) -m coverage erase
	@$(RUN) -m coverage run -m pytest $(WORKERS)
	@$(RUN) -m coverage combine --quiet
	@$(RUN) -m coverage report

test-ui: $(UI_COMPLETE) ## run the tests of the connection form and the emulator's page, in Chromium
	@$(FIND_CHROMIUM)
	@CHROMIUM='$(CHROMIUM)' $(RUN) -m pytest tests/ui

test-matrix: $(MATRIX) ## run what touches Airflow on each older version that is supported
	@for version in $(AIRFLOW_VERSIONS); do \
	  echo "Airflow $$version" && .venvs/$$version/bin/python -m pytest $(WORKERS) -m 'not airflow_stack and not long and not clients' -o filterwarnings=default $(AIRFLOW_TESTS) || exit 1; \
	done

test-scale: $(SCALE)/.complete ## share trees out to the workers of an Airflow with Celery, and kill some of them
	@for program in initdb redis-server; do command -v $$program >/dev/null || test -x /usr/lib/postgresql/15/bin/$$program || \
	  { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing postgresql and redis-server" && \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql redis-server >/dev/null; } || \
	  echo "Postgres and Redis are not installed: the tests are skipped"; done
	@$(SCALE)/bin/python -m pytest -s -m scale tests/scale

pictures: $(UI_COMPLETE) ## take the pictures in docs/images anew
	@$(FIND_CHROMIUM)
	@CHROMIUM='$(CHROMIUM)' $(RUN) -m pytest tests/ui --pictures docs/images

test-long: test $(OFFICIAL)/.complete ## every test, then what takes long, and what needs others' packages
	@$(RUN) -m pytest -m long
	@$(OFFICIAL)/bin/python -m pytest tests/hooks/test_official.py
	@PYTHONPATH=$(OLD_SDK) $(OFFICIAL)/bin/python -m pytest tests/filesystem/test_sdk.py tests/filesystem/test_sdk_calls.py
	@PYTHONPATH=$(OLD_SDK) $(OFFICIAL)/bin/python -m pytest -m clients tests/clients

lint: $(COMPLETE) ## check style, format and types
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

docs: $(COMPLETE) ## build the documentation's site into site/, and fail on a link that leads nowhere
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --quiet && echo 'The site is in site/index.html.'

package: $(RELEASE_COMPLETE) ## build wheel and sdist into dist/, check them, and list what they need with its licences
	@$(RUN) -m scripts.package

bench: $(OFFICIAL)/.complete ## measure emulator, transfers and triggers; against bare aiohttp, the SDKs and adlfs, as ratios
	@$(RUN) -m benchmarks.emulator
	@$(OFFICIAL)/bin/python -m benchmarks.transfers
	@$(RUN) -m benchmarks.triggers

clean: ## remove all that the other targets made
	rm -rf $(VENV) .venvs .demo dist site .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

define CHECK_PYTHON
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
  { echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not: name one, as in make PYTHON=python3.12" >&2; exit 1; }
endef

define FIND_CHROMIUM
test -n '$(CHROMIUM)' || \
  { echo "Chromium is needed: apt-get install chromium, or make $@ CHROMIUM=/path/to/chromium" >&2; exit 1; }
endef

$(RUNNABLE): pyproject.toml constraints.txt
	@$(CHECK_PYTHON)
	@$(PYTHON) scripts/build_env.py $(VENV) $@ constraints.txt gen2

$(COMPLETE): pyproject.toml constraints.txt
	@$(CHECK_PYTHON)
	@$(PYTHON) scripts/build_env.py $(VENV) $@ constraints.txt dev,docs,servers

$(UI_COMPLETE): $(COMPLETE)
	@$(RUN) -m pip install --quiet --constraint constraints.txt --editable '.[ui]'
	@touch $@

$(RELEASE_COMPLETE): $(COMPLETE)
	@$(RUN) -m pip install --quiet --constraint constraints.txt --editable '.[release]'
	@touch $@

.venvs/%/.complete: pyproject.toml constraints-%.txt
	@$(CHECK_PYTHON)
	@$(PYTHON) scripts/build_env.py .venvs/$* $@ constraints-$*.txt dev

$(SCALE)/.complete: pyproject.toml constraints.txt
	@$(PYTHON) scripts/build_env.py $(SCALE) $(SCALE)/.built constraints.txt dev
	@$(SCALE)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  apache-airflow-providers-celery==3.26.0 'celery[redis]==5.6.3' kombu==5.7.0 redis==8.1.0 \
	  psycopg2-binary==2.9.13 asyncpg==0.32.0
	@touch $@

$(OFFICIAL)/.complete: $(COMPLETE)
	@$(PYTHON) -m venv $(OFFICIAL)
	@$(OFFICIAL)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[dev]' apache-airflow-providers-microsoft-azure \
	  adlfs obstore==0.12.1 opendal==0.47.12 deltalake==1.6.6
	@$(OFFICIAL)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
	  --target $(OLD_SDK) azure-datalake-store==0.0.53 adlfs==2024.12.0 hdfs==2.7.3 docopt==0.6.2
	@touch $@
