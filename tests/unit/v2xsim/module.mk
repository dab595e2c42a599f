# SPDX-License-Identifier: Apache-2.0
# Unit tests of v2xsim: its sources but main, and what it shares, in an archive.
V2XSIM_TEST_LIB := $(O)/tests/unit/lib/v2xsim.a
$(eval $(call v2x_san_archive,v2xsim,$(filter-out %/main.c,$(V2XSIM_SOURCES)) $(V2XSIM_SHARED) \
	$(wildcard userspace/libv2x/src/*.c),,$(V2XSIM_CFLAGS)))

$(foreach t,language run switching dab,$(eval $(call v2x_unit_test,v2xsim-$(t),\
	tests/unit/v2xsim/test_$(t).c,,$(V2XSIM_CFLAGS) -Iuserspace/v2xsim -DV2X_TREE='"$(CURDIR)"',\
	$(V2XSIM_TEST_LIB) $(CONTROL_TEST_LIB) -lm)))

# With the bench and the netlists of the plant's tests.
$(eval $(call v2x_unit_test,v2xsim-dab_spice,tests/unit/v2xsim/test_dab_spice.c \
	tests/unit/plant/bench.c tests/unit/plant/spice.c,,$(V2XSIM_CFLAGS) -Iuserspace/v2xsim \
	-Itests/unit/plant,$(V2XSIM_TEST_LIB) $(CONTROL_TEST_LIB) -lm))
