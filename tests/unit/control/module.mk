# SPDX-License-Identifier: Apache-2.0
# Unit tests of the control.
control_t := tests/unit/control

# $(1) names, $(2) sources beside the test's own, $(3) archive
control_tests = $(foreach t,$(1),$(eval $(call v2x_unit_test,control-$(t),\
	$(control_t)/test_$(t).c $(addprefix $(control_t)/,$(2)),,\
	$(CONTROL_CFLAGS) -Ikernel/control/kunit,$(3) -lm)))

$(call control_tests,arith tracker reference,,$(CONTROL_TEST_LIB))
$(call control_tests,stability poles,lcl.c,$(CONTROL_TEST_LIB))
$(call control_tests,tune,rig.c mini.c,$(CONTROL_TEST_LIB))
$(call control_tests,faults,rig.c meter.c,$(CONTROL_TEST_LIB))
$(call control_tests,loop sequence protection lost_phase weld residual ride form black dab \
	ready measure,rig.c,$(CONTROL_TEST_LIB))

# Minutes: the plant is without sanitizers.
$(call control_tests,single,mini.c,$(CONTROL_LONG_LIB))
$(call control_tests,stage_limits transfer drift dc_output,rig.c,$(CONTROL_LONG_LIB))
$(call control_tests,home inrush,home.c rig.c,$(CONTROL_LONG_LIB))
$(call control_tests,island,island_lab.c rig.c,$(CONTROL_LONG_LIB))

# A thousand runs of some seconds: without sanitizers, under which the others run the same code.
$(call control_tests,phases,rig.c,$(CONTROL_LIB))
$(call control_tests,matrix matrix_island,matrix.c rig.c meter.c,$(CONTROL_LIB))
$(call control_tests,direction,rig.c meter.c,$(CONTROL_LIB))
$(call control_tests,step,rig.c mini.c,$(CONTROL_LIB))
$(call control_tests,antiisland,island_lab.c rig.c,$(CONTROL_LIB))
$(call control_tests,machine,island_lab.c rig.c meter.c,$(CONTROL_LIB))
$(addprefix $(O)/tests/unit/control-,matrix matrix_island antiisland machine phases direction \
	step): \
	V2X_SAN := -O2 -g
