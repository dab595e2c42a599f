# SPDX-License-Identifier: Apache-2.0
# Unit tests of the control. The control and the virtual plant are kernel
# sources: they build here against the stand-in headers, and convert signs as
# the kernel does.
include kernel/control/objs.mk
CONTROL_SOURCES := $(addprefix kernel/control/,$(v2x-control-y:.o=.c))
PLANT_SOURCES := $(wildcard kernel/drivers/virt/plant*.c)
CONTROL_CFLAGS := -Ikernel/control/user -Ikernel/include -Ikernel/control \
	-Ikernel/control/kunit -Ikernel/drivers/virt -Wno-sign-conversion
control_t := tests/unit/control

$(foreach t,stability poles,\
$(eval $(call v2x_unit_test,control-$(t),$(control_t)/test_$(t).c $(control_t)/lcl.c \
	$(CONTROL_SOURCES),,$(CONTROL_CFLAGS),-lm)))
$(foreach t,arith tracker reference,\
$(eval $(call v2x_unit_test,control-$(t),$(control_t)/test_$(t).c $(CONTROL_SOURCES),,\
	$(CONTROL_CFLAGS),-lm)))
$(foreach t,loop sequence faults protection residual stage_limits ride matrix form transfer black \
	dab phases,\
$(eval $(call v2x_unit_test,control-$(t),$(control_t)/test_$(t).c $(control_t)/rig.c \
	$(CONTROL_SOURCES) $(PLANT_SOURCES),,$(CONTROL_CFLAGS),-lm)))
$(foreach t,island antiisland,\
$(eval $(call v2x_unit_test,control-$(t),$(control_t)/test_$(t).c $(control_t)/island_lab.c \
	$(control_t)/rig.c $(CONTROL_SOURCES) $(PLANT_SOURCES),,$(CONTROL_CFLAGS),-lm)))
# A thousand runs of some seconds: without sanitizers, under which the others run the same code.
$(O)/tests/unit/control-matrix $(O)/tests/unit/control-antiisland $(O)/tests/unit/control-phases: \
	V2X_SAN := -O2 -g
$(eval $(call v2x_unit_test,control-single,$(control_t)/test_single.c $(control_t)/mini.c \
	$(CONTROL_SOURCES),,$(CONTROL_CFLAGS),-lm))
$(eval $(call v2x_unit_test,control-tune,$(control_t)/test_tune.c $(control_t)/rig.c \
	$(control_t)/mini.c $(CONTROL_SOURCES) $(PLANT_SOURCES),,$(CONTROL_CFLAGS),-lm))
