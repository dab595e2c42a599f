# SPDX-License-Identifier: Apache-2.0
# v2x: `make run` shows it, `make check` proves it. `make help` lists the rest.
VERSION := 0.1.0

ifneq ($(KERNELRELEASE),)
include $(src)/Kbuild
else

O ?= build
override O := $(abspath $(O))
PREFIX ?= /usr/local
DESTDIR ?=
V ?= 0
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

KDIR ?= $(KERNEL_SRC)
export V2X_BUILD := $(O)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

include tools/make/user.mk
include tools/make/control.mk
-include $(wildcard userspace/*/module.mk tools/*/module.mk)
-include $(wildcard tests/unit/*/module.mk)
-include tests/bench/module.mk $(wildcard tests/bench/*/module.mk)
-include tests/fuzz/module.mk tests/integration/module.mk
-include tools/vm/vm.mk
include tools/make/kernel.mk
include tools/make/check.mk
-include tools/make/run.mk
-include tools/make/bench.mk
-include tools/make/install.mk

.PHONY: all user help clean distclean
all: modules user ## modules for the baseline kernel, and user space
user: $(PROGRAMS) ## user space only

# a product may be asked for by the name it has from here: build/bin/v2xctl
ifneq ($(filter $(CURDIR)/%,$(O)),)
$(O:$(CURDIR)/%=%)/%: $(O)/% ;
endif

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## build products
	rm -rf $(O)
distclean: clean ## build products and results
	rm -rf out
endif
