# SPDX-License-Identifier: Apache-2.0
$(eval $(call v2x_program,v2x-report,$(wildcard tools/report/*.c),,,-lm))
