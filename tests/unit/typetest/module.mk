# SPDX-License-Identifier: Apache-2.0
# Type tests: the simulated charger and the procedures, once for all tests. Minutes of a
# charger's time: the control is without sanitizers, under which its own tests run it.
TYPETEST_TEST_LIB := $(O)/tests/unit/lib/libtypetest.a

$(foreach s,$(TYPETEST_SIM),$(eval $(call v2x_object,san-libtypetest,$(s),\
	$$(V2X_SAN) $(TYPETEST_SIM_CFLAGS))))
$(eval $(call v2x_san_archive,libtypetest,$(TYPETEST_SOURCES) $(TYPETEST_SIM),,-Iuserspace))

typetest_tests := $(patsubst tests/unit/typetest/test_%.c,%,$(wildcard tests/unit/typetest/test_*.c))
$(foreach t,$(typetest_tests),$(eval $(call v2x_unit_test,typetest-$(t),\
	tests/unit/typetest/test_$(t).c,$(GRIDCODE_PKGS),-Iuserspace -DV2X_TREE='"$(CURDIR)"',\
	$(TYPETEST_TEST_LIB) $(GRIDCODE_TEST_LIB) $(CONTROL_LIB) -lm)))
