# SPDX-License-Identifier: Apache-2.0
# v2xctl and its manual page.
V2XCTL_SOURCES := $(wildcard userspace/v2xctl/*.c)

$(eval $(call v2x_program,v2xctl,$(V2XCTL_SOURCES),jansson,,$(O)/lib/libv2x.a -lm))

PROGRAMS += $(O)/share/v2xctl.1

# Both made from the command table.
$(O)/share/v2xctl.1: $(O)/bin/v2xctl
	@mkdir -p $(@D)
	$(call say,MAN,$(@F))$< --man > $@

.PHONY: completion
completion: $(O)/bin/v2xctl ## renew the bash completion from the command table
	$< --completion > userspace/v2xctl/v2xctl.bash-completion
