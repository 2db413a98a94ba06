# Depesha: `make run` and `make test` set up what is missing and do the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export OMP_THREAD_LIMIT := 1

.PHONY: run test browser training docs check setup system format samples lock clean

run: setup
	$(BIN)/depesha run scans --out outputs --ground-truth ground_truth

test: setup
	$(BIN)/python -m pytest -n 2

# What the report's tests in a real browser need beyond that; without it they skip.
browser: setup
	@sh .ci/system.sh browser
	$(BIN)/python -m pip install -q -r .ci/browser.lock

# What training the recogniser needs (PyTorch: 0.7 GB and more); without it its tests skip.
training: setup
	$(BIN)/python -m pip install -q -r .ci/training.lock

# The site in site/; fails on a warning. A setup of its own: it needs nothing of Depesha.
docs: .venv-docs/.ready
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict --quiet

.venv-docs/.ready: .ci/docs.lock
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install -q -r .ci/docs.lock
	touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

setup: system $(READY)

# Tesseract with Russian data and the fonts; says what to install where there is no apt.
system:
	@sh .ci/system.sh

$(READY): pyproject.toml .ci/requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.13 is needed, this is " + sys.version.split()[0] if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r .ci/requirements.lock
	$(BIN)/python -m pip install -q --no-deps -e .
	touch $(READY)

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Draw the facsimiles of scans/ anew (from a fixed seed).
samples: setup
	$(BIN)/python benchmarks/make_samples.py

# Renew the lock file after a change of pyproject.toml (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --extra export --extra review --extra cluster --group dev pyproject.toml -o .ci/requirements.lock
	uv pip compile --universal --python-version 3.11 --group browser -o .ci/browser.lock
	uv pip compile --universal --python-version 3.11 --group docs -o .ci/docs.lock

clean:
	rm -rf $(VENV) .venv-docs site outputs/*/ outputs/summary.* .mypy_cache .ruff_cache .pytest_cache
