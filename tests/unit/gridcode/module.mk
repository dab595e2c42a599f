# SPDX-License-Identifier: Apache-2.0
# Unit tests of the grid code engine; its sources are compiled once, with
# sanitizers, into an archive that the tests share. REF, the folder of
# reference data, may come from the environment or make's command line.
GRIDCODE_TEST_LIB := $(O)/tests/unit/lib/libgridcode.a
$(eval $(call v2x_san_archive,libgridcode,$(GRIDCODE_SOURCES)))

gridcode_tests := $(filter-out charger,\
	$(patsubst tests/unit/gridcode/test_%.c,%,$(wildcard tests/unit/gridcode/test_*.c)))
$(foreach t,$(gridcode_tests),\
$(eval $(call v2x_unit_test,gridcode-$(t),tests/unit/gridcode/test_$(t).c,$(GRIDCODE_PKGS),\
	-Iuserspace -DV2X_TREE='"$(CURDIR)"',$(GRIDCODE_TEST_LIB) -lm)))

# Its tables go through the kernel's own check.
$(eval $(call v2x_unit_test,gridcode-charger,\
	tests/unit/gridcode/test_charger.c kernel/control/prot_table.c,$(GRIDCODE_PKGS),\
	-Ikernel/control/user -Ikernel/include -Ikernel/control -Wno-sign-conversion \
	-Iuserspace -DV2X_TREE='"$(CURDIR)"',$(GRIDCODE_TEST_LIB) -lm))
