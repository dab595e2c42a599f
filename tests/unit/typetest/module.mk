# SPDX-License-Identifier: Apache-2.0
# Type tests. What they are made of - the kernel's sources, the simulated
# charger, the procedures - is compiled once, with sanitizers, into an archive.
TYPETEST_TEST_LIB := $(O)/tests/unit/lib/libtypetest.a
typetest_all := $(TYPETEST_SOURCES) $(TYPETEST_SIM) $(TYPETEST_KERNEL)

$(foreach s,$(TYPETEST_SIM) $(TYPETEST_KERNEL),$(eval $(call v2x_object,san-typetest,$(s),\
	$$(V2X_SAN) $(TYPETEST_SIM_CFLAGS))))
$(foreach s,$(TYPETEST_SOURCES),$(eval $(call v2x_object,san-typetest,$(s),$$(V2X_SAN) -Iuserspace)))
$(TYPETEST_TEST_LIB): $(typetest_all:%=$(O)/obj/san-typetest/%.o)
	@mkdir -p $(@D)
	$(call say,AR,$(@F))rm -f $@ && $(AR) rcs $@ $^

typetest_tests := $(patsubst tests/unit/typetest/test_%.c,%,$(wildcard tests/unit/typetest/test_*.c))
$(foreach t,$(typetest_tests),\
$(eval $(call v2x_unit_test,typetest-$(t),tests/unit/typetest/test_$(t).c,$(GRIDCODE_PKGS),\
	-Iuserspace -DV2X_TREE='"$(CURDIR)"',$(TYPETEST_TEST_LIB) $(GRIDCODE_TEST_LIB) -lm))\
$(eval $(O)/tests/unit/typetest-$(t): $(TYPETEST_TEST_LIB) $(GRIDCODE_TEST_LIB)))
