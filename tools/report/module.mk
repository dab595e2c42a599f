# SPDX-License-Identifier: Apache-2.0
$(eval $(call v2x_program,v2x-report,$(wildcard tools/report/*.c),,,$(O)/lib/libv2x.a -lm))
