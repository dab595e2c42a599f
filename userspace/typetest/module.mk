# SPDX-License-Identifier: Apache-2.0
# Type tests of grid codes: procedures, laboratory, report. The simulated
# laboratory is v2xsim's charger: the kernel's control and the virtual plant.
TYPETEST_SIM := $(addprefix userspace/typetest/,sim.c steer.c analyser.c reference.c) \
	$(addprefix userspace/v2xsim/,charger.c dab_switching.c energy.c spectrum.c switching.c)
TYPETEST_SOURCES := $(filter-out $(TYPETEST_SIM),$(wildcard userspace/typetest/*.c))
include kernel/control/objs.mk
TYPETEST_KERNEL := $(addprefix kernel/control/,$(v2x-control-y:.o=.c)) \
	$(wildcard kernel/drivers/virt/plant*.c)
TYPETEST_SIM_CFLAGS := -Ikernel/control/user -Ikernel/include -Ikernel/control \
	-Ikernel/drivers/virt -Iuserspace/v2xsim -Iuserspace -Wno-sign-conversion

$(foreach s,$(TYPETEST_SIM) $(TYPETEST_KERNEL),$(eval $(call v2x_object,libtypetest,$(s),\
	$$(CFLAGS) -fPIC $(TYPETEST_SIM_CFLAGS))))
$(eval $(call v2x_static,libtypetest,$(TYPETEST_SOURCES) $(TYPETEST_SIM) $(TYPETEST_KERNEL),,\
	-Iuserspace))
