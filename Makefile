# Every target that needs Python creates .venv by itself, from pyproject.toml and constraints.txt.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
CORPUS ?= ../shared/corpus
STAMP  := $(VENV)/.installed
PIP    := $(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt

# What the LaTeX write-ups need beyond a plain Debian.
TEX_PACKAGES := texlive-latex-recommended
APT_INSTALL  := apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600
AS_ROOT       = $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := help
.PHONY: help docs generate test check bench verify corpus fuzz tex clean distclean
.DELETE_ON_ERROR:

help:  ## print these lines
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 13

docs: $(STAMP)  ## derive, prove and write everything: generated/, .tex, .md, HTML, PDF if TeX is there
	@$(PY) -m derive generate
	@$(PY) -m derive docs

generate: $(STAMP)  ## write the NumPy functions and the committed pages below generated/
	@$(PY) -m derive generate

test: $(STAMP)  ## run the tests
	@$(PY) -m pytest -n auto --maxprocesses=8

check: $(STAMP)  ## lint (ruff), check types (strict mypy), prove every step and try every mutant
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m derive check

bench: $(STAMP)  ## time deriving, proving and the NumPy functions, and measure their errors beside others
	@$(PY) -m tests.bench
	@$(PY) -m tests.bench.speed
	@$(PY) -m tests.bench.threads
	@$(PY) -m tests.bench.accuracy

verify: $(STAMP)  ## judge a person's page: make verify FILE=page.md
	$(if $(FILE),,$(error say which page: make verify FILE=page.md))
	@$(PY) -m derive verify $(FILE)

corpus: $(STAMP)  ## score the judge on a folder of labelled pages beside this one, if there is one
	@if [ -f $(CORPUS)/score.py ]; then \
	  $(PY) $(CORPUS)/score.py $(CORPUS) --command "$(abspath $(PY)) -m derive verify --format json {file}"; \
	else echo 'There is no $(CORPUS)/score.py, so there is nothing to score.'; fi

fuzz: $(STAMP)  ## generated input through the judge, and its mutation score (some minutes)
	@$(PY) -m tests.fuzz

tex:  ## install TeX with apt (as root or through sudo), so that make docs also makes PDFs
	$(if $(call have,apt-get),,$(error make tex installs TeX with apt-get, which is not here. \
	Install pdfLaTeX your own way, then run: make docs))
	$(if $(AS_ROOT),$(if $(call have,sudo),,$(error make tex must be run as root or where sudo \
	is. As root, run: apt-get install $(TEX_PACKAGES))))
	-@$(AS_ROOT) apt-get update -qq
	@$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive $(APT_INSTALL) $(TEX_PACKAGES)

clean:  ## remove what was built and every cache; keeps .venv and what is committed
	@rm -rf build dist generated/docs/html generated/docs/pdf
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name $(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## the same, and remove .venv
	@rm -rf $(VENV)

$(STAMP): pyproject.toml constraints.txt
	$(if $(call usable,$(PY)),,$(require-python))
	@echo 'Installing derive and its tools into $(VENV) (a minute or two the first time).'
	@$(if $(call usable,$(PY)),:,$(PYTHON) -m venv --clear $(VENV))
	@$(PIP) hatchling
	@$(PIP) --no-build-isolation --editable '.[test,figures,dev]'
	@touch $@

# $(call have,PROGRAM), $(call usable,PYTHON of a venv): not empty when it is there.
have = $(shell command -v $(1) 2>/dev/null)
usable = $(shell $(1) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes)
new-enough = $(shell $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes)
has-venv = $(shell $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null && echo yes)

define require-python
$(if $(new-enough),,$(error $(PYTHON) is missing or older than 3.11. On Debian 12 and later, \
install the package python3; elsewhere name a newer one: make PYTHON=python3.12))$(if \
$(has-venv),,$(error $(PYTHON) has no venv module. On Debian, install it with: apt install python3-venv))
endef
