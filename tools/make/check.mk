# SPDX-License-Identifier: Apache-2.0
# The proof. `make check` runs everything; `make check SUITES="unit docs"` some.
SUITES ?=
KSELFTEST_DIR = $(shell tools/make/kernel-files)/tools/testing/selftests

.PHONY: check check-unit check-build kselftest setup
setup: ## install what is missing
	@tools/setup

check: ## all tests; ends with "N passed, N failed, N skipped"
	@tools/setup
	@$(MAKE) --no-print-directory -j$(shell nproc) check-build
	@tests/run $(SUITES)

check-build: all modules-6.1 modules-debug $(UNIT_TESTS) kselftest
check-unit: $(UNIT_TESTS) ## unit tests only
	@tests/lib/unit $(UNIT_TESTS)

kselftest: ## the kernel selftests, installed in $(O)/kselftest
	@mkdir -p $(O)/kselftest/v2x
	$(call say,KSELF,v2x)$(MAKE) -s -C tests/kselftest KSELFTEST_DIR=$(KSELFTEST_DIR) \
		OUTPUT=$(O)/kselftest/v2x INSTALL_PATH=$(O)/kselftest all
