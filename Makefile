# Each target sets up what it needs first. README.md has the plain commands, for machines without make.

PYTHON ?= python3
INSTALLER ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Python keeps the bytecode of what it has imported: without, every process of a run or a test compiles for seconds again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test check lint types imports docs site soak sbom clean help packages-by-uv packages-by-pip

report: $(VENV)/ready ## make the sample where nothing was delivered, run its latest month, end with the path of a pack
	@$(BIN)/python -m flows.monthly_report

test: $(VENV)/ready ## all tests but the soaks
	$(PYTEST) -m "not soak"

check: lint types imports ## lint, types, import contracts and the fast tests
	$(PYTEST) -q -m "not slow and not soak"

lint: $(VENV)/ready ## ruff: mistakes, style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/ready ## which module may import which
	$(BIN)/lint-imports

docs: $(VENV)/ready ## write docs/measures.md from the definitions of the measures and the plan of the sample
	@$(BIN)/perfpipe measures --page -w src/perfpipe_sample > docs/measures.md

site: $(VENV)/ready ## the pages of docs as a site, into build/site; a link that leads nowhere fails
	@$(BIN)/zensical build --strict

soak: $(VENV)/ready ## the long tests, whole; .ci/run takes a sample of each
	$(PYTEST) -q -m soak

sbom: $(VENV)/ready ## every package of requirements.lock, as CycloneDX, in build/sbom.json
	@$(BIN)/python -m venv --clear build/sbom-tool
	@build/sbom-tool/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7.5,<8'
	@build/sbom-tool/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o build/sbom.json \
		requirements.lock
	@echo build/sbom.json

clean: ## remove the environment, the sample, the ledger and the reports
	@test ! -e perfpipe.toml || cmp -s perfpipe.toml src/perfpipe_sample/perfpipe.toml || \
		{ echo "Nothing was removed: perfpipe.toml is not the sample's, so data/raw may hold extracts of yours."; exit 1; }
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage truth.json \
		perfpipe.toml plan.toml commentary earlier_commentary earlier_plans earlier_settings data/comparators \
		data/earlier_packs
	find data/raw data/processed reports -mindepth 1 ! -name .gitkeep -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10
	@echo "Set-up takes half a minute with uv, two minutes with pip alone: make INSTALLER=pip ..."
	@echo "Another Python: make PYTHON=python3.12 ..."

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else 'perfpipe needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.11 ...')"
	@echo "Set-up 1 of 3: an empty environment in $(VENV), 5 s"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(MAKE) --no-print-directory packages-by-$(INSTALLER) || \
		{ test $(INSTALLER) = uv && echo "uv could not do it: pip does" && $(MAKE) --no-print-directory packages-by-pip; }
	@echo "Set-up 3 of 3: perfpipe itself, from this folder, 5 s"
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# uv does not read pip's settings, so it is handed the index that pip uses; the certificates are the machine's, as pip's are:
# a proxy of the house has its own there
packages-by-uv:
	@echo "Set-up 2 of 3: the packages of requirements.lock by uv, 15 s"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@command -v uv > /dev/null || $(PIP) --require-hashes -r $(VENV)/uv.lock
	@UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2> /dev/null)}}" \
		UV_SYSTEM_CERTS="$${UV_SYSTEM_CERTS:-1}" PATH="$$PATH:$(BIN)" uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock

packages-by-pip:
	@echo "Set-up 2 of 3: the packages of requirements.lock by pip, 2 minutes"
	@$(PIP) --no-compile --require-hashes -r requirements.lock
