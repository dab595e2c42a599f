# SPDX-License-Identifier: Apache-2.0
# Kernel modules. Each kernel gets its own copy of the sources under
# $(O)/kmod/, so that several kernels' objects live side by side and the tree
# stays clean. KDIR (or KERNEL_SRC) names the kernel to build against; without
# it, the newest installed headers of the baseline series.
BASELINE ?= 6.12
newest_kdir = $(lastword $(shell ls -d /usr/src/linux-headers-$(1).*-amd64 2>/dev/null | grep -v -e -rt- -e -cloud- | sort -V))
KDIR := $(or $(KDIR),$(call newest_kdir,$(BASELINE)),/lib/modules/$(shell uname -r)/build)
KMOD_SRC := $(shell find kernel -name '*.[chS]' -o -name Kbuild -o -name '*.mk') Kbuild

# A name for the kernel that KDIR builds: its directory, made a file name.
kdir_tag = $(notdir $(patsubst %/build,%,$(1)))

# $(1) name of the copy, $(2) KDIR, $(3) extra make words
define kmod_build
	@mkdir -p $(O)/kmod/$(1)
	@rsync -a --delete --checksum --include=/kernel/ --include=/kernel/*** --include=/Kbuild \
		--exclude=/* --filter='P *.o' --filter='P *.ko' --filter='P *.mod*' --filter='P *.cmd' \
		--filter='P .*.cmd' --filter='P *.order' --filter='P *.symvers' ./ $(O)/kmod/$(1)/
	+$(call say,KMOD,$(1))$(MAKE) -C $(2) O= M=$(O)/kmod/$(1) $(if $(ARCH),ARCH=$(ARCH)) \
		$(if $(CROSS_COMPILE),CROSS_COMPILE=$(CROSS_COMPILE)) \
		$(if $(filter 1,$(V)),V=1,-s) $(3) modules
endef

# What the virtual machine loads: stripped copies by kernel release.
define kmod_collect
	@dir=$(O)/modules/$$(sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' $(2)/include/generated/utsrelease.h) && mkdir -p $$dir && \
	find $(O)/kmod/$(1) -name '*.ko' | while read -r ko; do \
		$(CROSS_COMPILE)strip --strip-debug -o $$dir/.new "$$ko" && \
		{ cmp -s $$dir/.new $$dir/$${ko##*/} && rm $$dir/.new || mv $$dir/.new $$dir/$${ko##*/}; }; \
	done
endef

.PHONY: modules modules_install modules-6.1 modules-debug
modules: ## kernel modules against KDIR
	$(call kmod_build,$(call kdir_tag,$(KDIR)),$(KDIR))
	$(call kmod_collect,$(call kdir_tag,$(KDIR)),$(KDIR))
modules-6.1: ## kernel modules against the installed 6.1 headers
	$(call kmod_build,$(call kdir_tag,$(call newest_kdir,6.1)),$(call newest_kdir,6.1))
	$(call kmod_collect,$(call kdir_tag,$(call newest_kdir,6.1)),$(call newest_kdir,6.1))
modules-debug: ## kernel modules and KUnit tests against the debug kernel
	$(call kmod_build,debug,$(shell tools/vm/kdir debug))
	$(call kmod_collect,debug,$(shell tools/vm/kdir debug))
modules_install: modules ## honours INSTALL_MOD_PATH
	$(MAKE) -C $(KDIR) O= M=$(O)/kmod/$(call kdir_tag,$(KDIR)) $(if $(INSTALL_MOD_PATH),INSTALL_MOD_PATH=$(INSTALL_MOD_PATH)) modules_install

.PHONY: modules-static print-kdir
# Everything sparse, W=1 and the compiler have to say, on a copy of its own.
modules-static: ## modules with sparse and W=1
	@rm -rf $(O)/kmod/static
	$(call kmod_build,static,$(KDIR),C=2 W=1)
print-kdir:
	@echo $(KDIR)
