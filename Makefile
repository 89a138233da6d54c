# `make report` sets everything up and ends with the path of a pack; `make test` sets everything up and tests.
# The plain commands behind each target stand in README.md, for machines without make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: report test check lint types imports docs clean

report: $(VENV)/ready
	@$(BIN)/python -m flows.monthly_report

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not soak"

check: lint types imports $(VENV)/ready
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder -m "not slow and not soak"

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

imports: $(VENV)/ready
	$(BIN)/lint-imports

docs: $(VENV)/ready
	@$(BIN)/perfpipe measures --page > docs/measures.md

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 'perfpipe needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.11 ...')"
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage truth.json
	find data/raw data/processed reports -mindepth 1 ! -name .gitkeep -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
