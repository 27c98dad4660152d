# What people type. Each target is a script of its own name under scripts/, so that it can be read and run by itself.

CONFIG ?= release
DATA ?= .abide/demo
SECONDS ?= 60
export CONFIG DATA SEEDS

.PHONY: help run build test quick bench felt simulate drill fuzz screenshots clean

help:
	@echo "make run     install what is missing, build, start a desk with a small demo company"
	@echo "             (CONFIG=debug for developers, DATA=folder for another desk)"
	@echo "make test    install what is missing, build, run every test"
	@echo "make quick   the tests of core, store and pages: under a minute once built"
	@echo "make build   the release binary, .build/release/abide"
	@echo "make bench   the benchmarks, each beside its ceiling"
	@echo "make felt    first views, keys, clicks and live streams in a browser, beside their bars"
	@echo "make simulate   quarters of a desk's life under faults, SEEDS=1..200 of them"
	@echo "make drill   the long fault drills: hours of kills, full disks, slow clients"
	@echo "make fuzz    libFuzzer on every parser, SECONDS=60 for each"
	@echo "make screenshots   take the pictures of the README anew"
	@echo "make clean   remove what was built; desks under .abide/ stay"

run build test quick bench felt simulate drill screenshots:
	@scripts/$@

fuzz:
	@scripts/fuzz $(SECONDS)

clean:
	rm -rf .build .build-fuzz .venv .test-output bench/bin
