# SPDX-License-Identifier: Apache-2.0
# v2xsim: the kernel's control and plant in user space.
V2XSIM_SHARED := $(addprefix userspace/v2xctl/,quantity.c forming.c load.c record.c virt_keys.c wave.c \
	wave_csv.c comtrade.c)
V2XSIM_SOURCES := $(wildcard userspace/v2xsim/*.c)
V2XSIM_CFLAGS := $(CONTROL_CFLAGS) -Iuserspace/v2xctl

$(foreach s,$(V2XSIM_SHARED),$(eval $(call v2x_object,v2xsim,$(s),$$(CFLAGS) $$(V2X_HARDEN))))
$(eval $(call v2x_program,v2xsim,$(V2XSIM_SOURCES) $(V2XSIM_SHARED),,$(V2XSIM_CFLAGS),\
	$(CONTROL_LIB) $(O)/lib/libv2x.a -lm))

.PHONY: v2xsim-docs
v2xsim-docs: $(O)/bin/v2xsim ## renew v2xsim's manual page from its tables
	$< --man >userspace/v2xsim/v2xsim.1
