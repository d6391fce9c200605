# Everything starts from a bare python3, pip and make: each target builds the .venv it needs.

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready-run
TOOLS := $(VENV)/.ready-dev
CODE  := $(wildcard profiles devicehub firmware_sim tests benchmarks)
TYPES := $(BIN)/pyright >$(VENV)/types.log
DEVICE ?= sim:reference-cape

# The tests start some hundred processes: none of them should compile what another one has.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test thorough bluez ha-check safety check order bench format lock clean

help:
	@echo "make demo    play a short massage on a simulated cape, here in the terminal"
	@echo "make test    everything the gate asks: check, then the tests with coverage"
	@echo "make thorough the tests that take many cases or many seconds over one fact"
	@echo "make bluez   every family on the real Linux Bluetooth stack, in QEMU"
	@echo "make ha-check Home Assistant's own parser over what it is told of us (Python 3.12 or newer)"
	@echo "make safety  the evidence for the safety core: faults, kills, walks, model, coverage, mutation"
	@echo "make check   format, lint, import contracts, types"
	@echo "make bench   the benchmarks"
	@echo "make format  let ruff put the code in order"
	@echo "make lock    resolve the dependencies anew into the two lock files"
	@echo "make clean   remove the .venv and everything that was made"

demo: $(READY)
	@$(BIN)/devicehub play taster --device $(DEVICE) || [ $$? -eq 4 ]  # 4: ended by "it hurts"

# Types are looked at while all else runs, and told after it. Collecting before the tests leaves
# them compiled for all workers.
test: $(TOOLS)
	@rm -f .coverage .coverage.*
	@$(TYPES) & types=$$!; failed=0; \
	$(MAKE) --no-print-directory order || failed=1; \
	[ $$failed = 1 ] || echo "types and tests"; \
	[ $$failed = 1 ] || $(BIN)/python -m pytest -q --collect-only >$(VENV)/tests.log || { cat $(VENV)/tests.log; failed=1; }; \
	[ $$failed = 1 ] || $(BIN)/python -m coverage run -m pytest -q -n 4 --dist worksteal -m "not thorough" || failed=1; \
	wait $$types || { cat $(VENV)/types.log; failed=1; }; \
	exit $$failed
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

thorough: $(TOOLS)
	@$(BIN)/python -m pytest -q -n 4 --dist worksteal -m thorough

# ONLY="--family lovense --end stop" asks for less. Compiled before, the guest need not.
bluez: $(TOOLS)
	@$(BIN)/python -m compileall -q profiles devicehub firmware_sim tests/bluez tests/integration
	@$(BIN)/python -m tests.bluez $(ONLY)

# Home Assistant wants a newer Python than we do, and a place of its own: HA_PYTHON=/path/to/python3.13.
# Its newest release for that Python is taken; device discovery came with 2024.12.
HA_PYTHON ?= python3.13
HA := .venv-ha
ha-check: $(READY) $(HA)/.ready
	@for start in false true; do \
	    DEVICEHUB_MQTT__REMOTE_START=$$start $(BIN)/devicehub mqtt discovery --json \
	        --device sim:reference-cape --device LVS-Domi37 | $(HA)/bin/python tests/homeassistant/check.py || exit 1; \
	done

$(HA)/.ready:
	@$(HA_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' \
	    || { echo "HA_PYTHON=$(HA_PYTHON): Home Assistant 2024.12 wants Python 3.12 or newer"; exit 1; }
	@echo "setup: installing Home Assistant into $(HA), a few minutes"
	@$(HA_PYTHON) -m venv $(HA)
	@$(HA)/bin/python -m pip install --quiet "homeassistant>=2024.12" "paho-mqtt<3"
	@touch $@

# PARTS="matrix walks" and MUTANTS="keeper" or MUTANTS="devicehub/safety/caps.py" ask for less.
safety: $(TOOLS)
	@$(BIN)/python -m tests.evidence $(PARTS) $(if $(MUTANTS),--mutants $(MUTANTS))

check: order
	@echo "types";   $(TYPES) || { cat $(VENV)/types.log; exit 1; }

order: $(TOOLS)
	@echo "format";  $(BIN)/ruff format --quiet --check $(CODE) || { echo "make format mends this"; exit 1; }
	@echo "lint";    $(BIN)/ruff check --quiet --output-format concise $(CODE)
	@echo "imports"; PYTHONPATH=. $(BIN)/lint-imports --no-cache >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

bench: $(TOOLS)
	@for bench in benchmarks/bench_*.py; do echo "$$bench"; $(BIN)/python "$$bench" || exit 1; done

format: $(TOOLS)
	@$(BIN)/ruff check --quiet --fix-only $(CODE)
	@$(BIN)/ruff format --quiet $(CODE)

# The locks name versions and hashes, no index: pip takes the files from wherever it is set up to.
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header --upgrade
lock: $(TOOLS)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	@$(LOCK) --group build -o requirements.lock
	@$(LOCK) --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:
	@rm -rf $(VENV) $(HA) build dist htmlcov .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis
	@find profiles devicehub firmware_sim tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# Installing again happens only when a lock or the packaging has changed.
$(READY): requirements.lock pyproject.toml .ci/venv
	@.ci/venv $(VENV) requirements.lock
	@touch $@

$(TOOLS): requirements-dev.lock pyproject.toml .ci/venv .ci/mosquitto
	@.ci/mosquitto
	@.ci/venv $(VENV) requirements-dev.lock
	@touch $(READY) $@
