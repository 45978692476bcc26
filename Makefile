# Two commands do everything on a fresh machine: `make dashboard` and `make test`.
# PYTHON may name an interpreter; otherwise the newest of these that is 3.12 or later is taken.
CANDIDATES := $(PYTHON) python3.13 python3 python3.12 python3.14 python
OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 12))
VENV := .venv
RUN := $(VENV)/bin
PORT ?= 8501
# Bytecode is kept, whatever the environment says: each of the many programs that the tests start would compile all again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: dashboard test test-slow lint base-case library update benchmark check clean

dashboard: $(VENV)/ready
	$(RUN)/python -m dashboard --server.port $(PORT)

test: $(VENV)/ready-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/python -m compileall -q -j 2 data models dashboard
	$(RUN)/python -m pytest -q -n 3 --dist loadgroup --no-loadscope-reorder

test-slow: $(VENV)/ready-dev
	$(RUN)/python -m pytest -q -m slow -n 2 --dist loadgroup --no-loadscope-reorder --timeout 900

lint: $(VENV)/ready-dev
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

base-case: $(VENV)/ready
	$(RUN)/python -m models fit --base-case
	$(RUN)/python -m models members fit

library: $(VENV)/ready
	$(RUN)/python -m models library build
	$(RUN)/python -m models library check

# make update FILE=rows.csv UNTIL=2026-10-08, without FILE when nothing was found
update: $(VENV)/ready
	$(RUN)/python -m models evidence update $(FILE) --searched-until $(UNTIL)

benchmark: $(VENV)/ready-dev
	$(RUN)/python -m models benchmark

check: $(VENV)/ready
	$(RUN)/python -m models evidence check

clean:
	rm -rf $(VENV)

# uv installs in seconds what takes pip minutes; where uv cannot be had, pip does the same. Bytecode is compiled now, not at the
# first start of the page; that of the packages' own tests, a quarter of it all, never.
define install
$(RUN)/python -m uv pip install --quiet --requirements $(1) || $(RUN)/python -m pip install --quiet --no-compile -r $(1)
-@$(RUN)/python -m compileall -qq -j 0 -x 'site-packages/.*/tests?/' $(VENV)/lib
endef

$(VENV)/bin/python:
	@for python in $(CANDIDATES); do \
		if command -v $$python >/dev/null 2>&1 && $$python -c '$(OLD_ENOUGH)' 2>/dev/null; then \
			echo "Setting up $(VENV) with $$($$python --version)"; exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "No Python 3.12 or later was found. Install one (python.org, pyenv or uv) and run this again."; exit 1

$(VENV)/ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	-@$(RUN)/python -m pip install --quiet uv
	$(call install,requirements.txt)
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt requirements-auth.txt requirements.txt pyproject.toml | $(VENV)/bin/python
	-@$(RUN)/python -m pip install --quiet uv
	$(call install,requirements-dev.txt)
	@touch $(VENV)/ready $@
