# SPDX-License-Identifier: Apache-2.0
# Unit tests of the supervisor: its pure parts, and the queue under two threads.
v2xd_d := userspace/v2xd
v2xd_t := tests/unit/v2xd

$(eval $(call v2x_unit_test,v2xd-spsc,$(v2xd_t)/test_spsc.c $(v2xd_d)/loop/spsc.c,,-pthread,-pthread))
$(eval $(call v2x_unit_test,v2xd-dispatch,$(v2xd_t)/test_dispatch.c $(v2xd_d)/dispatch/dispatch.c $(v2xd_d)/dispatch/conflict.c))
$(eval $(call v2x_unit_test,v2xd-droop,$(v2xd_t)/test_droop.c $(v2xd_d)/services/droop.c))
$(eval $(call v2x_unit_test,v2xd-policy,$(v2xd_t)/test_policy.c $(v2xd_d)/converter/policy.c $(v2xd_d)/panel/lamp.c))
$(eval $(call v2x_unit_test,v2xd-config,$(v2xd_t)/test_config.c $(v2xd_d)/config/config.c $(v2xd_d)/config/keys.c $(v2xd_d)/config/file.c $(v2xd_d)/config/print.c $(v2xd_d)/services/droop.c,inih))
$(eval $(call v2x_unit_test,v2xd-control,$(v2xd_t)/test_control.c tests/fuzz/fuzz_control.c $(v2xd_d)/control/parse.c $(v2xd_d)/control/parse_gridcode.c $(v2xd_d)/code/list.c $(v2xd_d)/dispatch/dispatch.c,jansson))

# With the grid code: the engine's archive, built once by tests/unit/gridcode.
v2xd_gc_lib := $(O)/tests/unit/lib/libgridcode.a
$(eval $(call v2x_unit_test,v2xd-code,$(v2xd_t)/test_code.c $(v2xd_d)/services/code.c $(v2xd_d)/dispatch/dispatch.c,$(GRIDCODE_PKGS),-DV2X_TREE='"$(CURDIR)"',$(v2xd_gc_lib) -lm))
$(eval $(call v2x_unit_test,v2xd-choice,$(v2xd_t)/test_choice.c $(addprefix $(v2xd_d)/code/,choice.c list.c store.c),jansson $(GRIDCODE_PKGS),-DV2X_TREE='"$(CURDIR)"',$(v2xd_gc_lib) -lm))
