# SPDX-License-Identifier: Apache-2.0
# v2xctl. Its manual page and completion are in the tree, so that nothing built
# for another machine has to run here; a unit test holds them to the table.
V2XCTL_SOURCES := $(wildcard userspace/v2xctl/*.c)

$(eval $(call v2x_program,v2xctl,$(V2XCTL_SOURCES),jansson $(GRIDCODE_PKGS),-Iuserspace,\
	$(O)/lib/libtypetest.a $(CONTROL_LIB) $(O)/lib/libv2x.a $(O)/lib/libgridcode.a -lm))

.PHONY: v2xctl-docs
v2xctl-docs: $(O)/bin/v2xctl ## renew v2xctl's manual page and completion from its table
	$< --completion >userspace/v2xctl/v2xctl.bash-completion
	$< --man >userspace/v2xctl/v2xctl.1
