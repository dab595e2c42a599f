# SPDX-License-Identifier: Apache-2.0
.PHONY: check check-unit
check-unit: $(UNIT_TESTS) ## unit tests, under ASan and UBSan
	@tests/lib/unit $(UNIT_TESTS)
