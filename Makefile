# Thin on purpose: .ci/bootstrap.py does the work, and does the same where there is no make.
# exec, so that stopping make stops what it started.
PYTHON ?= python3
PORT ?= 8888
# What is put here goes to pytest or to the lock: make test ARGS="-k refresh"
ARGS ?=
BOOTSTRAP = exec "$(PYTHON)" .ci/bootstrap.py

.PHONY: lab test notebooks bench lock setup clean

lab:
	@$(BOOTSTRAP) lab --port "$(PORT)"

test:
	@$(BOOTSTRAP) test -- $(ARGS)

notebooks:
	@$(BOOTSTRAP) notebooks

bench:
	@$(BOOTSTRAP) bench -- $(ARGS)

lock:
	@$(BOOTSTRAP) lock -- $(ARGS)

setup:
	@$(BOOTSTRAP) setup

clean:
	@$(BOOTSTRAP) clean
