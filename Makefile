# Every target works on a machine that has make, and Python 3.11 or newer, and nothing else of ours.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
COMPLETE := $(VENV)/.complete
# The official Azure provider, whose hook ours stands in for, and beside it the SDK's last version 0.
OFFICIAL := .venvs/official
OLD_SDK := $(OFFICIAL)/azure-datalake-store-0

# What the caller has set for a Python or an Airflow of his own must not reach ours.
unexport $(filter AIRFLOW_% ADLS_% PYTHON% VIRTUAL_ENV,$(.VARIABLES))

.DEFAULT_GOAL := help
.PHONY: help demo up test test-long lint bench clean

help: ## say what each target does
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 18
	@echo 'PYTHON=… names the Python (3.11 or newer) that builds $(VENV).'

demo: $(COMPLETE) ## run a pipeline on a real Airflow and a Gen1 service, show its result, stop
	@$(RUN) -m scripts.demo

up: $(COMPLETE) ## the same, and leave Airflow and the service running until Ctrl-C
	@$(RUN) -m scripts.demo --stay

test: $(COMPLETE) ## run every test, with a coverage report
	@$(RUN) -m pytest --cov --cov-report=term

test-long: test $(OFFICIAL)/.complete ## the same, then beside the official Azure provider and an older SDK
	@$(OFFICIAL)/bin/python -m pytest tests/hooks/test_official.py
	@PYTHONPATH=$(OLD_SDK) $(OFFICIAL)/bin/python -m pytest tests/filesystem/test_sdk.py tests/filesystem/test_sdk_calls.py

lint: $(COMPLETE) ## check style, format and types
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

bench: $(COMPLETE) ## measure the emulator's speed against bare aiohttp, as ratios
	@$(RUN) -m benchmarks.emulator

clean: ## remove all that the other targets made
	rm -rf $(VENV) .venvs .demo .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(COMPLETE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not: name one, as in make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) scripts/build_env.py $(VENV) $@

$(OFFICIAL)/.complete: $(COMPLETE)
	@$(PYTHON) -m venv $(OFFICIAL)
	@$(OFFICIAL)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[dev]' apache-airflow-providers-microsoft-azure
	@$(OFFICIAL)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
	  --target $(OLD_SDK) azure-datalake-store==0.0.53
	@touch $@
