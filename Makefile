# Every target is one call of the set-up package, which needs Python 3.11 and nothing else.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
STEPS = setup images up down seed demo clean-demo test soak bench check lock

.PHONY: $(STEPS)
$(STEPS):
	@$(PYTHON) -B -m setup $@ $(ARGS)
