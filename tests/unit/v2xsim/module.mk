# SPDX-License-Identifier: Apache-2.0
# Unit tests of v2xsim: its sources but main, and what it shares.
V2XSIM_TEST_SOURCES := $(filter-out %/main.c,$(V2XSIM_SOURCES)) $(V2XSIM_SHARED) \
	$(wildcard userspace/libv2x/src/*.c)
v2xsim_t := tests/unit/v2xsim

$(foreach t,language run switching dab,\
$(foreach s,$(V2XSIM_KERNEL),$(eval $(call v2x_object,san-v2xsim-$(t),$(s),$$(V2X_SAN) \
	$(V2XSIM_CFLAGS))))\
$(eval $(call v2x_unit_test,v2xsim-$(t),$(v2xsim_t)/test_$(t).c $(V2XSIM_TEST_SOURCES) \
	$(V2XSIM_KERNEL),,$(V2XSIM_CFLAGS) -Iuserspace/v2xsim -DV2X_TREE='"$(CURDIR)"',-lm)))
