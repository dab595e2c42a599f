# SPDX-License-Identifier: Apache-2.0
# v2xsim: the kernel's control and plant in user space. Kernel sources convert
# signs as the kernel does; they are compiled apart from the program's own.
include kernel/control/objs.mk
V2XSIM_KERNEL := $(addprefix kernel/control/,$(v2x-control-y:.o=.c)) \
	$(wildcard kernel/drivers/virt/plant*.c)
V2XSIM_SHARED := $(addprefix userspace/v2xctl/,quantity.c forming.c load.c record.c virt_keys.c wave.c \
	wave_csv.c comtrade.c)
V2XSIM_SOURCES := $(wildcard userspace/v2xsim/*.c)
V2XSIM_CFLAGS := -Ikernel/control/user -Ikernel/include -Ikernel/control -Ikernel/drivers/virt \
	-Iuserspace/v2xctl -Wno-sign-conversion

$(foreach s,$(V2XSIM_KERNEL),$(eval $(call v2x_object,v2xsim,$(s),$$(CFLAGS) $$(V2X_HARDEN) \
	$(V2XSIM_CFLAGS))))
$(foreach s,$(V2XSIM_SHARED),$(eval $(call v2x_object,v2xsim,$(s),$$(CFLAGS) $$(V2X_HARDEN))))
$(eval $(call v2x_program,v2xsim,$(V2XSIM_SOURCES) $(V2XSIM_SHARED) $(V2XSIM_KERNEL),,\
	$(V2XSIM_CFLAGS),$(O)/lib/libv2x.a -lm))

.PHONY: v2xsim-docs
v2xsim-docs: $(O)/bin/v2xsim ## renew v2xsim's manual page from its tables
	$< --man >userspace/v2xsim/v2xsim.1
