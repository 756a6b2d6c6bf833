# make demo    try it: a throwaway office certifies a drawn scan, into ecert-demo/
# make test    everything CI checks; installs what it needs (as root with apt)
# make lock    lock versions again, after a change in pyproject.toml (UPGRADE=1: to the newest)
# make docs    write the pages of docs/reference that come from the code and from what was measured
# make attacks measure again what other verifiers say about attacks and about other programs' files, and write it down
# make fuzz    judge 125,000 changed copies, none of which may be VALID (fuzz/README.md); a quarter of an hour
# make bench   compare speed with others
# make clean   remove everything made here

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
HASHED := --require-hashes --requirement

.PHONY: demo test setup system judges lock docs attacks fuzz bench clean

demo: .venv/base
	$(BIN)/ecert demo ecert-demo

test:
	@sh tools/test.sh

setup: system .venv/test judges

system:
	@sh tools/system-packages.sh

judges: .venv/build
	@$(BIN)/python tests/judges/install.py

lock: .venv/build
	sh tools/lock.sh

docs: .venv/base
	$(BIN)/python -m tools.findings_page
	$(BIN)/python -m tools.errors_page
	$(BIN)/python -m tools.limits_page
	$(BIN)/python -m tools.policy_page
	$(BIN)/python -m tools.attacks_page
	$(BIN)/python -m tools.producers_page

attacks: .venv/test judges
	$(BIN)/python -m tests.judged.measure
	$(BIN)/python -m tests.judged.producers.measure

fuzz: .venv/test
	$(BIN)/python -m fuzz mutations

bench: .venv/test
	$(BIN)/python -m bench

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	    build dist ecert-demo

# The three steps of the environment; each file marks a step as done.

.venv/build: requirements/build.txt
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(HASHED) $<
	@touch $@

.venv/base: requirements/base.txt pyproject.toml .venv/build
	$(UV) $(HASHED) $<
	$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: requirements/test.txt .venv/base
	$(UV) $(HASHED) $<
	@touch $@
